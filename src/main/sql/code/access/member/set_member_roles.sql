create or replace function temporary_access.checked_network_list(p_parameter text, p_value jsonb, p_family integer) returns cidr[]
  language plpgsql immutable
as $$
declare
  v_entry record;
  v_networks cidr[] := '{}';
begin
  if p_value is null or p_value = 'null' then
    return v_networks;
  end if;
  if jsonb_typeof(p_value) <> 'array' then
    raise exception '%: must be an array of {"cidr": network}', p_parameter using errcode = '22023';
  end if;
  for v_entry in select e.value, e.position from jsonb_array_elements(p_value) with ordinality as e (value, position) loop
    begin
      if jsonb_typeof(v_entry.value) <> 'object'
        or v_entry.value - 'cidr' <> '{}'
        or jsonb_typeof(v_entry.value -> 'cidr') is distinct from 'string'
        or family((v_entry.value ->> 'cidr')::cidr) <> p_family
      then
        raise invalid_text_representation;
      end if;
      v_networks := v_networks || (v_entry.value ->> 'cidr')::cidr;
    exception
      when data_exception then
        raise exception '%: entry % must be {"cidr": network} with an IPv% network', p_parameter, v_entry.position, p_family
          using errcode = '22023';
    end;
  end loop;
  return v_networks;
end
$$;
comment on function temporary_access.checked_network_list(text, jsonb, integer) is 'Networks of one family (4 or 6) in the shape of Supabase''s Management API, [{"cidr": network}].';

create or replace function temporary_access.checked_allowed_networks(p_parameter text, p_value jsonb) returns cidr[]
  language plpgsql immutable
as $$
begin
  if p_value is null or p_value = 'null' then
    return '{}';
  end if;
  if jsonb_typeof(p_value) <> 'object' or p_value - array['allowed_cidrs', 'allowed_cidrs_v6'] <> '{}' then
    raise exception '%: must be an object of allowed_cidrs and allowed_cidrs_v6', p_parameter using errcode = '22023';
  end if;
  return api_keys_private.checked_networks(
    p_parameter,
    temporary_access.checked_network_list(p_parameter || '.allowed_cidrs', p_value -> 'allowed_cidrs', 4)
      || temporary_access.checked_network_list(p_parameter || '.allowed_cidrs_v6', p_value -> 'allowed_cidrs_v6', 6)
  );
end
$$;
comment on function temporary_access.checked_allowed_networks(text, jsonb) is 'Networks in the shape of Supabase''s Management API, {allowed_cidrs, allowed_cidrs_v6}. Null and {} allow any.';

create or replace function temporary_access.wanted_grants(p_user_id uuid, p_roles jsonb) returns temporary_access.grants[]
  language plpgsql stable
as $$
declare
  v_known constant text[] := array['role', 'expires_at', 'starts_at', 'allowed_networks', 'branches_only'];
  v_entry record;
  v_name text;
  v_grant temporary_access.grants;
  v_grants temporary_access.grants[] := '{}';
begin
  if jsonb_typeof(p_roles) is distinct from 'array' then
    raise exception 'p_roles: must be an array of {role, expires_at, starts_at, allowed_networks}' using errcode = '22023';
  end if;
  if jsonb_array_length(p_roles) > 100 then
    raise exception 'p_roles: at most 100 roles are allowed' using errcode = '22023';
  end if;
  for v_entry in select e.value, e.position from jsonb_array_elements(p_roles) with ordinality as e (value, position) loop
    v_name := 'p_roles[' || v_entry.position || ']';
    if jsonb_typeof(v_entry.value) <> 'object'
      or v_entry.value - v_known <> '{}'
      or jsonb_typeof(v_entry.value -> 'role') is distinct from 'string'
    then
      raise exception '%: must be an object of role, expires_at, starts_at and allowed_networks', v_name using errcode = '22023';
    end if;
    if coalesce(v_entry.value -> 'branches_only', 'false') not in ('false', 'null') then
      raise exception '%.branches_only: there are no branches here', v_name using errcode = '22023';
    end if;
    v_grant.user_id := p_user_id;
    v_grant.role := v_entry.value ->> 'role';
    v_grant.starts_at := temporary_access.checked_time(v_name || '.starts_at', v_entry.value -> 'starts_at');
    v_grant.expires_at := temporary_access.checked_time(v_name || '.expires_at', v_entry.value -> 'expires_at');
    v_grant.allowed_cidrs := temporary_access.checked_allowed_networks(v_name || '.allowed_networks', v_entry.value -> 'allowed_networks');
    v_grants := v_grants || v_grant;
  end loop;
  return v_grants;
end
$$;
comment on function temporary_access.wanted_grants(uuid, jsonb) is 'The grants that latchkey.set_member_roles is asked for, without an id, and without a start where they hold from now.';

create or replace function temporary_access.paired_grant(
  p_wanted temporary_access.grants, p_candidates temporary_access.grants[], p_taken uuid[], p_now timestamptz
)
  returns temporary_access.grants
  language sql immutable
as $$
  select candidate
  from unnest(p_candidates) as candidate
  where candidate.role = p_wanted.role
    and candidate.id <> all (p_taken)
    and (candidate.starts_at <= p_now) = (coalesce(p_wanted.starts_at, p_now) <= p_now)
  order by (candidate.starts_at = p_wanted.starts_at) is true desc, candidate.starts_at, candidate.id
  limit 1
$$;
comment on function temporary_access.paired_grant(temporary_access.grants, temporary_access.grants[], uuid[], timestamptz) is 'The open grant that a wanted one continues: of the same role and begun like it, or scheduled like it, with the same start first; null when it is new.';

create or replace function temporary_access.planned_grants(
  p_user_id uuid, p_wanted temporary_access.grants[], p_reason text, out p_befores temporary_access.grants[],
  out p_afters temporary_access.grants[]
)
  language plpgsql volatile
as $$
declare
  v_member temporary_access.members := temporary_access.known_member(p_user_id);
  v_now constant timestamptz := clock_timestamp();
  v_open temporary_access.grants[];
  v_taken uuid[] := '{}';
  v_before temporary_access.grants;
  v_after temporary_access.grants;
  v_index integer;
  v_name text;
begin
  p_befores := '{}';
  p_afters := '{}';
  v_open := array(
    select granted
    from temporary_access.grants as granted
    where granted.user_id = p_user_id
      and temporary_access.grant_status(granted.starts_at, granted.expires_at, granted.revoked_at, clock_timestamp()) in ('scheduled', 'active', 'expiring')
    order by granted.id
  );

  -- Wanted starts that are those of open grants are paired first: moving one grant must not rename another.
  for v_index in
    select listed.index
    from generate_subscripts(p_wanted, 1) as listed (index)
    order by exists (
      select from unnest(v_open) as granted where granted.role = p_wanted[listed.index].role and granted.starts_at = p_wanted[listed.index].starts_at
    ) desc, p_wanted[listed.index].starts_at nulls first, listed.index
  loop
    v_after := p_wanted[v_index];
    v_name := 'p_roles[' || v_index || ']';
    v_before := temporary_access.paired_grant(v_after, v_open, v_taken, v_now);
    if v_before.id is null then
      v_after.id := gen_random_uuid();
      v_after.reason := p_reason;
      perform temporary_access.require_role(v_name || '.role', v_after.role);
      perform temporary_access.require_start(v_name || '.starts_at', v_after.starts_at);
      v_after.starts_at := coalesce(v_after.starts_at, v_now);
    else
      v_taken := v_taken || v_before.id;
      v_after := v_before;
      v_after.starts_at := case when v_before.starts_at <= v_now then v_before.starts_at else p_wanted[v_index].starts_at end;
      v_after.expires_at := p_wanted[v_index].expires_at;
      v_after.allowed_cidrs := p_wanted[v_index].allowed_cidrs;
    end if;
    if v_before.id is null or (v_after.starts_at, v_after.expires_at) is distinct from (v_before.starts_at, v_before.expires_at) then
      perform temporary_access.require_end(v_name || '.expires_at', v_after.starts_at, v_after.expires_at);
    end if;
    if v_before.id is null or v_after.allowed_cidrs <> v_before.allowed_cidrs then
      perform temporary_access.require_networks(v_name || '.allowed_networks', v_after.allowed_cidrs);
    end if;
    if v_before.id is null or temporary_access.widens(v_before, v_after) then
      perform temporary_access.require_not_oneself(p_user_id);
    end if;
    if exists (
      select
      from unnest(p_afters) as other
      where other.role = v_after.role and tstzrange(other.starts_at, other.expires_at) && tstzrange(v_after.starts_at, v_after.expires_at)
    ) then
      raise exception '%: is given this role twice for the same time', v_name using errcode = '22023';
    end if;
    p_befores := p_befores || v_before;
    p_afters := p_afters || v_after;
  end loop;
  if cardinality(p_afters) > 0 then
    perform temporary_access.require_unblocked(v_member);
  end if;
  foreach v_before in array v_open loop
    if v_before.id <> all (v_taken) then
      p_befores := p_befores || v_before;
      v_before.revoked_at := v_now;
      p_afters := p_afters || v_before;
    end if;
  end loop;
end
$$;
comment on function temporary_access.planned_grants(uuid, temporary_access.grants[], text) is 'What latchkey.set_member_roles makes of the open grants of a member, checked and not stored: each as it is (null when it is new) and as it will be (revoked when no entry continues it).';

create or replace function latchkey.set_member_roles(p_user_id uuid, p_roles jsonb, p_reason text default null) returns setof latchkey.grants
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_reason text;
  v_wanted temporary_access.grants[];
  v_befores temporary_access.grants[];
  v_afters temporary_access.grants[];
  v_before temporary_access.grants;
  v_after temporary_access.grants;
  v_freed integer[];
begin
  perform api_keys_private.require_operator('set the roles of members');
  v_wanted := temporary_access.wanted_grants(p_user_id, p_roles);
  v_reason := temporary_access.checked_reason(p_reason);
  perform temporary_access.require_read_committed();
  select p_afters into v_afters from temporary_access.planned_grants(p_user_id, v_wanted, v_reason);
  v_freed := temporary_access.take_locks(true, p_user_id => p_user_id, p_grants => true, p_after => v_afters);
  begin
    select p_befores, p_afters into v_befores, v_afters from temporary_access.planned_grants(p_user_id, v_wanted, v_reason);
  exception
    when others then
      if v_freed = '{}' then
        raise;
      end if;
      perform temporary_access.refuse_freed(cardinality(v_freed), sqlstate, sqlerrm);
  end;

  -- All that is stored comes before the first session is ended: that cannot be rolled back.
  for v_index in 1 .. cardinality(v_afters) loop
    v_before := v_befores[v_index];
    v_after := v_afters[v_index];
    v_afters[v_index] := case
      when v_after.revoked_at is not null then temporary_access.store_revocation(v_before.id, v_reason)
      when v_before.id is null then temporary_access.store_grant(v_after)
      when temporary_access.grant_facts(v_after) <> temporary_access.grant_facts(v_before) then temporary_access.store_change(v_after)
      else v_before
    end;
  end loop;
  for v_index in 1 .. cardinality(v_afters) loop
    v_before := v_befores[v_index];
    v_after := v_afters[v_index];
    if v_before.id is null then
      perform temporary_access.record_grant_event('grant.created', 'grant', v_reason, null, v_after, '{}');
    elsif v_after.revoked_at is not null then
      perform temporary_access.conclude_revocation(v_before, v_after, v_reason, v_freed);
    elsif temporary_access.grant_facts(v_after) <> temporary_access.grant_facts(v_before)
      or temporary_access.freed_of(v_after.id, v_freed) > 0
    then
      perform temporary_access.conclude_change(v_before, v_after, v_reason, v_freed);
    end if;
  end loop;
  return query
    select shown.*
    from latchkey.grants as shown
    where shown.user_id = p_user_id and shown.status in ('scheduled', 'active', 'expiring')
    order by shown.role, shown.starts_at;
end
$$;
comment on function latchkey.set_member_roles(uuid, jsonb, text) is 'Makes the open grants of a member exactly these, in one transaction: [{role, expires_at?, starts_at?, allowed_networks? {allowed_cidrs: [{cidr}], allowed_cidrs_v6: [{cidr}]}}], times as ISO 8601 with a zone or in Unix seconds. An entry without a start holds from now and continues the grant that has begun; one with a later start continues a scheduled grant; a grant that no entry continues is revoked and its sessions ended. Without allowed_networks any is allowed. Answers the open grants.';
grant execute on function latchkey.set_member_roles(uuid, jsonb, text) to latchkey_operator;
