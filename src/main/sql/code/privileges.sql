-- Privileges that are not those of one object. What a function or a view grants stands beside it.

revoke all on schema latchkey, api_keys_private, temporary_access, audit, http_gate, ksuid_keys, latchkey_doors
  from public, anon, authenticated, service_role, api_key;
grant usage on schema latchkey to latchkey_operator, latchkey_auditor, latchkey_gatekeeper;
grant usage on schema api_keys_private to service_role;
grant usage on schema temporary_access to latchkey_gatekeeper;
grant usage on schema http_gate, latchkey_doors to public;
grant usage on schema ksuid_keys to authenticated, service_role, api_key, latchkey_operator;

revoke all on all tables in schema latchkey, api_keys_private, audit from public, anon, authenticated, service_role;
revoke all on all tables in schema temporary_access
  from public, anon, authenticated, service_role, latchkey_operator, latchkey_auditor;
grant select (
  id, ksuid, kind, account_id, name, description, key_prefix, prefix, last4, hash_method, role, scopes, allowed_cidrs,
  rate_limit, expires_at, created_at, created_by, created_by_name, last_used_at, last_used_from, disabled_at,
  disabled_by_name, revoked_at, revoked_by, revoked_by_name, revoke_reason, is_active, replaces, replaced_by, version,
  updated_at, updated_by_name)
  on api_keys_private.api_keys to service_role;
grant select on api_keys_private.api_key_logs to service_role;

-- The roles of requests have nothing in these schemas; in others it is revoked beside each function.
revoke all on all functions in schema latchkey, api_keys_private, temporary_access, audit
  from public, anon, authenticated, service_role;
