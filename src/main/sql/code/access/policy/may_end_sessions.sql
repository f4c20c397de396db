create or replace function temporary_access.may_end_sessions() returns boolean
  language sql stable
as $$
  select pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'usage')
    and pg_catalog.pg_has_role(current_user, 'pg_signal_backend', 'usage')
    and pg_catalog.has_function_privilege(current_user, 'pg_catalog.pg_terminate_backend(integer, bigint)', 'execute')
$$;
comment on function temporary_access.may_end_sessions() is 'Whether the owner of these functions sees the sessions of other roles and may end them. Without that no revocation could prove anything.';

-- Views ask it as the one who reads; without USAGE on the schema nobody can call it by name.
create or replace function temporary_access.why_unseen() returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select case
    when not pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'usage')
      then format('%s, the owner of Latchkey''s functions, may not see the sessions of other roles', current_user)
  end
$$;
comment on function temporary_access.why_unseen() is 'Why it is not known which sessions are open: the owner of these functions lacks pg_read_all_stats. Null while it is known.';
grant execute on function temporary_access.why_unseen() to latchkey_operator, latchkey_auditor;

create or replace function temporary_access.why_not_ended() returns text
  language sql stable
as $$
  select case
    when not pg_catalog.pg_has_role(current_user, 'pg_signal_backend', 'usage')
      or not pg_catalog.has_function_privilege(current_user, 'pg_catalog.pg_terminate_backend(integer, bigint)', 'execute')
      then format('%s, the owner of Latchkey''s functions, may not end the sessions of other roles', current_user)
  end
$$;
comment on function temporary_access.why_not_ended() is 'Why sessions are left that should have ended: the owner of these functions lacks pg_signal_backend, or EXECUTE on the function for it. Null while it has that.';

create or replace function temporary_access.session_rights() returns text
  language sql stable
as $$
  select format('As a superuser: grant pg_read_all_stats, pg_signal_backend to %I', current_user)
    || case
      when not pg_catalog.has_function_privilege(current_user, 'pg_catalog.pg_terminate_backend(integer, bigint)', 'execute')
        then format('; grant execute on function pg_catalog.pg_terminate_backend(integer, bigint) to %I', current_user)
      else ''
    end
$$;
comment on function temporary_access.session_rights() is 'What to do where the owner of these functions may not see or end sessions.';

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
