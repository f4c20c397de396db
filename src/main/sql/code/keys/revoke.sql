create or replace function api_keys_private.revoke(p_key api_keys_private.api_keys, p_reason text) returns void
  language plpgsql volatile
as $$
declare
  v_actor constant jsonb := latchkey.actor();
  v_after api_keys_private.api_keys;
begin
  update api_keys_private.api_keys
  set revoked_at = clock_timestamp(),
    revoked_by = v_actor ->> 'id',
    revoked_by_name = v_actor ->> 'display',
    revoke_reason = p_reason,
    version = version + 1,
    updated_at = clock_timestamp(),
    updated_by_name = v_actor ->> 'display'
  where id = p_key.id
  returning * into v_after;
  perform api_keys_private.record_key_event('key.revoked', 'revoke', p_reason, p_key, v_after);
end
$$;
comment on function api_keys_private.revoke(api_keys_private.api_keys, text) is
  'Revokes a key that its caller has locked and that is not revoked yet.';
