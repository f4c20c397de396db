create or replace function api_keys_private.keys_of_client(
  p_door text,
  client_id uuid,
  limit_count integer,
  offset_count integer,
  before_id text
)
  returns table (id text, name text, last4 text, created_at timestamptz)
  language plpgsql stable
as $$
begin
  if api_keys_private.may_use_keys_of(client_id, p_door) is not true then
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
comment on function api_keys_private.keys_of_client(text, uuid, integer, integer, text) is
  'The keys of the KSUID design''s client for those who may see them, newest first.';

create or replace function latchkey_doors.ksuid_list_api_keys_as_user(client_id uuid, limit_count integer, offset_count integer, before_id text)
  returns table (id text, name text, last4 text, created_at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return query select * from api_keys_private.keys_of_client('user', client_id, limit_count, offset_count, before_id);
end
$$;
comment on function latchkey_doors.ksuid_list_api_keys_as_user(uuid, integer, integer, text) is 'What ksuid_keys.list_api_keys() calls for everybody but operators. It believes nothing but the claims of a signed-in user.';
revoke all on function latchkey_doors.ksuid_list_api_keys_as_user(uuid, integer, integer, text) from anon, authenticated, service_role;
grant execute on function latchkey_doors.ksuid_list_api_keys_as_user(uuid, integer, integer, text) to public;

create or replace function latchkey_doors.ksuid_list_api_keys_as_operator(client_id uuid, limit_count integer, offset_count integer, before_id text)
  returns table (id text, name text, last4 text, created_at timestamptz)
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return query select * from api_keys_private.keys_of_client('operator', client_id, limit_count, offset_count, before_id);
end
$$;
comment on function latchkey_doors.ksuid_list_api_keys_as_operator(uuid, integer, integer, text) is 'What ksuid_keys.list_api_keys() calls for operators.';
revoke all on function latchkey_doors.ksuid_list_api_keys_as_operator(uuid, integer, integer, text) from public, anon, authenticated, service_role;
grant execute on function latchkey_doors.ksuid_list_api_keys_as_operator(uuid, integer, integer, text) to latchkey_operator;

create or replace function ksuid_keys.list_api_keys(client_id uuid, limit_count integer default 20, offset_count integer default 0, before_id text default null)
  returns table (id text, name text, last4 text, created_at timestamptz)
  language plpgsql stable security invoker set search_path = pg_catalog, pg_temp
as $$
begin
  if pg_has_role(current_user, 'latchkey_operator', 'usage') then
    return query select * from latchkey_doors.ksuid_list_api_keys_as_operator(client_id, limit_count, offset_count, before_id);
  elsif pg_has_role(current_user, 'service_role', 'usage') then
    return query select * from latchkey_doors.ksuid_list_api_keys_as_service(client_id, limit_count, offset_count, before_id);
  else
    return query select * from latchkey_doors.ksuid_list_api_keys_as_user(client_id, limit_count, offset_count, before_id);
  end if;
end
$$;
comment on function ksuid_keys.list_api_keys(uuid, integer, integer, text) is
  'The client''s keys in this format that are neither disabled nor revoked, newest first. Pages by the KSUID of the last one seen (before_id), or by offset. '
  'For the client and operators, and where that design was taken over for service_role.';
revoke all on function ksuid_keys.list_api_keys(uuid, integer, integer, text) from public, anon, authenticated, service_role;
grant execute on function ksuid_keys.list_api_keys(uuid, integer, integer, text) to authenticated, latchkey_operator;
