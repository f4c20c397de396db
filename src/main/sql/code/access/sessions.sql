-- Sessions and their ends. Views ask live_sessions and end_reason as the one who reads; without USAGE on the schema nobody
-- can call them by name.

create or replace function temporary_access.live_sessions()
  returns table (
    login_id text, pid integer, backend_start timestamptz, database text, application_name text, state text, query text,
    query_start timestamptz, state_change timestamptz
  )
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select
    login.id, backend.pid, backend.backend_start, backend.datname::text, backend.application_name, backend.state, backend.query,
    backend.query_start, backend.state_change
  from pg_catalog.pg_stat_activity as backend
  join temporary_access.logins as login
    on login.backend_pid = backend.pid
    and (login.backend_start = backend.backend_start or (login.backend_start is null and backend.backend_start <= login.at))
  where login.outcome = 'accepted'
$$;
comment on function temporary_access.live_sessions() is 'Server processes that are there now because of a login, matched by pid and start.';
grant execute on function temporary_access.live_sessions() to latchkey_operator, latchkey_auditor;

create or replace function temporary_access.end_reason(p_login temporary_access.logins) returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_login.ended_why not in ('closed', 'gone') then p_login.ended_why
    when member.blocked_at is not null then 'member_blocked'
    when token.revoked_at is not null then 'token_revoked'
    when token.expires_at <= clock_timestamp() then 'token_expired'
    when granted.revoked_at is not null then 'grant_revoked'
    when granted.expires_at <= clock_timestamp() then 'grant_expired'
    when member.user_id is null or token.id is null or granted.id is null then 'grant_revoked'
    when temporary_access.address_allowed(p_login.client_addr, granted.allowed_cidrs) is not true then 'address_not_allowed'
  end
  from (select p_login.user_id, p_login.token_id, p_login.grant_id) as login
  left join temporary_access.members as member on member.user_id = login.user_id
  left join temporary_access.tokens as token on token.id = login.token_id
  left join temporary_access.grants as granted on granted.id = login.grant_id
$$;
comment on function temporary_access.end_reason(temporary_access.logins) is 'Why the access behind an accepted login is over, or null while it is not. What is missing counts as over.';
grant execute on function temporary_access.end_reason(temporary_access.logins) to latchkey_operator, latchkey_auditor;

create or replace function temporary_access.unfinished_logins(p_grant_id uuid, p_token_id uuid, p_user_id uuid) returns text[]
  language sql stable
as $$
  select array(
    select login.id
    from temporary_access.logins as login
    where login.outcome = 'accepted'
      and login.ended_at is null
      and (p_grant_id is null or login.grant_id = p_grant_id)
      and (p_token_id is null or login.token_id = p_token_id)
      and (p_user_id is null or login.user_id = p_user_id)
    union
    select login.id
    from temporary_access.live_sessions() as session
    join temporary_access.logins as login on login.id = session.login_id
    where (p_grant_id is null or login.grant_id = p_grant_id)
      and (p_token_id is null or login.token_id = p_token_id)
      and (p_user_id is null or login.user_id = p_user_id)
  )
$$;
comment on function temporary_access.unfinished_logins(uuid, uuid, uuid) is 'Logins of a grant, token or member (null: of any) that are not ended, or whose server process is still there.';

create or replace function temporary_access.logins_without(p_after temporary_access.grants[]) returns text[]
  language sql stable
as $$
  select array(
    select login.id
    from unnest(p_after) as after
    join temporary_access.grants as granted on granted.id = after.id
    cross join lateral unnest(temporary_access.unfinished_logins(after.id, null, null)) as unfinished (id)
    join temporary_access.logins as login on login.id = unfinished.id
    where after.revoked_at is not null
      or (
        not temporary_access.networks_within(granted.allowed_cidrs, after.allowed_cidrs)
        and temporary_access.address_allowed(login.client_addr, after.allowed_cidrs) is not true
      )
  )
$$;
comment on function temporary_access.logins_without(temporary_access.grants[]) is 'Logins that end when grants become these: those of a revoked grant, and those whose address it no longer allows.';
