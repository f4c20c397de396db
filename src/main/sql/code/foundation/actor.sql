-- Who acts.

create or replace function latchkey.is_operator() returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return session_user <> 'authenticator'
    and pg_has_role(session_user, 'latchkey_operator', 'usage')
    and (current_setting('role') = 'none' or pg_has_role(current_setting('role')::name, 'latchkey_operator', 'usage'));
end
$$;
comment on function latchkey.is_operator() is
  'Whether this session may manage: its session_user has latchkey_operator, by inheritance, not by SET ROLE. '
  'The API server never has, whatever role it switches to, and a session that lowered itself by SET ROLE is taken at its word.';
grant execute on function latchkey.is_operator() to latchkey_operator, latchkey_auditor;

create or replace function latchkey.is_auditor() returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return session_user <> 'authenticator'
    and pg_has_role(session_user, 'latchkey_auditor', 'usage')
    and (current_setting('role') = 'none' or pg_has_role(current_setting('role')::name, 'latchkey_auditor', 'usage'));
end
$$;
comment on function latchkey.is_auditor() is
  'Whether this session may read everything but secrets; decided as latchkey.is_operator() decides.';
grant execute on function latchkey.is_auditor() to latchkey_operator, latchkey_auditor;

create or replace function latchkey.actor() returns jsonb
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_member constant jsonb := temporary_access.current_member();
  v_user uuid;
begin
  if v_member is not null then
    return v_member;
  end if;

  if session_user <> 'authenticator' then
    return jsonb_build_object('id', session_user, 'type', 'role', 'display', session_user, 'via', 'direct');
  end if;

  v_user := auth.uid();
  if v_user is null then
    return jsonb_build_object(
      'id', current_setting('role'), 'type', 'role', 'display', current_setting('role'), 'via', 'api');
  end if;
  return jsonb_build_object(
    'id', v_user,
    'type', 'user',
    'display', left(coalesce(nullif(auth.jwt() ->> 'email', ''), v_user::text), 200),
    'via', 'api');
end
$$;
comment on function latchkey.actor() is
  'The person behind this backend as {id, type: member|user|role, display, via}: the member whom temporary access let in, '
  'else the user of the request''s token, else the session''s role. Anyone with SQL can set request.jwt.claims, so a token counts '
  'only where session_user is authenticator, the API server, which checked its signature; a direct login is itself, whatever it sets.';
grant execute on function latchkey.actor() to latchkey_operator, latchkey_auditor;
