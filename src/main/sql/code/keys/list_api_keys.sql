create or replace function public.list_api_keys(p_account_id uuid)
  returns table (
    id uuid,
    name text,
    key_prefix text,
    scopes jsonb,
    expires_at timestamptz,
    created_at timestamptz,
    last_used_at timestamptz,
    is_active boolean,
    created_by uuid
  )
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if api_keys_private.may_manage_account(p_account_id) is not true then
    raise exception 'Unauthorized: You do not have permission to view API keys for this account'
      using errcode = '42501';
  end if;

  return query
  select
    k.id, k.name, k.key_prefix::text, k.scopes, k.expires_at, k.created_at, k.last_used_at, k.is_active, k.created_by
  from api_keys_private.api_keys as k
  where k.account_id = p_account_id
  order by k.created_at desc, k.ksuid desc nulls last;
end
$$;
comment on function public.list_api_keys(uuid) is 'The keys of an account, newest first, for operators and members of it.';
revoke all on function public.list_api_keys(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_api_keys(uuid) to authenticated, latchkey_operator;
