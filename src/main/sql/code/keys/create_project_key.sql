create or replace function api_keys_private.checked_project_role(p_kind text, p_role text) returns text
  language plpgsql stable
as $$
declare
  v_role pg_catalog.pg_roles;
begin
  if p_kind = 'publishable' then
    if p_role is distinct from 'anon' and p_role is not null then
      raise exception 'p_role: a publishable key always acts as anon' using errcode = '22023';
    end if;
    return 'anon';
  end if;
  if p_role is null then
    return 'service_role';
  end if;

  select * into v_role from pg_catalog.pg_roles where rolname = p_role;
  if not found then
    raise exception 'p_role: no such role' using errcode = '22023';
  end if;
  if v_role.rolname ~ '^(pg_|latchkey_)' or v_role.rolname in ('authenticator', 'anon', 'authenticated', 'api_key') then
    raise exception 'p_role: a secret key acts as service_role or a role of your own' using errcode = '22023';
  end if;
  if exists (select from pg_catalog.pg_roles as s where s.rolsuper and pg_has_role(v_role.oid, s.oid, 'member')) then
    raise exception 'p_role: a key never acts as a superuser' using errcode = '22023';
  end if;
  if not pg_has_role('authenticator', v_role.oid, 'member') then
    raise exception 'p_role: authenticator may not become this role' using errcode = '22023',
      hint = format('grant %I to authenticator', v_role.rolname);
  end if;
  return v_role.rolname;
end
$$;
comment on function api_keys_private.checked_project_role(text, text) is
  'The role a project key acts as: anon for publishable; service_role, or a role that authenticator may become, for secret.';

create or replace function latchkey.create_project_key(
  p_kind text,
  p_name text,
  p_role text default null,
  p_description text default null,
  p_expires_at timestamptz default null
) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_key api_keys_private.api_keys;
  v_new record;
begin
  perform api_keys_private.require_operator('create keys of the project');

  if p_kind is null or p_kind not in ('publishable', 'secret') then
    raise exception 'p_kind: must be publishable or secret' using errcode = '22023';
  end if;
  v_key.name := api_keys_private.checked_name('p_name', p_name);
  v_key.description := api_keys_private.checked_note('p_description', p_description, 500);
  v_key.role := api_keys_private.checked_project_role(p_kind, p_role);
  perform api_keys_private.require_expiry('p_expires_at', p_expires_at);

  v_key.kind := p_kind;
  v_key.scopes := '[]';
  v_key.expires_at := p_expires_at;
  select * into v_new from api_keys_private.generate_key(api_keys_private.prefix_of(v_key.kind));
  v_key := api_keys_private.insert_key(v_key, v_new.key, v_new.secret_hash, v_new.salt);
  perform api_keys_private.record_key_event('key.created', 'create', null, null, v_key);
  return api_keys_private.key_answer(v_new.key, v_key)
    || jsonb_build_object('kind', p_kind, 'role', v_key.role, 'description', v_key.description);
end
$$;
comment on function latchkey.create_project_key(text, text, text, text, timestamptz) is
  'Makes a publishable or secret key of the project and answers like create_api_key, with kind, role and description. Shown this once.';
grant execute on function latchkey.create_project_key(text, text, text, text, timestamptz) to latchkey_operator;
