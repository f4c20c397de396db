create or replace function public.revoke_api_key(p_api_key_id uuid) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_key api_keys_private.api_keys;
begin
  select * into v_key from api_keys_private.api_keys where id = p_api_key_id for update;
  if not found then
    raise exception 'API key not found' using errcode = 'PT404';
  end if;
  if api_keys_private.may_manage_account(v_key.account_id) is not true then
    raise exception 'Unauthorized: You do not have permission to revoke API keys for this account'
      using errcode = '42501';
  end if;
  if v_key.revoked_at is not null then
    return false;
  end if;

  perform api_keys_private.revoke(v_key, null);
  return true;
end
$$;
comment on function public.revoke_api_key(uuid) is
  'Revokes a key for good, for operators and members of its account. False, and nothing written, when it was revoked before.';
revoke all on function public.revoke_api_key(uuid) from public, anon, authenticated, service_role;
grant execute on function public.revoke_api_key(uuid) to authenticated, latchkey_operator;
