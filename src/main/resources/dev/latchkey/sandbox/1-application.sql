-- The sandbox's application: three accounts, the people of one of them, and three tables behind row level security.

do $$
declare
  v_role record;
begin
  for v_role in
    select *
    from (values
      ('latchkey_admin', 'login', 'What operators sign in as: may manage keys and access.'),
      ('auditor', 'login', 'What auditors sign in as: reads everything but secrets.'),
      ('support_ro', 'login', 'Support: reads the application''s tables.'),
      ('app_migrator', 'login', 'Releases: may create tables.'),
      ('reporting', 'nologin', 'What the secret key of the reports acts as.')
    ) as wanted (name, options, description)
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = v_role.name) then
      execute format('create role %I %s', v_role.name, v_role.options);
      execute format('comment on role %I is %L', v_role.name, v_role.description);
    end if;
  end loop;
end
$$;
grant latchkey_operator to latchkey_admin;
grant latchkey_auditor to auditor;
grant reporting to authenticator;
grant create on schema public to app_migrator;

insert into public.accounts (id, name, slug, created_at)
values
  ('a0000000-0000-4000-8000-000000000001', 'Acme Corp', 'acme-corp', now() - interval '412 days'),
  ('a0000000-0000-4000-8000-000000000002', 'Northwind GmbH', 'northwind', now() - interval '288 days'),
  ('a0000000-0000-4000-8000-000000000003', 'Globex', 'globex', now() - interval '171 days');

create table public.projects (
  id uuid not null default gen_random_uuid(),
  account_id uuid not null,
  name text not null,
  created_at timestamptz not null default now(),
  constraint projects_pkey primary key (id),
  constraint projects_account_id_fkey foreign key (account_id) references public.accounts (id) on delete cascade
);
create table public.documents (
  id uuid not null default gen_random_uuid(),
  account_id uuid not null,
  title text not null,
  content text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint documents_pkey primary key (id),
  constraint documents_account_id_fkey foreign key (account_id) references public.accounts (id) on delete cascade
);
create table public.invoices (
  id uuid not null default gen_random_uuid(),
  account_id uuid not null,
  number text not null,
  amount numeric(12, 2) not null,
  currency text not null,
  due_on date not null,
  paid_at timestamptz,
  created_at timestamptz not null default now(),
  constraint invoices_pkey primary key (id),
  constraint invoices_number_key unique (account_id, number),
  constraint invoices_account_id_fkey foreign key (account_id) references public.accounts (id) on delete cascade
);
create index projects_account_id_idx on public.projects (account_id);
create index documents_account_id_idx on public.documents (account_id);
comment on table public.projects is 'Projects; keys reach them by policies that decide once per statement.';
comment on table public.documents is 'Documents; keys reach them by policies that ask has_scope for each row.';
comment on table public.invoices is 'Invoices; keys may read and write them, and nobody may delete one.';

alter table public.projects enable row level security;
alter table public.documents enable row level security;
alter table public.invoices enable row level security;

-- Per row, as the published design has it.
create policy "Keys read documents" on public.documents for select to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'read'));
create policy "Keys create documents" on public.documents for insert to api_key
  with check (account_id = public.get_api_key_account_id() and public.has_scope('document', '*', 'create'));
create policy "Keys update documents" on public.documents for update to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'update'))
  with check (account_id = public.get_api_key_account_id());
create policy "Keys delete documents" on public.documents for delete to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'delete'));

create policy "Keys read invoices" on public.invoices for select to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('invoice', id::text, 'read'));
create policy "Keys create invoices" on public.invoices for insert to api_key
  with check (account_id = public.get_api_key_account_id() and public.has_scope('invoice', '*', 'create'));
create policy "Keys update invoices" on public.invoices for update to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('invoice', id::text, 'update'))
  with check (account_id = public.get_api_key_account_id());

-- Once per statement: the same answers, and fast on large tables.
create policy "Keys read projects" on public.projects for select to api_key
  using (
    account_id = (select public.get_api_key_account_id())
    and (
      (select public.has_scope_on_all('project', 'read'))
      or id::text = any ((select public.scoped_ids('project', 'read'))::text[])
    )
  );
create policy "Keys create projects" on public.projects for insert to api_key
  with check (account_id = public.get_api_key_account_id() and public.has_scope('project', '*', 'create'));
create policy "Keys delete projects" on public.projects for delete to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('project', id::text, 'delete'));

create policy "Members reach their projects" on public.projects for all to authenticated
  using (public.has_role_on_account(account_id));
create policy "Members reach their documents" on public.documents for all to authenticated
  using (public.has_role_on_account(account_id));
create policy "Members read their invoices" on public.invoices for select to authenticated
  using (public.has_role_on_account(account_id));
create policy "Support reads projects" on public.projects for select to support_ro, latchkey_admin using (true);
create policy "Support reads documents" on public.documents for select to support_ro, latchkey_admin using (true);
create policy "Support reads invoices" on public.invoices for select to support_ro, latchkey_admin using (true);

grant select, insert, update, delete on public.projects, public.documents to api_key, authenticated, service_role;
grant select, insert, update on public.invoices to api_key, authenticated, service_role;
grant select on public.projects, public.documents, public.invoices to support_ro, reporting, latchkey_admin;

insert into public.projects (id, account_id, name, created_at)
select
  md5('sandbox project ' || number)::uuid,
  ('a0000000-0000-4000-8000-00000000000' || number % 3 + 1)::uuid,
  (array['Aurora', 'Beacon', 'Cobalt', 'Delta', 'Ember', 'Fjord', 'Granite', 'Harbor'])[number % 8 + 1] || ' ' || (number + 7) / 8,
  now() - make_interval(days => 400 - number * 9)
from generate_series(1, 36) as number;

insert into public.documents (id, account_id, title, content, created_at, updated_at)
select
  md5('sandbox document ' || number)::uuid,
  ('a0000000-0000-4000-8000-00000000000' || number % 3 + 1)::uuid,
  (array['Offer', 'Contract', 'Minutes', 'Specification', 'Data sheet', 'Report'])[number % 6 + 1] || ' ' || 1000 + number,
  'Text of document ' || 1000 + number || '.',
  now() - make_interval(hours => 9000 - number * 29),
  now() - make_interval(hours => 9000 - number * 30)
from generate_series(1, 300) as number;

insert into public.invoices (id, account_id, number, amount, currency, due_on, paid_at, created_at)
select
  md5('sandbox invoice ' || number)::uuid,
  ('a0000000-0000-4000-8000-00000000000' || number % 3 + 1)::uuid,
  'INV-' || 20000 + number,
  (abs(hashint4(number)) % 900000 + 4900) / 100.0,
  case when number % 5 = 0 then 'USD' else 'EUR' end,
  current_date - 210 + number / 2,
  case when number < 400 then now() - make_interval(hours => (500 - number) * 10) end,
  now() - make_interval(hours => (500 - number) * 11)
from generate_series(1, 480) as number;
