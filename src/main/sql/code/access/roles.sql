create or replace function temporary_access.role_assignable(p_role text) returns boolean
  language sql stable
as $$
  select exists (
    select
    from pg_catalog.pg_roles as candidate
    where candidate.rolname = p_role
      and candidate.rolcanlogin
      and not candidate.rolsuper
      and not candidate.rolreplication
      and not starts_with(candidate.rolname, 'pg_')
      and not starts_with(candidate.rolname, 'supabase_')
      and not starts_with(candidate.rolname, 'latchkey_gate')
      and candidate.rolname <> all (array[
        'authenticator', 'anon', 'authenticated', 'service_role', 'api_key', 'pgbouncer', 'dashboard_user', 'pgsodium_keyholder',
        'pgsodium_keyiduser', 'pgsodium_keymaker'
      ])
      and not exists (
        select
        from pg_catalog.pg_roles as stronger
        where (
            stronger.rolsuper
            -- The owner of these functions could change what they wrote.
            or stronger.rolname = current_user
            -- It could read or write every table, ours included, or end and cancel what is done about it.
            or stronger.rolbypassrls
            or stronger.rolname in (
              'pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files', 'pg_read_all_data', 'pg_write_all_data',
              'pg_signal_backend', 'pg_maintain', 'pg_create_subscription', 'latchkey_gatekeeper'
            )
            -- Before version 16 it may give itself each of these roles.
            or (stronger.rolcreaterole and current_setting('server_version_num')::integer < 160000)
          )
          and pg_catalog.pg_has_role(candidate.oid, stronger.oid, 'member')
      )
  )
$$;
comment on function temporary_access.role_assignable(text) is 'Whether the role may be granted: may log in, is not a superuser, a gatekeeper or the owner of these functions nor able to become one, reads, writes or signals nothing by a role of the server''s that is for everything, does not pass row level security, not built in, not the platform''s own.';

create or replace function temporary_access.require_role(p_parameter text, p_role text) returns void
  language plpgsql stable
as $$
begin
  if temporary_access.role_assignable(p_role) is not true then
    raise exception '%: is not a role that can be granted', p_parameter using errcode = '22023', hint = 'See latchkey.assignable_roles().';
  end if;
end
$$;
comment on function temporary_access.require_role(text, text) is 'Refuses a role that may not be granted, naming the parameter.';
