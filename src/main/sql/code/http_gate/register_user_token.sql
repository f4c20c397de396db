create or replace function api_keys_private.require_token_role(p_role text) returns void
  language plpgsql stable
as $$
begin
  if p_role = 'authenticated' then
    return;
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
end
$$;
comment on function api_keys_private.require_token_role(text) is
  'Refuses a role that a user token may not have: one that row level security does not hold for, or not of requests.';

create or replace function api_keys_private.register_token(
  p_as_operator boolean,
  p_name text,
  p_expires_at timestamptz,
  p_claims jsonb
) returns jsonb
  language plpgsql volatile
as $$
declare
  v_user uuid := api_keys_private.request_user();
  v_role text := current_setting('role');
  v_at constant timestamptz := clock_timestamp();
  v_token api_keys_private.user_tokens;
begin
  perform api_keys_private.require_user_or_operator(p_as_operator);
  if v_user is not null
    and exists (select from api_keys_private.user_tokens as t where t.jti = auth.jwt() ->> 'jti')
  then
    raise exception 'A user token cannot make another one: sign in' using errcode = '42501';
  end if;

  v_token.name := api_keys_private.checked_name('p_name', p_name);
  if p_expires_at is null then
    raise exception 'p_expires_at: must be given' using errcode = '22023';
  end if;
  perform api_keys_private.require_expiry('p_expires_at', p_expires_at);
  v_token.expires_at := date_trunc('second', p_expires_at);
  if v_token.expires_at > v_at + interval '10 years' then
    raise exception 'p_expires_at: must be within 10 years' using errcode = '22023';
  end if;
  if jsonb_typeof(p_claims) is distinct from 'object' or octet_length(p_claims::text) > 4000 then
    raise exception 'p_claims: must be an object of at most 4,000 bytes' using errcode = '22023';
  end if;
  if jsonb_path_exists(p_claims, '$.**{33 to last}') then
    raise exception 'p_claims: must not be nested deeper than 32 levels' using errcode = '22023';
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
    v_role := coalesce(p_claims ->> 'role', 'authenticated');
    perform api_keys_private.require_token_role(v_role);
  end if;

  if api_keys_private.user_is_there(v_user::text) is not true then
    raise exception 'User not found' using errcode = 'PT404', hint = 'The user is deleted or banned, or never was in auth.users.';
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
comment on function api_keys_private.register_token(boolean, text, timestamptz, jsonb) is
  'Registers a long-lived token for those who may, and answers as public.register_user_token() does.';

create or replace function latchkey_doors.register_user_token_as_user(p_name text, p_expires_at timestamptz, p_claims jsonb)
  returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return api_keys_private.register_token(false, p_name, p_expires_at, p_claims);
end
$$;
comment on function latchkey_doors.register_user_token_as_user(text, timestamptz, jsonb) is 'What public.register_user_token() calls for everybody but operators. It believes nothing but the claims of a signed-in user.';
revoke all on function latchkey_doors.register_user_token_as_user(text, timestamptz, jsonb) from anon, authenticated, service_role;
grant execute on function latchkey_doors.register_user_token_as_user(text, timestamptz, jsonb) to public;

create or replace function latchkey_doors.register_user_token_as_operator(p_name text, p_expires_at timestamptz, p_claims jsonb)
  returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return api_keys_private.register_token(true, p_name, p_expires_at, p_claims);
end
$$;
comment on function latchkey_doors.register_user_token_as_operator(text, timestamptz, jsonb) is 'What public.register_user_token() calls for operators.';
revoke all on function latchkey_doors.register_user_token_as_operator(text, timestamptz, jsonb) from public, anon, authenticated, service_role;
grant execute on function latchkey_doors.register_user_token_as_operator(text, timestamptz, jsonb) to latchkey_operator;

create or replace function public.register_user_token(p_name text, p_expires_at timestamptz, p_claims jsonb default '{}')
  returns jsonb
  language plpgsql volatile security invoker set search_path = pg_catalog, pg_temp
as $$
begin
  if pg_has_role(current_user, 'latchkey_operator', 'usage') then
    return latchkey_doors.register_user_token_as_operator(p_name, p_expires_at, p_claims);
  end if;
  return latchkey_doors.register_user_token_as_user(p_name, p_expires_at, p_claims);
end
$$;
comment on function public.register_user_token(text, timestamptz, jsonb) is
  'Registers a long-lived token and answers the claims to sign: jti, sub, role, iat, exp and p_claims. For the signed-in user, whose p_claims '
  'can only repeat claims of the sign-in, and for operators, who name the user as sub and may name a role. The caller signs.';
revoke all on function public.register_user_token(text, timestamptz, jsonb) from public, anon, authenticated, service_role;
grant execute on function public.register_user_token(text, timestamptz, jsonb) to authenticated, latchkey_operator;
