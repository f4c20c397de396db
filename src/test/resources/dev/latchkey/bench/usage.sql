-- What a client would send: lines of a hundred requests by several keys.
create table bench.batches (n integer not null, body text not null, constraint batches_pkey primary key (n));
insert into bench.batches
select
  b.n,
  (
    select
      jsonb_agg(jsonb_build_object(
        'api_key_id', lpad(to_hex((b.n * 37 + i * 11) % 1000 + 1), 32, '0')::uuid, 'endpoint', '/v1/documents/' || i,
        'method', 'GET', 'status_code', 200, 'ip_address', '203.0.113.' || i, 'user_agent', 'example-client/1.4.2'))
    from generate_series(1, 100) as i
  )::text
from generate_series(1, 100) as b (n);
vacuum analyze bench.batches;
-- As keys in use are: each of them moves its last_used_at once a minute.
update api_keys_private.api_keys set last_used_at = now();
vacuum analyze api_keys_private.api_keys;
