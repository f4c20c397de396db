create or replace function api_keys_private.may_use_keys_of(p_user_id uuid) returns boolean
  language plpgsql stable
as $$
begin
  return coalesce(latchkey.is_operator() or api_keys_private.request_user() = p_user_id, false);
end
$$;
comment on function api_keys_private.may_use_keys_of(uuid) is
  'Whether this session may manage the keys of the KSUID design''s client: an operator, or the signed-in user who that is. Never null.';
