-- The published private-schema design as its own suite asks it: the same calls by the same roles, from a session of whoever
-- installed, who lowers himself to the role of a request and sets the claims. Run as a superuser and as Supabase's postgres.
begin;
set local search_path = tap, public;
select * from no_plan();

create function pg_temp.request(p_role text, p_sub uuid) returns void
  language plpgsql
as $$
begin
  perform set_config('request.jwt.claims', json_build_object('sub', p_sub, 'role', p_role)::text, true);
  perform set_config('role', p_role, true);
end
$$;

-- A temporary table belongs to the session; the roles of requests share it.
create temp table made (name text primary key, value jsonb);
grant select, insert, update on made to authenticated, service_role, api_key, anon;
create temp table who as
select
  '00000000-0000-4000-8000-0000000000a1'::uuid as owner,
  '00000000-0000-4000-8000-0000000000a2'::uuid as stranger,
  '00000000-0000-4000-8000-0000000000aa'::uuid as account;
grant select on who to authenticated, service_role, api_key, anon;
insert into public.accounts (id, name, slug) select account, 'Suite', 'suite-of-pgtap' from who;
insert into public.accounts_memberships (user_id, account_id, account_role) select owner, account, 'owner' from who;

create table public.pgtap_documents (id uuid primary key default gen_random_uuid(), account_id uuid not null, title text);
alter table public.pgtap_documents enable row level security;
revoke all on public.pgtap_documents from anon, authenticated, service_role;
grant select, insert, update, delete on public.pgtap_documents to api_key;
create policy pgtap_read on public.pgtap_documents for select to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'read'));
create policy pgtap_create on public.pgtap_documents for insert to api_key
  with check (account_id = public.get_api_key_account_id() and public.has_scope('document', '*', 'create'));
create policy pgtap_update on public.pgtap_documents for update to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'update'));
create policy pgtap_delete on public.pgtap_documents for delete to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'delete'));
insert into public.pgtap_documents (account_id, title) select account, 'Ours' from who;
insert into public.pgtap_documents (account_id, title) values (gen_random_uuid(), 'Theirs');

-- A member of the account makes keys.
select pg_temp.request('authenticated', owner) from who;
insert into made
select 'key', public.create_api_key(
  account, 'Suite', '[{"entity_type": "document", "entity_id": "*", "action": "read"}]')
from who;
insert into made
select 'expiring', public.create_api_key(account, 'Short', '[]', now() + interval '1 hour') from who;
select matches((select value ->> 'key' from made where name = 'key'), '^sk_', 'a key is shown once');
select is((select (value ->> 'account_id')::uuid from made where name = 'key'), (select account from who), 'the key is of the account');
select is((select count(*) from who, public.list_api_keys(account)), 2::bigint, 'the member lists the keys');
select is(
    public.verify_api_key((select value ->> 'key' from made where name = 'key')) ->> 'valid', 'true',
    'a signed-in user verifies a key, as published');
select throws_ok(
    format($$ select public.create_api_key(%L, '', '[]') $$, account), '22023', null, 'a key has a name')
from who;
select throws_ok(
    format($$ select public.create_api_key(%L, 'Late', '[]', now() - interval '1 hour') $$, account), '22023', null,
    'an expiry is in the future')
from who;

-- A stranger does not.
select pg_temp.request('authenticated', stranger) from who;
select throws_ok(
    format($$ select public.create_api_key(%L, 'Mine', '[]') $$, account),
    'Unauthorized: You do not have permission to create API keys for this account')
from who;
select throws_ok(
    format($$ select * from public.list_api_keys(%L) $$, account),
    'Unauthorized: You do not have permission to view API keys for this account')
from who;
select throws_ok(
    format($$ select public.revoke_api_key(%L) $$, (select value ->> 'id' from made where name = 'key')),
    'Unauthorized: You do not have permission to revoke API keys for this account');
select throws_ok($$ select public.revoke_api_key(gen_random_uuid()) $$, 'API key not found');

-- Nobody without an identity does.
select pg_temp.request('anon', null);
select throws_ok(
    format($$ select public.create_api_key(%L, 'Mine', '[]') $$, account), '42501', null, 'anon makes no key')
from who;
select throws_ok($$ select public.verify_api_key('sk_x') $$, '42501', null, 'anon verifies no key');

-- The server verifies and logs.
select pg_temp.request('service_role', null);
select is(
    public.verify_api_key((select value ->> 'key' from made where name = 'key')) - 'account_id',
    jsonb_build_object('valid', true, 'api_key_id', (select value ->> 'id' from made where name = 'key')),
    'the server verifies the key');
select is(public.verify_api_key('sk_nonsense'), '{"valid": false, "error": "Invalid API key"}', 'and no other');
select is(
    public.log_api_key_usage(
      (select (value ->> 'id')::uuid from made where name = 'key'), '/documents', 'GET', 200, '203.0.113.7', 'pgTAP') ->> 'success',
    'true', 'the server logs its use');

-- The key reads what its scopes say, under row level security.
select pg_temp.request('api_key', (select (value ->> 'id')::uuid from made where name = 'key'));
select is(public.get_api_key_account_id(), (select account from who), 'the key knows its account');
select ok(public.has_scope('document', '1', 'read'), 'the key may read');
select ok(not public.has_scope('document', '1', 'update'), 'the key may not change');
select is(array(select title from public.pgtap_documents), array['Ours'], 'it reads the documents of its account');
select throws_ok(
    $$ insert into public.pgtap_documents (account_id, title) select account, 'New' from who $$, '42501', null, 'it makes none');
with changed as (update public.pgtap_documents set title = 'Changed' returning 1)
select is(count(*), 0::bigint, 'it changes none') from changed;
with gone as (delete from public.pgtap_documents returning 1)
select is(count(*), 0::bigint, 'it removes none') from gone;

-- What the gate for HTTP makes of its header.
select pg_temp.request('anon', null);
select set_config('request.jwt.claims', '', true);
select set_config(
    'request.headers', json_build_object('apikey', (select value ->> 'key' from made where name = 'key'))::text, true);
select lives_ok('select public.pre_request()', 'a request with a key is let in');
select is(current_user::text, 'api_key', 'as the role of keys');
select is(public.get_api_key_account_id(), (select account from who), 'and as that key');

-- Revoked is over at once.
select pg_temp.request('authenticated', owner) from who;
select ok(public.revoke_api_key((select (value ->> 'id')::uuid from made where name = 'key')), 'the member revokes the key');
select ok(not public.revoke_api_key((select (value ->> 'id')::uuid from made where name = 'key')), 'once');
select pg_temp.request('service_role', null);
select is(
    public.verify_api_key((select value ->> 'key' from made where name = 'key')) ->> 'valid', 'false', 'it is not valid any more');
select pg_temp.request('api_key', (select (value ->> 'id')::uuid from made where name = 'key'));
select ok(not public.has_scope('document', '1', 'read'), 'it has no scope any more');
select is(count(*), 0::bigint, 'it reads nothing') from public.pgtap_documents;
select pg_temp.request('anon', null);
select throws_ok('select public.pre_request()', 'PGRST', null, 'a request with it is refused');

reset role;
select * from finish();
rollback;
