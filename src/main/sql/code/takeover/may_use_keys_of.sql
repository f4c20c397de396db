create or replace function api_keys_private.may_use_keys_of(p_user_id uuid, p_door text) returns boolean
  language plpgsql stable
as $$
begin
  return coalesce(
    case p_door
      when 'service' then true
      when 'operator' then latchkey.is_operator() or api_keys_private.request_user() = p_user_id
      else api_keys_private.request_user() = p_user_id
    end,
    false);
end
$$;
comment on function api_keys_private.may_use_keys_of(uuid, text) is
  'Whether this session may manage the keys of the KSUID design''s client: the signed-in user who that is, an operator where the door is that '
  'of operators, or whoever came through that of service_role. Never null.';
