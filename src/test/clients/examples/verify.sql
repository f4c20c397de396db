-- psql -U app_server -v key=sk_… -f verify.sql
select verify_api_key(:'key', '203.0.113.7') as answer \gset
\echo :answer
select log_api_key_usage(
  p_api_key_id => (:'answer'::jsonb ->> 'api_key_id')::uuid,
  p_endpoint => '/documents',
  p_method => 'GET',
  p_status_code => 200,
  p_ip_address => '203.0.113.7',
  p_user_agent => 'psql') -> 'success' as logged;
