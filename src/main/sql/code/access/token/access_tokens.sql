create or replace view latchkey.access_tokens as
  select
    token.id, token.ksuid, token.user_id, member.email, member.display_name, token.name, 'jit_' as prefix, token.last4,
    temporary_access.token_status(token.expires_at, token.revoked_at, clock_timestamp()) as status, token.expires_at, token.roles,
    token.allowed_cidrs, token.created_at, token.created_by, token.created_by_name, last_login.at as last_used_at,
    last_login.client_addr as last_used_from, token.revoked_at, token.revoked_by, token.revoked_by_name, token.revoke_reason
  from temporary_access.tokens as token
  join temporary_access.members as member on member.user_id = token.user_id
  left join lateral (
    select login.at, login.client_addr
    from temporary_access.logins as login
    where login.token_id = token.id and login.outcome = 'accepted'
    order by login.at desc
    limit 1
  ) as last_login on true
  where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.access_tokens is 'Access tokens with their status (active, expiring, expired, revoked) and last use. No secret and no hash.';
grant select on latchkey.access_tokens to latchkey_operator, latchkey_auditor;
