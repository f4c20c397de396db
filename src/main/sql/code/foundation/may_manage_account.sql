create or replace function api_keys_private.may_manage_account(p_account_id uuid) returns boolean
  language plpgsql stable
as $$
begin
  return coalesce(
    latchkey.is_operator() or (session_user = 'authenticator' and public.has_role_on_account(p_account_id)), false);
end
$$;
comment on function api_keys_private.may_manage_account(uuid) is
  'Whether this session may manage the keys of the account: an operator, or a signed-in member of it. Never null.';
