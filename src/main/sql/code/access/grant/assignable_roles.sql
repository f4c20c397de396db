create or replace function latchkey.assignable_roles() returns setof text
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform api_keys_private.require_reader('list assignable roles');
  return query
    select rolname::text
    from pg_catalog.pg_roles
    where temporary_access.role_assignable(rolname::text)
    order by rolname;
end
$$;
comment on function latchkey.assignable_roles() is 'Roles that can be granted: they may log in, are no superusers nor able to become one, have no right over all tables, files or sessions of the server, do not pass row level security, not built in, not the platform''s own.';
grant execute on function latchkey.assignable_roles() to latchkey_operator, latchkey_auditor;
