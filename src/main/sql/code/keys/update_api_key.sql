create or replace function api_keys_private.checked_rate_limit(p_parameter text, p_limit jsonb) returns integer
  language plpgsql immutable parallel safe
as $$
begin
  if p_limit is null or p_limit = 'null' then
    return null;
  end if;
  if jsonb_typeof(p_limit) <> 'number'
    or (p_limit #>> '{}')::numeric not between 1 and 1000000
    or (p_limit #>> '{}')::numeric % 1 <> 0
  then
    raise exception '%: must be a whole number from 1 to 1,000,000 per minute, or null for no limit', p_parameter
      using errcode = '22023';
  end if;
  return (p_limit #>> '{}')::numeric::integer;
end
$$;
comment on function api_keys_private.checked_rate_limit(text, jsonb) is 'Verifications per minute, or null for no limit.';

create or replace function api_keys_private.changed_key(p_key api_keys_private.api_keys, p_changes jsonb)
  returns api_keys_private.api_keys
  language plpgsql stable
as $$
declare
  v_key api_keys_private.api_keys := p_key;
  v_field text;
begin
  foreach v_field in array array['name', 'description', 'expires_at'] loop
    if jsonb_typeof(p_changes -> v_field) not in ('string', 'null') then
      raise exception 'p_changes.%: must be a text or null', v_field using errcode = '22023';
    end if;
  end loop;
  if p_changes ? 'scopes' and p_key.kind <> 'scoped' then
    raise exception 'p_changes.scopes: only scoped keys have scopes' using errcode = '22023';
  end if;

  if p_changes ? 'name' then
    v_key.name := api_keys_private.checked_name('p_changes.name', p_changes ->> 'name');
  end if;
  if p_changes ? 'description' then
    v_key.description := api_keys_private.checked_note('p_changes.description', p_changes ->> 'description', 500);
  end if;
  if p_changes ? 'scopes' then
    v_key.scopes := api_keys_private.checked_scopes('p_changes.scopes', p_changes -> 'scopes');
  end if;
  if p_changes ? 'expires_at' then
    begin
      v_key.expires_at := (p_changes ->> 'expires_at')::timestamptz;
    exception when data_exception then
      raise exception 'p_changes.expires_at: must be a date' using errcode = '22023';
    end;
    if v_key.expires_at is distinct from p_key.expires_at then
      perform api_keys_private.require_expiry('p_changes.expires_at', v_key.expires_at);
    end if;
  end if;
  if p_changes ? 'allowed_cidrs' then
    v_key.allowed_cidrs := api_keys_private.checked_networks('p_changes.allowed_cidrs', p_changes -> 'allowed_cidrs');
  end if;
  if p_changes ? 'rate_limit' then
    v_key.rate_limit := api_keys_private.checked_rate_limit('p_changes.rate_limit', p_changes -> 'rate_limit');
  end if;
  return v_key;
end
$$;
comment on function api_keys_private.changed_key(api_keys_private.api_keys, jsonb) is
  'The key as it would be after the changes, all of them checked. Writes nothing.';

create or replace function latchkey.update_api_key(p_api_key_id uuid, p_version integer, p_changes jsonb)
  returns latchkey.keys
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_known constant text[] := array['name', 'description', 'scopes', 'expires_at', 'allowed_cidrs', 'rate_limit'];
  v_before constant api_keys_private.api_keys := api_keys_private.key_to_change(p_api_key_id);
  v_after api_keys_private.api_keys := v_before;
begin
  if jsonb_typeof(p_changes) is distinct from 'object' or p_changes - v_known <> '{}' then
    raise exception 'p_changes: must be an object with fields of %', array_to_string(v_known, ', ')
      using errcode = '22023';
  end if;
  if p_version is null then
    raise exception 'p_version: must be the version that was read' using errcode = '22023';
  end if;
  perform api_keys_private.require_unrevoked(v_before);
  if p_version <> v_before.version then
    raise exception 'The key was changed on % UTC by %: it is version % now, not %',
      to_char(v_before.updated_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
      coalesce(v_before.updated_by_name, 'someone unknown'), v_before.version, p_version
      using errcode = 'PT409', hint = 'Read it again and repeat the change.';
  end if;

  v_after := api_keys_private.changed_key(v_before, p_changes);
  if api_keys_private.key_state(v_after) <> api_keys_private.key_state(v_before) then
    begin
      update api_keys_private.api_keys
      set name = v_after.name,
        description = v_after.description,
        scopes = v_after.scopes,
        expires_at = v_after.expires_at,
        allowed_cidrs = v_after.allowed_cidrs,
        rate_limit = v_after.rate_limit,
        version = version + 1,
        updated_at = clock_timestamp(),
        updated_by_name = latchkey.actor() ->> 'display'
      where id = v_before.id
      returning * into v_after;
    exception when integrity_constraint_violation then
      -- The original DETAIL prints the row, hash included.
      raise exception 'The key could not be stored' using errcode = '23000';
    end;
    perform api_keys_private.record_key_event(
      case when v_after.scopes <> v_before.scopes then 'key.scopes_changed' else 'key.updated' end,
      'update', null, v_before, v_after);
  end if;

  return api_keys_private.shown_key(v_before.id);
end
$$;
comment on function latchkey.update_api_key(uuid, integer, jsonb) is
  'Changes name, description, scopes, expires_at, allowed_cidrs and rate_limit: those that p_changes has. PT409 when p_version is not '
  'the current one. What changes nothing is no new version and no event.';
grant execute on function latchkey.update_api_key(uuid, integer, jsonb) to latchkey_operator;
