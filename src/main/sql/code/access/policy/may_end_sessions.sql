create or replace function temporary_access.may_end_sessions() returns boolean
  language sql stable
as $$
  select pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'usage')
    and pg_catalog.pg_has_role(current_user, 'pg_signal_backend', 'usage')
$$;
comment on function temporary_access.may_end_sessions() is 'Whether the owner of these functions sees the sessions of other roles and may end them. Without that no revocation could prove anything.';

-- Its owner sees and ends the sessions of other roles. A superuser does; another installer is given the roles for it where he may
-- give them, and latchkey.set_temporary_access refuses to switch on until he has them.
do $$
begin
  if not temporary_access.may_end_sessions() then
    execute format('grant pg_read_all_stats, pg_signal_backend to %I', current_user);
  end if;
exception
  when insufficient_privilege then
    raise notice '% needs pg_read_all_stats and pg_signal_backend from a superuser before temporary access is switched on', current_user;
end
$$;
