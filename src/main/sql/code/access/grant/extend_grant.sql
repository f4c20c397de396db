create or replace function temporary_access.open_grant(p_grant_id uuid) returns temporary_access.grants
  language plpgsql volatile
as $$
declare
  v_grant temporary_access.grants := temporary_access.known_grant(p_grant_id);
begin
  perform temporary_access.take_locks(false, p_user_id => v_grant.user_id, p_grant_id => p_grant_id);
  return temporary_access.changeable_grant(p_grant_id);
end
$$;
comment on function temporary_access.open_grant(uuid) is 'The grant, locked until the end of the transaction: logins by it wait. Its member is locked first, so that no other grant of his appears meanwhile. PT409 when the grant has ended.';

create or replace function latchkey.extend_grant(p_grant_id uuid, p_expires_at timestamptz, p_reason text default null) returns latchkey.grants
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before temporary_access.grants;
  v_after temporary_access.grants;
  v_reason text;
begin
  perform api_keys_private.require_operator('extend grants');
  perform temporary_access.require_read_committed();
  v_reason := temporary_access.checked_reason(p_reason);
  v_before := temporary_access.open_grant(p_grant_id);
  perform temporary_access.require_not_oneself(v_before.user_id);
  perform temporary_access.require_end('p_expires_at', v_before.starts_at, p_expires_at);
  if (p_expires_at <= v_before.expires_at) or (v_before.expires_at is null) then
    raise exception 'p_expires_at: must be later than the present end' using errcode = '22023';
  end if;
  v_after := v_before;
  v_after.expires_at := p_expires_at;
  perform temporary_access.require_no_overlap(v_after);

  v_after := temporary_access.store_change(v_after);
  perform temporary_access.conclude_change(v_before, v_after, v_reason, '{}');
  return temporary_access.shown_grant(p_grant_id);
end
$$;
comment on function latchkey.extend_grant(uuid, timestamptz, text) is 'Moves the end of a grant that has not ended to a later time within the policy.';
grant execute on function latchkey.extend_grant(uuid, timestamptz, text) to latchkey_operator;
