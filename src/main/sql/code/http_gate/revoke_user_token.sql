create or replace function public.revoke_user_token(p_jti text) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_user constant uuid := api_keys_private.request_user();
  v_is_operator constant boolean := latchkey.is_operator();
  v_before api_keys_private.user_tokens;
  v_after api_keys_private.user_tokens;
begin
  perform api_keys_private.require_user_or_operator();
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
revoke all on function public.revoke_user_token(text) from public, anon, authenticated, service_role;
grant execute on function public.revoke_user_token(text) to authenticated, latchkey_operator;
