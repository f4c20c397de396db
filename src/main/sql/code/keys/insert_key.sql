create or replace function api_keys_private.store_key(p_key api_keys_private.api_keys) returns api_keys_private.api_keys
  language plpgsql volatile
as $$
declare
  v_actor constant jsonb := latchkey.actor();
  v_key api_keys_private.api_keys;
begin
  insert into api_keys_private.api_keys (
    id, ksuid, kind, account_id, name, description, key_prefix, prefix, last4, key_hash, salt, key_digest, hash_method, role, scopes,
    allowed_cidrs, rate_limit, expires_at, created_by, created_by_name, updated_by_name, replaces)
  values (
    coalesce(p_key.id, gen_random_uuid()), p_key.ksuid, p_key.kind, p_key.account_id, p_key.name, p_key.description,
    p_key.key_prefix, p_key.prefix, p_key.last4, p_key.key_hash, p_key.salt, p_key.key_digest, 'sha256',
    p_key.role, p_key.scopes,
    p_key.allowed_cidrs, p_key.rate_limit, p_key.expires_at,
    coalesce(p_key.created_by, case when v_actor ->> 'type' in ('member', 'user') then (v_actor ->> 'id')::uuid end),
    v_actor ->> 'display', v_actor ->> 'display', p_key.replaces)
  returning * into v_key;
  return v_key;
exception when integrity_constraint_violation then
  -- The original DETAIL prints the row, hash included.
  raise exception 'The key could not be stored' using errcode = '23000';
end
$$;
comment on function api_keys_private.store_key(api_keys_private.api_keys) is
  'Stores a new key of checked values, made by the person behind this session unless it says by whom.';

create or replace function api_keys_private.prefix_of(p_kind text) returns text
  language sql immutable strict parallel safe
  return case p_kind when 'scoped' then 'sk_' else 'sb_' || p_kind || '_' end;
comment on function api_keys_private.prefix_of(text) is 'What keys of a kind begin with.';

create or replace function api_keys_private.insert_key(
  p_settings api_keys_private.api_keys,
  p_key text,
  p_secret_hash bytea,
  p_salt bytea
) returns api_keys_private.api_keys
  language plpgsql volatile
as $$
declare
  v_key api_keys_private.api_keys := p_settings;
begin
  v_key.ksuid := api_keys_private.ksuid_of(p_key);
  v_key.prefix := api_keys_private.prefix_of(p_settings.kind);
  v_key.key_prefix := left(p_key, 7);
  v_key.last4 := right(p_key, 4);
  v_key.key_hash := encode(p_secret_hash, 'hex');
  v_key.salt := p_salt;
  v_key.key_digest := sha256(convert_to(p_key, 'UTF8') || p_salt);
  return api_keys_private.store_key(v_key);
end
$$;
comment on function api_keys_private.insert_key(api_keys_private.api_keys, text, bytea, bytea) is
  'Stores a key that generate_key() made, with the settings of this row.';

create or replace function api_keys_private.key_answer(p_key text, p_stored api_keys_private.api_keys) returns jsonb
  language sql stable
  return jsonb_build_object(
    'id', p_stored.id, 'name', p_stored.name, 'key', p_key, 'key_prefix', p_stored.key_prefix, 'account_id', p_stored.account_id,
    'scopes', p_stored.scopes, 'expires_at', p_stored.expires_at, 'created_at', p_stored.created_at);
comment on function api_keys_private.key_answer(text, api_keys_private.api_keys) is
  'What a function that makes a key answers, as public.create_api_key is published.';
