-- What should not be as it is, each with the call that mends it.

create or replace function temporary_access.role_findings()
  returns table (kind text, severity text, object_id text, since timestamptz, sentence text, call text)
  language sql stable
as $$
  select
    'role_password', 'high', role.name, null::timestamptz,
    format('Role %s has a password: whoever knows it may come in without a token, also after his grant has ended.', role.name),
    format('select latchkey.take_role_password(%L)', role.name)
  from temporary_access.granted_roles() as role (name)
  where temporary_access.role_has_password(role.name)
  union all
  select
    'role_password_not_known', 'low', role.name, null,
    format('It is not known whether role %s has a password, by which somebody could come in without a token.', role.name),
    format('alter role %I password null', role.name)
  from temporary_access.granted_roles() as role (name)
  where temporary_access.role_has_password(role.name) is null
  union all
  select
    'role_settings', 'medium', role.name, (temporary_access.noted_settings(role.name)).noted_at,
    format('Settings of role %s were changed and meet whoever has it next: %s.', role.name, array_to_string(changed.names, ', ')),
    format('select latchkey.reset_role_settings(%L)', role.name)
  from temporary_access.granted_roles() as role (name)
  cross join lateral (select temporary_access.changed_settings(role.name) as names) as changed
  where changed.names <> '{}'
  union all
  select
    'role_processes', 'high', found.role, min(found.backend_start),
    format(
      '%s in role %s without a login of temporary access: %s.',
      case count(*) when 1 then 'A session is' else count(*) || ' sessions are' end, found.role,
      array_to_string((array_agg(found.label order by found.backend_start, found.pid))[:3], '; ')
    ),
    format('select latchkey.end_role_processes(%L)', found.role)
  from temporary_access.processes_in(array(select role.name from temporary_access.granted_roles() as role (name))) as found
  where not temporary_access.is_signing_in(found.role, found.backend_start)
  group by found.role
  union all
  select
    'shared_operator', 'medium', shared.role, shared.since,
    format('%s people have operator role %s at one time: each may cancel what the other does.', shared.people, shared.role),
    format('select latchkey.revoke_grant(%L, %L)', shared.newest, 'one person for each operator role')
  from (
    select
      granted.role, count(distinct granted.user_id) as people, max(granted.granted_at) as since,
      (array_agg(granted.id order by granted.granted_at desc, granted.id))[1] as newest
    from temporary_access.grants as granted
    join pg_catalog.pg_roles as role on role.rolname = granted.role
    where temporary_access.grant_status(granted.starts_at, granted.expires_at, granted.revoked_at, clock_timestamp()) in ('active', 'expiring')
      and pg_catalog.pg_has_role(role.oid, 'latchkey_operator', 'member')
    group by granted.role
  ) as shared
  where shared.people > 1
  union all
  select
    'role_not_assignable', 'medium', granted.role, null,
    format('Role %s is granted and cannot be granted any more, so nobody comes in by it: it can do too much, or may not log in.', granted.role),
    format('select latchkey.revoke_grant(%L, %L)', (array_agg(granted.id order by granted.id))[1], 'the role cannot be granted any more')
  from temporary_access.grants as granted
  where temporary_access.grant_status(granted.starts_at, granted.expires_at, granted.revoked_at, clock_timestamp()) in ('scheduled', 'active', 'expiring')
    and not temporary_access.role_assignable(granted.role)
  group by granted.role
$$;
comment on function temporary_access.role_findings() is 'Findings about roles that were granted.';

create or replace function temporary_access.signal_statement() returns text
  language sql stable
as $$
  select format(
    'grant execute on function %1$s to %2$I; revoke execute on function %1$s from public',
    'pg_catalog.pg_cancel_backend(integer), pg_catalog.pg_terminate_backend(integer, bigint)',
    current_user
  )
$$;
comment on function temporary_access.signal_statement() is 'Takes from everybody in one database that he may cancel what others in his own role do, and leaves it to the owner of these functions.';

create or replace function temporary_access.server_findings()
  returns table (kind text, severity text, object_type text, object_id text, since timestamptz, sentence text, call text)
  language sql stable
as $$
  select
    'owner_rights', 'high', 'role', current_user::text, null::timestamptz,
    missing.why || case missing.kind
      when 'unseen' then ': how many sessions are open, ended or left is not known.'
      else ': ended access does not end its sessions.'
    end,
    substr(temporary_access.session_rights(), length('As a superuser: ') + 1)
  from (
    values ('unseen', temporary_access.why_unseen()), ('not ended', temporary_access.why_not_ended())
  ) as missing (kind, why)
  where missing.why is not null and (temporary_access.why_unseen() is null or missing.kind = 'unseen')
  union all
  select
    'signal_functions', 'low', 'database', database.datname::text, null,
    format(
      'Here nobody may cancel what others in his own role do. In database %s of this server, which granted roles may connect to, that is not known.',
      database.datname
    ),
    temporary_access.signal_statement()
  from pg_catalog.pg_database as database
  where database.datallowconn
    and database.datname <> current_database()
    and not pg_catalog.has_function_privilege('public', 'pg_catalog.pg_cancel_backend(integer)', 'execute')
    and exists (
      select
      from temporary_access.granted_roles() as role (name)
      where pg_catalog.has_database_privilege(role.name, database.oid, 'connect')
    )
  union all
  select
    'foreign_function', 'high', 'function', foreign_function.function, null,
    format(
      '%s belongs to %s and %s, with rights over every key.', foreign_function.function, foreign_function.owner, foreign_function.use
    ),
    format('alter function %s owner to %I', foreign_function.function, current_user)
  from latchkey.foreign_functions as foreign_function
$$;
comment on function temporary_access.server_findings() is 'Findings about what Latchkey rests on: its owner''s rights, the server, functions of the application.';

create or replace function temporary_access.findings()
  returns table (
    id text, severity text, object_type text, object_id text, since timestamptz, sentence text, call text
  )
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return query
    select found.kind || ':' || found.object_id, found.severity, 'role', found.object_id, found.since, found.sentence, found.call
    from temporary_access.role_findings() as found
    union all
    select found.kind || ':' || found.object_id, found.severity, found.object_type, found.object_id, found.since, found.sentence, found.call
    from temporary_access.server_findings() as found;
end
$$;
comment on function temporary_access.findings() is 'Everything that latchkey.findings shows.';
grant execute on function temporary_access.findings() to latchkey_operator, latchkey_auditor;

create or replace view latchkey.findings as
  select found.id, found.severity, found.object_type, found.object_id, found.since, found.sentence, found.call
  from temporary_access.findings() as found
  where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.findings is 'What should not be as it is: how bad (high, medium, low), what it is about, since when where that is known, a sentence, and the SQL that mends it.';
grant select on latchkey.findings to latchkey_operator, latchkey_auditor;

-- Only told: it takes other people's cancel too, and holds in this database alone.
do $$
begin
  if pg_catalog.has_function_privilege('public', 'pg_catalog.pg_cancel_backend(integer)', 'execute') then
    raise notice 'Whoever shares a role may cancel what others do in it. Where nobody needs that in this database, a superuser may run after installing: %',
      replace(
        temporary_access.signal_statement(), format('to %I;', current_user),
        format('to %s;', case when (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then 'latchkey_owner' else quote_ident(current_user) end)
      );
  end if;
end
$$;
