create or replace function api_keys_private.revoke_token(p_as_operator boolean, p_jti text) returns boolean
  language plpgsql volatile
as $$
declare
  v_user constant uuid := api_keys_private.request_user();
  v_is_operator constant boolean := p_as_operator and latchkey.is_operator();
  v_before api_keys_private.user_tokens;
  v_after api_keys_private.user_tokens;
begin
  perform api_keys_private.require_user_or_operator(p_as_operator);
  if p_jti is null then
    raise exception 'p_jti: must be given' using errcode = '22023';
  end if;
  select * into v_before
  from api_keys_private.user_tokens as t
  where t.jti = p_jti and (v_is_operator or t.user_id = v_user);
  if not found then
    raise exception 'Token not found' using errcode = 'PT404';
  end if;
  perform api_keys_private.lock_user_token(p_as_operator, p_jti);
  select * into v_before from api_keys_private.user_tokens as t where t.jti = p_jti;
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
comment on function api_keys_private.revoke_token(boolean, text) is
  'Revokes a user token for its user or an operator, and answers as public.revoke_user_token() does.';

create or replace function latchkey_doors.revoke_user_token_as_user(p_jti text)
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return api_keys_private.revoke_token(false, p_jti);
end
$$;
comment on function latchkey_doors.revoke_user_token_as_user(text) is 'What public.revoke_user_token() calls for everybody but operators. It believes nothing but the claims of a signed-in user.';
revoke all on function latchkey_doors.revoke_user_token_as_user(text) from anon, authenticated, service_role;
grant execute on function latchkey_doors.revoke_user_token_as_user(text) to public;

create or replace function latchkey_doors.revoke_user_token_as_operator(p_jti text)
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return api_keys_private.revoke_token(true, p_jti);
end
$$;
comment on function latchkey_doors.revoke_user_token_as_operator(text) is 'What public.revoke_user_token() calls for operators.';
revoke all on function latchkey_doors.revoke_user_token_as_operator(text) from public, anon, authenticated, service_role;
grant execute on function latchkey_doors.revoke_user_token_as_operator(text) to latchkey_operator;

create or replace function public.revoke_user_token(p_jti text)
  returns boolean
  language plpgsql volatile security invoker set search_path = pg_catalog, pg_temp
as $$
begin
  if pg_has_role(current_user, 'latchkey_operator', 'usage') then
    return latchkey_doors.revoke_user_token_as_operator(p_jti);
  end if;
  return latchkey_doors.revoke_user_token_as_user(p_jti);
end
$$;
comment on function public.revoke_user_token(text) is
  'Revokes a token for good: one''s own, or any for an operator. False, and nothing written, when it was revoked before. The token of another '
  'user is not found.';
revoke all on function public.revoke_user_token(text) from public, anon, authenticated, service_role;
grant execute on function public.revoke_user_token(text) to authenticated, latchkey_operator;
