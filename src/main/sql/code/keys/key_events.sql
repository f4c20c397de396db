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
