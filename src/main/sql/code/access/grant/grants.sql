create or replace view latchkey.grants as
  select
    granted.id, granted.user_id, member.email, member.display_name, granted.role,
    temporary_access.grant_status(granted.starts_at, granted.expires_at, granted.revoked_at, clock_timestamp()) as status,
    granted.starts_at, granted.expires_at, granted.allowed_cidrs, granted.reason, granted.granted_at, granted.granted_by,
    granted.granted_by_name, granted.extended_at, granted.extension_count, granted.revoked_at, granted.revoked_by, granted.revoked_by_name,
    granted.revoke_reason, last_login.at as last_login_at, last_login.client_addr as last_login_from,
    case when (select temporary_access.why_unseen()) is null then coalesce(live.session_count, 0) end as session_count
  from temporary_access.grants as granted
  join temporary_access.members as member on member.user_id = granted.user_id
  left join (
    select login.grant_id, count(*) as session_count
    from temporary_access.live_sessions() as session
    join temporary_access.logins as login on login.id = session.login_id
    group by login.grant_id
  ) as live on live.grant_id = granted.id
  left join lateral (
    select login.at, login.client_addr
    from temporary_access.logins as login
    where login.grant_id = granted.id and login.outcome = 'accepted'
    order by login.at desc
    limit 1
  ) as last_login on true
  where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.grants is 'Grants with their status (scheduled, active, expiring, expired, revoked), last login and number of open sessions, which is null where those cannot be seen.';
grant select on latchkey.grants to latchkey_operator, latchkey_auditor;
