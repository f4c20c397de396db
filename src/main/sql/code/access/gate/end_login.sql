create or replace function temporary_access.end_login(p_login text, p_why text) returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if p_why is null or p_why not in ('closed', 'gate_closed', 'terminated') then
    raise exception 'p_why: must be closed, gate_closed or terminated' using errcode = '22023';
  end if;
  if p_why = 'closed' then
    update temporary_access.logins as login
    set ended_at = clock_timestamp(), ended_why = coalesce(temporary_access.end_reason(login), p_why)
    where login.id = p_login and login.outcome = 'accepted' and login.ended_at is null;
  else
    perform temporary_access.end_logins(array[p_login], p_why);
  end if;
  return (select ended_why from temporary_access.logins where id = p_login);
end
$$;
comment on function temporary_access.end_login(text, text) is 'Marks a login as ended: closed by the client, unless its access was over by then. With gate_closed or terminated its server process is ended too. Returns why it ended, after waiting for a revocation under way.';
grant execute on function temporary_access.end_login(text, text) to latchkey_gatekeeper;
