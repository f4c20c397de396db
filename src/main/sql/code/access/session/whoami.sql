create or replace function latchkey.whoami() returns jsonb
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
    'user_id', coalesce(member.user_id, temporary_access.acting_user_id()),
    'email', member.email,
    'display_name', coalesce(member.display_name, latchkey.actor() ->> 'display'),
    'role', session_user,
    'grant_id', granted.id,
    'grant_expires_at', granted.expires_at,
    'token_id', token.id,
    'token_expires_at', token.expires_at,
    'login_id', login.id,
    'client_addr', host(coalesce(login.client_addr, pg_catalog.inet_client_addr())),
    'is_operator', latchkey.is_operator() is true,
    'is_auditor', latchkey.is_auditor() is true
  )
  from (select) as one
  left join temporary_access.current_login() as login on login.id is not null
  left join temporary_access.members as member on member.user_id = login.user_id
  left join temporary_access.grants as granted on granted.id = login.grant_id
  left join temporary_access.tokens as token on token.id = login.token_id
$$;
comment on function latchkey.whoami() is 'The person behind this session, its role, grant and token with their ends, its address, and what it may do. What does not apply is null.';
grant execute on function latchkey.whoami() to latchkey_operator, latchkey_auditor;
