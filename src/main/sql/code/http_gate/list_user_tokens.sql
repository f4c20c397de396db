create or replace function public.list_user_tokens()
  returns table (
    jti text,
    name text,
    user_id uuid,
    role text,
    created_at timestamptz,
    expires_at timestamptz,
    revoked_at timestamptz,
    is_active boolean
  )
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_user constant uuid := api_keys_private.request_user();
  v_is_operator constant boolean := latchkey.is_operator();
begin
  perform api_keys_private.require_user_or_operator();

  return query
  select
    t.jti, t.name, t.user_id, t.role, t.created_at, t.expires_at, t.revoked_at,
    t.revoked_at is null and t.expires_at > clock_timestamp()
  from api_keys_private.user_tokens as t
  where v_is_operator or t.user_id = v_user
  order by t.jti desc;
end
$$;
comment on function public.list_user_tokens() is 'The tokens of the signed-in user, or all of them for an operator, newest first.';
revoke all on function public.list_user_tokens() from public, anon, authenticated, service_role;
grant execute on function public.list_user_tokens() to authenticated, latchkey_operator;
