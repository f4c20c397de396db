create table documents (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references accounts,
  title text not null
);
create index on documents (account_id);
alter table documents enable row level security;
grant select, insert, update, delete on documents to authenticated, api_key;

create policy members on documents to authenticated
  using (has_role_on_account(account_id));

-- Keys: each sub-select runs once for the statement, not once for a row.
create policy keys_read on documents for select to api_key
  using (
    account_id = (select get_api_key_account_id())
    and ((select has_scope_on_all('document', 'read'))
      or id::text = any ((select scoped_ids('document', 'read'))::text[])));
create policy keys_create on documents for insert to api_key
  with check (
    account_id = (select get_api_key_account_id())
    and (select has_scope_on_all('document', 'create')));
create policy keys_update on documents for update to api_key
  using (
    account_id = (select get_api_key_account_id())
    and ((select has_scope_on_all('document', 'update'))
      or id::text = any ((select scoped_ids('document', 'update'))::text[])));
