create or replace function latchkey.enforce_temporary_access() returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform api_keys_private.require_operator('enforce temporary access');
  perform temporary_access.require_read_committed();
  return temporary_access.enforce();
end
$$;
comment on function latchkey.enforce_temporary_access() is 'Ends every session whose grant, token or member has ended. Called by the console while it is open, by the gate always, and by a timer where one is installed.';
grant execute on function latchkey.enforce_temporary_access() to latchkey_operator;
