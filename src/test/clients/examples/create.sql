-- psql -U keys_admin -f create.sql
select create_api_key(
  p_account_id => (select id from latchkey.accounts where name = 'Acme'),
  p_name => 'Build server',
  p_scopes => '[{"entity_type": "document", "entity_id": "*", "action": "read"}]',
  p_expires_at => now() + interval '90 days'
) ->> 'key' as key;
