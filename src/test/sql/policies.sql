-- Policies that ask a key's scopes: row by row, as published, and once per statement, side by side.
begin;
set local search_path = tap, public;
select * from no_plan();

create temp table who as
select '00000000-0000-0000-0000-00000000c0de'::uuid as key_id, '00000000-0000-0000-0000-00000000acc0'::uuid as account_id;
insert into api_keys_private.api_keys (id, ksuid, kind, account_id, name, key_prefix, prefix, key_hash, salt, role)
select key_id, api_keys_private.ksuid(), 'scoped', account_id, 'pgTAP', 'sk_', 'sk_', '00', '\x00', 'api_key' from who;

create schema pgtap_test;
grant usage on schema pgtap_test to api_key;
create table pgtap_test.row_by_row (id uuid primary key, account_id uuid, title text);
create table pgtap_test.by_set (like pgtap_test.row_by_row including all);
insert into pgtap_test.row_by_row
select ('00000000-0000-0000-0000-' || lpad(i::text, 12, '0'))::uuid, case when i % 3 > 0 then account_id else gen_random_uuid() end, 'Document ' || i
from who, generate_series(1, 30) as i;
insert into pgtap_test.by_set select * from pgtap_test.row_by_row;
alter table pgtap_test.row_by_row enable row level security;
alter table pgtap_test.by_set enable row level security;
grant select, insert, update, delete on pgtap_test.row_by_row, pgtap_test.by_set to api_key;

create policy read on pgtap_test.row_by_row for select to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'read'));
create policy make on pgtap_test.row_by_row for insert to api_key
  with check (account_id = public.get_api_key_account_id() and public.has_scope('document', '*', 'create'));
create policy change on pgtap_test.row_by_row for update to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'update'));
create policy remove on pgtap_test.row_by_row for delete to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'delete'));

create policy read on pgtap_test.by_set for select to api_key
  using (account_id = (select public.get_api_key_account_id())
    and ((select public.has_scope_on_all('document', 'read')) or id::text = any ((select public.scoped_ids('document', 'read'))::text[])));
create policy make on pgtap_test.by_set for insert to api_key
  with check (account_id = (select public.get_api_key_account_id()) and (select public.has_scope_on_all('document', 'create')));
create policy change on pgtap_test.by_set for update to api_key
  using (account_id = (select public.get_api_key_account_id())
    and ((select public.has_scope_on_all('document', 'update')) or id::text = any ((select public.scoped_ids('document', 'update'))::text[])));
create policy remove on pgtap_test.by_set for delete to api_key
  using (account_id = (select public.get_api_key_account_id())
    and ((select public.has_scope_on_all('document', 'delete')) or id::text = any ((select public.scoped_ids('document', 'delete'))::text[])));

create function pg_temp.scoped(variadic p_scopes text[]) returns void
  language sql
as $$
  update api_keys_private.api_keys
  set scopes = (
    select coalesce(jsonb_agg(jsonb_build_object(
      'entity_type', split_part(s, '/', 1), 'entity_id', split_part(s, '/', 2), 'action', split_part(s, '/', 3))), '[]')
    from unnest(p_scopes) as s)
  where id = '00000000-0000-0000-0000-00000000c0de'
$$;

-- How many rows a statement reaches as the key, and the same of its other table.
create function pg_temp.reached(p_statement text) returns bigint[]
  language plpgsql
as $$
declare
  v_table text;
  v_rows bigint;
  v_reached bigint[] := '{}';
begin
  foreach v_table in array array['pgtap_test.row_by_row', 'pgtap_test.by_set'] loop
    begin
      set local role api_key;
      execute format(p_statement, v_table);
      get diagnostics v_rows = row_count;
      -- Back to what was, whatever it did.
      raise exception using errcode = 'TAP00';
    exception
      when sqlstate 'TAP00' then
        v_reached := v_reached || v_rows;
      when insufficient_privilege then
        v_reached := v_reached || -1::bigint;
    end;
  end loop;
  return v_reached;
end
$$;

select set_config('request.jwt.claims', '{"sub": "00000000-0000-0000-0000-00000000c0de", "role": "api_key"}', true);

create temp table expected (scopes text[], reads integer, makes integer, changes integer, removes integer);
insert into expected values
  ('{}', 0, -1, 0, 0),
  ('{*/*/*}', 20, 1, 20, 20),
  ('{document/*/*}', 20, 1, 20, 20),
  ('{document/*/read}', 20, -1, 0, 0),
  ('{document/*/create}', 0, 1, 0, 0),
  ('{document/00000000-0000-0000-0000-000000000001/read}', 1, -1, 0, 0),
  -- Of another account.
  ('{document/00000000-0000-0000-0000-000000000003/*}', 0, -1, 0, 0),
  ('{document/00000000-0000-0000-0000-000000000001/*,document/00000000-0000-0000-0000-000000000002/read}', 2, -1, 1, 1),
  ('{document/*/read,document/00000000-0000-0000-0000-000000000004/update}', 20, -1, 1, 0),
  ('{invoice/*/*}', 0, -1, 0, 0),
  ('{*/*/read}', 0, -1, 0, 0),
  ('{document/%/read}', 0, -1, 0, 0);

create function pg_temp.check_all() returns setof text
  language plpgsql
as $$
declare
  v_case expected;
  v_name text;
begin
  for v_case in select * from expected loop
    perform pg_temp.scoped(variadic v_case.scopes);
    v_name := 'with ' || v_case.scopes::text;
    return next is(pg_temp.reached('select * from %s'), array[v_case.reads, v_case.reads]::bigint[], 'rows read ' || v_name);
    return next is(
      pg_temp.reached('insert into %s select gen_random_uuid(), account_id, ''New'' from (select public.get_api_key_account_id()) as a (account_id)'),
      array[v_case.makes, v_case.makes]::bigint[], 'rows made ' || v_name);
    -- UPDATE and DELETE without a condition need no right to read.
    return next is(
      pg_temp.reached('update %s set title = ''Changed'''), array[v_case.changes, v_case.changes]::bigint[], 'rows changed ' || v_name);
    return next is(pg_temp.reached('delete from %s'), array[v_case.removes, v_case.removes]::bigint[], 'rows removed ' || v_name);
    return next is(
      pg_temp.reached('insert into %s values (gen_random_uuid(), gen_random_uuid(), ''Not mine'')'), array[-1, -1]::bigint[],
      'no row is made for another account ' || v_name);
  end loop;
end
$$;
select * from pg_temp.check_all();

select * from finish();
rollback;
