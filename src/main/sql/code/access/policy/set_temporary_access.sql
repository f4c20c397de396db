create or replace function latchkey.set_temporary_access(p_state text) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before text;
  v_freed integer[];
  v_proof jsonb := '{}';
begin
  perform api_keys_private.require_operator('switch temporary access');
  if p_state is null or p_state not in ('enabled', 'disabled') then
    raise exception 'p_state: must be enabled or disabled' using errcode = '22023';
  end if;
  if p_state = 'enabled' and not temporary_access.may_end_sessions() then
    raise exception 'The owner of Latchkey''s functions may not end the sessions of other roles, so ended access would not really end' using
      errcode = '55000',
      hint = temporary_access.session_rights();
  end if;
  perform temporary_access.require_read_committed();
  if p_state = (select state from temporary_access.settings) then
    return latchkey.temporary_access_state();
  end if;
  v_freed := temporary_access.take_locks(p_state = 'disabled', p_setting => 'switch');
  select state into strict v_before from temporary_access.settings;
  if v_before = p_state and v_freed = '{}' then
    return latchkey.temporary_access_state();
  end if;

  update temporary_access.settings set state = p_state, state_changed_at = clock_timestamp();
  if p_state = 'disabled' then
    v_proof := temporary_access.with_freed(
      temporary_access.end_logins(temporary_access.unfinished_logins(null, null, null), 'disabled'), cardinality(v_freed)
    );
  end if;
  perform audit.record_event(
    'temporary_access.' || p_state, 'setting', 'temporary_access', 'temporary access', 'set', 'ok', null, null,
    jsonb_build_object('state', v_before), jsonb_build_object('state', p_state) || v_proof
  );
  return latchkey.temporary_access_state();
end
$$;
comment on function latchkey.set_temporary_access(text) is 'Switches temporary access on or off. Off refuses every login and ends every session but the caller''s own, so that he can undo it.';
grant execute on function latchkey.set_temporary_access(text) to latchkey_operator;
