create or replace function api_keys_private.keys_of_account(p_as_operator boolean, p_account_id uuid)
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
  language plpgsql stable
as $$
begin
  if api_keys_private.may_manage_account(p_account_id, p_as_operator) is not true then
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
comment on function api_keys_private.keys_of_account(boolean, uuid) is 'The keys of an account for those who may see them, newest first.';

create or replace function latchkey_doors.list_api_keys_as_user(p_account_id uuid)
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
  return query select * from api_keys_private.keys_of_account(false, p_account_id);
end
$$;
comment on function latchkey_doors.list_api_keys_as_user(uuid) is 'What public.list_api_keys() calls for everybody but operators. It believes nothing but the claims of a signed-in user.';
revoke all on function latchkey_doors.list_api_keys_as_user(uuid) from anon, authenticated, service_role;
grant execute on function latchkey_doors.list_api_keys_as_user(uuid) to public;

create or replace function latchkey_doors.list_api_keys_as_operator(p_account_id uuid)
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
  return query select * from api_keys_private.keys_of_account(true, p_account_id);
end
$$;
comment on function latchkey_doors.list_api_keys_as_operator(uuid) is 'What public.list_api_keys() calls for operators.';
revoke all on function latchkey_doors.list_api_keys_as_operator(uuid) from public, anon, authenticated, service_role;
grant execute on function latchkey_doors.list_api_keys_as_operator(uuid) to latchkey_operator;

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
  language plpgsql stable security invoker set search_path = pg_catalog, pg_temp
as $$
begin
  if pg_has_role(current_user, 'latchkey_operator', 'usage') then
    return query select * from latchkey_doors.list_api_keys_as_operator(p_account_id);
  else
    return query select * from latchkey_doors.list_api_keys_as_user(p_account_id);
  end if;
end
$$;
comment on function public.list_api_keys(uuid) is
  'The keys of an account, newest first, for operators and members of it. last_used_at is the last use that was seen: see latchkey.keys.';
revoke all on function public.list_api_keys(uuid) from public, anon, authenticated, service_role;
grant execute on function public.list_api_keys(uuid) to authenticated, latchkey_operator;
