create or replace function api_keys_private.create_key_of_account(
  p_as_operator boolean,
  p_account_id uuid,
  p_name text,
  p_scopes jsonb,
  p_expires_at timestamptz
) returns jsonb
  language plpgsql volatile
as $$
declare
  v_key api_keys_private.api_keys;
  v_new record;
begin
  if api_keys_private.may_manage_account(p_account_id, p_as_operator) is not true then
    raise exception 'Unauthorized: You do not have permission to create API keys for this account'
      using errcode = '42501';
  end if;

  v_key.name := api_keys_private.checked_name('p_name', p_name);
  v_key.scopes := api_keys_private.checked_scopes('p_scopes', p_scopes);
  perform api_keys_private.require_expiry('p_expires_at', p_expires_at);
  if api_keys_private.lock_account(p_as_operator, p_account_id) is not true then
    raise exception 'Account not found' using errcode = 'PT404';
  end if;
  perform api_keys_private.require_fresh_snapshot();
  perform api_keys_private.require_room(p_account_id);

  v_key.kind := 'scoped';
  v_key.account_id := p_account_id;
  v_key.role := 'api_key';
  v_key.expires_at := p_expires_at;
  select * into v_new from api_keys_private.generate_key(api_keys_private.prefix_of(v_key.kind));
  v_key := api_keys_private.insert_key(v_key, v_new.key, v_new.secret_hash, v_new.salt);
  perform api_keys_private.record_key_event('key.created', 'create', null, null, v_key);
  return api_keys_private.key_answer(v_new.key, v_key);
end
$$;
comment on function api_keys_private.create_key_of_account(boolean, uuid, text, jsonb, timestamptz) is
  'Makes a scoped key of an account for those who may, and answers as public.create_api_key() does.';

create or replace function latchkey_doors.create_api_key_as_user(p_account_id uuid, p_name text, p_scopes jsonb, p_expires_at timestamptz)
  returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return api_keys_private.create_key_of_account(false, p_account_id, p_name, p_scopes, p_expires_at);
end
$$;
comment on function latchkey_doors.create_api_key_as_user(uuid, text, jsonb, timestamptz) is 'What public.create_api_key() calls for everybody but operators. It believes nothing but the claims of a signed-in user.';
revoke all on function latchkey_doors.create_api_key_as_user(uuid, text, jsonb, timestamptz) from anon, authenticated, service_role;
grant execute on function latchkey_doors.create_api_key_as_user(uuid, text, jsonb, timestamptz) to public;

create or replace function latchkey_doors.create_api_key_as_operator(p_account_id uuid, p_name text, p_scopes jsonb, p_expires_at timestamptz)
  returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return api_keys_private.create_key_of_account(true, p_account_id, p_name, p_scopes, p_expires_at);
end
$$;
comment on function latchkey_doors.create_api_key_as_operator(uuid, text, jsonb, timestamptz) is 'What public.create_api_key() calls for operators.';
revoke all on function latchkey_doors.create_api_key_as_operator(uuid, text, jsonb, timestamptz) from public, anon, authenticated, service_role;
grant execute on function latchkey_doors.create_api_key_as_operator(uuid, text, jsonb, timestamptz) to latchkey_operator;

create or replace function public.create_api_key(p_account_id uuid, p_name text, p_scopes jsonb, p_expires_at timestamptz default null)
  returns jsonb
  language plpgsql volatile security invoker set search_path = pg_catalog, pg_temp
as $$
begin
  if pg_has_role(current_user, 'latchkey_operator', 'usage') then
    return latchkey_doors.create_api_key_as_operator(p_account_id, p_name, p_scopes, p_expires_at);
  end if;
  return latchkey_doors.create_api_key_as_user(p_account_id, p_name, p_scopes, p_expires_at);
end
$$;
comment on function public.create_api_key(uuid, text, jsonb, timestamptz) is
  'Makes a scoped key of an account, for operators and members of it, and answers {id, name, key, key_prefix, account_id, scopes, '
  'expires_at, created_at}. The key is shown this once.';
revoke all on function public.create_api_key(uuid, text, jsonb, timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.create_api_key(uuid, text, jsonb, timestamptz) to authenticated, latchkey_operator;
