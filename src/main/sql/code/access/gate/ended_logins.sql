create or replace function temporary_access.ended_logins(p_logins text[]) returns setof text
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select listed.id
  from unnest(p_logins) as listed (id)
  left join temporary_access.logins as login on login.id = listed.id and login.outcome = 'accepted'
  where login.id is null or login.ended_at is not null or temporary_access.end_reason(login) is not null
$$;
comment on function temporary_access.ended_logins(text[]) is 'Those of the logins whose access has ended, unknown ones included.';
grant execute on function temporary_access.ended_logins(text[]) to latchkey_gatekeeper;
