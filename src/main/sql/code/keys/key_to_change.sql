create or replace function api_keys_private.key_to_change(p_api_key_id uuid) returns api_keys_private.api_keys
  language plpgsql volatile
as $$
declare
  v_key api_keys_private.api_keys;
begin
  perform api_keys_private.require_operator('change keys');

  v_key := api_keys_private.lock_key(true, p_api_key_id);
  if v_key.id is null then
    raise exception 'API key not found' using errcode = 'PT404';
  end if;
  return v_key;
end
$$;
comment on function api_keys_private.key_to_change(uuid) is 'Lets only operators pass, and locks the key that they change, or refuses with PT423 when somebody holds it.';

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

create or replace function api_keys_private.key_of_account_to_change(p_api_key_id uuid) returns api_keys_private.api_keys
  language plpgsql volatile
as $$
declare
  v_account_id uuid;
begin
  perform api_keys_private.require_operator('change keys');
  -- The account first, as whoever deletes it takes the locks.
  select k.account_id into v_account_id from api_keys_private.api_keys as k where k.id = p_api_key_id;
  if v_account_id is not null then
    perform api_keys_private.lock_account(true, v_account_id);
  end if;
  return api_keys_private.key_to_change(p_api_key_id);
end
$$;
comment on function api_keys_private.key_of_account_to_change(uuid) is
  'As key_to_change, and keeps the account of the key from being deleted meanwhile.';
