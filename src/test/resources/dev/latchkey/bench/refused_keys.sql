-- Keys that are refused, well-formed all of them: with a known id and another secret, and with an id that nobody has
-- and that is not older than all of them.
alter table bench.keys add column wrong text, add column unknown text;
update bench.keys as k
set wrong = w.body || api_keys_private.key_check(w.body), unknown = w.other || api_keys_private.key_check(w.other)
from (
  select n, 'sk_' || ksuid || md5('wrong' || n) as body, 'sk_' || '4' || substr(ksuid, 2) || secret as other from bench.keys
) as w
where w.n = k.n;
vacuum full analyze bench.keys;

-- In read-only transactions, as of GET requests, nothing is recorded.
create role bench_reader login in role service_role;
alter role bench_reader set default_transaction_read_only = on;
grant usage on schema bench to bench_reader;
grant select on bench.keys to bench_reader;
