create or replace function api_keys_private.legacy_key_state(p_key api_keys_private.legacy_keys) returns jsonb
  language sql stable
  return jsonb_build_object(
    'switched_off_at', audit.utc(p_key.switched_off_at), 'revoked_at', audit.utc(p_key.revoked_at),
    'revoke_reason', p_key.revoke_reason);
comment on function api_keys_private.legacy_key_state(api_keys_private.legacy_keys) is 'A legacy key as events show it.';

create or replace function api_keys_private.legacy_key_to_change(p_name text) returns api_keys_private.legacy_keys
  language plpgsql volatile
as $$
declare
  v_key api_keys_private.legacy_keys;
begin
  perform api_keys_private.require_operator('change legacy keys');

  perform api_keys_private.lock_legacy_key(p_name);
  select * into v_key from api_keys_private.legacy_keys where name = p_name;
  if not found then
    raise exception 'p_name: must be anon or service_role' using errcode = '22023';
  end if;
  if v_key.revoked_at is not null then
    raise exception 'The legacy key % was revoked on % UTC by %',
      v_key.name, to_char(v_key.revoked_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'), v_key.revoked_by_name
      using errcode = 'PT409', hint = 'Revoking is final.';
  end if;
  return v_key;
end
$$;
comment on function api_keys_private.legacy_key_to_change(text) is
  'Lets only operators pass, and locks the legacy key that they change, unless it was revoked.';
