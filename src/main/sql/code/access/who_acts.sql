create or replace function temporary_access.current_login() returns temporary_access.logins
  language sql stable
as $$
  select login
  from pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) as backend
  join temporary_access.logins as login
    on login.backend_pid = backend.pid
    and (login.backend_start = backend.backend_start or (login.backend_start is null and backend.backend_start <= login.at))
  where login.outcome = 'accepted'
  order by login.at desc
  limit 1
$$;
comment on function temporary_access.current_login() is 'The login that got this server process: the same pid and the same start, so a later process with the same pid is nobody''s.';

create or replace function temporary_access.current_member() returns jsonb
  language sql stable
as $$
  select jsonb_build_object('id', member.user_id, 'type', 'member', 'display', member.email, 'via', 'login ' || login.id)
  from temporary_access.current_login() as login
  join temporary_access.members as member on member.user_id = login.user_id
$$;
comment on function temporary_access.current_member() is 'The member whom temporary access signed in for this server process, for latchkey.actor(); null when there is none.';

create or replace function temporary_access.acting_user_id() returns uuid
  language sql stable
as $$
  select (acting.actor ->> 'id')::uuid
  from (select latchkey.actor() as actor) as acting
  where acting.actor ->> 'type' in ('member', 'user')
$$;
comment on function temporary_access.acting_user_id() is 'The person behind this session, or null when only a database role is known.';

create or replace function temporary_access.require_not_oneself(p_user_id uuid) returns void
  language plpgsql stable
as $$
begin
  if temporary_access.acting_user_id() is distinct from p_user_id then
    return;
  end if;
  if (select self_granting from temporary_access.settings) is true then
    return;
  end if;
  raise exception 'Granting access to oneself is not allowed' using errcode = '42501';
end
$$;
comment on function temporary_access.require_not_oneself(uuid) is 'Refuses an operator who would grant to himself, unless the policy allows it.';
