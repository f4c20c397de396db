-- $count lines of a thousand keys over the last 80 days.
insert into api_keys_private.api_key_logs (
  api_key_id, endpoint, method, status_code, ip_address, user_agent, timestamp, outcome)
select
  lpad(to_hex(n % 1000 + 1), 32, '0')::uuid, '/v1/documents/' || n % 977, 'GET', 200, '203.0.113.7', 'example-client/1.4.2',
  now() - interval '80 days' + n * (interval '80 days' / $count), 'ok'
from generate_series(1, $count) as n;
select latchkey.maintain_usage_log();
vacuum analyze api_keys_private.api_key_logs;
