create or replace view latchkey.user_tokens as
select
  t.jti,
  t.name,
  t.user_id,
  t.role,
  t.claims,
  case
    when t.revoked_at is not null then 'revoked'
    when t.expires_at <= now() then 'expired'
    when t.expires_at <= now() + interval '7 days' then 'expiring'
    else 'active'
  end as status,
  t.created_at,
  t.created_by_name,
  t.expires_at,
  t.revoked_at,
  t.revoked_by_name
from api_keys_private.user_tokens as t
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.user_tokens is 'Long-lived tokens of users, ended ones included. The tokens themselves are known to nobody here.';
grant select on latchkey.user_tokens to latchkey_operator, latchkey_auditor;
