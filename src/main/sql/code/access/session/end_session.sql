create or replace function latchkey.end_session(p_login_id text, p_reason text default null) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_login temporary_access.logins;
  v_reason text;
  v_proof jsonb;
begin
  perform api_keys_private.require_operator('end sessions');
  v_reason := api_keys_private.checked_text('p_reason', p_reason, 500);
  if p_login_id is null then
    raise exception 'p_login_id: must not be null' using errcode = '22023';
  end if;
  perform temporary_access.require_read_committed();
  select * into v_login from temporary_access.logins where id = p_login_id and outcome = 'accepted';
  if not found then
    raise exception 'Session not found' using errcode = 'PT404';
  end if;
  if v_login.id = (temporary_access.current_login()).id then
    raise exception 'A session cannot end itself: disconnect instead' using errcode = 'PT409';
  end if;
  if v_login.ended_at is not null
    and temporary_access.why_unseen() is null
    and not exists (select from temporary_access.live_sessions() where login_id = p_login_id)
  then
    raise exception 'The session has ended already' using errcode = 'PT409';
  end if;

  v_proof := temporary_access.end_logins(array[p_login_id], 'terminated');
  perform audit.record_event(
    'session.ended', 'login', p_login_id, temporary_access.label(v_login.user_id, ' as ' || v_login.role), 'end_session', 'ok', null,
    v_reason, null,
    jsonb_build_object(
      'user_id', v_login.user_id, 'role', v_login.role, 'grant_id', v_login.grant_id, 'client_addr', host(v_login.client_addr),
      'backend_pid', v_login.backend_pid
    ) || v_proof
  );
  return v_proof;
end
$$;
comment on function latchkey.end_session(text, text) is 'Ends the session of one login; the grant stays, so the member may sign in again. Returns how many ended and how many are left, 0 unless its process could not be ended.';
grant execute on function latchkey.end_session(text, text) to latchkey_operator;
