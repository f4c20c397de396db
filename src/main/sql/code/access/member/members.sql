create or replace view latchkey.members as
  select
    member.user_id, member.email, member.display_name, case when member.blocked_at is null then 'active' else 'blocked' end as status,
    member.created_at, member.created_by, member.created_by_name, member.blocked_at, member.block_reason,
    (
      select count(*)
      from temporary_access.grants as granted
      where granted.user_id = member.user_id
        and temporary_access.grant_status(granted.starts_at, granted.expires_at, granted.revoked_at, clock_timestamp())
          in ('scheduled', 'active', 'expiring')
    ) as grant_count,
    (
      select count(*)
      from temporary_access.tokens as token
      where token.user_id = member.user_id
        and temporary_access.token_status(token.expires_at, token.revoked_at, clock_timestamp()) in ('active', 'expiring')
    ) as token_count,
    case when (select temporary_access.why_unseen()) is null then coalesce(live.session_count, 0) end as session_count,
    (
      select max(login.at)
      from temporary_access.logins as login
      where login.user_id = member.user_id and login.outcome = 'accepted'
    ) as last_login_at
  from temporary_access.members as member
  left join (
    select login.user_id, count(*) as session_count
    from temporary_access.live_sessions() as session
    join temporary_access.logins as login on login.id = session.login_id
    group by login.user_id
  ) as live on live.user_id = member.user_id
  where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.members is 'Members with the number of their open grants, usable tokens and open sessions, whose number is null where they cannot be seen.';
grant select on latchkey.members to latchkey_operator, latchkey_auditor;
