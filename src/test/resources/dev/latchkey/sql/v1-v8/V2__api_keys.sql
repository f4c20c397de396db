-- V2: API keys.
--
-- One table for opaque keys of every kind, what may be written into it, the functions that applications know
-- (schema public) and those that the console knows (schema latchkey). Verifying a key is in V3, with the log it writes.

-- ---------------------------------------------------------------------------------------------------------
-- Taking over the published private-schema design
-- ---------------------------------------------------------------------------------------------------------

-- Its table of keys becomes ours where it stands, so that what refers to it goes on doing so. V8 has the rest: hashes by
-- bcrypt, and the lines of the log.
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

  -- It made api_key a member of anon, which V1 ended: what the policies for api_key need, the role gets for itself.
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

  perform audit.record_event(
    'keys.taken_over', 'schema', 'api_keys_private', 'Published private-schema design', 'take_over', 'ok', null, null, null,
    jsonb_build_object('keys', v_keys, 'revoked', v_ended));
end
$$;

-- ---------------------------------------------------------------------------------------------------------
-- The table
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

-- ---------------------------------------------------------------------------------------------------------
-- What may be written: each function gives back the clean value or raises 22023, naming the parameter
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.has_control_characters(p_text text) returns boolean
  language sql immutable strict parallel safe
  return p_text ~ '[\u0001-\u001F\u007F-\u009F\u200E\u200F\u2028-\u202E\u2066-\u2069]';
comment on function api_keys_private.has_control_characters(text) is
  'Whether a text has control characters, line breaks or marks that turn the direction of writing.';

create or replace function api_keys_private.trimmed(p_text text) returns text
  language sql immutable strict parallel safe
  return regexp_replace(p_text, '^[\s\u00A0\u3000]+|[\s\u00A0\u3000]+$', '', 'g');
comment on function api_keys_private.trimmed(text) is 'A text without blanks at its ends.';

create or replace function api_keys_private.checked_name(p_parameter text, p_name text) returns text
  language plpgsql immutable parallel safe
as $$
declare
  v_name constant text := api_keys_private.trimmed(p_name);
begin
  if v_name is null or v_name = '' then
    raise exception '%: must not be blank', p_parameter using errcode = '22023';
  end if;
  if char_length(v_name) > 100 then
    raise exception '%: must have at most 100 characters, has %', p_parameter, char_length(v_name)
      using errcode = '22023';
  end if;
  if api_keys_private.has_control_characters(v_name) then
    raise exception '%: must not contain control characters', p_parameter using errcode = '22023';
  end if;
  return v_name;
end
$$;
comment on function api_keys_private.checked_name(text, text) is 'A name of 1 to 100 characters after trimming.';

create or replace function api_keys_private.checked_note(p_parameter text, p_note text, p_most integer) returns text
  language plpgsql immutable parallel safe
as $$
declare
  v_note constant text := nullif(api_keys_private.trimmed(p_note), '');
begin
  if char_length(v_note) > p_most then
    raise exception '%: must have at most % characters, has %', p_parameter, p_most, char_length(v_note)
      using errcode = '22023';
  end if;
  if api_keys_private.has_control_characters(translate(v_note, E'\n\r\t', '')) then
    raise exception '%: must not contain control characters', p_parameter using errcode = '22023';
  end if;
  return v_note;
end
$$;
comment on function api_keys_private.checked_note(text, text, integer) is
  'An optional description or reason; line breaks and tabs are allowed, blank becomes null.';

create or replace function api_keys_private.checked_expiry(p_parameter text, p_expires_at timestamptz) returns timestamptz
  language plpgsql stable
as $$
begin
  if p_expires_at <= clock_timestamp() then
    raise exception '%: must be in the future', p_parameter using errcode = '22023';
  end if;
  if not isfinite(p_expires_at) then
    raise exception '%: must be a date, or null for a key that does not expire', p_parameter using errcode = '22023';
  end if;
  return p_expires_at;
end
$$;
comment on function api_keys_private.checked_expiry(text, timestamptz) is 'A time in the future, or null for no end.';

create or replace function api_keys_private.checked_scope(p_parameter text, p_position bigint, p_scope jsonb) returns jsonb
  language plpgsql immutable parallel safe
as $$
declare
  v_field text;
  v_value jsonb;
  v_scope jsonb := p_scope;
begin
  if jsonb_typeof(p_scope) is distinct from 'object' then
    raise exception '%: entry % must be an object', p_parameter, p_position using errcode = '22023';
  end if;
  if p_scope - array['entity_type', 'entity_id', 'action'] <> '{}' then
    raise exception '%: entry % must have no other field than entity_type, entity_id and action', p_parameter, p_position
      using errcode = '22023';
  end if;
  if p_scope -> 'entity_id' = 'null' then
    v_scope := jsonb_set(p_scope, '{entity_id}', '"*"');
  end if;

  foreach v_field in array array['entity_type', 'entity_id', 'action'] loop
    v_value := v_scope -> v_field;
    if v_value is null then
      raise exception '%: entry % lacks %', p_parameter, p_position, v_field using errcode = '22023';
    end if;
    if jsonb_typeof(v_value) <> 'string' or api_keys_private.trimmed(v_value #>> '{}') = '' then
      raise exception '%: % of entry % must be a text that is not blank', p_parameter, v_field, p_position
        using errcode = '22023';
    end if;
    if char_length(v_value #>> '{}') > 200 then
      raise exception '%: % of entry % must have at most 200 characters', p_parameter, v_field, p_position
        using errcode = '22023';
    end if;
    if api_keys_private.has_control_characters(v_value #>> '{}') then
      raise exception '%: % of entry % must not contain control characters', p_parameter, v_field, p_position
        using errcode = '22023';
    end if;
  end loop;
  return v_scope;
end
$$;
comment on function api_keys_private.checked_scope(text, bigint, jsonb) is
  'One scope with exactly three texts. A null entity_id means *. Positions count from 1.';

create or replace function api_keys_private.checked_scopes(p_parameter text, p_scopes jsonb) returns jsonb
  language plpgsql immutable parallel safe
as $$
declare
  v_scopes jsonb;
begin
  if jsonb_typeof(p_scopes) is distinct from 'array' then
    raise exception '%: must be an array of scopes', p_parameter using errcode = '22023';
  end if;
  if jsonb_array_length(p_scopes) > 1000 then
    raise exception '%: must have at most 1,000 entries, has %',
      p_parameter, ltrim(to_char(jsonb_array_length(p_scopes), '999,999,999')) using errcode = '22023';
  end if;

  select coalesce(jsonb_agg(d.scope order by d.position), '[]') into v_scopes
  from (
    select c.scope, min(c.position) as position
    from (
      select api_keys_private.checked_scope(p_parameter, e.position, e.value) as scope, e.position
      from jsonb_array_elements(p_scopes) with ordinality as e (value, position)
    ) as c
    group by c.scope
  ) as d;
  return v_scopes;
end
$$;
comment on function api_keys_private.checked_scopes(text, jsonb) is
  'At most 1,000 scopes in the order given, without duplicates. An empty array is a key that may do nothing.';

create or replace function api_keys_private.checked_networks(p_parameter text, p_networks jsonb) returns cidr[]
  language plpgsql immutable parallel safe
as $$
declare
  v_networks cidr[] := '{}';
  v_network record;
begin
  if p_networks is null or p_networks = 'null' then
    return null;
  end if;
  if jsonb_typeof(p_networks) <> 'array' or jsonb_array_length(p_networks) not between 1 and 100 then
    raise exception '%: must be an array of 1 to 100 networks, or null for any', p_parameter using errcode = '22023';
  end if;

  for v_network in
    select e.value, e.position from jsonb_array_elements_text(p_networks) with ordinality as e (value, position)
  loop
    begin
      if v_network.value is null then
        raise invalid_text_representation;
      end if;
      v_networks := v_networks || api_keys_private.plain_address(v_network.value::cidr)::cidr;
    exception when invalid_text_representation then
      raise exception '%: entry % must be a network such as 203.0.113.0/24 or 2001:db8::/32',
        p_parameter, v_network.position using errcode = '22023';
    end;
  end loop;
  return array(select distinct n.network from unnest(v_networks) as n (network) order by n.network);
end
$$;
comment on function api_keys_private.checked_networks(text, jsonb) is
  'Networks, IPv4 and IPv6, sorted and without duplicates; null for any network.';

create or replace function api_keys_private.checked_rate_limit(p_parameter text, p_limit jsonb) returns integer
  language plpgsql immutable parallel safe
as $$
begin
  if p_limit is null or p_limit = 'null' then
    return null;
  end if;
  if jsonb_typeof(p_limit) <> 'number'
    or (p_limit #>> '{}')::numeric not between 1 and 1000000
    or (p_limit #>> '{}')::numeric % 1 <> 0
  then
    raise exception '%: must be a whole number from 1 to 1,000,000 per minute, or null for no limit', p_parameter
      using errcode = '22023';
  end if;
  return (p_limit #>> '{}')::numeric::integer;
end
$$;
comment on function api_keys_private.checked_rate_limit(text, jsonb) is 'Verifications per minute, or null for no limit.';

create or replace function api_keys_private.checked_project_role(p_kind text, p_role text) returns text
  language plpgsql stable
as $$
declare
  v_role pg_catalog.pg_roles;
begin
  if p_kind = 'publishable' then
    if p_role is distinct from 'anon' and p_role is not null then
      raise exception 'p_role: a publishable key always acts as anon' using errcode = '22023';
    end if;
    return 'anon';
  end if;
  if p_role is null then
    return 'service_role';
  end if;

  select * into v_role from pg_catalog.pg_roles where rolname = p_role;
  if not found then
    raise exception 'p_role: no such role' using errcode = '22023';
  end if;
  if v_role.rolname ~ '^(pg_|latchkey_)' or v_role.rolname in ('authenticator', 'anon', 'authenticated', 'api_key') then
    raise exception 'p_role: a secret key acts as service_role or a role of your own' using errcode = '22023';
  end if;
  if exists (select from pg_catalog.pg_roles as s where s.rolsuper and pg_has_role(v_role.oid, s.oid, 'member')) then
    raise exception 'p_role: a key never acts as a superuser' using errcode = '22023';
  end if;
  if not pg_has_role('authenticator', v_role.oid, 'member') then
    raise exception 'p_role: authenticator may not become this role' using errcode = '22023',
      hint = format('grant %I to authenticator', v_role.rolname);
  end if;
  return v_role.rolname;
end
$$;
comment on function api_keys_private.checked_project_role(text, text) is
  'The role a project key acts as: anon for publishable; service_role, or a role that authenticator may become, for secret.';

-- ---------------------------------------------------------------------------------------------------------
-- Views
-- ---------------------------------------------------------------------------------------------------------

create or replace view latchkey.keys as
select
  k.id,
  k.ksuid,
  k.kind,
  k.account_id,
  a.name as account_name,
  k.name,
  k.description,
  k.key_prefix::text as key_prefix,
  k.prefix,
  k.last4,
  k.role,
  k.scopes,
  case when jsonb_typeof(k.scopes) = 'array' then jsonb_array_length(k.scopes) else 0 end as scope_count,
  case
    when k.revoked_at is not null then 'revoked'
    when k.expires_at <= now() then 'expired'
    when k.disabled_at is not null then 'disabled'
    when k.replaced_by is not null then 'rotating'
    when k.expires_at <= now() + interval '7 days' then 'expiring'
    else 'active'
  end as status,
  k.expires_at,
  k.created_at,
  k.created_by,
  k.created_by_name,
  k.last_used_at,
  k.last_used_from,
  k.revoked_at,
  k.revoked_by_name,
  k.revoke_reason,
  k.disabled_at,
  k.allowed_cidrs,
  k.rate_limit,
  k.version,
  k.updated_at,
  floor(extract(epoch from now() - coalesce(k.last_used_at, k.created_at)) / 86400)::integer as unused_days,
  k.last_used_at is null as never_used,
  k.disabled_by_name,
  k.updated_by_name,
  k.hash_method,
  k.replaces,
  k.replaced_by
from api_keys_private.api_keys as k
left join public.accounts as a on a.id = k.account_id
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.keys is
  'Every key with what a screen needs, its status derived at the time of reading, and no secret, hash or salt.';

create or replace view latchkey.accounts as
select
  a.id,
  a.name,
  a.slug,
  (select count(*) from api_keys_private.api_keys as k where k.account_id = a.id)::integer as key_count
from public.accounts as a
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.accounts is 'Accounts with the number of their keys, ended ones included.';

-- ---------------------------------------------------------------------------------------------------------
-- What the writing functions share
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.key_state(p_key api_keys_private.api_keys) returns jsonb
  language sql stable
  return jsonb_build_object(
    'ksuid', p_key.ksuid, 'kind', p_key.kind, 'account_id', p_key.account_id, 'name', p_key.name,
    'description', p_key.description, 'prefix', p_key.prefix, 'last4', p_key.last4, 'role', p_key.role,
    'scopes', p_key.scopes, 'allowed_cidrs', p_key.allowed_cidrs, 'rate_limit', p_key.rate_limit,
    'expires_at', audit.utc(p_key.expires_at), 'created_at', audit.utc(p_key.created_at),
    'disabled_at', audit.utc(p_key.disabled_at), 'revoked_at', audit.utc(p_key.revoked_at),
    'revoke_reason', p_key.revoke_reason, 'version', p_key.version);
comment on function api_keys_private.key_state(api_keys_private.api_keys) is
  'A key as events show it before and after a change: every setting, no hash and no salt.';

create or replace function api_keys_private.record_key_event(
  p_type text,
  p_action text,
  p_reason text,
  p_before api_keys_private.api_keys,
  p_after api_keys_private.api_keys
) returns text
  language plpgsql volatile
as $$
begin
  return audit.record_event(
    p_type, 'key', p_after.id::text, p_after.name, p_action, 'ok', null, p_reason,
    case when p_before.id is not null then api_keys_private.key_state(p_before) end,
    api_keys_private.key_state(p_after));
end
$$;
comment on function api_keys_private.record_key_event(
  text, text, text, api_keys_private.api_keys, api_keys_private.api_keys) is 'The audit event of one change of one key.';

create or replace function api_keys_private.prefix_of(p_kind text) returns text
  language sql immutable strict parallel safe
  return case p_kind when 'scoped' then 'sk_' else 'sb_' || p_kind || '_' end;
comment on function api_keys_private.prefix_of(text) is 'What keys of a kind begin with.';

create or replace function api_keys_private.insert_key(
  p_kind text,
  p_account_id uuid,
  p_name text,
  p_description text,
  p_role text,
  p_scopes jsonb,
  p_expires_at timestamptz
) returns jsonb
  language plpgsql volatile
as $$
declare
  v_actor constant jsonb := latchkey.actor();
  v_prefix constant text := api_keys_private.prefix_of(p_kind);
  v_new record;
  v_key api_keys_private.api_keys;
begin
  select * into v_new from api_keys_private.generate_key(v_prefix);
  begin
    insert into api_keys_private.api_keys (
      ksuid, kind, account_id, name, description, key_prefix, prefix, last4, key_hash, salt, hash_method, role, scopes,
      expires_at, created_by, created_by_name, updated_by_name)
    values (
      v_new.ksuid, p_kind, p_account_id, p_name, p_description, left(v_new.key, 7), v_prefix, v_new.last4,
      encode(v_new.secret_hash, 'hex'), v_new.salt, 'sha256', p_role, p_scopes, p_expires_at,
      case when v_actor ->> 'type' in ('member', 'user') then (v_actor ->> 'id')::uuid end,
      v_actor ->> 'display', v_actor ->> 'display')
    returning * into v_key;
  exception when integrity_constraint_violation then
    -- The original DETAIL prints the row, hash included.
    raise exception 'The key could not be stored' using errcode = '23000';
  end;

  perform api_keys_private.record_key_event('key.created', 'create', null, null, v_key);
  return jsonb_build_object(
    'id', v_key.id,
    'name', v_key.name,
    'key', v_new.key,
    'key_prefix', v_key.key_prefix,
    'account_id', v_key.account_id,
    'scopes', v_key.scopes,
    'expires_at', v_key.expires_at,
    'created_at', v_key.created_at);
end
$$;
comment on function api_keys_private.insert_key(text, uuid, text, text, text, jsonb, timestamptz) is
  'Makes and stores a key of checked values and answers with it, the only time that it is shown.';

create or replace function api_keys_private.key_to_change(p_api_key_id uuid) returns api_keys_private.api_keys
  language plpgsql volatile
as $$
declare
  v_key api_keys_private.api_keys;
begin
  if latchkey.is_operator() is not true then
    raise exception 'Only an operator may do this' using errcode = '42501';
  end if;

  select * into v_key from api_keys_private.api_keys where id = p_api_key_id for update;
  if not found then
    raise exception 'API key not found' using errcode = 'PT404';
  end if;
  return v_key;
end
$$;
comment on function api_keys_private.key_to_change(uuid) is 'Lets only operators pass, and locks the key that they change.';

create or replace function api_keys_private.refuse_revoked(p_key api_keys_private.api_keys) returns void
  language plpgsql stable
as $$
begin
  if p_key.revoked_at is not null then
    raise exception 'The key was revoked on % UTC by %',
      to_char(p_key.revoked_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
      coalesce(p_key.revoked_by_name, 'someone unknown')
      using errcode = 'PT409', hint = 'Revoking is final: make a new key instead.';
  end if;
end
$$;
comment on function api_keys_private.refuse_revoked(api_keys_private.api_keys) is
  'Refuses any change of a revoked key, saying when and by whom it was revoked.';

create or replace function api_keys_private.revoke(p_key api_keys_private.api_keys, p_reason text) returns void
  language plpgsql volatile
as $$
declare
  v_actor constant jsonb := latchkey.actor();
  v_after api_keys_private.api_keys;
begin
  update api_keys_private.api_keys
  set revoked_at = clock_timestamp(),
    revoked_by = v_actor ->> 'id',
    revoked_by_name = v_actor ->> 'display',
    revoke_reason = p_reason,
    version = version + 1,
    updated_at = clock_timestamp(),
    updated_by_name = v_actor ->> 'display'
  where id = p_key.id
  returning * into v_after;
  perform api_keys_private.record_key_event('key.revoked', 'revoke', p_reason, p_key, v_after);
end
$$;
comment on function api_keys_private.revoke(api_keys_private.api_keys, text) is
  'Revokes a key that its caller has locked and that is not revoked yet.';

-- ---------------------------------------------------------------------------------------------------------
-- Functions that applications know. Signatures, names, fields and messages are published: they never change.
-- ---------------------------------------------------------------------------------------------------------

create or replace function public.create_api_key(
  p_account_id uuid,
  p_name text,
  p_scopes jsonb,
  p_expires_at timestamptz default null
) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_name text;
  v_scopes jsonb;
begin
  if api_keys_private.may_manage_account(p_account_id) is not true then
    raise exception 'Unauthorized: You do not have permission to create API keys for this account'
      using errcode = '42501';
  end if;

  v_name := api_keys_private.checked_name('p_name', p_name);
  v_scopes := api_keys_private.checked_scopes('p_scopes', p_scopes);
  perform api_keys_private.checked_expiry('p_expires_at', p_expires_at);
  if not exists (select from public.accounts where id = p_account_id) then
    raise exception 'Account not found' using errcode = 'PT404';
  end if;

  return api_keys_private.insert_key('scoped', p_account_id, v_name, null, 'api_key', v_scopes, p_expires_at);
end
$$;
comment on function public.create_api_key(uuid, text, jsonb, timestamptz) is
  'Makes a scoped key of an account, for operators and members of it, and answers {id, name, key, key_prefix, account_id, scopes, '
  'expires_at, created_at}. The key is shown this once.';

create or replace function public.list_api_keys(p_account_id uuid)
  returns table (
    id uuid,
    name text,
    key_prefix text,
    scopes jsonb,
    expires_at timestamptz,
    created_at timestamptz,
    last_used_at timestamptz,
    is_active boolean,
    created_by uuid
  )
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if api_keys_private.may_manage_account(p_account_id) is not true then
    raise exception 'Unauthorized: You do not have permission to view API keys for this account'
      using errcode = '42501';
  end if;

  return query
  select
    k.id, k.name, k.key_prefix::text, k.scopes, k.expires_at, k.created_at, k.last_used_at, k.is_active, k.created_by
  from api_keys_private.api_keys as k
  where k.account_id = p_account_id
  order by k.created_at desc, k.ksuid desc nulls last;
end
$$;
comment on function public.list_api_keys(uuid) is 'The keys of an account, newest first, for operators and members of it.';

create or replace function public.revoke_api_key(p_api_key_id uuid) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_key api_keys_private.api_keys;
begin
  select * into v_key from api_keys_private.api_keys where id = p_api_key_id for update;
  if not found then
    raise exception 'API key not found' using errcode = 'PT404';
  end if;
  if api_keys_private.may_manage_account(v_key.account_id) is not true then
    raise exception 'Unauthorized: You do not have permission to revoke API keys for this account'
      using errcode = '42501';
  end if;
  if v_key.revoked_at is not null then
    return false;
  end if;

  perform api_keys_private.revoke(v_key, null);
  return true;
end
$$;
comment on function public.revoke_api_key(uuid) is
  'Revokes a key for good, for operators and members of its account. False, and nothing written, when it was revoked before.';

-- ---------------------------------------------------------------------------------------------------------
-- What a key may do: asked by row level security policies, for the key in auth.uid()
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.current_scopes() returns jsonb
  language plpgsql stable
as $$
begin
  return (
    select k.scopes
    from api_keys_private.api_keys as k
    where k.id = auth.uid()
      and k.kind = 'scoped'
      and k.is_active
      and (k.expires_at is null or k.expires_at > statement_timestamp())
      and jsonb_typeof(k.scopes) = 'array');
end
$$;
comment on function api_keys_private.current_scopes() is
  'The scopes of the key in auth.uid(), as stored; null when it is unknown or has ended, whenever its token was signed.';

create or replace function public.has_scope(p_entity_type text, p_entity_id text, p_action text) returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_scopes constant jsonb := api_keys_private.current_scopes();
  v_scope jsonb;
begin
  -- One by one, because a query over them would cost as much for every row as all the rest.
  for v_index in 0..coalesce(jsonb_array_length(v_scopes), 0) - 1 loop
    v_scope := v_scopes -> v_index;
    if v_scope ->> 'entity_id' in ('*', p_entity_id)
      and v_scope ->> 'action' in ('*', p_action)
      and (
        v_scope ->> 'entity_type' = p_entity_type and p_entity_type <> '*'
        or v_scope ->> 'entity_type' = '*' and v_scope ->> 'entity_id' = '*' and v_scope ->> 'action' = '*')
      -- Exactly these three fields, and all of them texts.
      and v_scope = jsonb_build_object(
        'entity_type', v_scope ->> 'entity_type', 'entity_id', v_scope ->> 'entity_id', 'action', v_scope ->> 'action')
    then
      return p_entity_type is not null and p_entity_id is not null and p_action is not null;
    end if;
  end loop;
  return false;
end
$$;
comment on function public.has_scope(text, text, text) is
  'Whether the key of this request may do the action: by */*/*, type/*/*, type/*/action, type/id/action or type/id/*, and nothing else. '
  'A scope with any other field, or a null question, grants nothing. Called per row; for whole tables use has_scope_on_all and scoped_ids.';

create or replace function public.has_scope_on_all(p_entity_type text, p_action text) returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return exists (
    select
    from jsonb_array_elements(api_keys_private.current_scopes()) as s (scope)
    where p_entity_type is not null
      and p_action is not null
      and (
        s.scope = '{"entity_type": "*", "entity_id": "*", "action": "*"}'
        or p_entity_type <> '*'
          and s.scope in (
            jsonb_build_object('entity_type', p_entity_type, 'entity_id', '*', 'action', '*'),
            jsonb_build_object('entity_type', p_entity_type, 'entity_id', '*', 'action', p_action))));
end
$$;
comment on function public.has_scope_on_all(text, text) is
  'Whether the key of this request may do the action on every entity of the type. For policies that evaluate once per statement. '
  'A row whose id is null is one of all here, while has_scope refuses it.';

create or replace function public.scoped_ids(p_entity_type text, p_action text) returns text[]
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return array(
    select distinct s.scope ->> 'entity_id'
    from jsonb_array_elements(api_keys_private.current_scopes()) as s (scope)
    where p_entity_type <> '*'
      and s.scope ->> 'entity_id' <> '*'
      and s.scope in (
        jsonb_build_object('entity_type', p_entity_type, 'entity_id', s.scope -> 'entity_id', 'action', p_action),
        jsonb_build_object('entity_type', p_entity_type, 'entity_id', s.scope -> 'entity_id', 'action', '*'))
      and jsonb_typeof(s.scope -> 'entity_id') = 'string'
      and p_action is not null);
end
$$;
comment on function public.scoped_ids(text, text) is
  'The ids of the type that the key of this request may do the action on by name, besides what has_scope_on_all allows. Never null.';

create or replace function public.get_api_key_account_id() returns uuid
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select k.account_id
    from api_keys_private.api_keys as k
    where k.id = auth.uid()
      and k.kind = 'scoped'
      and k.is_active
      and (k.expires_at is null or k.expires_at > statement_timestamp()));
end
$$;
comment on function public.get_api_key_account_id() is
  'The account of the key of this request; null when it is unknown or has ended.';

-- ---------------------------------------------------------------------------------------------------------
-- Functions that the console knows, for operators
-- ---------------------------------------------------------------------------------------------------------

create or replace function latchkey.create_project_key(
  p_kind text,
  p_name text,
  p_role text default null,
  p_description text default null,
  p_expires_at timestamptz default null
) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_name text;
  v_description text;
  v_role text;
begin
  if latchkey.is_operator() is not true then
    raise exception 'Only an operator may do this' using errcode = '42501';
  end if;

  if p_kind is null or p_kind not in ('publishable', 'secret') then
    raise exception 'p_kind: must be publishable or secret' using errcode = '22023';
  end if;
  v_name := api_keys_private.checked_name('p_name', p_name);
  v_description := api_keys_private.checked_note('p_description', p_description, 500);
  v_role := api_keys_private.checked_project_role(p_kind, p_role);
  perform api_keys_private.checked_expiry('p_expires_at', p_expires_at);

  return api_keys_private.insert_key(p_kind, null, v_name, v_description, v_role, '[]', p_expires_at)
    || jsonb_build_object('kind', p_kind, 'role', v_role, 'description', v_description);
end
$$;
comment on function latchkey.create_project_key(text, text, text, text, timestamptz) is
  'Makes a publishable or secret key of the project and answers like create_api_key, with kind, role and description. Shown this once.';

create or replace function latchkey.update_api_key(p_api_key_id uuid, p_version integer, p_changes jsonb)
  returns latchkey.keys
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_known constant text[] := array['name', 'description', 'scopes', 'expires_at', 'allowed_cidrs', 'rate_limit'];
  v_before constant api_keys_private.api_keys := api_keys_private.key_to_change(p_api_key_id);
  v_after api_keys_private.api_keys := v_before;
  v_row latchkey.keys;
begin
  if jsonb_typeof(p_changes) is distinct from 'object' or p_changes - v_known <> '{}' then
    raise exception 'p_changes: must be an object with fields of %', array_to_string(v_known, ', ')
      using errcode = '22023';
  end if;
  if p_version is null then
    raise exception 'p_version: must be the version that was read' using errcode = '22023';
  end if;
  perform api_keys_private.refuse_revoked(v_before);
  if p_version <> v_before.version then
    raise exception 'The key was changed on % UTC by %: it is version % now, not %',
      to_char(v_before.updated_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
      coalesce(v_before.updated_by_name, 'someone unknown'), v_before.version, p_version
      using errcode = 'PT409', hint = 'Read it again and repeat the change.';
  end if;

  v_after := api_keys_private.changed_key(v_before, p_changes);
  if api_keys_private.key_state(v_after) <> api_keys_private.key_state(v_before) then
    begin
      update api_keys_private.api_keys
      set name = v_after.name,
        description = v_after.description,
        scopes = v_after.scopes,
        expires_at = v_after.expires_at,
        allowed_cidrs = v_after.allowed_cidrs,
        rate_limit = v_after.rate_limit,
        version = version + 1,
        updated_at = clock_timestamp(),
        updated_by_name = latchkey.actor() ->> 'display'
      where id = v_before.id
      returning * into v_after;
    exception when integrity_constraint_violation then
      -- The original DETAIL prints the row, hash included.
      raise exception 'The key could not be stored' using errcode = '23000';
    end;
    perform api_keys_private.record_key_event(
      case when v_after.scopes <> v_before.scopes then 'key.scopes_changed' else 'key.updated' end,
      'update', null, v_before, v_after);
  end if;

  select * into v_row from latchkey.keys where id = v_before.id;
  return v_row;
end
$$;
comment on function latchkey.update_api_key(uuid, integer, jsonb) is
  'Changes name, description, scopes, expires_at, allowed_cidrs and rate_limit: those that p_changes has. PT409 when p_version is not '
  'the current one. What changes nothing is no new version and no event.';

create or replace function api_keys_private.changed_key(p_key api_keys_private.api_keys, p_changes jsonb)
  returns api_keys_private.api_keys
  language plpgsql stable
as $$
declare
  v_key api_keys_private.api_keys := p_key;
  v_field text;
begin
  foreach v_field in array array['name', 'description', 'expires_at'] loop
    if jsonb_typeof(p_changes -> v_field) not in ('string', 'null') then
      raise exception 'p_changes.%: must be a text or null', v_field using errcode = '22023';
    end if;
  end loop;
  if p_changes ? 'scopes' and p_key.kind <> 'scoped' then
    raise exception 'p_changes.scopes: only scoped keys have scopes' using errcode = '22023';
  end if;

  if p_changes ? 'name' then
    v_key.name := api_keys_private.checked_name('p_changes.name', p_changes ->> 'name');
  end if;
  if p_changes ? 'description' then
    v_key.description := api_keys_private.checked_note('p_changes.description', p_changes ->> 'description', 500);
  end if;
  if p_changes ? 'scopes' then
    v_key.scopes := api_keys_private.checked_scopes('p_changes.scopes', p_changes -> 'scopes');
  end if;
  if p_changes ? 'expires_at' then
    begin
      v_key.expires_at := (p_changes ->> 'expires_at')::timestamptz;
    exception when data_exception then
      raise exception 'p_changes.expires_at: must be a date' using errcode = '22023';
    end;
    if v_key.expires_at is distinct from p_key.expires_at then
      perform api_keys_private.checked_expiry('p_changes.expires_at', v_key.expires_at);
    end if;
  end if;
  if p_changes ? 'allowed_cidrs' then
    v_key.allowed_cidrs := api_keys_private.checked_networks('p_changes.allowed_cidrs', p_changes -> 'allowed_cidrs');
  end if;
  if p_changes ? 'rate_limit' then
    v_key.rate_limit := api_keys_private.checked_rate_limit('p_changes.rate_limit', p_changes -> 'rate_limit');
  end if;
  return v_key;
end
$$;
comment on function api_keys_private.changed_key(api_keys_private.api_keys, jsonb) is
  'The key as it would be after the changes, all of them checked. Writes nothing.';

create or replace function latchkey.disable_api_key(p_api_key_id uuid) returns latchkey.keys
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before constant api_keys_private.api_keys := api_keys_private.key_to_change(p_api_key_id);
  v_after api_keys_private.api_keys;
  v_row latchkey.keys;
begin
  perform api_keys_private.refuse_revoked(v_before);
  if v_before.disabled_at is null then
    update api_keys_private.api_keys
    set disabled_at = clock_timestamp(),
      disabled_by_name = latchkey.actor() ->> 'display',
      version = version + 1,
      updated_at = clock_timestamp(),
      updated_by_name = latchkey.actor() ->> 'display'
    where id = v_before.id
    returning * into v_after;
    perform api_keys_private.record_key_event('key.disabled', 'disable', null, v_before, v_after);
  end if;

  select * into v_row from latchkey.keys where id = v_before.id;
  return v_row;
end
$$;
comment on function latchkey.disable_api_key(uuid) is
  'Stops a key until enable_api_key. A key that is disabled already stays as it is.';

create or replace function latchkey.enable_api_key(p_api_key_id uuid) returns latchkey.keys
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before constant api_keys_private.api_keys := api_keys_private.key_to_change(p_api_key_id);
  v_after api_keys_private.api_keys;
  v_row latchkey.keys;
begin
  perform api_keys_private.refuse_revoked(v_before);
  if v_before.disabled_at is not null then
    update api_keys_private.api_keys
    set disabled_at = null,
      disabled_by_name = null,
      version = version + 1,
      updated_at = clock_timestamp(),
      updated_by_name = latchkey.actor() ->> 'display'
    where id = v_before.id
    returning * into v_after;
    perform api_keys_private.record_key_event('key.enabled', 'enable', null, v_before, v_after);
  end if;

  select * into v_row from latchkey.keys where id = v_before.id;
  return v_row;
end
$$;
comment on function latchkey.enable_api_key(uuid) is
  'Lets a disabled key work again, until its expiry. A key that is not disabled stays as it is.';

create or replace function latchkey.revoke_key(p_api_key_id uuid, p_reason text) returns latchkey.keys
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_key constant api_keys_private.api_keys := api_keys_private.key_to_change(p_api_key_id);
  v_row latchkey.keys;
begin
  perform api_keys_private.refuse_revoked(v_key);
  perform api_keys_private.revoke(v_key, api_keys_private.checked_note('p_reason', p_reason, 500));

  select * into v_row from latchkey.keys where id = v_key.id;
  return v_row;
end
$$;
comment on function latchkey.revoke_key(uuid, text) is
  'Revokes a key of any kind for good, with a reason. PT409, saying when and by whom, when it was revoked before.';

create or replace function api_keys_private.revoke_keys_of_account() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_key api_keys_private.api_keys;
begin
  for v_key in
    select * from api_keys_private.api_keys where account_id = old.id and revoked_at is null order by id for update
  loop
    perform api_keys_private.revoke(v_key, 'The account was deleted');
  end loop;
  return null;
end
$$;
comment on function api_keys_private.revoke_keys_of_account() is
  'Keys outlive their account as evidence, but not as keys: deleting the account revokes them.';

create or replace trigger latchkey_revoke_keys
  after delete on public.accounts
  for each row execute function api_keys_private.revoke_keys_of_account();
comment on trigger latchkey_revoke_keys on public.accounts is 'Keys end with their account.';

-- ---------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------

revoke all on api_keys_private.api_keys, latchkey.keys, latchkey.accounts from public, anon, authenticated, service_role;
revoke all on all functions in schema api_keys_private, latchkey from public, anon, authenticated, service_role;
revoke all on function
  public.create_api_key(uuid, text, jsonb, timestamptz),
  public.list_api_keys(uuid),
  public.revoke_api_key(uuid),
  public.has_scope(text, text, text),
  public.has_scope_on_all(text, text),
  public.scoped_ids(text, text),
  public.get_api_key_account_id()
  from public, anon, authenticated, service_role;

grant select on latchkey.keys, latchkey.accounts to latchkey_operator, latchkey_auditor;
grant execute on function
  public.create_api_key(uuid, text, jsonb, timestamptz),
  public.list_api_keys(uuid),
  public.revoke_api_key(uuid)
  to authenticated, latchkey_operator;
grant execute on function
  public.has_scope(text, text, text),
  public.has_scope_on_all(text, text),
  public.scoped_ids(text, text),
  public.get_api_key_account_id()
  to api_key, authenticated, service_role, latchkey_operator;
grant execute on function
  latchkey.create_project_key(text, text, text, text, timestamptz),
  latchkey.update_api_key(uuid, integer, jsonb),
  latchkey.disable_api_key(uuid),
  latchkey.enable_api_key(uuid),
  latchkey.revoke_key(uuid, text)
  to latchkey_operator;

grant usage on schema api_keys_private to service_role;
grant select (
  id, ksuid, kind, account_id, name, description, key_prefix, prefix, last4, hash_method, role, scopes, allowed_cidrs,
  rate_limit, expires_at, created_at, created_by, created_by_name, last_used_at, last_used_from, disabled_at,
  disabled_by_name, revoked_at, revoked_by, revoked_by_name, revoke_reason, is_active, replaces, replaced_by, version,
  updated_at, updated_by_name)
  on api_keys_private.api_keys to service_role;

do $$
begin
  if latchkey.schema_version() < 2 then
    create or replace function latchkey.schema_version() returns integer
      language sql immutable parallel safe
      return 2;
  end if;
end
$$;
