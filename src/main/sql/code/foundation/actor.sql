-- Who acts.

create or replace function api_keys_private.may_become(p_who name, p_role name) returns boolean
  language sql stable
  return pg_has_role(
    p_who, p_role, case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end);
comment on function api_keys_private.may_become(name, name) is
  'Whether a role may SET ROLE to another one. Superusers may become any.';

create or replace function api_keys_private.is_api_server() returns boolean
  language plpgsql stable
as $$
begin
  if not pg_has_role(session_user, 'latchkey_api_server', 'member') then
    return false;
  end if;
  -- A superuser counts as a member of everything, and from 16 on a role's maker is its member with ADMIN alone: the memberships
  -- themselves are asked. A role that may only become the API server, as postgres may on Supabase, is none.
  return exists (
    with recursive reached as (
      select r.oid from pg_catalog.pg_roles as r where r.rolname = session_user
      union
      select m.roleid
      from reached
      join pg_catalog.pg_auth_members as m on m.member = reached.oid
      join pg_catalog.pg_roles as r on r.oid = m.roleid
      where (
          coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true)
          or coalesce((to_jsonb(m) ->> 'set_option')::boolean, true))
        and not r.rolcanlogin
        and r.rolname <> 'authenticator'
    )
    select from reached where reached.oid = 'latchkey_api_server'::regrole);
end
$$;
comment on function api_keys_private.is_api_server() is
  'Whether this session is an API server''s: its session_user is a member of latchkey_api_server with INHERIT or SET, directly or by way of '
  'a group.';

create or replace function api_keys_private.claims_count() returns boolean
  language plpgsql stable
as $$
begin
  if api_keys_private.is_api_server() then
    return true;
  end if;
  return current_setting('role') <> 'none'
    and api_keys_private.may_become(session_user, current_user)
    and exists (
      select
      from pg_catalog.pg_roles as r
      where r.rolname = current_setting('role') and api_keys_private.may_become('authenticator', r.rolname));
end
$$;
comment on function api_keys_private.claims_count() is
  'Whether request.jwt.claims is believed: in a session of the API server, which checked the token; and in one that may become the owner of '
  'the function that asks and has lowered itself by SET ROLE to a role of requests, as tests and SQL editors do. The latter gives '
  'nothing, since that session could replace the function; and in ANALYZE, in autovacuum and in a definer function SET ROLE is impossible, '
  'so that nobody puts claims into its mouth. To be asked by definer functions only.';

create or replace function latchkey.is_operator() returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return pg_has_role(session_user, 'latchkey_operator', 'usage')
    and (current_setting('role') = 'none' or pg_has_role(current_setting('role')::name, 'latchkey_operator', 'usage'))
    and not api_keys_private.is_api_server();
end
$$;
comment on function latchkey.is_operator() is
  'Whether this session may manage: its session_user has latchkey_operator, by inheritance, not by SET ROLE. '
  'An API server never has, whatever role it switches to, and a session that lowered itself by SET ROLE is taken at its word. It says nothing '
  'about who calls: ask it only in a function that nobody but operators may execute.';
grant execute on function latchkey.is_operator() to latchkey_operator, latchkey_auditor;

create or replace function latchkey.is_auditor() returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return pg_has_role(session_user, 'latchkey_auditor', 'usage')
    and (current_setting('role') = 'none' or pg_has_role(current_setting('role')::name, 'latchkey_auditor', 'usage'))
    and not api_keys_private.is_api_server();
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
  v_via text := 'api';
  v_claims jsonb;
  v_key_id text;
  v_key_name text;
begin
  if v_member is not null then
    return v_member;
  end if;

  if not api_keys_private.is_api_server() then
    if not api_keys_private.claims_count() then
      return jsonb_build_object('id', session_user, 'type', 'role', 'display', session_user, 'via', 'direct');
    end if;
    v_via := session_user::text;
  end if;

  v_claims := auth.jwt();
  v_key_id := case v_claims ->> 'role' when 'api_key' then v_claims ->> 'sub' else v_claims ->> 'api_key_id' end;
  if v_key_id is not null and coalesce(v_claims ->> 'role', 'anon') not in ('anon', 'authenticated') then
    select k.name into v_key_name from api_keys_private.api_keys as k where k.id = v_key_id::uuid;
    if found then
      return jsonb_build_object('id', v_key_id, 'type', 'key', 'display', v_key_name, 'via', v_via);
    end if;
  end if;
  if v_claims ->> 'sub' is null then
    return jsonb_build_object(
      'id', current_setting('role'), 'type', 'role', 'display', current_setting('role'), 'via', v_via);
  end if;
  return jsonb_build_object(
    'id', auth.uid(),
    'type', 'user',
    'display', left(coalesce(nullif(v_claims ->> 'email', ''), v_claims ->> 'sub'), 200),
    'via', v_via);
end
$$;
comment on function latchkey.actor() is
  'The person behind this backend as {id, type: member|user|key|role, display, via}: the member whom temporary access let in, '
  'else, where the claims count, the API key or the user of the request''s token; else the session''s role. via is the login, api, '
  'direct, or, where claims count outside of the API server, the session_user that made them.';
grant execute on function latchkey.actor() to latchkey_operator, latchkey_auditor;
