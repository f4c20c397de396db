create or replace function api_keys_private.tokens_of_caller(p_as_operator boolean)
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
  language plpgsql stable
as $$
declare
  v_user constant uuid := api_keys_private.request_user();
  v_is_operator constant boolean := p_as_operator and latchkey.is_operator();
begin
  perform api_keys_private.require_user_or_operator(p_as_operator);

  return query
  select
    t.jti, t.name, t.user_id, t.role, t.created_at, t.expires_at, t.revoked_at,
    t.revoked_at is null and t.expires_at > clock_timestamp()
  from api_keys_private.user_tokens as t
  where v_is_operator or t.user_id = v_user
  order by t.jti desc;
end
$$;
comment on function api_keys_private.tokens_of_caller(boolean) is 'The tokens of the signed-in user, or all of them for an operator, newest first.';

create or replace function latchkey_doors.list_user_tokens_as_user()
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
begin
  return query select * from api_keys_private.tokens_of_caller(false);
end
$$;
comment on function latchkey_doors.list_user_tokens_as_user() is 'What public.list_user_tokens() calls for everybody but operators. It believes nothing but the claims of a signed-in user.';
revoke all on function latchkey_doors.list_user_tokens_as_user() from anon, authenticated, service_role;
grant execute on function latchkey_doors.list_user_tokens_as_user() to public;

create or replace function latchkey_doors.list_user_tokens_as_operator()
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
begin
  return query select * from api_keys_private.tokens_of_caller(true);
end
$$;
comment on function latchkey_doors.list_user_tokens_as_operator() is 'What public.list_user_tokens() calls for operators.';
revoke all on function latchkey_doors.list_user_tokens_as_operator() from public, anon, authenticated, service_role;
grant execute on function latchkey_doors.list_user_tokens_as_operator() to latchkey_operator;

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
  language plpgsql stable security invoker set search_path = pg_catalog, pg_temp
as $$
begin
  if pg_has_role(current_user, 'latchkey_operator', 'usage') then
    return query select * from latchkey_doors.list_user_tokens_as_operator();
  else
    return query select * from latchkey_doors.list_user_tokens_as_user();
  end if;
end
$$;
comment on function public.list_user_tokens() is
  'The tokens of the signed-in user, or all of them for an operator, newest first.';
revoke all on function public.list_user_tokens() from public, anon, authenticated, service_role;
grant execute on function public.list_user_tokens() to authenticated, latchkey_operator;
