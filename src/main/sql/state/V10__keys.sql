-- V10: API keys, one table for opaque keys of every kind.

-- ---------------------------------------------------------------------------------------------------------
-- Taking over the published private-schema design
-- ---------------------------------------------------------------------------------------------------------

-- Its table of keys becomes ours where it stands, so that what refers to it goes on doing so. code/takeover has
-- the rest: hashes by bcrypt, and the lines of the log.
do $$
declare
  v_table constant regclass := to_regclass('api_keys_private.api_keys');
  v_log constant regclass := to_regclass('api_keys_private.api_key_logs');
  v_published constant text[] := array[
    'id uuid', 'account_id uuid', 'name text', 'key_prefix character varying(7)', 'key_hash text', 'scopes jsonb',
    'expires_at timestamp with time zone', 'created_at timestamp with time zone', 'last_used_at timestamp with time zone',
    'created_by uuid', 'is_active boolean'];
  v_item record;
  v_keys bigint;
  v_ended bigint;
begin
  if v_table is null
    or exists (select from pg_catalog.pg_attribute where attrelid = v_table and attname = 'ksuid' and not attisdropped)
  then
    return;
  end if;

  if not exists (select from pg_catalog.pg_class as c where c.oid = v_table and c.relkind = 'r')
    or not v_published <@ array(
      select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      from pg_catalog.pg_attribute as a
      where a.attrelid = v_table and a.attnum > 0 and not a.attisdropped)
    -- Columns of its own may stay as long as a new row need not fill them.
    or exists (
      select
      from pg_catalog.pg_attribute as a
      where a.attrelid = v_table
        and a.attnum > 0
        and not a.attisdropped
        and a.attnotnull
        and not a.atthasdef
        and a.attidentity = ''
        and a.attname not in ('id', 'account_id', 'name', 'key_prefix', 'key_hash', 'created_by'))
    or not exists (
      select
      from pg_catalog.pg_constraint as c
      where c.conrelid = v_table and c.contype = 'p' and pg_get_constraintdef(c.oid) = 'PRIMARY KEY (id)')
  then
    raise exception 'Table api_keys_private.api_keys is of a design that Latchkey does not know'
      using errcode = '0A000', hint = 'Nothing of it was changed.';
  end if;

  -- In the order in which those who log a use take them.
  if v_log is not null then
    lock table api_keys_private.api_key_logs in access exclusive mode;
  end if;
  lock table api_keys_private.api_keys in access exclusive mode;

  for v_item in select p.polname from pg_catalog.pg_policy as p where p.polrelid = v_table loop
    execute format('drop policy %I on api_keys_private.api_keys', v_item.polname);
  end loop;

  -- The published functions: those that policies ask are replaced where they stand, and so keep their callers but neither
  -- owner nor privileges; the others are dropped, since a version with other arguments would be called instead of ours.
  for v_item in
    select
      p.oid::regprocedure as signature,
      (p.proname = 'has_scope'
          and pg_get_function_arguments(p.oid) = 'p_entity_type text, p_entity_id text, p_action text'
          and p.prorettype = 'boolean'::regtype
        or p.proname = 'get_api_key_account_id' and p.pronargs = 0 and p.prorettype = 'uuid'::regtype)
        and p.prokind = 'f' and not p.proretset as is_asked,
      p.proacl
    from pg_catalog.pg_proc as p
    where p.pronamespace = 'public'::regnamespace
      and p.proname in (
        'create_api_key', 'list_api_keys', 'revoke_api_key', 'verify_api_key', 'log_api_key_usage', 'has_scope',
        'get_api_key_account_id')
      and coalesce(p.proargnames[1], '') not in ('client_id', 'full_key')
  loop
    if v_item.is_asked then
      execute format('alter function %s owner to current_user', v_item.signature);
      execute (
        select coalesce(string_agg(distinct format('revoke all on function %s from %s;', v_item.signature, a.grantee::regrole), ' '), '')
        from aclexplode(v_item.proacl) as a
        where a.grantee <> 0 and a.grantee <> current_user::regrole);
    else
      execute format('drop function %s', v_item.signature);
    end if;
  end loop;

  for v_item in
    select pg_describe_object(d.classid, d.objid, d.objsubid) as description, a.attname
    from pg_catalog.pg_depend as d
    join pg_catalog.pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where d.refclassid = 'pg_class'::regclass
      and d.refobjid = v_table
      and a.attname in ('is_active', 'key_hash')
      and d.deptype = 'n'
    limit 1
  loop
    raise exception 'The % uses column % of api_keys_private.api_keys', v_item.description, v_item.attname
      using errcode = '2BP01', hint = 'Drop it, install, and make it again. Nothing was changed.';
  end loop;

  -- It made api_key a member of anon, which V9 ended: what the policies for api_key need, the role gets for itself.
  for v_item in
    select distinct p.polrelid::regclass as table_name, n.oid as schema_id, n.nspname, command.name as command
    from pg_catalog.pg_policy as p
    join pg_catalog.pg_class as c on c.oid = p.polrelid
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    join (values ('r', 'select'), ('a', 'insert'), ('w', 'update'), ('d', 'delete')) as command (code, name)
      on p.polcmd::text in (command.code, '*')
    where 'api_key'::regrole = any (p.polroles) and has_table_privilege('anon', p.polrelid, command.name)
  loop
    execute format('grant %s on %s to api_key', v_item.command, v_item.table_name);
    if not has_schema_privilege('api_key', v_item.schema_id, 'usage')
      and has_schema_privilege('anon', v_item.schema_id, 'usage')
    then
      execute format('grant usage on schema %I to api_key', v_item.nspname);
    end if;
  end loop;

  for v_item in
    select c.conname
    from pg_catalog.pg_constraint as c
    where c.conrelid = v_table and c.contype = 'p' and c.conname <> 'api_keys_pkey'
  loop
    execute format('alter table api_keys_private.api_keys rename constraint %I to api_keys_pkey', v_item.conname);
  end loop;
  for v_item in
    select i.indexrelid::regclass as index_name
    from pg_catalog.pg_index as i
    where i.indrelid = v_table
      and not i.indisunique
      and pg_get_indexdef(i.indexrelid) ~ ' USING btree \((account_id|key_prefix)\)$'
  loop
    execute format('drop index %s', v_item.index_name);
  end loop;

  select count(*), count(*) filter (where not k.is_active) into v_keys, v_ended from api_keys_private.api_keys as k;
  begin
    alter table api_keys_private.api_keys
      owner to current_user,
      add column ksuid text collate "C",
      add column kind text not null default 'scoped',
      add column description text,
      add column prefix text collate "C" not null default 'sk_',
      add column last4 text collate "C",
      add column salt bytea,
      add column hash_method text not null default 'bcrypt',
      add column role text not null default 'api_key',
      add column allowed_cidrs cidr[],
      add column rate_limit integer,
      add column created_by_name text,
      add column last_used_from inet,
      add column disabled_at timestamptz,
      add column disabled_by_name text,
      add column revoked_at timestamptz,
      add column revoked_by text,
      add column revoked_by_name text,
      add column revoke_reason text,
      add column replaces uuid,
      add column replaced_by uuid,
      add column version integer not null default 1,
      add column updated_at timestamptz not null default now(),
      add column updated_by_name text,
      alter column id set default gen_random_uuid(),
      alter column account_id drop not null,
      alter column key_hash type text collate "C",
      alter column created_by drop not null,
      set (fillfactor = 80);
  exception when duplicate_column then
    raise exception 'Table api_keys_private.api_keys has columns of its own with names that Latchkey needs'
      using errcode = '0A000', hint = 'Rename them, then install. Nothing was changed.';
  end;
  alter table api_keys_private.api_keys
    alter column kind drop default,
    alter column prefix drop default,
    alter column hash_method set default 'sha256',
    alter column role drop default;

  -- It revoked by this flag, and kept neither time nor person.
  update api_keys_private.api_keys
  set revoked_at = now(), revoke_reason = 'Was inactive when Latchkey took it over; it was revoked some time before'
  where not is_active;
  alter table api_keys_private.api_keys drop column is_active;
  alter table api_keys_private.api_keys
    add column is_active boolean not null generated always as (disabled_at is null and revoked_at is null) stored,
    add constraint api_keys_ksuid_key unique (ksuid),
    add constraint api_keys_ksuid_shape check (ksuid ~ '^[0-9A-Za-z]{27}$' and ksuid <= 'aWgEPTl1tmebfsQzFP4bxwgy80V'),
    add constraint api_keys_kind_known check (kind in ('scoped', 'publishable', 'secret')),
    add constraint api_keys_account_of_scoped check ((kind = 'scoped') = (account_id is not null)),
    add constraint api_keys_role_of_kind check (
      case kind when 'scoped' then role = 'api_key' when 'publishable' then role = 'anon' else true end),
    add constraint api_keys_hash_method_known check (hash_method in ('sha256', 'bcrypt', 'sha256-hex-salt')),
    add constraint api_keys_salted check (salt is not null or hash_method = 'bcrypt'),
    add constraint api_keys_rate_limit_range check (rate_limit between 1 and 1000000);

  -- Told as an event by code/takeover, since its function is not there yet.
  create table api_keys_private.keys_taken_over (keys bigint not null, revoked bigint not null);
  alter table api_keys_private.keys_taken_over enable row level security;
  insert into api_keys_private.keys_taken_over (keys, revoked) values (v_keys, v_ended);
end
$$;

-- ---------------------------------------------------------------------------------------------------------
-- API keys
-- ---------------------------------------------------------------------------------------------------------

create table if not exists api_keys_private.api_keys (
  id uuid not null default gen_random_uuid(),
  ksuid text collate "C",
  kind text not null,
  account_id uuid,
  name text not null,
  description text,
  key_prefix varchar(7) not null,
  prefix text collate "C" not null,
  last4 text collate "C",
  key_hash text collate "C" not null,
  salt bytea,
  hash_method text not null default 'sha256',
  role text not null,
  scopes jsonb not null default '[]',
  allowed_cidrs cidr[],
  rate_limit integer,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  created_by uuid,
  created_by_name text,
  last_used_at timestamptz,
  last_used_from inet,
  disabled_at timestamptz,
  disabled_by_name text,
  revoked_at timestamptz,
  revoked_by text,
  revoked_by_name text,
  revoke_reason text,
  is_active boolean not null generated always as (disabled_at is null and revoked_at is null) stored,
  replaces uuid,
  replaced_by uuid,
  version integer not null default 1,
  updated_at timestamptz not null default now(),
  updated_by_name text,
  constraint api_keys_pkey primary key (id),
  constraint api_keys_ksuid_key unique (ksuid),
  constraint api_keys_ksuid_shape check (ksuid ~ '^[0-9A-Za-z]{27}$' and ksuid <= 'aWgEPTl1tmebfsQzFP4bxwgy80V'),
  constraint api_keys_kind_known check (kind in ('scoped', 'publishable', 'secret')),
  constraint api_keys_account_of_scoped check ((kind = 'scoped') = (account_id is not null)),
  constraint api_keys_role_of_kind check (
    case kind when 'scoped' then role = 'api_key' when 'publishable' then role = 'anon' else true end),
  constraint api_keys_hash_method_known check (hash_method in ('sha256', 'bcrypt', 'sha256-hex-salt')),
  constraint api_keys_salted check (salt is not null or hash_method = 'bcrypt'),
  constraint api_keys_rate_limit_range check (rate_limit between 1 and 1000000)
)
with (fillfactor = 80);
create index if not exists api_keys_account_id_idx on api_keys_private.api_keys (account_id, created_at desc);
create index if not exists api_keys_key_prefix_idx on api_keys_private.api_keys (key_prefix);
create index if not exists api_keys_bcrypt_idx on api_keys_private.api_keys (key_prefix) where hash_method = 'bcrypt';
create index if not exists api_keys_ksuid_client_idx
  on api_keys_private.api_keys (created_by, ksuid desc) where prefix = '';
alter table api_keys_private.api_keys enable row level security;
comment on table api_keys_private.api_keys is
  'Opaque keys of every kind. Written by functions only. Expiring, expired, rotating and active are derived, not stored.';
comment on column api_keys_private.api_keys.ksuid is 'The id inside the key, by which it is found; null for keys of an older format.';
comment on column api_keys_private.api_keys.kind is 'scoped: of an account. publishable, secret: of the project.';
comment on column api_keys_private.api_keys.key_prefix is 'The first 7 characters of the key, as published.';
comment on column api_keys_private.api_keys.prefix is 'The prefix of the kind: sk_, sb_publishable_, sb_secret_.';
comment on column api_keys_private.api_keys.last4 is 'The last 4 characters of the key; null where they were never known.';
comment on column api_keys_private.api_keys.key_hash is 'Hash of the secret; hex for SHA-256. Leaves the database nowhere.';
comment on column api_keys_private.api_keys.salt is '16 random bytes. Leaves the database nowhere.';
comment on column api_keys_private.api_keys.role is 'The role that a request with this key gets.';
comment on column api_keys_private.api_keys.allowed_cidrs is 'Networks it may be used from, checked where the caller passes an address; null for any.';
comment on column api_keys_private.api_keys.rate_limit is 'Verifications per minute; null for no limit.';
comment on column api_keys_private.api_keys.last_used_at is 'Moves forward, at most once a minute.';
comment on column api_keys_private.api_keys.disabled_at is 'Since when it is disabled; can be undone.';
comment on column api_keys_private.api_keys.revoked_at is 'When it was revoked; final.';
comment on column api_keys_private.api_keys.replaced_by is 'The key that rotation made of this one.';
comment on column api_keys_private.api_keys.version is 'Counts changes, so that two editors notice each other. Use does not count.';

do $$
begin
  if not exists (
    select
    from pg_catalog.pg_policies
    where schemaname = 'api_keys_private' and tablename = 'api_keys' and policyname = 'Accounts can read API Keys'
  ) then
    create policy "Accounts can read API Keys" on api_keys_private.api_keys
      for select to authenticated using (public.has_role_on_account(account_id));
    comment on policy "Accounts can read API Keys" on api_keys_private.api_keys is
      'Holds should somebody grant the table to users: a user then reads the keys of their own accounts.';
  end if;
end
$$;
