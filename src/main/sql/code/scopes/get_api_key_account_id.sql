create or replace function public.get_api_key_account_id() returns uuid
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return (
    select k.account_id
    from api_keys_private.api_keys as k
    where k.id = auth.uid()
      and k.kind = 'scoped'
      and k.is_active
      and (k.expires_at is null or k.expires_at > statement_timestamp()));
end
$$;
comment on function public.get_api_key_account_id() is
  'The account of the key of this request; null when it is unknown or has ended.';
revoke all on function public.get_api_key_account_id() from public, anon, authenticated, service_role;
grant execute on function public.get_api_key_account_id() to api_key, authenticated, service_role, latchkey_operator;
