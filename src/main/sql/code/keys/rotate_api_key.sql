create or replace function api_keys_private.insert_successor(p_key api_keys_private.api_keys, p_id uuid) returns text
  language plpgsql volatile
as $$
declare
  v_actor constant jsonb := latchkey.actor();
  v_prefix constant text := api_keys_private.prefix_of(p_key.kind);
  v_new record;
  v_key api_keys_private.api_keys;
begin
  select * into v_new from api_keys_private.generate_key(v_prefix);
  begin
    insert into api_keys_private.api_keys (
      id, ksuid, kind, account_id, name, description, key_prefix, prefix, last4, key_hash, salt, hash_method, role, scopes,
      allowed_cidrs, rate_limit, expires_at, created_by, created_by_name, updated_by_name, replaces)
    values (
      p_id, v_new.ksuid, p_key.kind, p_key.account_id, p_key.name, p_key.description, left(v_new.key, 7), v_prefix, v_new.last4,
      encode(v_new.secret_hash, 'hex'), v_new.salt, 'sha256', p_key.role, p_key.scopes, p_key.allowed_cidrs, p_key.rate_limit,
      p_key.expires_at,
      case when v_actor ->> 'type' in ('member', 'user') then (v_actor ->> 'id')::uuid end,
      v_actor ->> 'display', v_actor ->> 'display', p_key.id)
    returning * into v_key;
  exception when integrity_constraint_violation then
    -- The original DETAIL prints the row, hash included.
    raise exception 'The key could not be stored' using errcode = '23000';
  end;
  perform audit.record_event(
    'key.created', 'key', v_key.id::text, v_key.name, 'create', 'ok', null, null, null, api_keys_private.rotation_state(v_key));
  return v_new.key;
end
$$;
comment on function api_keys_private.insert_successor(api_keys_private.api_keys, uuid) is
  'Makes a key with the settings of another, and answers with it, the only time that it is shown.';

create or replace function latchkey.rotate_api_key(p_api_key_id uuid, p_grace interval) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before constant api_keys_private.api_keys := api_keys_private.key_to_change(p_api_key_id);
  v_at constant timestamptz := clock_timestamp();
  v_successor constant uuid := gen_random_uuid();
  v_after api_keys_private.api_keys;
  v_key text;
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

  v_key := api_keys_private.insert_successor(v_before, v_successor);
  update api_keys_private.api_keys
  set expires_at = least(expires_at, v_at + p_grace),
    replaced_by = v_successor,
    version = version + 1,
    updated_at = v_at,
    updated_by_name = latchkey.actor() ->> 'display'
  where id = v_before.id
  returning * into v_after;
  perform audit.record_event(
    'key.rotated', 'key', v_after.id::text, v_after.name, 'rotate', 'ok', null, null,
    api_keys_private.rotation_state(v_before), api_keys_private.rotation_state(v_after));

  return (
    select jsonb_build_object(
      'id', k.id, 'name', k.name, 'key', v_key, 'key_prefix', k.key_prefix, 'account_id', k.account_id, 'scopes', k.scopes,
      'expires_at', k.expires_at, 'created_at', k.created_at, 'kind', k.kind, 'role', k.role, 'description', k.description,
      'replaces', k.replaces, 'grace_ends_at', v_after.expires_at)
    from api_keys_private.api_keys as k
    where k.id = v_successor);
end
$$;
comment on function latchkey.rotate_api_key(uuid, interval) is
  'Makes a new key with the same settings and answers like create_project_key, with replaces and grace_ends_at. The old one goes on working '
  'until the sooner of the end of p_grace (0 to 365 days) and its own expiry. PT409 when it has ended, is disabled or is being rotated. For operators.';
grant execute on function latchkey.rotate_api_key(uuid, interval) to latchkey_operator;
