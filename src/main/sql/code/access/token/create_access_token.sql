create or replace function latchkey.create_access_token(
  p_user_id uuid, p_name text, p_expires_at timestamptz, p_roles text[] default null, p_allowed_cidrs cidr[] default null
)
  returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_member temporary_access.members;
  v_name text;
  v_networks cidr[];
  v_key record;
  v_token temporary_access.tokens;
  v_facts jsonb;
begin
  perform api_keys_private.require_operator('create access tokens');
  perform temporary_access.require_read_committed();
  v_name := api_keys_private.checked_name('p_name', p_name);
  v_networks := api_keys_private.checked_networks('p_allowed_cidrs', p_allowed_cidrs);
  if array_ndims(p_roles) > 1 then
    raise exception 'p_roles: must be a plain list of roles' using errcode = '22023';
  end if;
  if cardinality(p_roles) = 0 or cardinality(p_roles) > 100 then
    raise exception 'p_roles: must have 1 to 100 roles, or be null for all that are granted' using errcode = '22023';
  end if;
  if exists (select from unnest(p_roles) as listed (role) where role is null or api_keys_private.trimmed(role) = '' or octet_length(role) > 63) then
    raise exception 'p_roles: an entry is not a role name' using errcode = '22023';
  end if;
  perform temporary_access.require_end('p_expires_at', clock_timestamp(), p_expires_at);
  v_member := temporary_access.locked_member(p_user_id);
  perform temporary_access.require_unblocked(v_member);

  select * into strict v_key from api_keys_private.generate_key('jit_');
  insert into temporary_access.tokens (ksuid, user_id, name, secret_hash, salt, last4, expires_at, roles, allowed_cidrs, created_by, created_by_name)
  values (
    v_key.ksuid, p_user_id, v_name, v_key.secret_hash, v_key.salt, v_key.last4, p_expires_at, p_roles, v_networks,
    temporary_access.acting_user_id(), latchkey.actor() ->> 'display'
  )
  returning * into v_token;
  v_facts := jsonb_build_object(
    'user_id', v_token.user_id, 'name', v_token.name, 'ksuid', v_token.ksuid, 'last4', v_token.last4,
    'expires_at', audit.utc(v_token.expires_at), 'roles', v_token.roles, 'allowed_cidrs', v_token.allowed_cidrs
  );
  perform audit.record_event(
    'token.created', 'token', v_token.id::text, temporary_access.label(p_user_id, ': ' || v_token.name), 'create', 'ok', null, null, null, v_facts
  );
  return v_facts || jsonb_build_object('id', v_token.id, 'token', v_key.key, 'created_at', v_token.created_at);
end
$$;
comment on function latchkey.create_access_token(uuid, text, timestamptz, text[], cidr[]) is 'Makes an access token for a member. The answer holds the token this once. Roles and networks narrow what the member''s grants give.';
grant execute on function latchkey.create_access_token(uuid, text, timestamptz, text[], cidr[]) to latchkey_operator;
