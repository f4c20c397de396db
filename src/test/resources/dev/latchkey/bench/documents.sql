-- The same documents four times: without row level security, with the set-based policy, and few for asking row by row.
create table bench.plain (
  id uuid not null,
  account_id uuid not null,
  title text not null,
  content text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
insert into bench.plain (id, account_id, title, content)
select lpad(to_hex(n), 32, '0')::uuid, '00000000-0000-0000-0000-0000000000aa', 'Document ' || n, repeat('word ', 20)
from generate_series(1, 100000) as n;
create table bench.documents (like bench.plain including all);
insert into bench.documents select * from bench.plain;
create table bench.few as select * from bench.plain limit 5000;
vacuum analyze bench.plain;
vacuum analyze bench.documents;
vacuum analyze bench.few;

alter table bench.documents enable row level security;
create policy read_documents on bench.documents for select to api_key
  using (
    account_id = (select public.get_api_key_account_id())
    and ((select public.has_scope_on_all('document', 'read'))
      or id::text = any ((select public.scoped_ids('document', 'read'))::text[])));

-- A request with the first key.
create role bench_client login in role api_key;
alter role bench_client set request.jwt.claims = '{"sub": "00000000-0000-0000-0000-000000000001", "role": "api_key"}';
grant usage on schema bench, published to bench_client;
grant select on bench.plain, bench.documents, bench.few to bench_client;
