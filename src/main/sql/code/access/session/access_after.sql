create or replace function latchkey.access_after(
  p_without_grant uuid default null, p_without_member uuid default null, p_without_token uuid default null
)
  returns jsonb
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_own temporary_access.logins := temporary_access.current_login();
begin
  perform api_keys_private.require_reader('ask who keeps access');
  return jsonb_build_object(
    'own_access', coalesce(
      v_own.grant_id = p_without_grant or v_own.user_id = p_without_member or v_own.token_id = p_without_token, false
    ),
    'own_ends_at', (
      select least(granted.expires_at, token.expires_at)
      from temporary_access.grants as granted, temporary_access.tokens as token
      where granted.id = v_own.grant_id and token.id = v_own.token_id
    ),
    'operators_left', (
      select count(*)
      from temporary_access.members as member
      where member.blocked_at is null
        and member.user_id is distinct from p_without_member
        and exists (
          select
          from temporary_access.grants as granted
          join pg_catalog.pg_roles as role on role.rolname = granted.role
          join temporary_access.tokens as token on token.user_id = granted.user_id
          where granted.user_id = member.user_id
            and granted.id is distinct from p_without_grant
            and temporary_access.grant_status(granted.starts_at, granted.expires_at, granted.revoked_at, clock_timestamp()) in ('scheduled', 'active', 'expiring')
            and pg_catalog.pg_has_role(role.oid, 'latchkey_operator', 'usage')
            and token.id is distinct from p_without_token
            and temporary_access.token_status(token.expires_at, token.revoked_at, clock_timestamp()) in ('active', 'expiring')
            and (granted.role = any (token.roles)) is not false
        )
    ),
    'direct_operators', (
      select count(*)
      from pg_catalog.pg_roles as role
      where role.rolcanlogin
        and not role.rolsuper
        and pg_catalog.pg_has_role(role.oid, 'latchkey_operator', 'usage')
        and not exists (select from temporary_access.grants as granted where granted.role = role.rolname)
    ),
    'sessions', (
      select case when temporary_access.why_unseen() is null then count(*) end
      from temporary_access.live_sessions() as session
      join temporary_access.logins as login on login.id = session.login_id
      where login.grant_id = p_without_grant or login.user_id = p_without_member or login.token_id = p_without_token
    )
  );
end
$$;
comment on function latchkey.access_after(uuid, uuid, uuid) is 'What would be if a grant, member or token were no more. own_access: whether the caller''s own access would end with it; own_ends_at: when that ends anyhow; operators_left: how many members, the caller included, would still have a scheduled or live grant of an operator''s role and a token for it; direct_operators: how many roles could manage without temporary access, if pg_hba.conf and their passwords let them (roles that may log in, are no superusers and were never granted); sessions: how many would end, null where those cannot be seen.';
grant execute on function latchkey.access_after(uuid, uuid, uuid) to latchkey_operator, latchkey_auditor;
