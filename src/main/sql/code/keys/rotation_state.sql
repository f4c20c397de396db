create or replace function api_keys_private.rotation_state(p_key api_keys_private.api_keys) returns jsonb
  language sql stable
  return api_keys_private.key_state(p_key)
    || jsonb_build_object('replaces', p_key.replaces, 'replaced_by', p_key.replaced_by);
comment on function api_keys_private.rotation_state(api_keys_private.api_keys) is 'A key as events show it, with the keys before and after it.';
