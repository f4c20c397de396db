create or replace function latchkey.revoke_key(p_api_key_id uuid, p_reason text) returns latchkey.keys
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_key constant api_keys_private.api_keys := api_keys_private.key_to_change(p_api_key_id);
begin
  perform api_keys_private.require_unrevoked(v_key);
  perform api_keys_private.revoke(v_key, api_keys_private.checked_note('p_reason', p_reason, 500));

  return api_keys_private.shown_key(v_key.id);
end
$$;
comment on function latchkey.revoke_key(uuid, text) is
  'Revokes a key of any kind for good, with a reason. PT409, saying when and by whom, when it was revoked before.';
grant execute on function latchkey.revoke_key(uuid, text) to latchkey_operator;
