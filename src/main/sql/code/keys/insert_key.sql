create or replace function api_keys_private.prefix_of(p_kind text) returns text
  language sql immutable strict parallel safe
  return case p_kind when 'scoped' then 'sk_' else 'sb_' || p_kind || '_' end;
comment on function api_keys_private.prefix_of(text) is 'What keys of a kind begin with.';

create or replace function api_keys_private.insert_key(
  p_kind text,
  p_account_id uuid,
  p_name text,
  p_description text,
  p_role text,
  p_scopes jsonb,
  p_expires_at timestamptz
) returns jsonb
  language plpgsql volatile
as $$
declare
  v_actor constant jsonb := latchkey.actor();
  v_prefix constant text := api_keys_private.prefix_of(p_kind);
  v_new record;
  v_key api_keys_private.api_keys;
begin
  select * into v_new from api_keys_private.generate_key(v_prefix);
  begin
    insert into api_keys_private.api_keys (
      ksuid, kind, account_id, name, description, key_prefix, prefix, last4, key_hash, salt, hash_method, role, scopes,
      expires_at, created_by, created_by_name, updated_by_name)
    values (
      v_new.ksuid, p_kind, p_account_id, p_name, p_description, left(v_new.key, 7), v_prefix, v_new.last4,
      encode(v_new.secret_hash, 'hex'), v_new.salt, 'sha256', p_role, p_scopes, p_expires_at,
      case when v_actor ->> 'type' in ('member', 'user') then (v_actor ->> 'id')::uuid end,
      v_actor ->> 'display', v_actor ->> 'display')
    returning * into v_key;
  exception when integrity_constraint_violation then
    -- The original DETAIL prints the row, hash included.
    raise exception 'The key could not be stored' using errcode = '23000';
  end;

  perform api_keys_private.record_key_event('key.created', 'create', null, null, v_key);
  return jsonb_build_object(
    'id', v_key.id,
    'name', v_key.name,
    'key', v_new.key,
    'key_prefix', v_key.key_prefix,
    'account_id', v_key.account_id,
    'scopes', v_key.scopes,
    'expires_at', v_key.expires_at,
    'created_at', v_key.created_at);
end
$$;
comment on function api_keys_private.insert_key(text, uuid, text, text, text, jsonb, timestamptz) is
  'Makes and stores a key of checked values and answers with it, the only time that it is shown.';
