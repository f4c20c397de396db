create or replace function api_keys_private.may_use_keys_of(p_user_id uuid, p_as_operator boolean) returns boolean
  language plpgsql stable
as $$
begin
  return coalesce((p_as_operator and latchkey.is_operator()) or api_keys_private.request_user() = p_user_id, false);
end
$$;
comment on function api_keys_private.may_use_keys_of(uuid, boolean) is
  'Whether this session may manage the keys of the KSUID design''s client: the signed-in user who that is, or an operator where the door is that '
  'of operators. Never null.';
