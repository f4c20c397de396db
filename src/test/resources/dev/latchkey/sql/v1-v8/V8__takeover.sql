-- V8: Taking over what was there: keys with hashes of the published designs, the lines of their log, and the functions of
-- the KSUID design. V2 and V3 made the tables of the private-schema design ours.

-- ---------------------------------------------------------------------------------------------------------
-- Hashes of older keys
-- ---------------------------------------------------------------------------------------------------------

-- As with random_bytes, the body is bound to the function found now, not to a name looked up later.
do $$
begin
  execute format(
    'create or replace function api_keys_private.crypt(p_secret text, p_setting text) returns text
       language sql immutable strict parallel safe
       return %I.crypt(p_secret, p_setting)',
    (
      select n.nspname
      from pg_catalog.pg_extension as e
      join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
      where e.extname = 'pgcrypto'));
end
$$;
comment on function api_keys_private.crypt(text, text) is
  'The hash of a secret by the method, cost and salt that the setting, or another such hash, begins with.';

create or replace function api_keys_private.is_bcrypt(p_hash text) returns boolean
  language sql immutable strict parallel safe
  return p_hash ~ '^\$2[ax]\$(0[4-9]|1[0-9])\$[./0-9A-Za-z]{53}$';
comment on function api_keys_private.is_bcrypt(text) is 'Whether a hash is by bcrypt, at a cost that somebody can wait for.';

create or replace function api_keys_private.older_hash(p_method text, p_secret text, p_salt bytea) returns text
  language sql immutable strict parallel safe
  return case p_method
    when 'sha256' then encode(api_keys_private.hash_secret(p_secret, p_salt), 'hex')
    when 'sha256-hex-salt' then encode(sha256(convert_to(p_secret || '\x' || encode(p_salt, 'hex'), 'UTF8')), 'hex')
  end;
comment on function api_keys_private.older_hash(text, text, bytea) is
  'The hash of an older key''s secret by a fast method. sha256-hex-salt is of the secret''s text and the salt''s, which is what the '
  'published KSUID design made of them.';

create index if not exists api_keys_bcrypt_idx on api_keys_private.api_keys (key_prefix) where hash_method = 'bcrypt';

-- ---------------------------------------------------------------------------------------------------------
-- Verifying older keys
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.match_ksuid_key(p_key text, out key api_keys_private.api_keys, out outcome text)
  language plpgsql stable
as $$
begin
  select * into key from api_keys_private.api_keys as k where k.ksuid = left(p_key, 27) and k.prefix = '';
  -- Hashed in any case: an unknown key takes as long as a wrong secret.
  outcome := case
    when key.key_hash is not distinct from api_keys_private.older_hash(
      coalesce(key.hash_method, 'sha256-hex-salt'), substr(p_key, 28), coalesce(key.salt, '\x00112233445566778899aabbccddeeff'))
    then 'match'
    when key.id is null then 'not_found'
    else 'wrong_secret'
  end;
end
$$;
comment on function api_keys_private.match_ksuid_key(text) is
  'Finds a key that is a KSUID followed by its secret: match, wrong_secret or not_found.';

create or replace function api_keys_private.match_prefix_key(p_key text, out key api_keys_private.api_keys, out outcome text)
  language plpgsql stable
as $$
declare
  v_candidate api_keys_private.api_keys;
  v_hashes bigint;
  v_setting text;
begin
  outcome := 'not_found';
  for v_candidate in
    select *
    from api_keys_private.api_keys as k
    where k.key_prefix = left(p_key, 7) and k.ksuid is null and k.hash_method = 'sha256'
  loop
    key := v_candidate;
    outcome := 'wrong_secret';
    if v_candidate.key_hash = api_keys_private.older_hash('sha256', p_key, v_candidate.salt) then
      outcome := 'match';
      return;
    end if;
  end loop;

  -- The first characters of a key tell whether there may be a hash to compare it with, and must not be heard in the time
  -- that it takes: as long as keys with bcrypt may still be used, everything else is hashed as often as the worst of them.
  select coalesce(max(h.hashes), 0), '$2a$' || max(h.cost) || '$abcdefghijklmnopqrstuu'
  into v_hashes, v_setting
  from (
    select count(*) as hashes, max(substr(k.key_hash, 5, 2)) as cost
    from api_keys_private.api_keys as k
    where k.hash_method = 'bcrypt'
      and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > clock_timestamp())
      and api_keys_private.is_bcrypt(k.key_hash)
    group by k.key_prefix
  ) as h;

  for v_candidate in
    select *
    from api_keys_private.api_keys as k
    where k.key_prefix = left(p_key, 7) and k.hash_method = 'bcrypt' and api_keys_private.is_bcrypt(k.key_hash)
    order by k.revoked_at is null, k.expires_at nulls last
  loop
    key := v_candidate;
    -- One that has ended is refused whatever the secret.
    outcome := case
      when v_candidate.revoked_at is not null then 'revoked'
      when v_candidate.expires_at <= clock_timestamp() then 'expired'
      else 'wrong_secret'
    end;
    continue when outcome <> 'wrong_secret';
    v_hashes := v_hashes - 1;
    if api_keys_private.crypt(p_key, v_candidate.key_hash) = v_candidate.key_hash then
      outcome := 'match';
      return;
    end if;
  end loop;
  while v_hashes > 0 loop
    perform api_keys_private.crypt(p_key, v_setting);
    v_hashes := v_hashes - 1;
  end loop;
end
$$;
comment on function api_keys_private.match_prefix_key(text) is
  'Finds a key of the published private-schema design, by its first 7 characters and its hash: match, wrong_secret, not_found, or revoked '
  'or expired without looking at the secret. Costs a bcrypt as long as there are such hashes, unless the key was used before.';

create or replace function api_keys_private.rehash(p_key api_keys_private.api_keys, p_secret text, p_last4 text) returns void
  language plpgsql volatile
as $$
declare
  v_salt constant bytea := api_keys_private.random_bytes(16);
begin
  update api_keys_private.api_keys as k
  set key_hash = api_keys_private.older_hash('sha256', p_secret, v_salt),
    salt = v_salt,
    hash_method = 'sha256',
    last4 = coalesce(k.last4, p_last4)
  from (
    select s.id
    from api_keys_private.api_keys as s
    where s.id = p_key.id and s.hash_method <> 'sha256'
    for no key update skip locked
  ) as older
  where k.id = older.id;
exception when serialization_failure then
  null; -- Someone else changed it within this transaction's snapshot: the next use is soon enough.
end
$$;
comment on function api_keys_private.rehash(api_keys_private.api_keys, text, text) is
  'Replaces the hash of an older key by one of the method of new keys. Never waits; no change of the key, as use is none.';

create or replace function api_keys_private.check_older_key(p_key text, p_client_ip inet) returns jsonb
  language plpgsql volatile
as $$
declare
  v_found record;
  v_key api_keys_private.api_keys;
  v_outcome text := 'not_found';
begin
  if octet_length(p_key) between 28 and 200 and p_key ~ '^[0-9A-Za-z]{27}' then
    select m.key, m.outcome into v_found from api_keys_private.match_ksuid_key(p_key) as m;
  elsif octet_length(p_key) between 10 and 64 and starts_with(p_key, 'sk_') then
    select m.key, m.outcome into v_found from api_keys_private.match_prefix_key(p_key) as m;
  else
    select null::api_keys_private.api_keys as key, 'not_found' as outcome into v_found;
  end if;

  v_key := v_found.key;
  v_outcome := case
    when v_found.outcome <> 'match' then v_found.outcome
    when v_key.revoked_at is not null then 'revoked'
    when v_key.disabled_at is not null then 'disabled'
    when v_key.expires_at <= clock_timestamp() then 'expired'
    when v_key.allowed_cidrs is not null and not api_keys_private.plain_address(p_client_ip) <<= any (v_key.allowed_cidrs)
    then 'forbidden_ip'
    else 'valid'
  end;

  if current_setting('transaction_read_only') = 'off' then
    if v_outcome = 'valid' and not api_keys_private.within_rate(v_key.id, v_key.rate_limit) then
      v_outcome := 'rate_limited';
    end if;
    if v_outcome = 'valid' then
      if v_key.hash_method <> 'sha256' then
        perform api_keys_private.rehash(v_key, case v_key.prefix when '' then substr(p_key, 28) else p_key end, right(p_key, 4));
      end if;
      perform api_keys_private.touch_key(v_key.id, p_client_ip);
    else
      perform api_keys_private.record_refusal(v_key.id, v_outcome, p_client_ip);
    end if;
  end if;

  return case
    when v_outcome = 'valid'
      then jsonb_build_object('valid', true, 'api_key_id', v_key.id, 'account_id', v_key.account_id, 'role', v_key.role)
  end;
end
$$;
comment on function api_keys_private.check_older_key(text, inet) is
  'What check_key does, for what is no key in our format: keys that were taken over. Their hash is replaced at the first good use.';

-- ---------------------------------------------------------------------------------------------------------
-- The lines of the private-schema design's log
-- ---------------------------------------------------------------------------------------------------------

do $$
declare
  v_month timestamptz;
  v_lines bigint;
  v_own_columns bigint;
begin
  if to_regclass('api_keys_private.api_key_logs_before_latchkey') is null then
    return;
  end if;

  for v_month in
    select distinct date_trunc('month', o.timestamp, 'UTC')
    from api_keys_private.api_key_logs_before_latchkey as o
    where o.timestamp >= '2000-01-01 00:00Z' and o.timestamp < '2100-01-01 00:00Z'
  loop
    perform api_keys_private.create_usage_partition(v_month + interval '15 days');
  end loop;

  -- What is no address stays as text, and so does an address that was written in another way. Lines of no key get the nil id.
  with addresses as materialized (
    select o.ip_address as text, api_keys_private.address_of(btrim(o.ip_address)) as address
    from api_keys_private.api_key_logs_before_latchkey as o
    where o.ip_address is not null
    group by o.ip_address
  )
  insert into api_keys_private.api_key_logs (
    id, api_key_id, endpoint, method, status_code, ip_address, ip_text, user_agent, timestamp, outcome, txid)
  select
    o.id, coalesce(o.api_key_id, '00000000-0000-0000-0000-000000000000'), o.endpoint, o.method, o.status_code, a.address,
    case when host(a.address) is distinct from o.ip_address then o.ip_address end,
    o.user_agent, o.timestamp, api_keys_private.outcome_of(o.status_code), 0
  from api_keys_private.api_key_logs_before_latchkey as o
  left join addresses as a on a.text = o.ip_address;
  get diagnostics v_lines = row_count;

  insert into api_keys_private.usage_hours as h (api_key_id, hour, outcome, calls)
  select
    coalesce(o.api_key_id, '00000000-0000-0000-0000-000000000000'), date_trunc('hour', o.timestamp, 'UTC'),
    api_keys_private.outcome_of(o.status_code), count(*)
  from api_keys_private.api_key_logs_before_latchkey as o
  group by 1, 2, 3
  on conflict (api_key_id, hour, outcome) do update set calls = h.calls + excluded.calls;

  select count(*) - 8 into v_own_columns
  from pg_catalog.pg_attribute as a
  where a.attrelid = 'api_keys_private.api_key_logs_before_latchkey'::regclass and a.attnum > 0 and not a.attisdropped;
  if v_own_columns = 0 then
    drop table api_keys_private.api_key_logs_before_latchkey;
  else
    alter table api_keys_private.api_key_logs_before_latchkey rename to api_key_logs_published;
    comment on table api_keys_private.api_key_logs_published is
      'The log as it was taken over, kept since it has columns of its own. Every line of it is in api_key_logs; nothing reads it.';
  end if;

  perform audit.record_event(
    'usage_log.taken_over', 'schema', 'api_keys_private', 'Published private-schema design', 'take_over', 'ok', null, null,
    null, jsonb_build_object('lines', v_lines));
end
$$;

-- ---------------------------------------------------------------------------------------------------------
-- The published KSUID design
-- ---------------------------------------------------------------------------------------------------------

create schema if not exists ksuid_keys;
comment on schema ksuid_keys is
  'The functions of the published KSUID design, by their names and arguments. In a schema of their own, since two functions cannot share a '
  'name and differ in their answer.';
revoke all on schema ksuid_keys from public, anon, authenticated, service_role, api_key;
grant usage on schema ksuid_keys to authenticated, service_role, api_key, latchkey_operator;

create or replace function api_keys_private.personal_account(p_user_id uuid) returns uuid
  language plpgsql volatile
as $$
declare
  v_account_id uuid;
  v_name text;
  v_columns text[];
begin
  select a.id into v_account_id from public.accounts as a where a.id = p_user_id;
  if v_account_id is null then
    select a.id into v_account_id
    from public.accounts as a
    where to_jsonb(a) ->> 'primary_owner_user_id' = p_user_id::text and to_jsonb(a) ->> 'is_personal_account' = 'true'
    limit 1;
  end if;
  if v_account_id is not null then
    return v_account_id;
  end if;

  if to_regclass('auth.users') is not null and has_table_privilege('auth.users', 'select') then
    select left(nullif(to_jsonb(u) ->> 'email', ''), 200) into v_name from auth.users as u where u.id = p_user_id;
  end if;
  v_columns := array(
    select a.attname
    from pg_catalog.pg_attribute as a
    where a.attrelid = 'public.accounts'::regclass
      and a.attname in ('primary_owner_user_id', 'is_personal_account')
      and not a.attisdropped);
  execute format(
    'insert into public.accounts (id, name%s%s) values ($1, $2%s%s)',
    case when 'primary_owner_user_id' = any (v_columns) then ', primary_owner_user_id' end,
    case when 'is_personal_account' = any (v_columns) then ', is_personal_account' end,
    case when 'primary_owner_user_id' = any (v_columns) then ', $1' end,
    case when 'is_personal_account' = any (v_columns) then ', true' end)
  using p_user_id, coalesce(v_name, 'Personal account');
  insert into public.accounts_memberships (user_id, account_id, account_role) values (p_user_id, p_user_id, 'owner')
  on conflict do nothing;
  return p_user_id;
end
$$;
comment on function api_keys_private.personal_account(uuid) is
  'The account of one user alone: the one with the user''s id or that says so, else a new one with the user''s id, of which the user is the owner.';

create or replace function api_keys_private.may_use_keys_of(p_user_id uuid) returns boolean
  language plpgsql stable
as $$
begin
  return coalesce(latchkey.is_operator() or api_keys_private.request_user() = p_user_id, false);
end
$$;
comment on function api_keys_private.may_use_keys_of(uuid) is
  'Whether this session may manage the keys of the KSUID design''s client: an operator, or the signed-in user who that is. Never null.';

create or replace function api_keys_private.is_user(p_user_id uuid) returns boolean
  language plpgsql volatile
as $$
begin
  if to_regclass('auth.users') is null or not has_table_privilege('auth.users', 'select') then
    return true;
  end if;
  if has_table_privilege('auth.users', 'update') then
    -- A deletion under way is waited for, or waits and then sees the new key.
    perform from auth.users as u where u.id = p_user_id for key share;
  else
    perform from auth.users as u where u.id = p_user_id;
  end if;
  return found;
end
$$;
comment on function api_keys_private.is_user(uuid) is
  'Whether there is such a user: a token outlives the user whom it names. True where there are no users here, or they cannot be read.';

create or replace function ksuid_keys.create_api_key(client_id uuid, key_name text) returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_actor constant jsonb := latchkey.actor();
  v_name text;
  v_ksuid constant text := api_keys_private.ksuid();
  v_secret constant text := api_keys_private.random_base62(32);
  v_salt constant bytea := api_keys_private.random_bytes(16);
  v_key api_keys_private.api_keys;
begin
  if api_keys_private.may_use_keys_of(client_id) is not true then
    raise exception 'Only the client or an operator may do this' using errcode = '42501';
  end if;
  v_name := api_keys_private.checked_name('key_name', key_name);
  if client_id is null then
    raise exception 'client_id: must be given' using errcode = '22023';
  end if;
  if not api_keys_private.keys_end_with_users() then
    raise exception 'Keys have to end with their user, and auth.users has no trigger for that' using
      errcode = '55000',
      hint = 'As one who may put a trigger on auth.users: select latchkey.adopt_ksuid_keys().';
  end if;
  if not api_keys_private.is_user(client_id) then
    raise exception 'client_id: is no user' using errcode = '22023';
  end if;

  begin
    insert into api_keys_private.api_keys (
      ksuid, kind, account_id, name, key_prefix, prefix, last4, key_hash, salt, hash_method, role, scopes, created_by,
      created_by_name, updated_by_name)
    values (
      v_ksuid, 'scoped', api_keys_private.personal_account(client_id), v_name, left(v_ksuid, 7), '', right(v_secret, 4),
      api_keys_private.older_hash('sha256', v_secret, v_salt), v_salt, 'sha256', 'api_key', '[]', client_id,
      v_actor ->> 'display', v_actor ->> 'display')
    returning * into v_key;
  exception when integrity_constraint_violation then
    -- The original DETAIL prints the row, hash included.
    raise exception 'The key could not be stored' using errcode = '23000';
  end;
  perform api_keys_private.record_key_event('key.created', 'create', null, null, v_key);
  return v_ksuid || v_secret;
end
$$;
comment on function ksuid_keys.create_api_key(uuid, text) is
  'Makes a key of the client''s personal account, a KSUID followed by its secret, and answers with it. Shown this once. It ends with the client '
  'and with the account. For the client and operators.';

create or replace function ksuid_keys.list_api_keys(
  client_id uuid,
  limit_count integer default 20,
  offset_count integer default 0,
  before_id text default null
)
  returns table (id text, name text, last4 text, created_at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if api_keys_private.may_use_keys_of(client_id) is not true then
    raise exception 'Only the client or an operator may do this' using errcode = '42501';
  end if;
  if limit_count is null or limit_count not between 1 and 1000 then
    raise exception 'limit_count: must be from 1 to 1,000' using errcode = '22023';
  end if;
  if offset_count is null or offset_count < 0 then
    raise exception 'offset_count: must be 0 or more' using errcode = '22023';
  end if;

  return query
  select k.ksuid, k.name, k.last4, k.created_at
  from api_keys_private.api_keys as k
  where k.created_by = client_id
    and k.prefix = ''
    and k.is_active
    and (before_id is null or k.ksuid < before_id collate "C")
  order by k.ksuid desc
  limit limit_count offset offset_count;
end
$$;
comment on function ksuid_keys.list_api_keys(uuid, integer, integer, text) is
  'The client''s keys in this format that are neither disabled nor revoked, newest first. Pages by the KSUID of the last one seen (before_id), or by offset. '
  'For the client and operators.';

create or replace function ksuid_keys.verify_api_key(full_key text) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_answer jsonb;
begin
  if full_key is null or full_key !~ '^[0-9A-Za-z]{27}' then
    perform api_keys_private.record_refusal(null, 'not_found', null)
    where current_setting('transaction_read_only') = 'off';
    return null;
  end if;
  v_answer := api_keys_private.check_older_key(full_key, null);
  return (
    select k.created_by from api_keys_private.api_keys as k where k.id = (v_answer ->> 'api_key_id')::uuid and k.prefix = '');
end
$$;
comment on function ksuid_keys.verify_api_key(text) is
  'The client whose key this is, or null when it is none that works now, never why. For service_role, and the published grant to api_key.';

create index if not exists api_keys_ksuid_client_idx
  on api_keys_private.api_keys (created_by, ksuid desc) where prefix = '';

create or replace function api_keys_private.revoke_keys_of_user() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_key api_keys_private.api_keys;
begin
  for v_key in
    select *
    from api_keys_private.api_keys
    where created_by = old.id and prefix = '' and revoked_at is null
    order by id
    for update
  loop
    perform api_keys_private.revoke(v_key, 'The user was deleted');
  end loop;
  return null;
end
$$;
comment on function api_keys_private.revoke_keys_of_user() is
  'The published KSUID design deletes keys with their user. Ours outlive the user as evidence, but not as keys. A ban ends none, as there.';

create or replace function api_keys_private.keys_end_with_users() returns boolean
  language sql stable
as $$
  select to_regclass('auth.users') is null
    or exists (
      select
      from pg_catalog.pg_trigger
      where tgrelid = to_regclass('auth.users')
        and tgfoid = 'api_keys_private.revoke_keys_of_user()'::regprocedure
        and tgenabled <> 'D')
$$;
comment on function api_keys_private.keys_end_with_users() is 'Whether deleting a user revokes the user''s keys, or there are no users that could be deleted.';

create or replace function api_keys_private.end_keys_with_users() returns boolean
  language plpgsql volatile
as $$
begin
  if api_keys_private.keys_end_with_users() then
    return true;
  end if;
  create or replace trigger latchkey_revoke_keys
    after delete on auth.users
    for each row execute function api_keys_private.revoke_keys_of_user();
  return true;
exception when insufficient_privilege then
  return false;
end
$$;
comment on function api_keys_private.end_keys_with_users() is
  'Has the keys of the KSUID design end with their user, where there is a table of users. False where the owner of this function may not.';

create or replace function api_keys_private.adopt_ksuid_keys() returns jsonb
  language plpgsql volatile
as $$
declare
  v_table constant regclass := to_regclass('public.api_keys');
  v_item record;
  v_found bigint;
  v_adopted bigint;
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
    select p.oid::regprocedure as signature
    from pg_catalog.pg_proc as p
    where p.pronamespace = 'public'::regnamespace
      and p.proname in ('create_api_key', 'list_api_keys', 'verify_api_key')
      and p.proargnames[1] in ('client_id', 'full_key')
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
    on conflict (ksuid) do nothing;
    get diagnostics v_adopted = row_count;
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
  if latchkey.is_operator() is not true then
    raise exception 'Only an operator may do this' using errcode = '42501';
  end if;
  return coalesce(api_keys_private.adopt_ksuid_keys(), '{"found": 0, "adopted": 0, "accounts_made": 0}');
end
$$;
comment on function latchkey.adopt_ksuid_keys() is
  'Imports the keys of public.api_keys of the published KSUID design as keys of their clients'' personal accounts and answers {found, adopted, '
  'accounts_made}: ids that are no KSUID are not adopted. The keys go on working, its functions are those of schema ksuid_keys from then on, '
  'and its table becomes api_keys_private.adopted_ksuid_keys. Installing does this by itself; this is for a table, '
  'or users, that come later. For operators.';

-- ---------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------

revoke all on all functions in schema api_keys_private, latchkey, ksuid_keys from public, anon, authenticated, service_role;
grant execute on function ksuid_keys.create_api_key(uuid, text), ksuid_keys.list_api_keys(uuid, integer, integer, text)
  to authenticated, latchkey_operator;
grant execute on function ksuid_keys.verify_api_key(text) to service_role, api_key;
grant execute on function latchkey.adopt_ksuid_keys() to latchkey_operator;

do $$
begin
  perform api_keys_private.adopt_ksuid_keys();
end
$$;

do $$
begin
  if latchkey.schema_version() < 8 then
    create or replace function latchkey.schema_version() returns integer
      language sql immutable parallel safe
      return 8;
  end if;
end
$$;

-- The API server keeps a list of functions.
notify pgrst, 'reload schema';
