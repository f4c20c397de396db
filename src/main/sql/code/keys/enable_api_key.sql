create or replace function latchkey.enable_api_key(p_api_key_id uuid) returns latchkey.keys
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before constant api_keys_private.api_keys := api_keys_private.key_to_change(p_api_key_id);
  v_after api_keys_private.api_keys;
begin
  perform api_keys_private.require_unrevoked(v_before);
  if v_before.disabled_at is not null then
    update api_keys_private.api_keys
    set disabled_at = null,
      disabled_by_name = null,
      version = version + 1,
      updated_at = clock_timestamp(),
      updated_by_name = latchkey.actor() ->> 'display'
    where id = v_before.id
    returning * into v_after;
    perform api_keys_private.record_key_event('key.enabled', 'enable', null, v_before, v_after);
  end if;

  return api_keys_private.shown_key(v_before.id);
end
$$;
comment on function latchkey.enable_api_key(uuid) is
  'Lets a disabled key work again, until its expiry. A key that is not disabled stays as it is.';
grant execute on function latchkey.enable_api_key(uuid) to latchkey_operator;
