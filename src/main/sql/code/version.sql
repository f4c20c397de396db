create or replace function latchkey.schema_version() returns integer
  language sql immutable parallel safe
  return 18;
comment on function latchkey.schema_version() is 'Number of the newest file of tables that was run.';
revoke all on function latchkey.schema_version() from public, anon, authenticated, service_role;
grant execute on function latchkey.schema_version() to latchkey_operator, latchkey_auditor, latchkey_gatekeeper;

-- The build puts the real one at the end: the SHA-256 of everything that stands before it there.
create or replace function latchkey.code_version() returns text
  language sql immutable parallel safe
  return '';
comment on function latchkey.code_version() is
  'Which functions these are: the SHA-256, in hex, of the text that made them. Latchkey compares it with that of its own.';
revoke all on function latchkey.code_version() from public, anon, authenticated, service_role;
grant execute on function latchkey.code_version() to latchkey_operator, latchkey_auditor, latchkey_gatekeeper;

-- The API server keeps a list of functions.
do $$
begin
  if not api_keys_private.tell('pgrst', 'reload schema') then
    raise warning 'PostgREST was not told, because the queue of NOTIFY is half full: send it SIGUSR1, or restart it';
  end if;
end
$$;
