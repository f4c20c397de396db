create or replace function api_keys_private.token_state(p_token api_keys_private.user_tokens) returns jsonb
  language sql stable
  return jsonb_build_object(
    'name', p_token.name, 'user_id', p_token.user_id, 'role', p_token.role, 'claims', p_token.claims,
    'created_at', audit.utc(p_token.created_at), 'expires_at', audit.utc(p_token.expires_at),
    'revoked_at', audit.utc(p_token.revoked_at));
comment on function api_keys_private.token_state(api_keys_private.user_tokens) is 'A user token as events show it.';
