create or replace function public.verify_api_key(p_api_key text, p_client_ip inet default null) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return coalesce(
    api_keys_private.check_key(p_api_key, 'scoped', p_client_ip) - 'role', '{"valid": false, "error": "Invalid API key"}');
end
$$;
comment on function public.verify_api_key(text, inet) is
  'Whether a string is a scoped key that works now: {valid: true, api_key_id, account_id} or {valid: false, error: "Invalid API key"}, never '
  'why. Keys of the project, a publishable one above all, prove no account and are not valid here.';
revoke all on function public.verify_api_key(text, inet) from public, anon, authenticated, service_role;
grant execute on function public.verify_api_key(text, inet) to service_role, api_key, authenticated;
