create or replace function latchkey.revoke_grant(p_grant_id uuid, p_reason text default null) returns latchkey.grants
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before temporary_access.grants;
  v_after temporary_access.grants;
  v_reason text;
  v_freed integer[];
begin
  perform api_keys_private.require_operator('revoke grants');
  v_reason := temporary_access.checked_reason(p_reason);
  perform temporary_access.require_read_committed();
  perform temporary_access.revocable_grant(p_grant_id);
  v_freed := temporary_access.take_locks(true, p_grant_id => p_grant_id);
  v_before := case
    when v_freed = '{}' then temporary_access.revocable_grant(p_grant_id)
    else temporary_access.known_grant(p_grant_id)
  end;

  v_after := temporary_access.store_revocation(p_grant_id, v_reason);
  perform temporary_access.conclude_revocation(v_before, v_after, v_reason, v_freed);
  return temporary_access.shown_grant(p_grant_id);
end
$$;
comment on function latchkey.revoke_grant(uuid, text) is 'Revokes a grant and ends its sessions at once; the event holds how many ended, how many are left and when that was checked. The caller''s own session, if it is by this grant, is ended by its gate after the commit.';
grant execute on function latchkey.revoke_grant(uuid, text) to latchkey_operator;
