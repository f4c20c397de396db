create or replace function latchkey.end_sessions(p_grant_id uuid, p_reason text default null) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_grant temporary_access.grants;
  v_reason text;
  v_freed integer[];
  v_proof jsonb;
begin
  perform api_keys_private.require_operator('end sessions');
  v_reason := api_keys_private.checked_text('p_reason', p_reason, 500);
  perform temporary_access.require_read_committed();
  v_grant := temporary_access.known_grant(p_grant_id);
  v_freed := temporary_access.take_locks(true, p_grant_id => p_grant_id);
  v_proof := temporary_access.with_freed(
    temporary_access.end_logins(temporary_access.unfinished_logins(p_grant_id, null, null), 'terminated'), cardinality(v_freed)
  );
  perform audit.record_event(
    'sessions.ended', 'grant', p_grant_id::text, temporary_access.label(v_grant.user_id, ' as ' || v_grant.role),
    'end_sessions', 'ok', null, v_reason, null, v_proof
  );
  return v_proof;
end
$$;
comment on function latchkey.end_sessions(uuid, text) is 'Ends the open sessions of a grant; the grant stays, so the member may sign in again. Returns how many ended and how many are left.';
grant execute on function latchkey.end_sessions(uuid, text) to latchkey_operator;
