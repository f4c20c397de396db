-- Takes Latchkey out of a database. Run as it is, it drops nothing and says what it would drop:
--   psql -f uninstall.sql
-- To do it, as the role that installed Latchkey:
--   psql -v ON_ERROR_STOP=1 -c "set latchkey.uninstall = 'yes'" -f uninstall.sql
--
-- * All of it or nothing, in one statement. Nothing cascades: where a policy, a view, a foreign key or a function of yours
--   uses Latchkey, nothing is dropped and what uses it is named. Functions in PL/pgSQL that name Latchkey in their text are
--   listed too, but do not stop it: PostgreSQL does not know what they will call.
-- * Keys, grants, tokens, logs and audit events are gone with it. Save what has to be kept first.
-- * What is the application's stays, also where installing made it: public.accounts, public.accounts_memberships,
--   public.has_role_on_account(), schema auth and the extension pgcrypto; so do tables of yours in Latchkey's schemas, among
--   them what was taken over from a published design. A pre-request function that was there before is PostgREST's again.
-- * Functions and views in Latchkey's schemas count as Latchkey's, whoever made them.
-- * Roles stay: they belong to the whole server, and another database may use them. In none that does:
--   drop role latchkey_operator, latchkey_auditor, latchkey_gatekeeper, latchkey_api_server, latchkey_owner, api_key.
-- * By hand: jobs that call latchkey.enforce_temporary_access() or the like, and, before this, the gatekeeper of the server,
--   without which nobody signs in by a token.

create or replace temporary view latchkey_parts (place, kind, classid, objid, schema, name) as
with
  -- As in state/V9: without one of these Latchkey was never here, and what has its names is something else.
  here as (
    select
    from pg_catalog.pg_proc as p
    where p.proname = 'schema_version' and p.pronargs = 0 and p.pronamespace = to_regnamespace('latchkey')
    union all
    select
    from pg_catalog.pg_constraint as c
    where c.conrelid = to_regclass('audit.events') and c.conname = 'events_entry_fits'
      or c.conrelid = to_regclass('api_keys_private.api_keys') and c.conname = 'api_keys_ksuid_shape'
      or c.conrelid = to_regclass('temporary_access.settings') and c.conname = 'settings_only_row_check'
  ),
  schemas as (
    select n.oid, n.nspname
    from pg_catalog.pg_namespace as n
    where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
      and exists (select from here)
  )
select 1, 'view', 'pg_catalog.pg_class'::regclass::oid, c.oid, s.nspname, format('%I.%I', s.nspname, c.relname)
from pg_catalog.pg_class as c
join schemas as s on s.oid = c.relnamespace
where c.relkind = 'v'
union all
select
  2, case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
  'pg_catalog.pg_proc'::regclass::oid, p.oid, n.nspname,
  format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
from pg_catalog.pg_proc as p
join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
where n.oid in (select s.oid from schemas as s)
  or n.nspname = 'public'
    and exists (select from here)
    and (p.proname, oidvectortypes(p.proargtypes)) in (
      ('create_api_key', 'uuid, text, jsonb, timestamp with time zone'),
      ('list_api_keys', 'uuid'),
      ('revoke_api_key', 'uuid'),
      ('verify_api_key', 'text, inet'),
      ('create_api_key', 'uuid, text'),
      ('list_api_keys', 'ksuid_keys.client_id, integer, integer'),
      ('verify_api_key', 'ksuid_keys.full_key'),
      ('has_scope', 'text, text, text'),
      ('has_scope_on_all', 'text, text'),
      ('scoped_ids', 'text, text'),
      ('get_api_key_account_id', ''),
      ('log_api_key_usage', 'uuid, text, text, integer, text, text'),
      ('log_api_key_usage_batch', 'jsonb'),
      ('register_user_token', 'text, timestamp with time zone, jsonb'),
      ('list_user_tokens', ''),
      ('revoke_user_token', 'text'),
      ('pre_request', ''))
    and (p.proname <> 'pre_request' or p.prosrc ~ 'http_gate\.admit')
union all
select 3, 'table', 'pg_catalog.pg_class'::regclass::oid, c.oid, s.nspname, format('%I.%I', s.nspname, c.relname)
from pg_catalog.pg_class as c
join schemas as s on s.oid = c.relnamespace
where c.relkind in ('r', 'p')
  and (s.nspname, c.relname) in (
    ('latchkey', 'schema_history'),
    ('audit', 'events'),
    ('api_keys_private', 'api_keys'),
    ('api_keys_private', 'api_key_logs'),
    ('api_keys_private', 'unknown_key_counts'),
    ('api_keys_private', 'refused_key_counts'),
    ('api_keys_private', 'rate_counts'),
    ('api_keys_private', 'usage_hours'),
    ('api_keys_private', 'usage_roll_up'),
    ('api_keys_private', 'user_tokens'),
    ('api_keys_private', 'legacy_keys'),
    ('api_keys_private', 'legacy_key_minutes'),
    ('api_keys_private', 'http_gate_settings'),
    ('api_keys_private', 'key_settings'),
    ('api_keys_private', 'token_transition'),
    ('api_keys_private', 'taken_over_designs'),
    ('temporary_access', 'settings'),
    ('temporary_access', 'members'),
    ('temporary_access', 'grants'),
    ('temporary_access', 'tokens'),
    ('temporary_access', 'logins'),
    ('temporary_access', 'noise'),
    ('temporary_access', 'role_settings'),
    ('temporary_access', 'roles_to_clear'))
union all
select 4, 'domain', 'pg_catalog.pg_type'::regclass::oid, t.oid, s.nspname, format('%I.%I', s.nspname, t.typname)
from pg_catalog.pg_type as t
join schemas as s on s.oid = t.typnamespace
where t.typtype = 'd' and s.nspname = 'ksuid_keys';

-- Of yours, what PostgreSQL knows to use one of those. What is part of one, and would go with it, is none.
create or replace temporary view latchkey_uses (name, uses) as
with
  ours as (
    select p.classid, p.objid, p.name from latchkey_parts as p
    union all
    select 'pg_catalog.pg_class'::regclass::oid, i.inhrelid, p.name
    from latchkey_parts as p
    join pg_catalog.pg_inherits as i on i.inhparent = p.objid and p.kind = 'table'
    join pg_catalog.pg_class as c on c.oid = i.inhrelid and c.relispartition
  ),
  with_types as (
    select o.classid, o.objid, o.name from ours as o
    union all
    select 'pg_catalog.pg_type'::regclass::oid, t.oid, o.name
    from ours as o
    join pg_catalog.pg_type as r on r.typrelid = o.objid and o.classid = 'pg_catalog.pg_class'::regclass
    join pg_catalog.pg_type as t on t.oid in (r.oid, r.typarray)
  )
select distinct pg_describe_object(d.classid, d.objid, d.objsubid), o.name
from with_types as o
join pg_catalog.pg_depend as d on d.refclassid = o.classid and d.refobjid = o.objid and d.deptype = 'n'
left join pg_catalog.pg_rewrite as r on d.classid = 'pg_catalog.pg_rewrite'::regclass and r.oid = d.objid
left join pg_catalog.pg_policy as l on d.classid = 'pg_catalog.pg_policy'::regclass and l.oid = d.objid
left join pg_catalog.pg_trigger as g on d.classid = 'pg_catalog.pg_trigger'::regclass and g.oid = d.objid
left join pg_catalog.pg_constraint as c on d.classid = 'pg_catalog.pg_constraint'::regclass and c.oid = d.objid
left join pg_catalog.pg_attrdef as a on d.classid = 'pg_catalog.pg_attrdef'::regclass and a.oid = d.objid
where not exists (
    select
    from with_types as also
    where also.classid = d.classid and also.objid = d.objid
      or also.classid = 'pg_catalog.pg_class'::regclass
        and also.objid in (r.ev_class, l.polrelid, g.tgrelid, c.conrelid, a.adrelid))
  and coalesce(g.tgname, '') not in ('latchkey_revoke_keys', 'latchkey_revoke_all_keys');

select s.happens, s.kind, s.name, s.note
from (
  select
    1 as place, 'is dropped' as happens, p.kind, p.name,
    case when p.kind = 'table' then format('about %s rows', greatest(c.reltuples, 0)::bigint) else '' end as note
  from latchkey_parts as p
  left join pg_catalog.pg_class as c on c.oid = p.objid and p.kind = 'table'
  union all
  select 1, 'is dropped', 'trigger', format('%I on %s', g.tgname, g.tgrelid::regclass), 'keys no longer end with it'
  from pg_catalog.pg_trigger as g
  where g.tgname in ('latchkey_revoke_keys', 'latchkey_revoke_all_keys') and g.tgfoid in (select p.objid from latchkey_parts as p)
  union all
  select 2, 'is yours and stops it', 'use', u.name, 'uses ' || string_agg(u.uses, ', ' order by u.uses)
  from latchkey_uses as u
  group by u.name
  union all
  select 3, 'is yours and may break', 'function', p.oid::regprocedure::text, 'names Latchkey in its text'
  from pg_catalog.pg_proc as p
  where exists (select from latchkey_parts)
    and p.oid not in (select o.objid from latchkey_parts as o)
    and p.pronamespace not in (to_regnamespace('pg_catalog'), to_regnamespace('information_schema'))
    and p.prosrc ~ ('\m((latchkey|api_keys_private|temporary_access|http_gate|ksuid_keys|latchkey_doors)\.'
      || '|(create_api_key|list_api_keys|revoke_api_key|verify_api_key|has_scope|has_scope_on_all|scoped_ids|get_api_key_account_id'
      || '|log_api_key_usage|log_api_key_usage_batch|register_user_token|list_user_tokens|revoke_user_token|pre_request)\s*\()')
  union all
  select 4, 'is yours and stays', 'relation', c.oid::regclass::text, 'in a schema of Latchkey, which stays with it'
  from pg_catalog.pg_class as c
  where exists (select from latchkey_parts)
    and c.relnamespace in (
      to_regnamespace('latchkey'), to_regnamespace('api_keys_private'), to_regnamespace('temporary_access'),
      to_regnamespace('audit'), to_regnamespace('http_gate'), to_regnamespace('ksuid_keys'),
      to_regnamespace('latchkey_doors'))
    and c.relkind in ('r', 'p', 'm', 'f', 'S')
    and not c.relispartition
    and c.oid not in (select o.objid from latchkey_parts as o)
) as s
order by s.place, s.kind, s.name;

do $$
declare
  v_uses text;
  v_earlier text;
  v_is_gate_set boolean;
  v_item record;
  v_drops text[];
  v_drop text;
  v_left text[];
begin
  if not exists (select from pg_temp.latchkey_parts) then
    raise notice 'There is nothing of Latchkey in this database';
    return;
  end if;
  if coalesce(current_setting('latchkey.uninstall', true), '') <> 'yes' then
    raise notice 'Nothing was dropped. To drop what is listed: set latchkey.uninstall = ''yes'', then run this again';
    return;
  end if;
  perform set_config('latchkey.uninstall', '', false);

  select string_agg(distinct format('%s uses %s', u.name, u.uses), E'\n') into v_uses from pg_temp.latchkey_uses as u;
  if v_uses is not null then
    raise exception 'Something of yours uses Latchkey: %', v_uses
      using errcode = '2BP01', hint = 'Change or drop it, then run this again. Nothing was dropped.';
  end if;

  -- What PostgREST calls before each request: without it every request would fail.
  if to_regclass('api_keys_private.http_gate_settings') is not null then
    select s.earlier_pre_request into v_earlier from api_keys_private.http_gate_settings as s;
  end if;
  v_is_gate_set := exists (
    select
    from pg_catalog.pg_db_role_setting as s
    join pg_catalog.pg_roles as r on r.oid = s.setrole and r.rolname = 'authenticator'
    join pg_catalog.pg_database as d on d.oid = s.setdatabase and d.datname = current_database()
    where s.setconfig && array['pgrst.db_pre_request=public.pre_request', 'pgrst.db_pre_request=pre_request']);

  -- Read once: when the first of them are dropped, there is nothing any more that the others are known by.
  v_drops := array(select format('drop %s %s', p.kind, p.name) from pg_temp.latchkey_parts as p order by p.place, p.name);

  for v_item in
    select g.tgname, g.tgrelid::regclass as table_name
    from pg_catalog.pg_trigger as g
    where g.tgname in ('latchkey_revoke_keys', 'latchkey_revoke_all_keys')
      and g.tgfoid in (select p.objid from pg_temp.latchkey_parts as p)
  loop
    execute format('drop trigger %I on %s', v_item.tgname, v_item.table_name);
  end loop;

  -- In rounds, since they use each other.
  loop
    v_left := '{}';
    foreach v_drop in array v_drops loop
      begin
        execute v_drop;
      exception when dependent_objects_still_exist then
        v_left := v_left || v_drop;
      end;
    end loop;
    exit when v_left = '{}';
    if v_left = v_drops then
      raise exception 'Something uses what these would drop: %', array_to_string(v_left, ', ')
        using errcode = '2BP01', hint = 'Drop it, then run this again. Nothing was dropped.';
    end if;
    v_drops := v_left;
  end loop;

  -- The one of the application makes way for ours when the gate is installed.
  if v_earlier = 'public.pre_request_before_latchkey' and to_regprocedure('public.pre_request_before_latchkey()') is not null then
    alter function public.pre_request_before_latchkey() rename to pre_request;
  elsif v_is_gate_set then
    execute format('alter role authenticator in database %I ', current_database())
      || case
        when v_earlier is null then 'reset pgrst.db_pre_request'
        else format('set pgrst.db_pre_request = %L', v_earlier)
      end;
  end if;

  -- What installing offers and a superuser ran: who may cancel what others do in his role. It is known by Latchkey's owner having it.
  for v_item in
    select format(
      'grant execute on function %1$s to public; revoke execute on function %1$s from %2$s',
      p.oid::regprocedure, n.nspowner::regrole) as statement
    from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.nspname = 'latchkey'
    where p.oid in ('pg_catalog.pg_cancel_backend(integer)'::regprocedure, 'pg_catalog.pg_terminate_backend(integer, bigint)'::regprocedure)
      and exists (select from aclexplode(p.proacl) as a where a.grantee = n.nspowner and a.grantee <> p.proowner)
      and not has_function_privilege('public', p.oid, 'execute')
  loop
    begin
      execute v_item.statement;
    exception when insufficient_privilege then
      raise notice 'As a superuser: %', v_item.statement;
    end;
  end loop;

  -- What the owner of Latchkey's functions was given of the application's.
  if to_regrole('latchkey_owner') is not null then
    for v_item in
      select format('revoke all on %s from latchkey_owner', o.name) as statement
      from (
        select format('table %s', c.oid::regclass), c.relacl, c.relowner
        from pg_catalog.pg_class as c
        where c.relkind in ('r', 'p', 'v')
        union all
        select format('function %s', p.oid::regprocedure), p.proacl, p.proowner
        from pg_catalog.pg_proc as p
        union all
        select format('schema %I', n.nspname), n.nspacl, n.nspowner
        from pg_catalog.pg_namespace as n
      ) as o (name, acl, owner)
      where o.owner <> to_regrole('latchkey_owner')
        and exists (select from aclexplode(o.acl) as a where a.grantee = to_regrole('latchkey_owner'))
    loop
      execute v_item.statement;
    end loop;
  end if;

  for v_item in
    select n.nspname
    from pg_catalog.pg_namespace as n
    where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
  loop
    begin
      execute format('drop schema %I', v_item.nspname);
    exception when dependent_objects_still_exist then
      raise notice 'Schema % stays, with what is yours in it', v_item.nspname;
    end;
  end loop;

  perform pg_notify('pgrst', 'reload config');
  perform pg_notify('pgrst', 'reload schema');
  raise notice 'Latchkey was dropped from this database. Its roles stay, since they belong to the whole server';
end
$$;

drop view pg_temp.latchkey_uses;
drop view pg_temp.latchkey_parts;
