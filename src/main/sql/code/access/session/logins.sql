create or replace view latchkey.logins as
  select
    login.id, login.at, login.role, login.client_addr, login.outcome, login.outcome = 'accepted' as accepted, login.user_id, member.email,
    member.display_name, login.token_id, token.name as token_name, login.grant_id, login.backend_pid, login.attached_at, login.ended_at,
    login.ended_why
  from temporary_access.logins as login
  left join temporary_access.members as member on member.user_id = login.user_id
  left join temporary_access.tokens as token on token.id = login.token_id
  where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.logins is 'Every attempt to sign in, with the true reason of a refusal as its outcome.';
grant select on latchkey.logins to latchkey_operator, latchkey_auditor;
