create or replace function latchkey.rotate_api_key(p_api_key_id uuid, p_grace interval) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before constant api_keys_private.api_keys := api_keys_private.key_of_account_to_change(p_api_key_id);
  v_at constant timestamptz := clock_timestamp();
  v_successor api_keys_private.api_keys := v_before;
  v_new record;
  v_after api_keys_private.api_keys;
begin
  if p_grace is null or p_grace < interval '0' or p_grace > interval '365 days' then
    raise exception 'p_grace: must be from 0 to 365 days' using errcode = '22023';
  end if;
  perform api_keys_private.require_unrevoked(v_before);
  if v_before.expires_at <= v_at then
    raise exception 'The key has expired' using errcode = 'PT409', hint = 'Make a new key instead.';
  end if;
  if v_before.disabled_at is not null then
    raise exception 'The key is disabled' using errcode = 'PT409', hint = 'Enable it first, or make a new key.';
  end if;
  if v_before.replaced_by is not null then
    raise exception 'The key is being rotated already' using errcode = 'PT409', hint = 'Rotate the key that replaced it.';
  end if;

  v_successor.id := gen_random_uuid();
  v_successor.created_by := null;
  v_successor.replaces := v_before.id;
  select * into v_new from api_keys_private.generate_key(api_keys_private.prefix_of(v_successor.kind));
  v_successor := api_keys_private.insert_key(v_successor, v_new.key, v_new.secret_hash, v_new.salt);
  perform audit.record_event(
    'key.created', 'key', v_successor.id::text, v_successor.name, 'create', 'ok', null, null, null,
    api_keys_private.rotation_state(v_successor));
  update api_keys_private.api_keys
  set expires_at = least(expires_at, v_at + p_grace),
    replaced_by = v_successor.id,
    version = version + 1,
    updated_at = v_at,
    updated_by_name = latchkey.actor() ->> 'display'
  where id = v_before.id
  returning * into v_after;
  perform audit.record_event(
    'key.rotated', 'key', v_after.id::text, v_after.name, 'rotate', 'ok', null, null,
    api_keys_private.rotation_state(v_before), api_keys_private.rotation_state(v_after));

  return api_keys_private.key_answer(v_new.key, v_successor)
    || jsonb_build_object(
      'kind', v_successor.kind, 'role', v_successor.role, 'description', v_successor.description, 'replaces', v_successor.replaces,
      'grace_ends_at', v_after.expires_at);
end
$$;
comment on function latchkey.rotate_api_key(uuid, interval) is
  'Makes a new key with the same settings and answers like create_project_key, with replaces and grace_ends_at. The old one goes on working '
  'until the sooner of the end of p_grace (0 to 365 days) and its own expiry. PT409 when it has ended, is disabled or is being rotated. For operators.';
grant execute on function latchkey.rotate_api_key(uuid, interval) to latchkey_operator;
