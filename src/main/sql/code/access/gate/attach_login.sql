create or replace function temporary_access.attach_login(p_login text, p_backend_pid integer) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_login temporary_access.logins;
  v_backend_start timestamptz;
begin
  perform temporary_access.lock_switch();
  select * into v_login from temporary_access.logins where id = p_login and outcome = 'accepted';
  perform from temporary_access.members where user_id = v_login.user_id for share;
  perform from temporary_access.tokens where id = v_login.token_id for share;
  perform from temporary_access.grants where id = v_login.grant_id for share;
  select * into v_login from temporary_access.logins where id = p_login and outcome = 'accepted' for update;
  if v_login.id is null or v_login.ended_at is not null or v_login.attached_at is not null then
    return false;
  end if;
  if temporary_access.end_reason(v_login) is not null then
    return false;
  end if;

  perform pg_catalog.pg_stat_clear_snapshot();
  select backend.backend_start
  into v_backend_start
  from pg_catalog.pg_stat_activity as backend
  where backend.pid = p_backend_pid and backend.usename = v_login.role;
  if v_backend_start is null then
    return false;
  end if;
  update temporary_access.logins
  set backend_pid = p_backend_pid, backend_start = v_backend_start, attached_at = clock_timestamp()
  where id = p_login;
  return true;
end
$$;
comment on function temporary_access.attach_login(text, integer) is 'Ties an accepted login to the server process it got, once. False when the access ended meanwhile or the process is not one of that role: the caller must close it.';
grant execute on function temporary_access.attach_login(text, integer) to latchkey_gatekeeper;
