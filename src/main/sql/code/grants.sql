-- Default privileges of the database or of who installs open new functions and tables to whom no file here names. In our own
-- schemas nobody but the owner keeps anything; in schema public that holds when a function is made, and what people granted
-- since stays and is named. Then the build repeats every "grant" of the files before this one.
do $$
declare
  v_ours constant oid[] := array['latchkey_operator', 'latchkey_auditor', 'latchkey_gatekeeper', 'authenticated', 'service_role', 'api_key']::regrole[]::oid[]
    || coalesce(to_regrole('latchkey_owner'), 0)::oid || 0::oid;
  v_item record;
begin
  for v_item in
    with
      schemas as (
        select n.oid
        from pg_catalog.pg_namespace as n
        where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
      ),
      objects as (
        select 'routine' as kind, p.oid::regprocedure::text as name, p.proowner as owner, coalesce(p.proacl, acldefault('f', p.proowner)) as acl
        from pg_catalog.pg_proc as p
        where p.pronamespace in (select s.oid from schemas as s)
          or p.oid::text <> all (string_to_array(current_setting('latchkey.before_public'), ' '))
            and p.oid in (select f.oid from api_keys_private.public_functions() as f (oid))
        union all
        select 'table', c.oid::regclass::text, c.relowner, c.relacl
        from pg_catalog.pg_class as c
        where c.relnamespace in (select s.oid from schemas as s) and c.relkind in ('r', 'p')
        union all
        select 'schema', n.oid::regnamespace::text, n.nspowner, n.nspacl
        from pg_catalog.pg_namespace as n
        where n.oid in (select s.oid from schemas as s)
      ),
      granted as (
        select o.kind, o.name, a.grantee
        from objects as o
        cross join lateral aclexplode(o.acl) as a
        where a.grantee <> o.owner
          -- Of schemas only what default privileges give: usage of one gives nothing by itself.
          and (
            o.kind <> 'schema'
            or exists (
              select
              from pg_catalog.pg_default_acl as d
              cross join lateral aclexplode(d.defaclacl) as b
              where d.defaclobjtype = 'n' and d.defaclrole = current_user::regrole and b.grantee = a.grantee))
      )
    select distinct
      g.kind, g.name, case g.grantee when 0 then 'public' else g.grantee::regrole::text end as grantee, g.grantee = any (v_ours) as is_ours
    from granted as g
    order by 1, 2, 3
  loop
    execute format('revoke all on %s %s from %s cascade', v_item.kind, v_item.name, v_item.grantee);
    if not v_item.is_ours then
      raise notice 'Took what role % could do with % % from it', v_item.grantee, v_item.kind, v_item.name;
    end if;
  end loop;

  for v_item in
    select p.oid::regprocedure::text as name, string_agg(distinct a.grantee::regrole::text, ', ') as grantees
    from pg_catalog.pg_proc as p
    cross join lateral aclexplode(p.proacl) as a
    where p.pronamespace = 'public'::regnamespace
      and p.oid::text = any (string_to_array(current_setting('latchkey.before_public'), ' '))
      and p.proname in (
        'create_api_key', 'list_api_keys', 'revoke_api_key', 'verify_api_key', 'has_scope', 'has_scope_on_all', 'scoped_ids',
        'get_api_key_account_id', 'log_api_key_usage', 'log_api_key_usage_batch', 'register_user_token', 'list_user_tokens',
        'revoke_user_token')
      and a.grantee <> p.proowner
      and a.grantee <> all (v_ours)
    group by p.oid
    order by 1
  loop
    raise notice '% may also be called by %, as somebody granted', v_item.name, v_item.grantees;
  end loop;
  perform set_config('latchkey.before_public', '', false);
  -- Whoever may have any role calls it, and it answers only the API server.
  grant execute on function public.pre_request() to public;
end
$$;
