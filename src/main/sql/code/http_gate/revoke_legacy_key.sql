create or replace function latchkey.revoke_legacy_key(p_name text, p_reason text) returns latchkey.legacy_keys
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before constant api_keys_private.legacy_keys := api_keys_private.legacy_key_to_change(p_name);
  v_reason constant text := api_keys_private.checked_note('p_reason', p_reason, 500);
  v_after api_keys_private.legacy_keys;
  v_row latchkey.legacy_keys;
begin
  update api_keys_private.legacy_keys
  set revoked_at = clock_timestamp(), revoked_by_name = latchkey.actor() ->> 'display', revoke_reason = v_reason
  where name = p_name
  returning * into v_after;
  perform audit.record_event(
    'legacy_key.revoked', 'legacy_key', p_name, 'Legacy key ' || p_name, 'revoke', 'ok', null, v_reason,
    api_keys_private.legacy_key_state(v_before), api_keys_private.legacy_key_state(v_after));

  select * into v_row from latchkey.legacy_keys where name = p_name;
  return v_row;
end
$$;
comment on function latchkey.revoke_legacy_key(text, text) is
  'Revokes the legacy anon or service_role key for good, with a reason, and answers its row. PT409 when it was revoked before.';
grant execute on function latchkey.revoke_legacy_key(text, text) to latchkey_operator;
