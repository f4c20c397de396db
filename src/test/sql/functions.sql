-- Functions: which run as their owner, and who may call them.
begin;
set local search_path = tap, public;
select * from no_plan();

create temp view ours as
select p.oid, p.oid::regprocedure::text as name, n.nspname, p.prosecdef, p.proconfig
from pg_catalog.pg_proc as p
join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'extensions', 'tap')
  and not exists (select from pg_catalog.pg_depend as d where d.objid = p.oid and d.deptype = 'e')
  -- pgTAP's own, where it was not given a schema.
  and not (n.nspname = 'public' and obj_description(p.oid, 'pg_proc') is null);

select cmp_ok((select count(*) from ours where prosecdef), '>', 50::bigint, 'there are functions to look at');

select is(proconfig, array['search_path=pg_catalog, pg_temp'], name || ' has the fixed search_path')
from ours
where prosecdef
order by name;

select ok(
    not has_function_privilege(role, oid, 'execute'),
    format('%s is not for %s', name, role))
from ours, unnest(array['anon', 'authenticated', 'api_key', 'service_role', 'authenticator']) as role
where nspname in ('latchkey', 'temporary_access', 'audit', 'api_keys_private')
order by role, name;

select ok(
    not has_function_privilege('latchkey_auditor', o.oid, 'execute'),
    format('%s writes, and is not for an auditor', o.name))
from ours as o join pg_catalog.pg_proc as p on p.oid = o.oid
where o.nspname = 'latchkey' and p.provolatile = 'v'
order by o.name;

-- What applications call, role by role.
select function_privs_are(
    'public', split_part(f.call, '(', 1), string_to_array(rtrim(split_part(f.call, '(', 2), ')'), ', '),
    role, case when role = any (f.roles) then array['EXECUTE'] else '{}' end,
    format('%s for %s', f.call, role))
from (
  values
    ('has_scope(text, text, text)', array['authenticated', 'service_role', 'api_key', 'latchkey_operator']),
    ('has_scope_on_all(text, text)', array['authenticated', 'service_role', 'api_key', 'latchkey_operator']),
    ('scoped_ids(text, text)', array['authenticated', 'service_role', 'api_key', 'latchkey_operator']),
    ('get_api_key_account_id()', array['authenticated', 'service_role', 'api_key', 'latchkey_operator']),
    ('verify_api_key(text, inet)', array['service_role', 'api_key', 'authenticated']),
    ('create_api_key(uuid, text, jsonb, timestamp with time zone)', array['authenticated', 'latchkey_operator']),
    ('revoke_api_key(uuid)', array['authenticated', 'latchkey_operator']),
    ('log_api_key_usage(uuid, text, text, integer, text, text)', array['service_role']),
    ('log_api_key_usage_batch(jsonb)', array['service_role']),
    ('pre_request()', array['anon', 'authenticated', 'api_key', 'service_role', 'authenticator', 'latchkey_operator', 'latchkey_auditor'])
) as f (call, roles),
unnest(array['anon', 'authenticated', 'api_key', 'service_role', 'authenticator', 'latchkey_operator', 'latchkey_auditor']) as role;

select * from finish();
rollback;
