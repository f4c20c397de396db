create or replace function latchkey.disable_api_key(p_api_key_id uuid) returns latchkey.keys
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before constant api_keys_private.api_keys := api_keys_private.key_to_change(p_api_key_id);
  v_after api_keys_private.api_keys;
begin
  perform api_keys_private.require_unrevoked(v_before);
  if v_before.disabled_at is null then
    update api_keys_private.api_keys
    set disabled_at = clock_timestamp(),
      disabled_by_name = latchkey.actor() ->> 'display',
      version = version + 1,
      updated_at = clock_timestamp(),
      updated_by_name = latchkey.actor() ->> 'display'
    where id = v_before.id
    returning * into v_after;
    perform api_keys_private.record_key_event('key.disabled', 'disable', null, v_before, v_after);
  end if;

  return api_keys_private.shown_key(v_before.id);
end
$$;
comment on function latchkey.disable_api_key(uuid) is
  'Stops a key until enable_api_key. A key that is disabled already stays as it is.';
grant execute on function latchkey.disable_api_key(uuid) to latchkey_operator;
