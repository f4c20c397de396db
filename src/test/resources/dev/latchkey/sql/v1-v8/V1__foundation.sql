-- V1: what everything else stands on.
--
-- Roles, schemas, random bytes, KSUIDs, the key format, audit events, accounts, and who acts.
-- Plain SQL: psql -f runs it as well as Flyway, and running it again changes nothing.
--
-- Rules that hold in every file:
-- * A function that is SECURITY DEFINER sets search_path = pg_catalog, pg_temp and qualifies every other name.
--   An empty search_path is not enough: the temporary schema is then searched first for type names, so that a
--   caller's own domain pg_temp.text, with a check that calls the caller's function, runs as the definer.
-- * Nobody keeps the EXECUTE that PUBLIC, or a database's default privileges, give: it is revoked by name from
--   public, anon, authenticated and service_role, and then granted by name.
-- * Authorize with "is not true then refuse", validate, act: in this order.
-- * SQLSTATE 42501 refused, 22023 bad input ("p_name: ..."), PT404 not found, PT409 changed meanwhile,
--   PT423 held by somebody else, PT429 too many. No message carries a secret, a hash or a row.

-- ---------------------------------------------------------------------------------------------------------
-- What is there already: nothing, one of the published designs that later files take over, or something unknown
-- ---------------------------------------------------------------------------------------------------------

-- What would be mixed with ours, or replaced by it, is refused before anything is made.
do $$
declare
  v_is_private_design boolean;
  v_is_ksuid_design boolean;
  v_stranger text;
begin
  if exists (
    select
    from pg_catalog.pg_proc
    where proname = 'schema_version' and pronamespace = to_regnamespace('latchkey'))
  then
    return;
  end if;

  select
    coalesce(bool_or(c.relname = 'api_keys' and c.relnamespace = to_regnamespace('api_keys_private')), false),
    coalesce(
      bool_or(
        c.relname = 'api_keys' and c.relnamespace = to_regnamespace('public')
          and array['id text', 'client_id uuid', 'name text', 'secret_hash bytea', 'salt bytea', 'last4 text',
            'created_at timestamp with time zone']
            = array(
              select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
              from pg_catalog.pg_attribute as a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
              order by array_position(
                array['id', 'client_id', 'name', 'secret_hash', 'salt', 'last4', 'created_at'], a.attname::text))),
      false)
  into v_is_private_design, v_is_ksuid_design
  from pg_catalog.pg_class as c
  where c.relkind = 'r';

  select min(found.stranger) into v_stranger
  from (
    select format('%I.%I', n.nspname, c.relname)
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys')
      and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
      and (n.nspname, c.relname) not in (
        ('latchkey', 'schema_history'), ('api_keys_private', 'api_keys'), ('api_keys_private', 'api_key_logs'))
    union all
    select format('%I.%I()', n.nspname, p.proname)
    from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys')
    union all
    -- Functions of the published designs are known by their names and that of their first parameter.
    select format('public.%I()', p.proname)
    from pg_catalog.pg_proc as p
    where p.pronamespace = to_regnamespace('public')
      and p.proname in (
        'create_api_key', 'list_api_keys', 'revoke_api_key', 'verify_api_key', 'log_api_key_usage', 'has_scope',
        'get_api_key_account_id', 'has_scope_on_all', 'scoped_ids', 'log_api_key_usage_batch', 'register_user_token',
        'list_user_tokens', 'revoke_user_token')
      and not (
        v_is_private_design
        and p.proname in (
          'create_api_key', 'list_api_keys', 'revoke_api_key', 'verify_api_key', 'log_api_key_usage', 'has_scope',
          'get_api_key_account_id')
        and coalesce(p.proargnames[1], '') in ('p_account_id', 'p_api_key_id', 'p_api_key', 'p_entity_type', ''))
      and not (
        v_is_ksuid_design
        and p.proname in ('create_api_key', 'list_api_keys', 'verify_api_key')
        and p.proargnames[1] in ('client_id', 'full_key'))
    union all
    select format('public.accounts without a column %I', wanted.name)
    from (values ('id'), ('name'), ('slug')) as wanted (name)
    where to_regclass('public.accounts') is not null
      and not exists (
        select
        from pg_catalog.pg_attribute as a
        where a.attrelid = to_regclass('public.accounts') and a.attname = wanted.name and not a.attisdropped)
  ) as found (stranger);
  if v_stranger is not null then
    raise exception 'This database has something that Latchkey does not know: %', v_stranger
      using errcode = '0A000', hint = 'Rename or remove it, then install. Nothing was changed.';
  end if;
end
$$;

-- ---------------------------------------------------------------------------------------------------------
-- Roles
-- ---------------------------------------------------------------------------------------------------------

do $$
declare
  v_role record;
begin
  for v_role in
    select *
    from (values
      ('anon', 'nologin noinherit', 'Requests that carry no identity.'),
      ('authenticated', 'nologin noinherit', 'Requests of a signed-in user.'),
      ('service_role', 'nologin noinherit bypassrls', 'Requests of trusted server code; row level security does not apply.'),
      ('authenticator', 'nologin noinherit', 'The API server logs in as this role and switches to the role of each request.'),
      ('api_key', 'nologin noinherit nobypassrls', 'Requests that carry a scoped API key: what its scopes give and no more.'),
      ('latchkey_operator', 'nologin', 'May manage keys and access through the functions of schema latchkey.'),
      ('latchkey_auditor', 'nologin', 'May read everything in schema latchkey but secrets, and change nothing.'),
      ('latchkey_gatekeeper', 'nologin', 'Asks whether an access token opens a role; may do nothing else.')
    ) as wanted (name, options, description)
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = v_role.name) then
      begin
        execute format('create role %I %s', v_role.name, v_role.options);
        execute format('comment on role %I is %L', v_role.name, v_role.description);
      exception
        when duplicate_object or unique_violation then
          raise notice 'role % was made by someone else at this moment', v_role.name;
        when insufficient_privilege then
          raise exception 'Role % is missing, and % may not make it', v_role.name, current_user
            using errcode = '42501', hint = format('As a superuser: create role %I %s', v_role.name, v_role.options);
      end;
    end if;
  end loop;

  if exists (select from pg_catalog.pg_roles where rolname = 'api_key' and (rolbypassrls or rolsuper or rolcanlogin)) then
    raise exception 'role api_key exists and may log in, bypass row level security or is a superuser'
      using errcode = '42501', hint = 'alter role api_key nologin nobypassrls nosuperuser, then install again';
  end if;
end
$$;

do $$
declare
  v_role text;
begin
  foreach v_role in array array['anon', 'authenticated', 'service_role', 'api_key'] loop
    if not pg_has_role('authenticator', v_role, 'member') then
      execute format('grant %I to authenticator', v_role);
    end if;
  end loop;

  -- One published design made api_key a member of anon: a key would have more than its scopes give.
  if exists (select from pg_catalog.pg_auth_members where roleid = 'anon'::regrole and member = 'api_key'::regrole) then
    -- From version 16 on a membership is ended for each role that gave it.
    for v_role in
      select distinct
        case when current_setting('server_version_num')::integer >= 160000 then format('granted by %I', grantor::regrole) else '' end
      from pg_catalog.pg_auth_members
      where roleid = 'anon'::regrole and member = 'api_key'::regrole
    loop
      begin
        execute format('revoke anon from api_key %s', v_role);
      exception when insufficient_privilege then
        raise exception 'Role api_key is a member of anon, and % may not end that', current_user
          using errcode = '42501', hint = format('As a superuser: revoke anon from api_key %s', v_role);
      end;
    end loop;
  end if;

  -- An installer that is no superuser must be an operator to see what it installed.
  if not pg_has_role(current_user, 'latchkey_operator', 'usage') then
    execute format('grant latchkey_operator to %I', current_user);
  end if;
end
$$;

-- ---------------------------------------------------------------------------------------------------------
-- Schemas
-- ---------------------------------------------------------------------------------------------------------

create schema if not exists latchkey;
create schema if not exists api_keys_private;
create schema if not exists temporary_access;
create schema if not exists audit;

comment on schema latchkey is 'What operators, auditors and their scripts use: views to read, functions to write.';
comment on schema api_keys_private is 'Keys and their usage log. Reached through functions only; service_role may read.';
comment on schema temporary_access is 'Members, grants, tokens and logins. Reached through functions only.';
comment on schema audit is 'Who did what. Append-only, reached through functions and views only.';

revoke all on schema latchkey, api_keys_private, temporary_access, audit from public, anon, authenticated, api_key;
revoke all on schema latchkey, temporary_access, audit from service_role;
grant usage on schema latchkey to latchkey_operator, latchkey_auditor;

-- The version of what is installed: each later file raises it, running an earlier one again does not lower it.
do $$
begin
  if to_regprocedure('latchkey.schema_version()') is null then
    create function latchkey.schema_version() returns integer
      language sql immutable parallel safe
      return 1;
  end if;
end
$$;
comment on function latchkey.schema_version() is 'Number of the newest migration file that was run.';
revoke all on function latchkey.schema_version() from public, anon, authenticated, service_role;
grant execute on function latchkey.schema_version() to latchkey_operator, latchkey_auditor, latchkey_gatekeeper;
grant usage on schema latchkey to latchkey_gatekeeper;

-- ---------------------------------------------------------------------------------------------------------
-- Schema auth: there on Supabase; elsewhere the two functions that policies call
-- ---------------------------------------------------------------------------------------------------------

do $$
begin
  if to_regnamespace('auth') is null then
    create schema auth;
    comment on schema auth is 'The identity of the request, in the shape that policies written for Supabase expect.';
    grant usage on schema auth to anon, authenticated, service_role, api_key;
  end if;

  if to_regprocedure('auth.jwt()') is null then
    create function auth.jwt() returns jsonb
      language sql stable parallel safe
      return nullif(current_setting('request.jwt.claims', true), '')::jsonb;
    comment on function auth.jwt() is 'The claims of the request''s token, or null.';
    revoke all on function auth.jwt() from public;
    grant execute on function auth.jwt() to anon, authenticated, service_role, api_key;
  end if;

  if to_regprocedure('auth.uid()') is null then
    create function auth.uid() returns uuid
      language sql stable parallel safe
      return (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid;
    comment on function auth.uid() is 'The subject of the request''s token: a user, or the API key. Null without a token.';
    revoke all on function auth.uid() from public;
    grant execute on function auth.uid() to anon, authenticated, service_role, api_key;
  end if;
end
$$;

-- ---------------------------------------------------------------------------------------------------------
-- Random bytes, base62, KSUIDs
-- ---------------------------------------------------------------------------------------------------------

-- pgcrypto may live in any schema. The body is bound to the function found now, not to a name looked up later.
do $$
declare
  v_schema text;
begin
  select n.nspname into v_schema
  from pg_catalog.pg_extension e
  join pg_catalog.pg_namespace n on n.oid = e.extnamespace
  where e.extname = 'pgcrypto';

  if v_schema is null then
    create schema if not exists extensions;
    create extension pgcrypto with schema extensions;
    v_schema := 'extensions';
  end if;

  execute format(
    'create or replace function api_keys_private.random_bytes(p_count integer) returns bytea
       language sql volatile
       return %I.gen_random_bytes(p_count)',
    v_schema);
end
$$;
comment on function api_keys_private.random_bytes(integer) is
  'Bytes from the system''s secure generator, 1 to 1024 of them.';

create or replace function api_keys_private.base62(p_value numeric, p_length integer) returns text
  language plpgsql immutable strict parallel safe
as $$
declare
  v_digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  v_rest numeric := p_value;
  v_text text := '';
begin
  for i in 1..p_length loop
    v_text := substr(v_digits, (v_rest % 62)::integer + 1, 1) || v_text;
    v_rest := div(v_rest, 62);
  end loop;

  if v_rest <> 0 then
    raise exception 'p_value: does not fit into % base62 digits', p_length using errcode = '22023';
  end if;
  return v_text;
end
$$;
comment on function api_keys_private.base62(numeric, integer) is
  'A whole number from 0 as base62 (0-9A-Za-z), padded with 0 to exactly p_length digits.';

create or replace function api_keys_private.random_base62(p_length integer) returns text
  language plpgsql volatile strict
as $$
declare
  v_digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  v_bytes bytea;
  v_byte integer;
  v_text text := '';
begin
  -- 248 is the largest multiple of 62 in a byte: the eight values above it would favour the first digits.
  loop
    v_bytes := api_keys_private.random_bytes(p_length);
    for i in 0..p_length - 1 loop
      v_byte := get_byte(v_bytes, i);
      continue when v_byte >= 248;
      v_text := v_text || substr(v_digits, v_byte % 62 + 1, 1);
      if length(v_text) = p_length then
        return v_text;
      end if;
    end loop;
  end loop;
end
$$;
comment on function api_keys_private.random_base62(integer) is
  'That many random base62 digits, each equally likely.';

create or replace function api_keys_private.ksuid(p_at timestamptz default clock_timestamp()) returns text
  language plpgsql volatile strict
as $$
declare
  v_micros constant numeric := floor(extract(epoch from p_at) * 1000000);
  v_seconds constant numeric := div(v_micros, 1000000) - 1400000000;
  v_random constant bytea := api_keys_private.random_bytes(14);
  v_low numeric := get_byte(v_random, 0) % 16;
begin
  if v_seconds not between 0 and 4294967295 then
    raise exception 'p_at: a KSUID counts seconds from 2014-05-13 to 2150-06-19' using errcode = '22023';
  end if;

  for i in 1..13 loop
    v_low := v_low * 256 + get_byte(v_random, i);
  end loop;
  -- 32 bits of seconds, 20 bits of microseconds, 108 random bits: ids sort by time also within a second.
  return api_keys_private.base62(
    (v_seconds * 1048576 + v_micros % 1000000) * 324518553658426726783156020576256 + v_low, 27);
end
$$;
comment on function api_keys_private.ksuid(timestamptz) is
  'A new KSUID, 27 base62 digits: seconds since 1400000000, then microseconds, rounded down, then 108 random bits. '
  'Any segmentio/ksuid parser reads its time. Compare under collation "C".';

create or replace function api_keys_private.ksuid_time(p_ksuid text) returns timestamptz
  language plpgsql immutable strict parallel safe
as $$
declare
  v_digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  v_value numeric := 0;
begin
  if p_ksuid !~ '^[0-9A-Za-z]{27}$' or p_ksuid collate "C" > 'aWgEPTl1tmebfsQzFP4bxwgy80V' then
    raise exception 'p_ksuid: is no KSUID' using errcode = '22023';
  end if;

  for i in 1..27 loop
    v_value := v_value * 62 + (strpos(v_digits, substr(p_ksuid, i, 1)) - 1);
  end loop;
  return to_timestamp((div(v_value, 340282366920938463463374607431768211456) + 1400000000)::double precision);
end
$$;
comment on function api_keys_private.ksuid_time(text) is
  'When a KSUID was made, to the second, whoever made it.';

-- ---------------------------------------------------------------------------------------------------------
-- The key format: <prefix><ksuid 27><secret 32><check 6>
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.key_check(p_body text) returns text
  language plpgsql immutable strict parallel safe
as $$
declare
  v_digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  v_hash constant bytea := sha256(convert_to(p_body, 'UTF8'));
  v_number constant bigint := (get_byte(v_hash, 0)::bigint << 24)
    | (get_byte(v_hash, 1) << 16) | (get_byte(v_hash, 2) << 8) | get_byte(v_hash, 3);
begin
  return substr(v_digits, (v_number / 916132832 % 62)::integer + 1, 1)
    || substr(v_digits, (v_number / 14776336 % 62)::integer + 1, 1)
    || substr(v_digits, (v_number / 238328 % 62)::integer + 1, 1)
    || substr(v_digits, (v_number / 3844 % 62)::integer + 1, 1)
    || substr(v_digits, (v_number / 62 % 62)::integer + 1, 1)
    || substr(v_digits, (v_number % 62)::integer + 1, 1);
end
$$;
comment on function api_keys_private.key_check(text) is
  'The 6 digits at the end of a key: the first 4 bytes of the SHA-256 of everything before them, as base62. '
  'They show a typo or a cut-off paste without any lookup; they protect nothing.';

create or replace function api_keys_private.hash_secret(p_secret text, p_salt bytea) returns bytea
  language sql immutable strict parallel safe
  return sha256(convert_to(p_secret, 'UTF8') || p_salt);
comment on function api_keys_private.hash_secret(text, bytea) is
  'SHA-256 of the secret''s UTF-8 bytes followed by the salt. Fast on purpose: the secret has 190 random bits.';

create or replace function api_keys_private.generate_key(
  p_prefix text,
  out key text,
  out ksuid text,
  out secret_hash bytea,
  out salt bytea,
  out last4 text
)
  language plpgsql volatile strict
as $$
declare
  v_secret constant text := api_keys_private.random_base62(32);
begin
  ksuid := api_keys_private.ksuid();
  salt := api_keys_private.random_bytes(16);
  secret_hash := api_keys_private.hash_secret(v_secret, salt);
  key := p_prefix || ksuid || v_secret;
  key := key || api_keys_private.key_check(key);
  last4 := right(key, 4);
end
$$;
comment on function api_keys_private.generate_key(text) is
  'A new key with what is stored of it. The key itself must be shown once and never stored.';

create or replace function api_keys_private.check_number(p_digits text) returns bigint
  language sql immutable strict parallel safe
  return (
    strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', substr(p_digits, 1, 1)) * 916132832::bigint
    + strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', substr(p_digits, 2, 1)) * 14776336
    + strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', substr(p_digits, 3, 1)) * 238328
    + strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', substr(p_digits, 4, 1)) * 3844
    + strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', substr(p_digits, 5, 1)) * 62
    + strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', substr(p_digits, 6, 1))
    - 931151403);
comment on function api_keys_private.check_number(text) is 'The number that the check digits of a key are, the inverse of key_check.';

create or replace function api_keys_private.is_key(p_key text) returns boolean
  language sql stable parallel safe
  return coalesce(
    octet_length(p_key) between 68 and 80
      and left(p_key, -65) in ('sk_', 'jit_', 'sb_secret_', 'sb_publishable_')
      and right(p_key, 65) !~ '[^0-9A-Za-z]'
      and api_keys_private.check_number(right(p_key, 6))
        = ('x' || encode(substr(sha256(convert_to(left(p_key, -6), 'UTF8')), 1, 4), 'hex'))::bit(32)::bigint,
    false);
comment on function api_keys_private.is_key(text) is
  'Whether a string has the shape of a key and the right check digits, whatever its kind. Looks nothing up. '
  'Inlined where it is called, so it must not claim to be immutable: convert_to is not.';

create or replace function api_keys_private.ksuid_of(p_key text) returns text
  language sql immutable strict parallel safe
  return left(right(p_key, 65), 27);
comment on function api_keys_private.ksuid_of(text) is 'The KSUID in a string that is_key.';

create or replace function api_keys_private.secret_of(p_key text) returns text
  language sql immutable strict parallel safe
  return left(right(p_key, 38), 32);
comment on function api_keys_private.secret_of(text) is 'The secret in a string that is_key.';

create or replace function api_keys_private.parse_key(
  p_key text,
  out prefix text,
  out ksuid text,
  out secret text
)
  language plpgsql immutable parallel safe
as $$
begin
  if api_keys_private.is_key(p_key) then
    prefix := left(p_key, -65);
    ksuid := api_keys_private.ksuid_of(p_key);
    secret := api_keys_private.secret_of(p_key);
  end if;
end
$$;
comment on function api_keys_private.parse_key(text) is
  'The parts of a key of any kind, or nulls when the shape or the check digits are wrong. Looks nothing up.';

-- ---------------------------------------------------------------------------------------------------------
-- Addresses
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.plain_address(p_address inet) returns inet
  language sql immutable strict parallel safe
  return case
    when family(p_address) = 6 and p_address <<= inet '::ffff:0:0/96'
      then (split_part(host(p_address), ':', 4) || '/' || (masklen(p_address) - 96))::inet
    else p_address
  end;
comment on function api_keys_private.plain_address(inet) is
  'An IPv4 address or network that came dressed as IPv6 (::ffff:203.0.113.7) as itself, so that networks of either kind match; any other unchanged.';

-- ---------------------------------------------------------------------------------------------------------
-- Who acts
-- ---------------------------------------------------------------------------------------------------------

do $$
begin
  if to_regprocedure('temporary_access.current_member()') is null then
    create function temporary_access.current_member() returns jsonb
      language sql stable
      return null::jsonb;
    comment on function temporary_access.current_member() is
      'The member whom temporary access let in on this backend, in the shape of latchkey.actor(), or null.';
  end if;
end
$$;

create or replace function latchkey.is_operator() returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return session_user <> 'authenticator'
    and pg_has_role(session_user, 'latchkey_operator', 'usage')
    and (current_setting('role') = 'none' or pg_has_role(current_setting('role')::name, 'latchkey_operator', 'usage'));
end
$$;
comment on function latchkey.is_operator() is
  'Whether this session may manage: its session_user has latchkey_operator, by inheritance, not by SET ROLE. '
  'The API server never has, whatever role it switches to, and a session that lowered itself by SET ROLE is taken at its word.';

create or replace function latchkey.is_auditor() returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return session_user <> 'authenticator'
    and pg_has_role(session_user, 'latchkey_auditor', 'usage')
    and (current_setting('role') = 'none' or pg_has_role(current_setting('role')::name, 'latchkey_auditor', 'usage'));
end
$$;
comment on function latchkey.is_auditor() is
  'Whether this session may read everything but secrets; decided as latchkey.is_operator() decides.';

create or replace function latchkey.actor() returns jsonb
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_member constant jsonb := temporary_access.current_member();
  v_user uuid;
begin
  if v_member is not null then
    return v_member;
  end if;

  if session_user <> 'authenticator' then
    return jsonb_build_object('id', session_user, 'type', 'role', 'display', session_user, 'via', 'direct');
  end if;

  v_user := auth.uid();
  if v_user is null then
    return jsonb_build_object(
      'id', current_setting('role'), 'type', 'role', 'display', current_setting('role'), 'via', 'api');
  end if;
  return jsonb_build_object(
    'id', v_user,
    'type', 'user',
    'display', left(coalesce(nullif(auth.jwt() ->> 'email', ''), v_user::text), 200),
    'via', 'api');
end
$$;
comment on function latchkey.actor() is
  'The person behind this backend as {id, type: member|user|role, display, via}: the member whom temporary access let in, '
  'else the user of the request''s token, else the session''s role. Anyone with SQL can set request.jwt.claims, so a token counts '
  'only where session_user is authenticator, the API server, which checked its signature; a direct login is itself, whatever it sets.';

-- ---------------------------------------------------------------------------------------------------------
-- Audit events
-- ---------------------------------------------------------------------------------------------------------

create table if not exists audit.events (
  id text collate "C" not null,
  version integer not null,
  type text not null,
  occurred_at timestamptz not null,
  actor_id text not null,
  actor_type text not null,
  actor_display text not null,
  actor_via text,
  on_behalf_of text,
  source_address inet,
  source_application text,
  source_version text,
  object_type text not null,
  object_id text,
  object_label text,
  action text not null,
  outcome text not null,
  code text,
  reason text,
  ticket text,
  before jsonb,
  after jsonb,
  txid xid8 not null,
  entry bytea not null,
  constraint events_pkey primary key (id),
  constraint events_outcome_known check (outcome in ('ok', 'refused')),
  constraint events_entry_fits check (octet_length(entry) < 65536)
);
create index if not exists events_occurred_at_idx on audit.events (occurred_at desc, id desc);
create index if not exists events_object_idx on audit.events (object_type, object_id, id desc);
create index if not exists events_actor_idx on audit.events (actor_id, id desc);
alter table audit.events enable row level security;

comment on table audit.events is 'One row for every change that a management function made, written in the same transaction. Append-only.';
comment on column audit.events.id is 'A KSUID: sorts by time.';
comment on column audit.events.version is 'Version of the format of entry.';
comment on column audit.events.type is 'What happened, as object.past_participle: key.created, grant.revoked, ...';
comment on column audit.events.actor_via is 'How the actor came in: direct, api, or the login of temporary access.';
comment on column audit.events.outcome is 'ok, or refused with the code.';
comment on column audit.events.before is 'The object before the change; null for a new one. Never a secret or hash.';
comment on column audit.events.after is 'The object after the change. Never a secret or hash.';
comment on column audit.events.txid is 'The transaction that made the change.';
comment on column audit.events.entry is
  'The exact bytes that are sealed: compact JSON, fixed field order, UTF-8. A before or after that would not fit is replaced by its SHA-256.';

create or replace function audit.refuse_change() returns trigger
  language plpgsql
as $$
begin
  raise exception 'audit.% is append-only: % is refused', tg_table_name, lower(tg_op) using errcode = '42501';
end
$$;
comment on function audit.refuse_change() is 'Refuses every UPDATE, DELETE and TRUNCATE of the table it is put on.';

create or replace trigger events_append_only
  before update or delete or truncate on audit.events
  for each statement execute function audit.refuse_change();
-- Also when session_replication_role would switch ordinary triggers off.
alter table audit.events enable always trigger events_append_only;
comment on trigger events_append_only on audit.events is 'What was written stays as it was written.';

create or replace function audit.utc(p_at timestamptz) returns text
  language sql stable strict parallel safe
  return to_char(p_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
comment on function audit.utc(timestamptz) is 'A time as events write it: UTC, ISO 8601, microseconds.';

create or replace function audit.compact_json(p_value jsonb) returns text
  language plpgsql immutable strict parallel safe
as $$
begin
  return case jsonb_typeof(p_value)
    when 'object' then
      '{' || coalesce((
        select string_agg(to_json(e.key)::text || ':' || audit.compact_json(e.value), ',' order by e.key collate "C")
        from jsonb_each(p_value) as e), '') || '}'
    when 'array' then
      '[' || coalesce((
        select string_agg(audit.compact_json(e.value), ',' order by e.position)
        from jsonb_array_elements(p_value) with ordinality as e (value, position)), '') || ']'
    else p_value::text
  end;
end
$$;
comment on function audit.compact_json(jsonb) is
  'JSON without blanks and with sorted keys: equal values have equal text, whatever server wrote it.';

create or replace function audit.shortened(p_json text) returns text
  language sql immutable strict parallel safe
  return format(
    '{"omitted_bytes":%s,"sha256":"%s"}',
    octet_length(convert_to(p_json, 'UTF8')), encode(sha256(convert_to(p_json, 'UTF8')), 'hex'));
comment on function audit.shortened(text) is
  'Stands in an entry for a state that is too long: its length and SHA-256, by which the stored column can be checked.';

create or replace function audit.json_text(p_text text) returns text
  language sql immutable parallel safe
  return coalesce(to_json(p_text)::text, 'null');
comment on function audit.json_text(text) is 'A text as a JSON string, or null.';

create or replace function audit.record_event(
  p_type text,
  p_object_type text,
  p_object_id text,
  p_object_label text,
  p_action text,
  p_outcome text,
  p_code text,
  p_reason text,
  p_before jsonb,
  p_after jsonb
) returns text
  language plpgsql volatile
as $$
declare
  v_id constant text := api_keys_private.ksuid();
  v_at constant timestamptz := clock_timestamp();
  v_actor constant jsonb := latchkey.actor();
  v_address constant inet := inet_client_addr();
  v_application constant text := nullif(left(current_setting('application_name'), 200), '');
  v_txid constant xid8 := pg_current_xact_id();
  v_before text := coalesce(audit.compact_json(p_before), 'null');
  v_after text := coalesce(audit.compact_json(p_after), 'null');
  v_layout constant text :=
    '{"v":1,"id":%s,"type":%s,"occurred_at":%s,"actor":{"id":%s,"type":%s,"display":%s,"via":%s},"on_behalf_of":null,'
    '"source":{"address":%s,"application":%s,"version":null},"object":{"type":%s,"id":%s,"label":%s},"action":%s,'
    '"outcome":%s,"code":%s,"reason":%s,"ticket":null,"before":%s,"after":%s,"txid":%s}';
begin
  if octet_length(v_before) + octet_length(v_after) > 49152 then
    v_before := case when octet_length(v_before) > 512 then audit.shortened(v_before) else v_before end;
    v_after := case when octet_length(v_after) > 512 then audit.shortened(v_after) else v_after end;
  end if;

  insert into audit.events (
    id, version, type, occurred_at, actor_id, actor_type, actor_display, actor_via, source_address, source_application,
    object_type, object_id, object_label, action, outcome, code, reason, before, after, txid, entry)
  values (
    v_id, 1, p_type, v_at, v_actor ->> 'id', v_actor ->> 'type', v_actor ->> 'display', v_actor ->> 'via', v_address,
    v_application, p_object_type, p_object_id, p_object_label, p_action, p_outcome, p_code, p_reason, p_before, p_after,
    v_txid,
    convert_to(
      format(
        v_layout,
        audit.json_text(v_id), audit.json_text(p_type), audit.json_text(audit.utc(v_at)),
        audit.json_text(v_actor ->> 'id'), audit.json_text(v_actor ->> 'type'),
        audit.json_text(v_actor ->> 'display'), audit.json_text(v_actor ->> 'via'),
        audit.json_text(host(v_address)), audit.json_text(v_application),
        audit.json_text(p_object_type), audit.json_text(p_object_id), audit.json_text(p_object_label),
        audit.json_text(p_action), audit.json_text(p_outcome), audit.json_text(p_code), audit.json_text(p_reason),
        v_before, v_after, audit.json_text(v_txid::text)),
      'UTF8'));
  return v_id;
end
$$;
comment on function audit.record_event(text, text, text, text, text, text, text, text, jsonb, jsonb) is
  'Writes one event about a change made in this transaction and returns its id. For our own definer functions only: it runs as its caller '
  'and has no rights of its own. Labels and reasons are bounded by the callers (200 and 1,000 characters).';

create or replace view latchkey.events as
select
  e.id, e.version, e.type, e.occurred_at, e.actor_id, e.actor_type, e.actor_display, e.object_type, e.object_id,
  e.object_label, e.action, e.outcome, e.code, e.reason, e.before, e.after, e.actor_via, e.on_behalf_of,
  e.source_address, e.source_application, e.source_version, e.ticket, e.txid
from audit.events as e
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.events is 'The audit log as operators and auditors read it.';

-- ---------------------------------------------------------------------------------------------------------
-- Accounts: as they are where the application has them, else in the same shape
-- ---------------------------------------------------------------------------------------------------------

do $$
begin
  if to_regclass('public.accounts') is null then
    create table public.accounts (
      id uuid not null default gen_random_uuid(),
      name text not null,
      slug text,
      created_at timestamptz not null default now(),
      constraint accounts_pkey primary key (id),
      constraint accounts_slug_key unique (slug)
    );
    comment on table public.accounts is 'Who owns keys: a person or a team.';
    alter table public.accounts enable row level security;
    revoke all on public.accounts from public, anon, authenticated, service_role;
    grant select on public.accounts to authenticated;
    grant select, insert, update, delete on public.accounts to service_role;
  end if;

  if to_regclass('public.accounts_memberships') is null then
    create table public.accounts_memberships (
      user_id uuid not null,
      account_id uuid not null,
      account_role text not null,
      created_at timestamptz not null default now(),
      constraint accounts_memberships_pkey primary key (user_id, account_id),
      constraint accounts_memberships_account_id_fkey foreign key (account_id)
        references public.accounts (id) on delete cascade
    );
    create index accounts_memberships_account_id_idx on public.accounts_memberships (account_id);
    comment on table public.accounts_memberships is 'Which user belongs to which account, and as what.';
    alter table public.accounts_memberships enable row level security;
    revoke all on public.accounts_memberships from public, anon, authenticated, service_role;
    grant select on public.accounts_memberships to authenticated;
    grant select, insert, update, delete on public.accounts_memberships to service_role;
    create policy "Users can read their memberships" on public.accounts_memberships
      for select to authenticated using (user_id = (select auth.uid()));
    comment on policy "Users can read their memberships" on public.accounts_memberships is 'A user reads their own rows.';
  end if;

  if not exists (
    select
    from pg_catalog.pg_proc
    where proname = 'has_role_on_account' and pronamespace = 'public'::regnamespace
  ) then
    create function public.has_role_on_account(account_id uuid, account_role text default null) returns boolean
      language plpgsql stable security definer set search_path = pg_catalog, pg_temp
    as $body$
    begin
      return exists (
        select
        from public.accounts_memberships as m
        where m.user_id = auth.uid()
          and m.account_id = has_role_on_account.account_id
          and (has_role_on_account.account_role is null or m.account_role = has_role_on_account.account_role));
    end
    $body$;
    comment on function public.has_role_on_account(uuid, text) is
      'Whether the user of the request belongs to the account, in that role when one is named.';
    revoke all on function public.has_role_on_account(uuid, text) from public, anon, authenticated, service_role;
    grant execute on function public.has_role_on_account(uuid, text) to authenticated, service_role;
    create policy "Members can read their accounts" on public.accounts
      for select to authenticated using (public.has_role_on_account(id));
    comment on policy "Members can read their accounts" on public.accounts is 'A user reads the accounts that they belong to.';
  end if;
end
$$;

create or replace function api_keys_private.may_manage_account(p_account_id uuid) returns boolean
  language plpgsql stable
as $$
begin
  return coalesce(
    latchkey.is_operator() or (session_user = 'authenticator' and public.has_role_on_account(p_account_id)), false);
end
$$;
comment on function api_keys_private.may_manage_account(uuid) is
  'Whether this session may manage the keys of the account: an operator, or a signed-in member of it. Never null.';

-- ---------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------

revoke all on all tables in schema audit, latchkey from public, anon, authenticated, service_role;
revoke all on all functions in schema audit, api_keys_private, temporary_access, latchkey
  from public, anon, authenticated, service_role;
grant select on latchkey.events to latchkey_operator, latchkey_auditor;
grant execute on function latchkey.is_operator(), latchkey.is_auditor(), latchkey.actor()
  to latchkey_operator, latchkey_auditor;
