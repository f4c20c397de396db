create or replace function api_keys_private.may_manage_account(p_account_id uuid, p_as_operator boolean) returns boolean
  language plpgsql stable
as $$
begin
  return coalesce(
    (p_as_operator and latchkey.is_operator())
      or (api_keys_private.request_user() is not null and public.has_role_on_account(p_account_id)),
    false);
end
$$;
comment on function api_keys_private.may_manage_account(uuid, boolean) is
  'Whether this session may manage the keys of the account: a signed-in member of it, or an operator where the door is that of operators. '
  'Never null.';
