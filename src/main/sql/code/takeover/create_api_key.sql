create or replace function api_keys_private.is_user(p_user_id uuid) returns boolean
  language plpgsql volatile
as $$
begin
  if to_regclass('auth.users') is null or not has_table_privilege('auth.users', 'select') then
    return true;
  end if;
  if has_table_privilege('auth.users', 'update') then
    -- A deletion under way is waited for, or waits and then sees the new key.
    return api_keys_private.lock_user(p_user_id);
  else
    perform from auth.users as u where u.id = p_user_id;
  end if;
  return found;
end
$$;
comment on function api_keys_private.is_user(uuid) is
  'Whether there is such a user: a token outlives the user whom it names. True where there are no users here, or they cannot be read.';

create or replace function api_keys_private.create_key_of_client(p_door text, client_id uuid, key_name text) returns text
  language plpgsql volatile
as $$
declare
  v_secret constant text := api_keys_private.random_base62(32);
  v_key api_keys_private.api_keys;
begin
  if api_keys_private.may_use_keys_of(client_id, p_door) is not true then
    raise exception 'Only the client or an operator may do this' using errcode = '42501';
  end if;
  v_key.name := api_keys_private.checked_name('key_name', key_name);
  if client_id is null then
    raise exception 'client_id: must be given' using errcode = '22023';
  end if;
  if not api_keys_private.keys_end_with_users() then
    raise exception 'Keys have to end with their user, and auth.users has no trigger for that' using
      errcode = '55000',
      hint = 'As one who may put a trigger on auth.users: select latchkey.adopt_ksuid_keys().';
  end if;
  if not api_keys_private.is_user(client_id) then
    raise exception 'client_id: is no user' using errcode = '22023';
  end if;

  begin
    v_key.account_id := api_keys_private.personal_account(client_id);
  exception when integrity_constraint_violation then
    -- The original DETAIL prints the row.
    raise exception 'The account of the key could not be stored' using errcode = '23000';
  end;
  if api_keys_private.lock_account(p_door = 'operator', v_key.account_id) is not true then
    raise exception 'The account of the key is being deleted' using errcode = 'PT409';
  end if;
  perform api_keys_private.require_fresh_snapshot();
  perform api_keys_private.require_room(v_key.account_id);
  v_key.kind := 'scoped';
  v_key.ksuid := api_keys_private.ksuid();
  v_key.key_prefix := left(v_key.ksuid, 7);
  v_key.prefix := '';
  v_key.last4 := right(v_secret, 4);
  v_key.salt := api_keys_private.random_bytes(16);
  v_key.key_hash := api_keys_private.older_hash('sha256', v_secret, v_key.salt);
  v_key.role := 'api_key';
  v_key.scopes := '[]';
  v_key.created_by := client_id;
  v_key := api_keys_private.store_key(v_key);
  perform api_keys_private.record_key_event('key.created', 'create', null, null, v_key);
  return v_key.ksuid || v_secret;
end
$$;
comment on function api_keys_private.create_key_of_client(text, uuid, text) is
  'Makes a key of the KSUID design for those who may, and answers as ksuid_keys.create_api_key() does.';

create or replace function latchkey_doors.ksuid_create_api_key_as_user(client_id uuid, key_name text)
  returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return api_keys_private.create_key_of_client('user', client_id, key_name);
end
$$;
comment on function latchkey_doors.ksuid_create_api_key_as_user(uuid, text) is 'What ksuid_keys.create_api_key() calls for everybody but operators. It believes nothing but the claims of a signed-in user.';
revoke all on function latchkey_doors.ksuid_create_api_key_as_user(uuid, text) from anon, authenticated, service_role;
grant execute on function latchkey_doors.ksuid_create_api_key_as_user(uuid, text) to public;

create or replace function latchkey_doors.ksuid_create_api_key_as_operator(client_id uuid, key_name text)
  returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return api_keys_private.create_key_of_client('operator', client_id, key_name);
end
$$;
comment on function latchkey_doors.ksuid_create_api_key_as_operator(uuid, text) is 'What ksuid_keys.create_api_key() calls for operators.';
revoke all on function latchkey_doors.ksuid_create_api_key_as_operator(uuid, text) from public, anon, authenticated, service_role;
grant execute on function latchkey_doors.ksuid_create_api_key_as_operator(uuid, text) to latchkey_operator;

create or replace function ksuid_keys.create_api_key(client_id uuid, key_name text)
  returns text
  language plpgsql volatile security invoker set search_path = pg_catalog, pg_temp
as $$
begin
  if pg_has_role(current_user, 'latchkey_operator', 'usage') then
    return latchkey_doors.ksuid_create_api_key_as_operator(client_id, key_name);
  end if;
  if pg_has_role(current_user, 'service_role', 'usage') then
    return latchkey_doors.ksuid_create_api_key_as_service(client_id, key_name);
  end if;
  return latchkey_doors.ksuid_create_api_key_as_user(client_id, key_name);
end
$$;
comment on function ksuid_keys.create_api_key(uuid, text) is
  'Makes a key of the client''s personal account, a KSUID followed by its secret, and answers with it. Shown this once. It ends with the client '
  'and with the account. For the client and operators, and where that design was taken over for service_role.';
revoke all on function ksuid_keys.create_api_key(uuid, text) from public, anon, authenticated, service_role;
grant execute on function ksuid_keys.create_api_key(uuid, text) to authenticated, latchkey_operator;
