-- Everything belongs to one owner, whoever made it and whatever was there before. Where a superuser installs, that is
-- latchkey_owner, so that nothing of the application's that our functions call runs as a superuser; elsewhere, as on
-- Supabase, it is the installer.
do $$
declare
  v_is_superuser constant boolean := (select r.rolsuper from pg_catalog.pg_roles as r where r.rolname = current_user);
  v_owner constant regrole := case
    when v_is_superuser
      or exists (
        select
        from pg_catalog.pg_namespace as n
        join pg_catalog.pg_roles as r on r.oid = n.nspowner
        where n.nspname = 'latchkey' and r.rolname = 'latchkey_owner')
      then to_regrole('latchkey_owner')
    else to_regrole(quote_ident(current_user))
  end;
  -- What only a superuser may do stays his: one narrow function for each, which latchkey_owner alone may execute.
  v_superusers constant regprocedure[] := array[
    'api_keys_private.set_pre_request(text)',
    'temporary_access.end_signing_in(integer)',
    'temporary_access.role_has_password(text)',
    'temporary_access.take_from_role(text, boolean, jsonb)'
  ];
  v_item record;
begin
  for v_item in
    with
      schemas as (
        select n.oid, n.nspname, n.nspowner
        from pg_catalog.pg_namespace as n
        where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
      ),
      functions as (
        select p.oid, p.prokind, p.proowner
        from pg_catalog.pg_proc as p
        where p.pronamespace in (select s.oid from schemas as s)
          or p.oid in (select f.oid from api_keys_private.public_functions() as f (oid))
      )
    select 1 as place, 'schema' as kind, format('%I', s.nspname) as name, s.nspowner as owner
    from schemas as s
    union all
    select
      2, case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end,
      c.oid::regclass::text, c.relowner
    from pg_catalog.pg_class as c
    where c.relnamespace in (select s.oid from schemas as s)
      and c.relkind in ('r', 'p', 'v', 'm', 'f')
      -- Flyway's, which holds it while this is run.
      and c.oid is distinct from to_regclass('latchkey.schema_history')
    union all
    select
      3, case f.prokind when 'a' then 'aggregate' when 'p' then 'procedure' else 'function' end,
      f.oid::regprocedure::text, f.proowner
    from functions as f
    where f.oid <> all (v_superusers::oid[])
    union all
    select 4, 'domain', t.oid::regtype::text, t.typowner
    from pg_catalog.pg_type as t
    where t.typnamespace in (select s.oid from schemas as s) and t.typtype = 'd'
    order by place, name
  loop
    continue when v_item.owner = v_owner;
    begin
      execute format('alter %s %s owner to %s', v_item.kind, v_item.name, v_owner);
    exception when insufficient_privilege then
      raise exception 'The % % belongs to %, and % may not change that', v_item.kind, v_item.name, v_item.owner::regrole, current_user
        using errcode = '42501',
        hint = format('As its owner or a superuser: alter %s %s owner to %s', v_item.kind, v_item.name, v_owner);
    end;
  end loop;

  if not v_is_superuser then
    return;
  end if;
  grant execute on function
    api_keys_private.set_pre_request(text),
    temporary_access.end_signing_in(integer),
    temporary_access.role_has_password(text),
    temporary_access.take_from_role(text, boolean, jsonb)
    to latchkey_owner;
  grant pg_read_all_stats, pg_signal_backend to latchkey_owner;
  -- Of the application's: what our functions read, lock or make, and what they call.
  grant usage, create on schema public to latchkey_owner;
  grant select, insert, update on public.accounts, public.accounts_memberships to latchkey_owner;
  grant usage on schema auth to latchkey_owner;
  grant execute on function auth.uid(), auth.jwt() to latchkey_owner;
  if to_regclass('auth.users') is not null then
    grant select, trigger on auth.users to latchkey_owner;
  end if;
  for v_item in
    select format('grant execute on function %s to latchkey_owner', p.oid::regprocedure) as statement
    from pg_catalog.pg_proc as p
    where p.pronamespace = 'public'::regnamespace and p.proname = 'has_role_on_account'
    union all
    select format('grant usage on schema %I to latchkey_owner', n.nspname)
    from pg_catalog.pg_extension as e
    join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
    where e.extname = 'pgcrypto'
  loop
    execute v_item.statement;
  end loop;
end
$$;
