create or replace function ksuid_keys.verify_api_key(full_key text) returns uuid
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_answer jsonb;
begin
  if full_key is null or full_key !~ '^[0-9A-Za-z]{27}' then
    perform api_keys_private.record_refusal(null, 'not_found', null)
    where current_setting('transaction_read_only') = 'off';
    return null;
  end if;
  v_answer := api_keys_private.check_older_key(full_key, null);
  return (
    select k.created_by from api_keys_private.api_keys as k where k.id = (v_answer ->> 'api_key_id')::uuid and k.prefix = '');
end
$$;
comment on function ksuid_keys.verify_api_key(text) is
  'The client whose key this is, or null when it is none that works now, never why. For service_role, and the published grant to api_key.';
revoke all on function ksuid_keys.verify_api_key(text) from public, anon, authenticated, service_role;
grant execute on function ksuid_keys.verify_api_key(text) to service_role, api_key;
