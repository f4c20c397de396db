create or replace function ksuid_keys.list_api_keys(
  client_id uuid,
  limit_count integer default 20,
  offset_count integer default 0,
  before_id text default null
)
  returns table (id text, name text, last4 text, created_at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if api_keys_private.may_use_keys_of(client_id) is not true then
    raise exception 'Only the client or an operator may do this' using errcode = '42501';
  end if;
  if limit_count is null or limit_count not between 1 and 1000 then
    raise exception 'limit_count: must be from 1 to 1,000' using errcode = '22023';
  end if;
  if offset_count is null or offset_count < 0 then
    raise exception 'offset_count: must be 0 or more' using errcode = '22023';
  end if;

  return query
  select k.ksuid, k.name, k.last4, k.created_at
  from api_keys_private.api_keys as k
  where k.created_by = client_id
    and k.prefix = ''
    and k.is_active
    and (before_id is null or k.ksuid < before_id collate "C")
  order by k.ksuid desc
  limit limit_count offset offset_count;
end
$$;
comment on function ksuid_keys.list_api_keys(uuid, integer, integer, text) is
  'The client''s keys in this format that are neither disabled nor revoked, newest first. Pages by the KSUID of the last one seen (before_id), or by offset. '
  'For the client and operators.';
revoke all on function ksuid_keys.list_api_keys(uuid, integer, integer, text) from public, anon, authenticated, service_role;
grant execute on function ksuid_keys.list_api_keys(uuid, integer, integer, text) to authenticated, latchkey_operator;
