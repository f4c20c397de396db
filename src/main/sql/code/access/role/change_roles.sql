-- What operators call to put right what a finding says of a role.

create or replace function temporary_access.require_granted_role(p_role text) returns void
  language plpgsql stable
as $$
begin
  if p_role is null then
    raise exception 'p_role: must not be null' using errcode = '22023';
  end if;
  if p_role not in (select known.role from temporary_access.granted_roles() as known (role)) then
    raise exception 'Nobody was ever granted this role, or it is gone' using errcode = 'PT404';
  end if;
end
$$;
comment on function temporary_access.require_granted_role(text) is 'Refuses what is no role of temporary access: nothing is taken from the others.';

create or replace function temporary_access.record_role_event(p_type text, p_action text, p_role text, p_reason text, p_before jsonb, p_after jsonb)
  returns void
  language sql volatile
as $$
  select audit.record_event(p_type, 'role', p_role, p_role, p_action, 'ok', null, p_reason, p_before, p_after)
$$;
comment on function temporary_access.record_role_event(text, text, text, text, jsonb, jsonb) is 'Writes the event of a change of a granted role.';

create or replace function latchkey.take_role_password(p_role text, p_reason text default null) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_reason text;
  v_answer text;
begin
  perform api_keys_private.require_operator('take passwords from roles');
  v_reason := api_keys_private.checked_text('p_reason', p_reason, 500);
  perform temporary_access.require_granted_role(p_role);
  v_answer := temporary_access.take_password(p_role);
  if v_answer in ('left', 'unknown') then
    raise exception 'The password of role % %', p_role,
      case v_answer when 'left' then 'could not be taken' else 'is not known to the owner of Latchkey''s functions' end
      using errcode = '55000', hint = format('As a superuser: alter role %I password null', p_role);
  end if;
  if v_answer = 'taken' then
    insert into temporary_access.roles_to_clear (role) values (p_role);
    perform temporary_access.record_role_event(
      'role.password_taken', 'take_password', p_role, v_reason, jsonb_build_object('password', true), jsonb_build_object('password', false)
    );
  end if;
  return jsonb_build_object('role', p_role, 'taken', v_answer = 'taken');
end
$$;
comment on function latchkey.take_role_password(text, text) is 'Takes the password from a role that was granted, so that it is entered by a token only. Whoever came in by the password stays: see latchkey.end_role_processes, which enforcement does as well when it looks next.';
grant execute on function latchkey.take_role_password(text, text) to latchkey_operator;

create or replace function latchkey.end_role_processes(p_role text, p_reason text default null) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_reason text;
  v_seen text[];
  v_ended integer;
  v_left integer;
  v_found jsonb;
begin
  perform api_keys_private.require_operator('end sessions');
  v_reason := api_keys_private.checked_text('p_reason', p_reason, 500);
  perform temporary_access.require_granted_role(p_role);
  if temporary_access.why_unseen() is not null then
    raise exception 'It is not known who is there: %', temporary_access.why_unseen() using errcode = '55000', hint = temporary_access.session_rights();
  end if;
  select p_seen, p_ended, p_left into v_seen, v_ended, v_left from temporary_access.end_processes_in(array[p_role]);
  v_found := jsonb_build_object('processes_ended', v_ended, 'processes_left', v_left, 'processes', v_seen[:10]);
  if v_seen <> '{}' then
    perform temporary_access.record_role_event('role.processes_ended', 'end_processes', p_role, v_reason, null, v_found);
  end if;
  return v_found;
end
$$;
comment on function latchkey.end_role_processes(text, text) is 'Ends the server processes of a granted role that belong to no login, and says who they were, how many ended and how many are left. Sessions of people with a token stay.';
grant execute on function latchkey.end_role_processes(text, text) to latchkey_operator;

create or replace function latchkey.reset_role_settings(p_role text, p_reason text default null) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_usual constant text := current_setting('lock_timeout');
  v_reason text;
  v_changed text[];
  v_left text[];
begin
  perform api_keys_private.require_operator('reset the settings of roles');
  v_reason := api_keys_private.checked_text('p_reason', p_reason, 500);
  perform temporary_access.require_granted_role(p_role);
  v_changed := temporary_access.changed_settings(p_role);
  if v_changed = '{}' then
    return jsonb_build_object('role', p_role, 'reset', v_changed);
  end if;
  begin
    perform set_config('lock_timeout', temporary_access.patience(), true);
    perform temporary_access.take_from_role(p_role, false, (temporary_access.noted_settings(p_role)).settings);
    perform set_config('lock_timeout', v_usual, true);
  exception
    when insufficient_privilege or invalid_parameter_value then
      raise exception 'The owner of Latchkey''s functions may not alter role %', p_role using errcode = '42501', hint = temporary_access.reset_statement(p_role);
    when lock_not_available or internal_error then
      raise exception 'Somebody changes role % in a transaction that is still open', p_role using errcode = 'PT423', hint = 'Nothing was changed. Try again.';
  end;
  v_left := temporary_access.changed_settings(p_role);
  perform temporary_access.record_role_event(
    'role.settings_reset', 'reset_settings', p_role, v_reason, jsonb_build_object('changed', v_changed), jsonb_build_object('changed', v_left)
  );
  return jsonb_build_object('role', p_role, 'reset', v_changed, 'left', v_left);
end
$$;
comment on function latchkey.reset_role_settings(text, text) is 'Makes the settings of a granted role again what they were when it was granted first, or kept last. What cannot be written again, such as a search_path that is no list of names, is reset and named as left.';
grant execute on function latchkey.reset_role_settings(text, text) to latchkey_operator;

create or replace function temporary_access.reset_statement(p_role text) returns text
  language sql stable
as $$
  select format('As a superuser, for each: alter role %I reset …; changed: %s', p_role, array_to_string(temporary_access.changed_settings(p_role), ', '))
$$;
comment on function temporary_access.reset_statement(text) is 'What to do where the owner of these functions may not alter a role.';

create or replace function latchkey.keep_role_settings(p_role text, p_reason text default null) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_reason text;
  v_changed text[];
begin
  perform api_keys_private.require_operator('keep the settings of roles');
  v_reason := api_keys_private.checked_text('p_reason', p_reason, 500);
  perform temporary_access.require_granted_role(p_role);
  v_changed := temporary_access.changed_settings(p_role);
  if v_changed <> '{}' then
    perform temporary_access.note_settings(p_role);
    perform temporary_access.record_role_event(
      'role.settings_kept', 'keep_settings', p_role, v_reason, null, jsonb_build_object('changed', v_changed)
    );
  end if;
  return jsonb_build_object('role', p_role, 'kept', v_changed);
end
$$;
comment on function latchkey.keep_role_settings(text, text) is 'Says that the settings of a granted role are as they should be: they are no finding any more, and what latchkey.reset_role_settings goes back to.';
grant execute on function latchkey.keep_role_settings(text, text) to latchkey_operator;
