create or replace view latchkey.sessions as
  select
    session.login_id, session.pid, session.backend_start, login.role, session.database, login.user_id, member.email, member.display_name,
    login.grant_id, login.token_id, token.name as token_name, login.client_addr, session.application_name, session.state,
    case when latchkey.is_operator() then session.query end as query,
    session.query_start, session.state_change, least(granted.expires_at, token.expires_at) as ends_at,
    temporary_access.end_reason(login) as end_reason
  from temporary_access.live_sessions() as session
  join temporary_access.logins as login on login.id = session.login_id
  left join temporary_access.members as member on member.user_id = login.user_id
  left join temporary_access.tokens as token on token.id = login.token_id
  left join temporary_access.grants as granted on granted.id = login.grant_id
  where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.sessions is 'Sessions that are open now because of temporary access. end_reason is null unless the access is over and the session not yet ended. The query is for operators only.';
grant select on latchkey.sessions to latchkey_operator, latchkey_auditor;
