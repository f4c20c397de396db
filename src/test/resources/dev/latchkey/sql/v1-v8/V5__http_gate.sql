-- V5: One gate for HTTP.
--
-- public.pre_request() is made for PostgREST's db-pre-request: it turns an API key into the role of the request, refuses
-- user tokens that were revoked or that nobody registered, and refuses the legacy anon and service_role keys once they are
-- off. It is SECURITY INVOKER, because a definer function may not set the role; what it needs to know it asks one definer
-- function, http_gate.admit(), which takes no argument and reads the settings of the request by itself.
--
-- A request that reads (GET, HEAD) runs in a read-only transaction: nothing is written there, so uses of legacy keys, last
-- uses and rate limits are counted only in requests that write. A refused request is rolled back with all that it wrote.

create schema if not exists http_gate;
comment on schema http_gate is 'What every role of a request may ask, whatever it is. Has one function and no table.';
revoke all on schema http_gate from public, anon, authenticated, service_role, api_key;
grant usage on schema http_gate to public;

-- ---------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------

create table if not exists api_keys_private.user_tokens (
  jti text collate "C" not null,
  name text not null,
  user_id uuid not null,
  role text not null,
  claims jsonb not null,
  created_at timestamptz not null,
  created_by_name text,
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_by_name text,
  constraint user_tokens_pkey primary key (jti)
);
create index if not exists user_tokens_user_id_idx on api_keys_private.user_tokens (user_id, jti desc);
alter table api_keys_private.user_tokens enable row level security;
comment on table api_keys_private.user_tokens is
  'Long-lived tokens (JWTs) of users. They are signed outside; the database knows their claims and never the signing secret.';
comment on column api_keys_private.user_tokens.jti is 'The token''s id, a KSUID.';
comment on column api_keys_private.user_tokens.claims is 'What was to be signed, jti, sub, role, iat and exp included.';

create table if not exists api_keys_private.legacy_keys (
  name text not null,
  switched_off_at timestamptz,
  switched_off_by_name text,
  revoked_at timestamptz,
  revoked_by_name text,
  revoke_reason text,
  constraint legacy_keys_pkey primary key (name),
  constraint legacy_keys_name_known check (name in ('anon', 'service_role'))
);
alter table api_keys_private.legacy_keys enable row level security;
comment on table api_keys_private.legacy_keys is
  'The two keys of the project that are JWTs without jti, signed for years: on, off, or revoked for good, each alone.';
insert into api_keys_private.legacy_keys (name) values ('anon'), ('service_role') on conflict do nothing;

create table if not exists api_keys_private.legacy_key_minutes (
  name text not null,
  minute timestamptz not null,
  backend integer not null,
  constraint legacy_key_minutes_pkey primary key (name, minute, backend)
);
alter table api_keys_private.legacy_key_minutes enable row level security;
comment on table api_keys_private.legacy_key_minutes is
  'Minutes in which a legacy key was used by a request that writes. Whoever finds none yet adds a row of its own backend, so that '
  'nobody waits; mostly there is one.';

create table if not exists api_keys_private.http_gate_settings (
  only_row boolean not null default true,
  earlier_pre_request text,
  constraint http_gate_settings_pkey primary key (only_row),
  constraint http_gate_settings_only_row check (only_row)
);
alter table api_keys_private.http_gate_settings enable row level security;
comment on table api_keys_private.http_gate_settings is 'One row: what the gate needs to remember.';
comment on column api_keys_private.http_gate_settings.earlier_pre_request is
  'The function that was PostgREST''s db-pre-request before, as schema.name. public.pre_request() calls it first.';
insert into api_keys_private.http_gate_settings default values on conflict do nothing;

-- ---------------------------------------------------------------------------------------------------------
-- Views
-- ---------------------------------------------------------------------------------------------------------

create or replace view latchkey.user_tokens as
select
  t.jti,
  t.name,
  t.user_id,
  t.role,
  t.claims,
  case
    when t.revoked_at is not null then 'revoked'
    when t.expires_at <= now() then 'expired'
    when t.expires_at <= now() + interval '7 days' then 'expiring'
    else 'active'
  end as status,
  t.created_at,
  t.created_by_name,
  t.expires_at,
  t.revoked_at,
  t.revoked_by_name
from api_keys_private.user_tokens as t
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.user_tokens is 'Long-lived tokens of users, ended ones included. The tokens themselves are known to nobody here.';

create or replace view latchkey.legacy_keys as
select
  k.name,
  case when k.revoked_at is not null then 'revoked' when k.switched_off_at is not null then 'off' else 'on' end as status,
  (select max(m.minute) from api_keys_private.legacy_key_minutes as m where m.name = k.name) as last_used_at,
  k.switched_off_at,
  k.switched_off_by_name,
  k.revoked_at,
  k.revoked_by_name,
  k.revoke_reason
from api_keys_private.legacy_keys as k
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.legacy_keys is
  'The legacy anon and service_role keys. last_used_at is the minute of the last request that writes; requests that only read leave no trace.';

create or replace view latchkey.legacy_key_days as
select m.name, (m.minute at time zone 'UTC')::date as day, count(distinct m.minute) as minutes
from api_keys_private.legacy_key_minutes as m
where (select latchkey.is_operator() or latchkey.is_auditor())
group by m.name, (m.minute at time zone 'UTC')::date;
comment on view latchkey.legacy_key_days is
  'In how many minutes of a day (UTC) a legacy key was used by requests that write. A day without a row had none.';

-- ---------------------------------------------------------------------------------------------------------
-- User tokens
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.request_user() returns uuid
  language plpgsql stable
as $$
begin
  if session_user <> 'authenticator' or current_setting('role') in ('none', 'anon', 'service_role', 'api_key') then
    return null;
  end if;
  return auth.uid();
end
$$;
comment on function api_keys_private.request_user() is
  'The user who is signed in to this request of the API server, or null. A key, and a session that set the claims by itself, is no user.';

create or replace function api_keys_private.token_state(p_token api_keys_private.user_tokens) returns jsonb
  language sql stable
  return jsonb_build_object(
    'name', p_token.name, 'user_id', p_token.user_id, 'role', p_token.role, 'claims', p_token.claims,
    'created_at', audit.utc(p_token.created_at), 'expires_at', audit.utc(p_token.expires_at),
    'revoked_at', audit.utc(p_token.revoked_at));
comment on function api_keys_private.token_state(api_keys_private.user_tokens) is 'A user token as events show it.';

create or replace function api_keys_private.checked_token_role(p_role text) returns text
  language plpgsql stable
as $$
begin
  if p_role = 'authenticated' then
    return p_role;
  end if;
  if p_role ~ '^(pg_|latchkey_)'
    or p_role in ('anon', 'service_role', 'authenticator', 'api_key')
    or not exists (
      select
      from pg_catalog.pg_roles as r
      where r.rolname = p_role
        and not r.rolbypassrls
        and pg_has_role('authenticator', r.oid, 'member')
        and not exists (select from pg_catalog.pg_roles as s where s.rolsuper and pg_has_role(r.oid, s.oid, 'member')))
  then
    raise exception 'p_claims: role must be authenticated or a role of your own that authenticator may become'
      using errcode = '22023';
  end if;
  return p_role;
end
$$;
comment on function api_keys_private.checked_token_role(text) is
  'A role that a user token may have: one that row level security holds for.';

create or replace function public.register_user_token(p_name text, p_expires_at timestamptz, p_claims jsonb default '{}')
  returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_user uuid := api_keys_private.request_user();
  v_role text := current_setting('role');
  v_at constant timestamptz := clock_timestamp();
  v_token api_keys_private.user_tokens;
begin
  if (v_user is not null or latchkey.is_operator()) is not true then
    raise exception 'Only a signed-in user or an operator may do this' using errcode = '42501';
  end if;
  if v_user is not null
    and exists (select from api_keys_private.user_tokens as t where t.jti = auth.jwt() ->> 'jti')
  then
    raise exception 'A user token cannot make another one: sign in' using errcode = '42501';
  end if;

  v_token.name := api_keys_private.checked_name('p_name', p_name);
  if p_expires_at is null then
    raise exception 'p_expires_at: must be given' using errcode = '22023';
  end if;
  v_token.expires_at := date_trunc('second', api_keys_private.checked_expiry('p_expires_at', p_expires_at));
  if v_token.expires_at > v_at + interval '10 years' then
    raise exception 'p_expires_at: must be within 10 years' using errcode = '22023';
  end if;
  if jsonb_typeof(p_claims) is distinct from 'object' or octet_length(p_claims::text) > 4000 then
    raise exception 'p_claims: must be an object of at most 4,000 bytes' using errcode = '22023';
  end if;
  if p_claims ?| array['jti', 'iat', 'exp', 'nbf'] then
    raise exception 'p_claims: jti, iat, exp and nbf are set here' using errcode = '22023';
  end if;

  if v_user is not null then
    -- Policies trust what is signed: a user cannot have more signed than the sign-in already says.
    if exists (select from jsonb_each(p_claims) as c where c.value is distinct from auth.jwt() -> c.key) then
      raise exception 'p_claims: each must be a claim of the token that you are signed in with' using errcode = '22023';
    end if;
    if (select count(*) >= 100 from api_keys_private.user_tokens as t
        where t.user_id = v_user and t.revoked_at is null and t.expires_at > v_at)
    then
      raise exception 'There are 100 tokens of this user already' using errcode = 'PT429', hint = 'Revoke some first.';
    end if;
  else
    if p_claims ->> 'sub' is null or p_claims ->> 'sub' !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
      raise exception 'p_claims: sub must be the id of a user' using errcode = '22023';
    end if;
    v_user := (p_claims ->> 'sub')::uuid;
    v_role := api_keys_private.checked_token_role(coalesce(p_claims ->> 'role', 'authenticated'));
  end if;

  v_token.jti := api_keys_private.ksuid(v_at);
  v_token.user_id := v_user;
  v_token.role := v_role;
  v_token.created_at := v_at;
  v_token.created_by_name := latchkey.actor() ->> 'display';
  v_token.claims := p_claims || jsonb_build_object(
    'jti', v_token.jti, 'sub', v_user, 'role', v_role,
    'iat', floor(extract(epoch from v_at))::bigint, 'exp', extract(epoch from v_token.expires_at)::bigint);
  insert into api_keys_private.user_tokens values (v_token.*);
  perform audit.record_event(
    'user_token.registered', 'user_token', v_token.jti, v_token.name, 'register', 'ok', null, null, null,
    api_keys_private.token_state(v_token));
  return v_token.claims;
end
$$;
comment on function public.register_user_token(text, timestamptz, jsonb) is
  'Registers a long-lived token and answers the claims to sign: jti, sub, role, iat, exp and p_claims. For the signed-in user, whose p_claims '
  'can only repeat claims of the sign-in, and for operators, who name the user as sub and may name a role. The caller signs.';

create or replace function public.list_user_tokens()
  returns table (
    jti text,
    name text,
    user_id uuid,
    role text,
    created_at timestamptz,
    expires_at timestamptz,
    revoked_at timestamptz,
    is_active boolean
  )
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_user constant uuid := api_keys_private.request_user();
  v_is_operator constant boolean := latchkey.is_operator();
begin
  if (v_user is not null or v_is_operator) is not true then
    raise exception 'Only a signed-in user or an operator may do this' using errcode = '42501';
  end if;

  return query
  select
    t.jti, t.name, t.user_id, t.role, t.created_at, t.expires_at, t.revoked_at,
    t.revoked_at is null and t.expires_at > clock_timestamp()
  from api_keys_private.user_tokens as t
  where v_is_operator or t.user_id = v_user
  order by t.jti desc;
end
$$;
comment on function public.list_user_tokens() is 'The tokens of the signed-in user, or all of them for an operator, newest first.';

create or replace function public.revoke_user_token(p_jti text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_user constant uuid := api_keys_private.request_user();
  v_is_operator constant boolean := latchkey.is_operator();
  v_before api_keys_private.user_tokens;
  v_after api_keys_private.user_tokens;
begin
  if (v_user is not null or v_is_operator) is not true then
    raise exception 'Only a signed-in user or an operator may do this' using errcode = '42501';
  end if;
  if p_jti is null then
    raise exception 'p_jti: must be given' using errcode = '22023';
  end if;
  select * into v_before
  from api_keys_private.user_tokens as t
  where t.jti = p_jti and (v_is_operator or t.user_id = v_user)
  for update;
  if not found then
    raise exception 'Token not found' using errcode = 'PT404';
  end if;
  if v_before.revoked_at is not null then
    return false;
  end if;

  update api_keys_private.user_tokens
  set revoked_at = clock_timestamp(), revoked_by_name = latchkey.actor() ->> 'display'
  where jti = p_jti
  returning * into v_after;
  perform audit.record_event(
    'user_token.revoked', 'user_token', v_after.jti, v_after.name, 'revoke', 'ok', null, null,
    api_keys_private.token_state(v_before), api_keys_private.token_state(v_after));
  return true;
end
$$;
comment on function public.revoke_user_token(text) is
  'Revokes a token for good: one''s own, or any for an operator. False, and nothing written, when it was revoked before. The token of another '
  'user is not found.';

-- ---------------------------------------------------------------------------------------------------------
-- Legacy keys
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.legacy_key_state(p_key api_keys_private.legacy_keys) returns jsonb
  language sql stable
  return jsonb_build_object(
    'switched_off_at', audit.utc(p_key.switched_off_at), 'revoked_at', audit.utc(p_key.revoked_at),
    'revoke_reason', p_key.revoke_reason);
comment on function api_keys_private.legacy_key_state(api_keys_private.legacy_keys) is 'A legacy key as events show it.';

create or replace function api_keys_private.legacy_key_to_change(p_name text) returns api_keys_private.legacy_keys
  language plpgsql volatile
as $$
declare
  v_key api_keys_private.legacy_keys;
begin
  if latchkey.is_operator() is not true then
    raise exception 'Only an operator may do this' using errcode = '42501';
  end if;

  select * into v_key from api_keys_private.legacy_keys where name = p_name for update;
  if not found then
    raise exception 'p_name: must be anon or service_role' using errcode = '22023';
  end if;
  if v_key.revoked_at is not null then
    raise exception 'The legacy key % was revoked on % UTC by %',
      v_key.name, to_char(v_key.revoked_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), v_key.revoked_by_name
      using errcode = 'PT409', hint = 'Revoking is final.';
  end if;
  return v_key;
end
$$;
comment on function api_keys_private.legacy_key_to_change(text) is
  'Lets only operators pass, and locks the legacy key that they change, unless it was revoked.';

create or replace function latchkey.switch_legacy_key(p_name text, p_on boolean) returns latchkey.legacy_keys
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before constant api_keys_private.legacy_keys := api_keys_private.legacy_key_to_change(p_name);
  v_after api_keys_private.legacy_keys;
  v_row latchkey.legacy_keys;
begin
  if p_on is null then
    raise exception 'p_on: must be true or false' using errcode = '22023';
  end if;
  if p_on is distinct from (v_before.switched_off_at is null) then
    update api_keys_private.legacy_keys
    set switched_off_at = case when not p_on then clock_timestamp() end,
      switched_off_by_name = case when not p_on then latchkey.actor() ->> 'display' end
    where name = p_name
    returning * into v_after;
    perform audit.record_event(
      case when p_on then 'legacy_key.switched_on' else 'legacy_key.switched_off' end,
      'legacy_key', p_name, 'Legacy key ' || p_name, case when p_on then 'switch_on' else 'switch_off' end, 'ok', null, null,
      api_keys_private.legacy_key_state(v_before), api_keys_private.legacy_key_state(v_after));
  end if;

  select * into v_row from latchkey.legacy_keys where name = p_name;
  return v_row;
end
$$;
comment on function latchkey.switch_legacy_key(text, boolean) is
  'Switches the legacy anon or service_role key off, or on again, and answers its row. From the next request on.';

create or replace function latchkey.revoke_legacy_key(p_name text, p_reason text) returns latchkey.legacy_keys
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before constant api_keys_private.legacy_keys := api_keys_private.legacy_key_to_change(p_name);
  v_reason constant text := api_keys_private.checked_note('p_reason', p_reason, 500);
  v_after api_keys_private.legacy_keys;
  v_row latchkey.legacy_keys;
begin
  update api_keys_private.legacy_keys
  set revoked_at = clock_timestamp(), revoked_by_name = latchkey.actor() ->> 'display', revoke_reason = v_reason
  where name = p_name
  returning * into v_after;
  perform audit.record_event(
    'legacy_key.revoked', 'legacy_key', p_name, 'Legacy key ' || p_name, 'revoke', 'ok', null, v_reason,
    api_keys_private.legacy_key_state(v_before), api_keys_private.legacy_key_state(v_after));

  select * into v_row from latchkey.legacy_keys where name = p_name;
  return v_row;
end
$$;
comment on function latchkey.revoke_legacy_key(text, text) is
  'Revokes the legacy anon or service_role key for good, with a reason, and answers its row. PT409 when it was revoked before.';

-- ---------------------------------------------------------------------------------------------------------
-- Admitting a request
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.request_json(p_setting text) returns jsonb
  language plpgsql stable strict
as $$
declare
  v_value jsonb;
begin
  v_value := coalesce(nullif(current_setting(p_setting, true), ''), '{}')::jsonb;
  if jsonb_typeof(v_value) <> 'object' then
    raise invalid_text_representation;
  end if;
  return v_value;
exception when data_exception or untranslatable_character then
  -- The original message prints a part of the text, and a header may be a secret.
  raise exception '% is not a JSON object', p_setting using errcode = '22023';
end
$$;
comment on function api_keys_private.request_json(text) is 'A setting of the request that the API server wrote as a JSON object; empty when unset.';

create or replace function api_keys_private.is_long_lived(p_claims jsonb) returns boolean
  language sql immutable strict parallel safe
  return coalesce(
    case
      when jsonb_typeof(p_claims -> 'exp') = 'number' and jsonb_typeof(p_claims -> 'iat') = 'number'
        then (p_claims ->> 'exp')::numeric - (p_claims ->> 'iat')::numeric > 86400
    end,
    true);
comment on function api_keys_private.is_long_lived(jsonb) is
  'Whether a token lives longer than a day, or does not say. A sign-in, and what a gateway signs for one request, does not.';

create or replace function api_keys_private.jwt_claims(p_jwt text) returns jsonb
  language plpgsql stable strict
as $$
declare
  v_payload constant text := translate(split_part(p_jwt, '.', 2), '-_', '+/');
  v_claims jsonb;
begin
  if octet_length(p_jwt) > 8192 or p_jwt !~ '^[0-9A-Za-z_-]+\.[0-9A-Za-z_-]+\.[0-9A-Za-z_-]*$' then
    return null;
  end if;
  v_claims := convert_from(decode(rpad(v_payload, (length(v_payload) + 3) / 4 * 4, '='), 'base64'), 'UTF8')::jsonb;
  return case when jsonb_typeof(v_claims) = 'object' then v_claims end;
exception when data_exception or untranslatable_character then
  return null;
end
$$;
comment on function api_keys_private.jwt_claims(text) is
  'What a JWT says, or null when it is none. Its signature is NOT checked: this may refuse a request and never allow one.';

create or replace function api_keys_private.legacy_key_of(p_claims jsonb) returns text
  language sql immutable strict parallel safe
  return case
    when p_claims ->> 'role' in ('anon', 'service_role')
      and p_claims ->> 'jti' is null
      and api_keys_private.is_long_lived(p_claims)
      then p_claims ->> 'role'
  end;
comment on function api_keys_private.legacy_key_of(jsonb) is 'Which legacy key a token is, anon or service_role, or null when it is none.';

create or replace function api_keys_private.use_legacy_key(p_name text) returns boolean
  language plpgsql volatile
as $$
declare
  v_minute constant timestamptz := date_trunc('minute', clock_timestamp());
begin
  if exists (
    select
    from api_keys_private.legacy_keys as k
    where k.name = p_name and (k.switched_off_at is not null or k.revoked_at is not null))
  then
    return false;
  end if;

  if current_setting('transaction_read_only') = 'off'
    and not exists (select from api_keys_private.legacy_key_minutes as m where m.name = p_name and m.minute = v_minute)
  then
    insert into api_keys_private.legacy_key_minutes (name, minute, backend)
    values (p_name, v_minute, pg_backend_pid())
    on conflict do nothing;
  end if;
  return true;
end
$$;
comment on function api_keys_private.use_legacy_key(text) is
  'Whether the legacy key is on; if so, and unless the transaction is read-only, remembers that it was used in this minute.';

create or replace function api_keys_private.token_is_good(p_claims jsonb) returns boolean
  language plpgsql stable strict
as $$
declare
  v_jti constant text := p_claims ->> 'jti';
begin
  -- Other issuers number their sign-ins too. Ours are KSUIDs; and what lives long has to be registered, whoever numbered it.
  if v_jti is null or v_jti !~ '^[0-9A-Za-z]{27}$' and not api_keys_private.is_long_lived(p_claims) then
    return true;
  end if;
  return exists (
    select
    from api_keys_private.user_tokens as t
    where t.jti = v_jti
      and t.revoked_at is null
      and t.expires_at > clock_timestamp()
      and t.user_id::text = p_claims ->> 'sub'
      and t.role = p_claims ->> 'role');
end
$$;
comment on function api_keys_private.token_is_good(jsonb) is
  'Whether a token that the API server checked may be used: a user token must be registered for this user and role, and not have ended. '
  'Short-lived sign-ins with a number of their issuer pass.';

create or replace function api_keys_private.check_header_key(p_key text, p_address inet) returns jsonb
  language plpgsql volatile
as $$
declare
  v_kind constant text := case
    when starts_with(p_key, 'sk_') then 'scoped'
    when starts_with(p_key, 'sb_publishable_') then 'publishable'
    when starts_with(p_key, 'sb_secret_') then 'secret'
    -- A key that was taken over may be a KSUID followed by its secret, without a prefix.
    when p_key ~ '^[0-9A-Za-z]{28}' then 'scoped'
  end;
  v_answer jsonb;
begin
  if v_kind is null then
    return null;
  end if;

  v_answer := api_keys_private.check_key(p_key, v_kind, p_address);
  if v_answer is null
    or exists (
      select
      from api_keys_private.api_keys as k
      where k.id = (v_answer ->> 'api_key_id')::uuid and k.allowed_cidrs is not null and p_address is null)
    or not exists (select from pg_catalog.pg_roles as r where r.rolname = v_answer ->> 'role' and not r.rolsuper)
  then
    return null;
  end if;
  return v_answer || jsonb_build_object('kind', v_kind);
end
$$;
comment on function api_keys_private.check_header_key(text, inet) is
  'What check_key says about the key in a header, with its kind; null when it is refused. A key that is bound to networks needs an address.';

create or replace function http_gate.admit(out refusal text, out role text, out claims text)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_headers constant jsonb := api_keys_private.request_json('request.headers');
  v_claims constant jsonb := api_keys_private.request_json('request.jwt.claims');
  v_key constant text := nullif(v_headers ->> 'apikey', '');
  v_has_token constant boolean := v_claims - 'role' <> '{}' or coalesce(v_headers ->> 'authorization' ~* '^bearer ', false);
  v_key_claims constant jsonb := api_keys_private.jwt_claims(v_key);
  v_legacy text;
  v_answer jsonb;
begin
  if session_user <> 'authenticator' then
    raise exception 'Only the API server may ask' using errcode = '42501';
  end if;

  if v_has_token and api_keys_private.token_is_good(v_claims) is not true then
    refusal := '{"code":"token_invalid","message":"Invalid token"}';
    return;
  end if;
  foreach v_legacy in array array[
    case when v_has_token then api_keys_private.legacy_key_of(v_claims) end, api_keys_private.legacy_key_of(v_key_claims)]
  loop
    if v_legacy is not null and api_keys_private.use_legacy_key(v_legacy) is not true then
      refusal := format('{"code":"legacy_key_off","message":"The legacy %s key is switched off"}', v_legacy);
      return;
    end if;
  end loop;
  -- A JWT in the apikey header is a legacy key or says nothing: only Authorization gives a role.
  if v_key is null or v_key_claims is not null then
    return;
  end if;

  v_answer := api_keys_private.check_header_key(
    v_key, api_keys_private.address_of(btrim(regexp_replace(v_headers ->> 'x-forwarded-for', '^.*,', ''))));
  if v_answer is null then
    refusal := '{"code":"api_key_invalid","message":"Invalid API key"}';
    return;
  end if;
  if v_answer ->> 'kind' = 'publishable'
    or v_answer ->> 'kind' = 'secret' and v_has_token and coalesce(v_claims ->> 'role', 'anon') <> 'anon'
  then
    return;
  end if;
  role := v_answer ->> 'role';
  claims := case v_answer ->> 'kind'
    when 'scoped' then jsonb_build_object('role', role, 'sub', v_answer ->> 'api_key_id')
    else jsonb_build_object('role', role)
  end;
end
$$;
comment on function http_gate.admit() is
  'Decides about the request whose settings the API server made: a refusal, as PostgREST wants it; or a role with claims to change to; or '
  'nothing, when the request stays what it is. A user''s token wins over a publishable or secret key; a scoped key makes the request its own. '
  'The client''s address is the last one in X-Forwarded-For, which the nearest proxy wrote.';

-- ---------------------------------------------------------------------------------------------------------
-- The function that PostgREST calls
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.configured_pre_request() returns text
  language sql stable
  return (
    select substr(c.setting, length('pgrst.db_pre_request=') + 1)
    from pg_catalog.pg_db_role_setting as s
    cross join lateral unnest(s.setconfig) as c (setting)
    where s.setrole = to_regrole('authenticator')
      and s.setdatabase in (0, (select d.oid from pg_catalog.pg_database as d where d.datname = current_database()))
      and starts_with(c.setting, 'pgrst.db_pre_request=')
    order by s.setdatabase desc
    limit 1);
comment on function api_keys_private.configured_pre_request() is
  'The pre-request function that role authenticator is set to here, as PostgREST reads it; null for none. One in a configuration file is not seen.';

create or replace function api_keys_private.chain_pre_request() returns void
  language plpgsql volatile
as $$
declare
  v_configured constant text := nullif(api_keys_private.configured_pre_request(), '');
  v_name text;
  v_call text := '';
begin
  if exists (
    select
    from pg_catalog.pg_proc as p
    where p.oid = to_regprocedure('public.pre_request()') and p.prosrc !~ 'http_gate\.admit')
  then
    if to_regprocedure('public.pre_request_before_latchkey()') is not null then
      raise exception 'public.pre_request() and public.pre_request_before_latchkey() are both taken'
        using errcode = '42723', hint = 'Rename one of them, then install again.';
    end if;
    alter function public.pre_request() rename to pre_request_before_latchkey;
    raise notice 'public.pre_request() was there: it is public.pre_request_before_latchkey() now and is still called';
    update api_keys_private.http_gate_settings set earlier_pre_request = 'public.pre_request_before_latchkey';
  elsif v_configured is not null and v_configured not in ('public.pre_request', 'pre_request') then
    update api_keys_private.http_gate_settings set earlier_pre_request = v_configured;
  end if;

  select s.earlier_pre_request into v_name from api_keys_private.http_gate_settings as s;
  if v_name is not null then
    -- As PostgREST reads it: up to the first dot the schema, and no quotes.
    v_call := case
      when strpos(v_name, '.') > 0
        then format('%I.%I()', split_part(v_name, '.', 1), substr(v_name, strpos(v_name, '.') + 1))
      else format('public.%I()', v_name)
    end;
    if to_regprocedure(v_call) is null then
      raise exception 'The pre-request function % is not there', v_name
        using errcode = '42883', hint = 'Correct pgrst.db_pre_request of role authenticator, then install again.';
    end if;
    v_call := format(E'  perform %s;\n', v_call);
  end if;

  execute format($definition$
create or replace function public.pre_request() returns void
  language plpgsql volatile
as $body$
declare
  v_answer record;
begin
%s  select a.refusal, a.role, a.claims into v_answer from http_gate.admit() as a;
  if v_answer.refusal is not null then
    raise sqlstate 'PGRST' using message = v_answer.refusal, detail = '{"status":401,"headers":{}}';
  end if;
  if v_answer.role is not null then
    perform pg_catalog.set_config('request.jwt.claims', v_answer.claims, true);
    perform pg_catalog.set_config(
      'request.jwt.claim.sub', coalesce(pg_catalog.json_extract_path_text(v_answer.claims::pg_catalog.json, 'sub'), ''), true);
    perform pg_catalog.set_config('request.jwt.claim.role', v_answer.role, true);
    perform pg_catalog.set_config('role', v_answer.role, true);
  end if;
end
$body$
$definition$, v_call);
  -- Every role that a request may have, also one that is made tomorrow, calls it; it answers only the API server.
  grant execute on function public.pre_request() to public;
end
$$;
comment on function api_keys_private.chain_pre_request() is
  'Makes public.pre_request(), which first calls the pre-request function that was there before, if any, as the role that it always had.';

do $$
begin
  perform api_keys_private.chain_pre_request();
end
$$;
comment on function public.pre_request() is
  'For PostgREST''s db-pre-request: turns the apikey header into a role, and refuses with 401 what http_gate.admit() refuses. '
  'latchkey.switch_http_gate() sets it.';

create or replace view latchkey.http_gate as
select
  coalesce(c.setting in ('pgrst.db_pre_request=public.pre_request', 'pgrst.db_pre_request=pre_request'), false) as is_on,
  s.earlier_pre_request
from api_keys_private.http_gate_settings as s
left join lateral (
  select c.setting
  from pg_catalog.pg_db_role_setting as r
  cross join lateral unnest(r.setconfig) as c (setting)
  where r.setrole = to_regrole('authenticator')
    and r.setdatabase in (0, (select d.oid from pg_catalog.pg_database as d where d.datname = current_database()))
    and starts_with(c.setting, 'pgrst.db_pre_request=')
  order by r.setdatabase desc
  limit 1
) as c on true
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.http_gate is
  'Whether role authenticator is set to public.pre_request() in this database, and the function that is called before it.';

create or replace function latchkey.switch_http_gate(p_on boolean) returns latchkey.http_gate
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before latchkey.http_gate;
  v_after latchkey.http_gate;
  v_target text;
  v_statement text;
begin
  if latchkey.is_operator() is not true then
    raise exception 'Only an operator may do this' using errcode = '42501';
  end if;
  if p_on is null then
    raise exception 'p_on: must be true or false' using errcode = '22023';
  end if;
  perform from api_keys_private.http_gate_settings for update;
  select * into v_before from latchkey.http_gate;
  if v_before.is_on = p_on then
    return v_before;
  end if;

  perform api_keys_private.chain_pre_request();
  select case when p_on then 'public.pre_request' else s.earlier_pre_request end into v_target
  from api_keys_private.http_gate_settings as s;
  v_statement := format('alter role authenticator in database %I ', current_database())
    || case
      when v_target is null then 'reset pgrst.db_pre_request'
      else format('set pgrst.db_pre_request = %L', v_target)
    end;
  begin
    execute v_statement;
  exception when insufficient_privilege then
    raise exception 'The owner of Latchkey''s functions may not set this for role authenticator'
      using errcode = '42501', hint = format('As a superuser: %s; notify pgrst, ''reload config''', v_statement);
  end;
  perform pg_notify('pgrst', 'reload config');

  select * into v_after from latchkey.http_gate;
  if v_after.is_on is distinct from p_on then
    raise exception 'The gate stays on: role authenticator is set to it in every database'
      using errcode = 'PT409', hint = 'alter role authenticator reset pgrst.db_pre_request';
  end if;
  perform audit.record_event(
    case when p_on then 'http_gate.switched_on' else 'http_gate.switched_off' end,
    'http_gate', null, 'HTTP gate', case when p_on then 'switch_on' else 'switch_off' end, 'ok', null, null,
    to_jsonb(v_before), to_jsonb(v_after));
  return v_after;
end
$$;
comment on function latchkey.switch_http_gate(boolean) is
  'Sets PostgREST''s pre-request function to public.pre_request(), or back to what it was, and tells PostgREST. Where another one is set, ours '
  'calls it from now on. For operators; the owner of this function must be allowed to alter role authenticator.';

-- ---------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------

revoke all on
  api_keys_private.user_tokens,
  api_keys_private.legacy_keys,
  api_keys_private.legacy_key_minutes,
  api_keys_private.http_gate_settings,
  latchkey.user_tokens,
  latchkey.legacy_keys,
  latchkey.legacy_key_days,
  latchkey.http_gate
  from public, anon, authenticated, service_role;
revoke all on all functions in schema api_keys_private, latchkey, http_gate from public, anon, authenticated, service_role;
revoke all on function
  public.register_user_token(text, timestamptz, jsonb),
  public.list_user_tokens(),
  public.revoke_user_token(text)
  from public, anon, authenticated, service_role;
revoke all on function public.pre_request() from anon, authenticated, service_role;

-- The same: it is what public.pre_request() calls.
grant execute on function http_gate.admit() to public;
grant execute on function
  public.register_user_token(text, timestamptz, jsonb),
  public.list_user_tokens(),
  public.revoke_user_token(text)
  to authenticated, latchkey_operator;
grant execute on function
  latchkey.switch_legacy_key(text, boolean),
  latchkey.revoke_legacy_key(text, text),
  latchkey.switch_http_gate(boolean)
  to latchkey_operator;
grant select on latchkey.user_tokens, latchkey.legacy_keys, latchkey.legacy_key_days, latchkey.http_gate
  to latchkey_operator, latchkey_auditor;

do $$
begin
  if latchkey.schema_version() < 5 then
    create or replace function latchkey.schema_version() returns integer
      language sql immutable parallel safe
      return 5;
  end if;
end
$$;
