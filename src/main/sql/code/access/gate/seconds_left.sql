create or replace function temporary_access.seconds_left(p_login text) returns double precision
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select extract(epoch from least(granted.expires_at, token.expires_at) - clock_timestamp())::double precision
  from temporary_access.logins as login
  join temporary_access.grants as granted on granted.id = login.grant_id
  join temporary_access.tokens as token on token.id = login.token_id
  where login.id = p_login and login.outcome = 'accepted'
$$;
comment on function temporary_access.seconds_left(text) is 'Seconds until the grant or the token of a login ends, whichever is sooner, by the server''s clock; null without an end.';
grant execute on function temporary_access.seconds_left(text) to latchkey_gatekeeper;
