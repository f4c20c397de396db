create or replace function latchkey.who_may_cancel() returns setof text
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_own_member constant uuid := (temporary_access.current_login()).user_id;
begin
  perform api_keys_private.require_reader('see who may cancel');
  return query
    select temporary_access.holder_name(backend.pid)
    from pg_catalog.pg_stat_activity as backend
    join pg_catalog.pg_roles as role on role.oid = backend.usesysid
    join pg_catalog.pg_roles as own on own.rolname = session_user
    left join temporary_access.live_sessions() as session on session.pid = backend.pid
    left join temporary_access.logins as login on login.id = session.login_id
    where backend.pid <> pg_catalog.pg_backend_pid()
      and backend.backend_type = 'client backend'
      and not role.rolsuper
      and (login.user_id = v_own_member) is not true
      and (
        pg_catalog.pg_has_role(role.oid, own.oid, 'usage')
        or (pg_catalog.pg_has_role(role.oid, 'pg_signal_backend', 'usage') and not own.rolsuper)
      )
    order by backend.state = 'active' desc, backend.query_start desc nulls last
    limit 5;
end
$$;
comment on function latchkey.who_may_cancel() is 'Who works now and may cancel what the caller does, at most five: others in his role or one that has it, and roles with pg_signal_backend. Superusers, who may as well, and the caller''s own sessions are left out.';
grant execute on function latchkey.who_may_cancel() to latchkey_operator, latchkey_auditor;
