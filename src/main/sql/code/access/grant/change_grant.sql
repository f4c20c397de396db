create or replace function temporary_access.changed_grant(p_before temporary_access.grants, p_changes jsonb) returns temporary_access.grants
  language plpgsql volatile
as $$
declare
  v_after temporary_access.grants := p_before;
  v_networks cidr[];
  v_starts_at timestamptz;
  v_expires_at timestamptz;
begin
  if p_changes -> 'allowed_cidrs' <> '[]' then
    v_networks := api_keys_private.checked_networks('p_changes.allowed_cidrs', p_changes -> 'allowed_cidrs');
  end if;
  v_starts_at := temporary_access.checked_time('p_changes.starts_at', p_changes -> 'starts_at');
  v_expires_at := temporary_access.checked_time('p_changes.expires_at', p_changes -> 'expires_at');

  if p_changes ? 'starts_at' then
    v_after.starts_at := coalesce(v_starts_at, clock_timestamp());
    if v_after.starts_at <> p_before.starts_at and p_before.starts_at <= clock_timestamp() then
      raise exception 'The grant has begun; its start cannot be changed' using errcode = 'PT409';
    end if;
    perform temporary_access.require_start('p_changes.starts_at', v_starts_at);
  end if;
  if p_changes ? 'expires_at' then
    v_after.expires_at := v_expires_at;
    if coalesce(v_after.expires_at, 'infinity') > coalesce(p_before.expires_at, 'infinity') then
      raise exception 'p_changes.expires_at: is later than the present end; extend the grant' using errcode = '22023';
    end if;
  end if;
  if (v_after.starts_at, v_after.expires_at) is distinct from (p_before.starts_at, p_before.expires_at) then
    perform temporary_access.require_end(
      case when p_changes ? 'expires_at' then 'p_changes.expires_at' else 'p_changes.starts_at' end, v_after.starts_at, v_after.expires_at
    );
  end if;
  if p_changes ? 'allowed_cidrs' then
    v_after.allowed_cidrs := coalesce(v_networks, '{}');
    if v_after.allowed_cidrs <> p_before.allowed_cidrs then
      perform temporary_access.require_networks('p_changes.allowed_cidrs', v_after.allowed_cidrs);
    end if;
  end if;
  if temporary_access.widens(p_before, v_after) then
    perform temporary_access.require_not_oneself(p_before.user_id);
  end if;
  if (v_after.starts_at, v_after.expires_at) is distinct from (p_before.starts_at, p_before.expires_at) then
    perform temporary_access.require_no_overlap(v_after);
  end if;
  return v_after;
end
$$;
comment on function temporary_access.changed_grant(temporary_access.grants, jsonb) is 'The grant as latchkey.change_grant is asked to make it, checked and not stored.';

create or replace function latchkey.change_grant(p_grant_id uuid, p_changes jsonb, p_reason text) returns latchkey.grants
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_known constant text[] := array['allowed_cidrs', 'starts_at', 'expires_at'];
  v_before temporary_access.grants;
  v_after temporary_access.grants;
  v_reason text;
  v_freed integer[];
begin
  perform api_keys_private.require_operator('change grants');
  if jsonb_typeof(p_changes) is distinct from 'object' or p_changes - v_known <> '{}' then
    raise exception 'p_changes: must be an object with fields of %', array_to_string(v_known, ', ') using errcode = '22023';
  end if;
  v_reason := temporary_access.checked_reason(p_reason);
  perform temporary_access.require_read_committed();
  v_before := temporary_access.changeable_grant(p_grant_id);
  v_after := temporary_access.changed_grant(v_before, p_changes);
  v_freed := temporary_access.take_locks(true, p_user_id => v_before.user_id, p_grant_id => p_grant_id, p_after => array[v_after]);
  begin
    v_before := temporary_access.changeable_grant(p_grant_id);
    v_after := temporary_access.changed_grant(v_before, p_changes);
  exception
    when others then
      if v_freed = '{}' then
        raise;
      end if;
      perform temporary_access.refuse_freed(cardinality(v_freed), sqlstate, sqlerrm);
  end;
  if v_freed = '{}' and temporary_access.grant_facts(v_after) = temporary_access.grant_facts(v_before) then
    return temporary_access.shown_grant(p_grant_id);
  end if;

  v_after := temporary_access.store_change(v_after);
  perform temporary_access.conclude_change(v_before, v_after, v_reason, v_freed);
  return temporary_access.shown_grant(p_grant_id);
end
$$;
comment on function latchkey.change_grant(uuid, jsonb, text) is 'Changes those of allowed_cidrs (an array of networks; null or empty: any), starts_at (only before it; null: now) and expires_at (only to a sooner end) that p_changes has. Sessions whose address is no longer allowed end at once; the event holds how many. What changes nothing is no event.';
grant execute on function latchkey.change_grant(uuid, jsonb, text) to latchkey_operator;
