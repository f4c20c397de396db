create or replace function api_keys_private.published_ksuid_functions() returns setof regprocedure
  language sql stable
as $$
  select p.oid::regprocedure
  from pg_catalog.pg_proc as p
  where p.pronamespace = 'public'::regnamespace
    and p.proname in ('create_api_key', 'list_api_keys', 'verify_api_key')
    and p.proargnames[1] in ('client_id', 'full_key')
$$;
comment on function api_keys_private.published_ksuid_functions() is
  'The functions of the published KSUID design in schema public, known by their names and that of their first parameter.';

create or replace function api_keys_private.adopt_ksuid_keys() returns jsonb
  language plpgsql volatile
as $$
declare
  v_table constant regclass := to_regclass('public.api_keys');
  v_owners text;
  v_item record;
  v_key api_keys_private.api_keys;
  v_found bigint;
  v_adopted integer := 0;
  v_accounts bigint;
  v_report jsonb;
begin
  if v_table is null
    or array(
      select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      from pg_catalog.pg_attribute as a
      where a.attrelid = v_table and a.attnum > 0 and not a.attisdropped
      order by a.attname)
      <> array['client_id uuid', 'created_at timestamp with time zone', 'id text', 'last4 text', 'name text', 'salt bytea',
        'secret_hash bytea']
  then
    perform api_keys_private.end_keys_with_users();
    return null;
  end if;
  if to_regclass('api_keys_private.adopted_ksuid_keys') is not null then
    raise exception 'Keys were adopted before: drop api_keys_private.adopted_ksuid_keys first' using errcode = 'PT409';
  end if;
  -- A view would run its owner's functions as us, and whoever fills the table makes keys of any account: neither may be a stranger's.
  if not exists (select from pg_catalog.pg_class as c where c.oid = v_table and c.relkind = 'r') then
    raise exception 'public.api_keys has the columns of the published KSUID design and is no ordinary table'
      using errcode = '0A000', hint = 'Rename or remove it. Nothing was changed.';
  end if;
  select string_agg(format('alter %s owner to %I', o.name, current_user), '; ' order by o.place, o.name) into v_owners
  from (
    select 1, 'table public.api_keys', c.relowner
    from pg_catalog.pg_class as c
    where c.oid = v_table
    union all
    select 2, format('function %s', p.oid::regprocedure), p.proowner
    from pg_catalog.pg_proc as p
    where p.oid in (select f.oid from api_keys_private.published_ksuid_functions() as f (oid))
  ) as o (place, name, owner)
  where not pg_has_role(o.owner, 'usage');
  if v_owners is not null then
    raise exception 'public.api_keys or one of its functions belongs to somebody else than %', current_user
      using errcode = '42501', hint = format('Look at its rows; if they are yours: %s. Nothing was changed.', v_owners);
  end if;
  lock table public.api_keys in access exclusive mode;
  if not exists (
    select
    from pg_catalog.pg_class as c
    join pg_catalog.pg_roles as o on o.oid = c.relowner
    where c.oid = v_table
      and c.oid = to_regclass('public.api_keys')
      and c.relkind = 'r'
      and (
        o.rolsuper
        or pg_has_role(o.oid, current_user, 'member')
        or pg_has_role(o.oid, (select d.datdba from pg_catalog.pg_database as d where d.datname = current_database()), 'member')
        or pg_has_role(o.oid, (select a.relowner from pg_catalog.pg_class as a where a.oid = 'public.accounts'::regclass), 'member')))
  then
    raise exception 'The owner of public.api_keys could make keys of accounts that are not theirs'
      using errcode = '42501',
        hint = format('Look at its rows; if they are yours: alter table public.api_keys owner to %I. Nothing was changed.', current_user);
  end if;

  for v_item in
    select f.signature from api_keys_private.published_ksuid_functions() as f (signature)
  loop
    execute format('drop function %s', v_item.signature);
  end loop;

  if not api_keys_private.end_keys_with_users() then
    raise exception 'Keys have to end with their user, and % may put no trigger on auth.users', current_user
      using errcode = '42501', hint = format('As its owner: grant trigger on auth.users to %I', current_user);
  end if;

  select count(*) into v_found from public.api_keys;
  select count(*) into v_accounts from public.accounts;
  begin
    for v_key in
      insert into api_keys_private.api_keys (
        ksuid, kind, account_id, name, key_prefix, prefix, last4, key_hash, salt, hash_method, role, scopes, created_at, created_by)
      select
        o.id, 'scoped', c.account_id, o.name, left(o.id, 7), '', o.last4, encode(o.secret_hash, 'hex'), o.salt,
        'sha256-hex-salt', 'api_key', '[]', o.created_at, o.client_id
      from public.api_keys as o
      join (
        select d.client_id, api_keys_private.personal_account(d.client_id) as account_id
        from (select distinct u.client_id from public.api_keys as u) as d
        offset 0
      ) as c on c.client_id = o.client_id
      where o.id ~ '^[0-9A-Za-z]{27}$' and o.id collate "C" <= 'aWgEPTl1tmebfsQzFP4bxwgy80V'
      on conflict (ksuid) do nothing
      returning *
    loop
      perform api_keys_private.record_key_event('key.taken_over', 'take_over', null, null, v_key);
      v_adopted := v_adopted + 1;
    end loop;
  exception when integrity_constraint_violation then
    -- The original DETAIL prints the row, hash included.
    raise exception 'A key or its client''s account could not be stored' using errcode = '23000';
  end;
  v_accounts := (select count(*) from public.accounts) - v_accounts;

  -- The table steps aside, with its rows and nothing that could change them.
  for v_item in select p.polname from pg_catalog.pg_policy as p where p.polrelid = v_table loop
    execute format('drop policy %I on public.api_keys', v_item.polname);
  end loop;
  for v_item in select c.conname from pg_catalog.pg_constraint as c where c.conrelid = v_table and c.contype in ('f', 'p', 'u') loop
    execute format('alter table public.api_keys drop constraint %I', v_item.conname);
  end loop;
  for v_item in select i.indexrelid::regclass as index_name from pg_catalog.pg_index as i where i.indrelid = v_table loop
    execute format('drop index %s', v_item.index_name);
  end loop;
  alter table public.api_keys rename to adopted_ksuid_keys;
  alter table public.adopted_ksuid_keys set schema api_keys_private;
  alter table api_keys_private.adopted_ksuid_keys owner to current_user;
  alter table api_keys_private.adopted_ksuid_keys enable row level security;
  revoke all on api_keys_private.adopted_ksuid_keys from public, anon, authenticated, service_role;
  comment on table api_keys_private.adopted_ksuid_keys is
    'The table of the published KSUID design as it was adopted. Nothing reads it; it may be dropped.';

  insert into api_keys_private.taken_over_designs (design) values ('ksuid') on conflict (design) do nothing;
  perform api_keys_private.offer_ksuid_functions();

  v_report := jsonb_build_object('found', v_found, 'adopted', v_adopted, 'accounts_made', v_accounts);
  perform audit.record_event(
    'keys.adopted', 'schema', 'public', 'Published KSUID design', 'adopt', 'ok', null, null, null, v_report);
  return v_report;
end
$$;
comment on function api_keys_private.adopt_ksuid_keys() is
  'What latchkey.adopt_ksuid_keys() does, without asking who calls. Null when there is no table public.api_keys of that design.';

create or replace function latchkey.adopt_ksuid_keys() returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform api_keys_private.require_operator('adopt keys');
  return coalesce(api_keys_private.adopt_ksuid_keys(), '{"found": 0, "adopted": 0, "accounts_made": 0}');
end
$$;
comment on function latchkey.adopt_ksuid_keys() is
  'Imports the keys of public.api_keys of the published KSUID design as keys of their clients'' personal accounts and answers {found, adopted, '
  'accounts_made}: ids that are no KSUID are not adopted. The keys go on working, its functions are offered where they were and in schema ksuid_keys, '
  'and its table becomes api_keys_private.adopted_ksuid_keys. Installing does this by itself; this is for a table, '
  'or users, that come later. For operators.';
grant execute on function latchkey.adopt_ksuid_keys() to latchkey_operator;
