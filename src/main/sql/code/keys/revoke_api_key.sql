create or replace function api_keys_private.revoke_key_of_account(p_as_operator boolean, p_api_key_id uuid) returns boolean
  language plpgsql volatile
as $$
declare
  v_key api_keys_private.api_keys;
begin
  select * into v_key from api_keys_private.api_keys where id = p_api_key_id;
  if not found then
    raise exception 'API key not found' using errcode = 'PT404';
  end if;
  if api_keys_private.may_manage_account(v_key.account_id, p_as_operator) is not true then
    raise exception 'Unauthorized: You do not have permission to revoke API keys for this account'
      using errcode = '42501';
  end if;
  v_key := api_keys_private.lock_key(p_as_operator, p_api_key_id);
  if v_key.revoked_at is not null then
    return false;
  end if;

  perform api_keys_private.revoke(v_key, null);
  return true;
end
$$;
comment on function api_keys_private.revoke_key_of_account(boolean, uuid) is
  'Revokes a key for good for those who may manage its account, and answers as public.revoke_api_key() does.';

create or replace function latchkey_doors.revoke_api_key_as_user(p_api_key_id uuid)
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return api_keys_private.revoke_key_of_account(false, p_api_key_id);
end
$$;
comment on function latchkey_doors.revoke_api_key_as_user(uuid) is 'What public.revoke_api_key() calls for everybody but operators. It believes nothing but the claims of a signed-in user.';
revoke all on function latchkey_doors.revoke_api_key_as_user(uuid) from anon, authenticated, service_role;
grant execute on function latchkey_doors.revoke_api_key_as_user(uuid) to public;

create or replace function latchkey_doors.revoke_api_key_as_operator(p_api_key_id uuid)
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return api_keys_private.revoke_key_of_account(true, p_api_key_id);
end
$$;
comment on function latchkey_doors.revoke_api_key_as_operator(uuid) is 'What public.revoke_api_key() calls for operators.';
revoke all on function latchkey_doors.revoke_api_key_as_operator(uuid) from public, anon, authenticated, service_role;
grant execute on function latchkey_doors.revoke_api_key_as_operator(uuid) to latchkey_operator;

create or replace function public.revoke_api_key(p_api_key_id uuid)
  returns boolean
  language plpgsql volatile security invoker set search_path = pg_catalog, pg_temp
as $$
begin
  if pg_has_role(current_user, 'latchkey_operator', 'usage') then
    return latchkey_doors.revoke_api_key_as_operator(p_api_key_id);
  end if;
  return latchkey_doors.revoke_api_key_as_user(p_api_key_id);
end
$$;
comment on function public.revoke_api_key(uuid) is
  'Revokes a key for good, for operators and members of its account. False, and nothing written, when it was revoked before.';
revoke all on function public.revoke_api_key(uuid) from public, anon, authenticated, service_role;
grant execute on function public.revoke_api_key(uuid) to authenticated, latchkey_operator;
