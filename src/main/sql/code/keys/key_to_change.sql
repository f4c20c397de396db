create or replace function api_keys_private.key_to_change(p_api_key_id uuid) returns api_keys_private.api_keys
  language plpgsql volatile
as $$
declare
  v_key api_keys_private.api_keys;
begin
  perform api_keys_private.require_operator('change keys');

  select * into v_key from api_keys_private.api_keys where id = p_api_key_id for update;
  if not found then
    raise exception 'API key not found' using errcode = 'PT404';
  end if;
  return v_key;
end
$$;
comment on function api_keys_private.key_to_change(uuid) is 'Lets only operators pass, and locks the key that they change.';

create or replace function api_keys_private.require_unrevoked(p_key api_keys_private.api_keys) returns void
  language plpgsql stable
as $$
begin
  if p_key.revoked_at is not null then
    raise exception 'The key was revoked on % UTC by %',
      to_char(p_key.revoked_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
      coalesce(p_key.revoked_by_name, 'someone unknown')
      using errcode = 'PT409', hint = 'Revoking is final: make a new key instead.';
  end if;
end
$$;
comment on function api_keys_private.require_unrevoked(api_keys_private.api_keys) is
  'Refuses a key that was revoked, saying when and by whom.';
