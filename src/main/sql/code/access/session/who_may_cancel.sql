create or replace function temporary_access.cancellers() returns integer[]
  language sql stable
as $$
  select array(
    select backend.pid
    from pg_catalog.pg_stat_get_activity(null) as backend
    join pg_catalog.pg_roles as role on role.oid = backend.usesysid
    join pg_catalog.pg_roles as own on own.rolname = session_user
    where backend.pid <> pg_catalog.pg_backend_pid()
      and backend.backend_type = 'client backend'
      and not role.rolsuper
      and (
        pg_catalog.pg_has_role(role.oid, own.oid, 'usage')
        or (pg_catalog.pg_has_role(role.oid, 'pg_signal_backend', 'usage') and not own.rolsuper)
      )
    order by backend.state = 'active' desc, backend.query_start desc nulls last
    limit 5
  )
$$;
comment on function temporary_access.cancellers() is 'Processes that may cancel what this session does, the busiest first. Superusers'' are left out.';

create or replace function latchkey.who_may_cancel() returns setof text
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_until constant timestamptz := clock_timestamp() + interval '1 second';
  v_pids integer[];
  v_own uuid;
  v_names text[] := '{}';
  v_next integer := 1;
begin
  loop
    -- They may cancel this question as well; what a cancelled round has found is not asked again.
    begin
      perform api_keys_private.require_reader('see who may cancel');
      v_own := coalesce(v_own, (temporary_access.current_login()).user_id);
      v_pids := coalesce(v_pids, temporary_access.cancellers());
      while v_next <= cardinality(v_pids) loop
        if not exists (
          select
          from temporary_access.live_sessions() as session
          join temporary_access.logins as login on login.id = session.login_id
          where session.pid = v_pids[v_next] and login.user_id = v_own
        ) then
          v_names := v_names || temporary_access.holder_name(v_pids[v_next]);
        end if;
        v_next := v_next + 1;
      end loop;
      return query select listed.name from unnest(v_names) as listed (name);
      return;
    exception
      when query_canceled then
        if clock_timestamp() > v_until then
          raise;
        end if;
    end;
  end loop;
end
$$;
comment on function latchkey.who_may_cancel() is 'Who works now and may cancel what the caller does, at most five: others in his role or one that has it, and roles with pg_signal_backend. Superusers, who may as well, and the caller''s own sessions are left out.';
grant execute on function latchkey.who_may_cancel() to latchkey_operator, latchkey_auditor;
