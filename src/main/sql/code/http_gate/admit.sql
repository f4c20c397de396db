-- What public.pre_request() asks about each request. It is SECURITY INVOKER, because a definer function may not set the
-- role; what it needs to know it asks this one definer function, which takes no argument and reads the settings of the
-- request by itself.
--
-- A request that reads (GET, HEAD) runs in a read-only transaction: nothing is written there, so uses of legacy keys, last
-- uses and rate limits are counted only in requests that write. A refused request is rolled back with all that it wrote.

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
  if octet_length(p_jwt) > 8192 or p_jwt !~ '^[0-9A-Za-z_-]+[.][0-9A-Za-z_-]+[.][0-9A-Za-z_-]*$' then
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
  v_minute constant timestamptz := date_trunc('minute', clock_timestamp(), 'UTC');
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

create or replace function api_keys_private.user_is_there(p_user_id text) returns boolean
  language plpgsql stable
as $$
begin
  if to_regclass('auth.users') is null or not has_table_privilege('auth.users', 'select') then
    return true;
  end if;
  if p_user_id is null or p_user_id !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
    return false;
  end if;
  -- Of the platform's columns only the id is sure to be there.
  return exists (
    select
    from auth.users as u
    where u.id = p_user_id::uuid
      and to_jsonb(u) ->> 'deleted_at' is null
      and coalesce((to_jsonb(u) ->> 'banned_until')::timestamptz <= clock_timestamp(), true));
end
$$;
comment on function api_keys_private.user_is_there(text) is
  'Whether a user may still sign in: is in auth.users, neither marked as deleted nor banned now. True where there is no such table, or '
  'it cannot be read: then nobody here knows.';

create or replace function api_keys_private.token_is_good(p_claims jsonb) returns boolean
  language plpgsql stable strict
as $$
declare
  v_jti constant text := p_claims ->> 'jti';
begin
  -- Other issuers number their sign-ins too. Ours are KSUIDs; and what lives long has to be registered, whoever numbered it.
  if (v_jti is null or v_jti !~ '^[0-9A-Za-z]{27}$') and not api_keys_private.is_long_lived(p_claims) then
    return true;
  end if;
  if v_jti is null and api_keys_private.legacy_key_of(p_claims) is not null then
    return true; -- On or off by itself.
  end if;
  if v_jti is null and p_claims ->> 'role' = 'api_key' then
    return exists (
      select
      from api_keys_private.api_keys as k
      where k.id = case
          when p_claims ->> 'sub' ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then (p_claims ->> 'sub')::uuid
        end
        and k.is_active
        and (k.expires_at is null or k.expires_at > clock_timestamp()));
  end if;
  if v_jti is null then
    return api_keys_private.user_is_there(p_claims ->> 'sub')
      and exists (select from api_keys_private.token_transition as s where s.unregistered_until > clock_timestamp());
  end if;
  return api_keys_private.user_is_there(p_claims ->> 'sub')
    and exists (
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
  'Whether a token that the API server checked may be used. What lives longer than a day, or does not say, must be registered for this user '
  'and role and not have ended, and its user must be there; without a number it is a legacy key, a key''s own token, which is as good as the '
  'key, or refused, unless latchkey.allow_unregistered_tokens() lets such tokens of users in for a while. Short-lived sign-ins pass.';

create or replace function api_keys_private.is_platform_key(p_key text) returns boolean
  language sql immutable strict parallel safe
  return p_key ~ '^sb_(publishable|secret)_[0-9A-Za-z_-]{22}_[0-9A-Za-z_-]{8}$';
comment on function api_keys_private.is_platform_key(text) is
  'Whether this is a key of the platform, which its gateway judges: of 46 or 41 characters, where ours with these beginnings have 80 and 75.';

create or replace function api_keys_private.is_good_scoped_key(p_id text) returns boolean
  language sql stable
  return exists (
    select
    from api_keys_private.api_keys as k
    where k.id = case when p_id ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then p_id::uuid end
      and k.kind = 'scoped'
      and k.revoked_at is null
      and k.disabled_at is null
      and (k.expires_at is null or k.expires_at > clock_timestamp()));
comment on function api_keys_private.is_good_scoped_key(text) is 'Whether a request''s token that says it is this key may be used: the key has not ended since.';

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
  v_apikey constant text := nullif(v_headers ->> 'apikey', '');
  v_key constant text := coalesce(
    nullif(v_headers ->> 'x-api-key', ''), case when api_keys_private.is_platform_key(v_apikey) is not true then v_apikey end);
  v_has_token constant boolean := v_claims - 'role' <> '{}' or coalesce(v_headers ->> 'authorization' ~* '^bearer ', false);
  v_key_claims constant jsonb := api_keys_private.jwt_claims(v_key);
  v_legacy text;
  v_answer jsonb;
begin
  if not api_keys_private.claims_count() then
    raise exception 'Only the API server may ask' using errcode = '42501';
  end if;
  perform api_keys_private.require_fresh_snapshot();

  if v_has_token and api_keys_private.token_is_good(v_claims) is not true then
    refusal := '{"code":"token_invalid","message":"Invalid token"}';
    return;
  end if;
  if v_has_token and v_claims ->> 'role' = 'api_key' and not api_keys_private.is_good_scoped_key(v_claims ->> 'sub') then
    refusal := '{"code":"api_key_invalid","message":"Invalid API key"}';
    return;
  end if;
  foreach v_legacy in array array[
    case when v_has_token then api_keys_private.legacy_key_of(v_claims) end,
    api_keys_private.legacy_key_of(v_key_claims),
    case when v_apikey <> v_key then api_keys_private.legacy_key_of(api_keys_private.jwt_claims(v_apikey)) end]
  loop
    if v_legacy is not null and api_keys_private.use_legacy_key(v_legacy) is not true then
      refusal := format('{"code":"legacy_key_off","message":"The legacy %s key is switched off"}', v_legacy);
      return;
    end if;
  end loop;
  -- A JWT in one of the headers is a legacy key or says nothing: only Authorization gives a role.
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
    else jsonb_build_object('role', role, 'api_key_id', v_answer ->> 'api_key_id')
  end;
end
$$;
comment on function http_gate.admit() is
  'Decides about the request whose settings the API server made: a refusal, as PostgREST wants it; or a role with claims to change to; or '
  'nothing, when the request stays what it is. A user''s token wins over a publishable or secret key; a scoped key makes the request its own. '
  'A key in x-api-key wins over one in apikey, where a key of the platform''s, which its gateway judges, is none. A token that was signed for '
  'a key ends with it. The client''s address is the last one in X-Forwarded-For, which the nearest proxy wrote.';
revoke all on function http_gate.admit() from anon, authenticated, service_role;
grant execute on function http_gate.admit() to public;
