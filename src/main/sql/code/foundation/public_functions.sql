create or replace function api_keys_private.public_functions() returns setof oid
  language sql stable
as $$
  select p.oid
  from pg_catalog.pg_proc as p
  where p.pronamespace = 'public'::regnamespace
    and (p.proname, oidvectortypes(p.proargtypes)) in (
      ('create_api_key', 'uuid, text, jsonb, timestamp with time zone'),
      ('list_api_keys', 'uuid'),
      ('revoke_api_key', 'uuid'),
      ('verify_api_key', 'text, inet'),
      ('create_api_key', 'uuid, text'),
      ('list_api_keys', 'ksuid_keys.client_id, integer, integer'),
      ('verify_api_key', 'ksuid_keys.full_key'),
      ('has_scope', 'text, text, text'),
      ('has_scope_on_all', 'text, text'),
      ('scoped_ids', 'text, text'),
      ('get_api_key_account_id', ''),
      ('log_api_key_usage', 'uuid, text, text, integer, text, text'),
      ('log_api_key_usage_batch', 'jsonb'),
      ('register_user_token', 'text, timestamp with time zone, jsonb'),
      ('list_user_tokens', ''),
      ('revoke_user_token', 'text'),
      ('pre_request', ''))
$$;
comment on function api_keys_private.public_functions() is
  'The functions of ours that are in schema public, for what installing gives and takes. What takes Latchkey out of a database has the list itself.';
