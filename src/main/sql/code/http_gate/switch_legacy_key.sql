create or replace function latchkey.switch_legacy_key(p_name text, p_on boolean) returns latchkey.legacy_keys
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before constant api_keys_private.legacy_keys := api_keys_private.legacy_key_to_change(p_name);
  v_after api_keys_private.legacy_keys;
  v_row latchkey.legacy_keys;
begin
  if p_on is null then
    raise exception 'p_on: must be true or false' using errcode = '22023';
  end if;
  if p_on is distinct from (v_before.switched_off_at is null) then
    update api_keys_private.legacy_keys
    set switched_off_at = case when not p_on then clock_timestamp() end,
      switched_off_by_name = case when not p_on then latchkey.actor() ->> 'display' end
    where name = p_name
    returning * into v_after;
    perform audit.record_event(
      case when p_on then 'legacy_key.switched_on' else 'legacy_key.switched_off' end,
      'legacy_key', p_name, 'Legacy key ' || p_name, case when p_on then 'switch_on' else 'switch_off' end, 'ok', null, null,
      api_keys_private.legacy_key_state(v_before), api_keys_private.legacy_key_state(v_after));
  end if;

  select * into v_row from latchkey.legacy_keys where name = p_name;
  return v_row;
end
$$;
comment on function latchkey.switch_legacy_key(text, boolean) is
  'Switches the legacy anon or service_role key off, or on again, and answers its row. From the next request on.';
grant execute on function latchkey.switch_legacy_key(text, boolean) to latchkey_operator;
