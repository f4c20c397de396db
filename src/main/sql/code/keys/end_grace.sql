create or replace function latchkey.end_grace(p_api_key_id uuid) returns latchkey.keys
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before constant api_keys_private.api_keys := api_keys_private.key_to_change(p_api_key_id);
  v_at constant timestamptz := clock_timestamp();
  v_after api_keys_private.api_keys;
  v_row latchkey.keys;
begin
  perform api_keys_private.require_unrevoked(v_before);
  if v_before.replaced_by is null then
    raise exception 'The key is not being rotated' using errcode = 'PT409';
  end if;
  if v_before.expires_at is null or v_before.expires_at > v_at then
    update api_keys_private.api_keys
    set expires_at = v_at, version = version + 1, updated_at = v_at, updated_by_name = latchkey.actor() ->> 'display'
    where id = v_before.id
    returning * into v_after;
    perform audit.record_event(
      'key.grace_ended', 'key', v_after.id::text, v_after.name, 'end_grace', 'ok', null, null,
      api_keys_private.rotation_state(v_before), api_keys_private.rotation_state(v_after));
  end if;

  v_row := api_keys_private.shown_key(v_before.id);
  -- The status is that of the transaction's begin: what ended after it has ended all the same.
  v_row.status := 'expired';
  return v_row;
end
$$;
comment on function latchkey.end_grace(uuid) is
  'Ends the grace of a key that was rotated, now, and answers its row. One whose grace is over stays as it is. For operators.';
grant execute on function latchkey.end_grace(uuid) to latchkey_operator;
