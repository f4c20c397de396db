-- Schemas, tables and columns: who may reach them.
begin;
set local search_path = tap, public;
select * from no_plan();

select schema_privs_are(
    s.nspname, role, coalesce(e.privileges, '{}'), format('schema %s for %s', s.nspname, role))
from pg_catalog.pg_namespace as s
cross join unnest(array[
  'anon', 'authenticated', 'api_key', 'service_role', 'authenticator', 'latchkey_operator', 'latchkey_auditor', 'latchkey_gatekeeper']) as role
left join (
  values
    ('api_keys_private', 'service_role', array['USAGE']),
    ('temporary_access', 'latchkey_gatekeeper', array['USAGE']),
    ('latchkey', 'latchkey_operator', array['USAGE']),
    ('latchkey', 'latchkey_auditor', array['USAGE']),
    ('latchkey', 'latchkey_gatekeeper', array['USAGE'])
) as e (schema, role_name, privileges) on e.schema = s.nspname and e.role_name = role
where s.nspname in ('api_keys_private', 'temporary_access', 'audit', 'latchkey')
order by s.nspname, role;

create temp view private_tables as
select c.oid, c.relname, n.nspname, c.relrowsecurity, c.relispartition
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname in ('api_keys_private', 'temporary_access', 'audit') and c.relkind in ('r', 'p') and c.relname !~ '^schema_history';

select cmp_ok((select count(*) from private_tables where not relispartition), '>', 10::bigint, 'there are tables to look at');

select ok(relrowsecurity, format('%s.%s has row level security', nspname, relname))
from private_tables
order by nspname, relname;

select table_privs_are(
    nspname, relname, role,
    case when role = 'service_role' and relname = 'api_key_logs' then array['SELECT'] else '{}' end,
    format('table %s.%s for %s', nspname, relname, role))
from private_tables,
unnest(array[
  'anon', 'authenticated', 'api_key', 'service_role', 'authenticator', 'latchkey_operator', 'latchkey_auditor', 'latchkey_gatekeeper']) as role
order by nspname, relname, role;

select column_privs_are(
    'api_keys_private', 'api_keys', attname, 'service_role',
    case when attname in ('key_hash', 'salt') then '{}' else array['SELECT'] end,
    format('column %s of the keys for service_role', attname))
from pg_catalog.pg_attribute
where attrelid = 'api_keys_private.api_keys'::regclass and attnum > 0 and not attisdropped and attname in (
  'id', 'ksuid', 'name', 'key_prefix', 'last4', 'scopes', 'expires_at', 'key_hash', 'salt');

select hasnt_column('latchkey', relname, column_name, format('view latchkey.%s has no %s', relname, column_name))
from pg_catalog.pg_class, unnest(array['key_hash', 'secret_hash', 'salt', 'secret', 'key']) as column_name
where relnamespace = 'latchkey'::regnamespace and relkind = 'v'
order by relname, column_name;

select * from finish();
rollback;
