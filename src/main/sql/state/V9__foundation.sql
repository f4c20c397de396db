-- V9: roles, schemas, accounts and the audit log: what everything else stands on.
--
-- The files of this folder make what holds data, and what cannot be made anew: roles, schemas, tables and what belongs to
-- them. Functions, views, triggers and privileges are in folder code, which is run after them. Each file can be run again
-- and changes nothing then, also over a database that V1 to V8 made, the files that these replaced. What is here needs no
-- function of ours, but for public.has_role_on_account, which may be the application's own.

-- ---------------------------------------------------------------------------------------------------------
-- What is there already: nothing, one of the published designs that later files take over, or something unknown
-- ---------------------------------------------------------------------------------------------------------

-- What would be mixed with ours, or replaced by it, is refused before anything is made.
do $$
declare
  v_is_private_design boolean;
  v_is_ksuid_design boolean;
  v_stranger text;
begin
  -- Any of these shows that Latchkey was installed here, also where some of it was dropped since.
  if to_regprocedure('latchkey.schema_version()') is not null
    or exists (
      select
      from pg_catalog.pg_constraint as c
      where c.conrelid = to_regclass('audit.events') and c.conname = 'events_entry_fits'
        or c.conrelid = to_regclass('api_keys_private.api_keys') and c.conname = 'api_keys_ksuid_shape'
        or c.conrelid = to_regclass('temporary_access.settings') and c.conname = 'settings_only_row_check')
  then
    return;
  end if;

  select
    coalesce(bool_or(c.relname = 'api_keys' and c.relnamespace = to_regnamespace('api_keys_private')), false),
    coalesce(
      bool_or(
        c.relname = 'api_keys' and c.relnamespace = to_regnamespace('public')
          and array['id text', 'client_id uuid', 'name text', 'secret_hash bytea', 'salt bytea', 'last4 text',
            'created_at timestamp with time zone']
            = array(
              select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
              from pg_catalog.pg_attribute as a
              where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
              order by array_position(
                array['id', 'client_id', 'name', 'secret_hash', 'salt', 'last4', 'created_at'], a.attname::text))),
      false)
  into v_is_private_design, v_is_ksuid_design
  from pg_catalog.pg_class as c
  where c.relkind = 'r';

  select min(found.stranger) into v_stranger
  from (
    select format('%I.%I', n.nspname, c.relname)
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
      and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
      and (n.nspname, c.relname) not in (
        ('latchkey', 'schema_history'), ('api_keys_private', 'api_keys'), ('api_keys_private', 'api_key_logs'))
    union all
    select format('%I.%I()', n.nspname, p.proname)
    from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
    union all
    -- Functions of the published designs are known by their names and that of their first parameter.
    select format('public.%I()', p.proname)
    from pg_catalog.pg_proc as p
    where p.pronamespace = to_regnamespace('public')
      and p.proname in (
        'create_api_key', 'list_api_keys', 'revoke_api_key', 'verify_api_key', 'log_api_key_usage', 'has_scope',
        'get_api_key_account_id', 'has_scope_on_all', 'scoped_ids', 'log_api_key_usage_batch', 'register_user_token',
        'list_user_tokens', 'revoke_user_token')
      and not (
        v_is_private_design
        and p.proname in (
          'create_api_key', 'list_api_keys', 'revoke_api_key', 'verify_api_key', 'log_api_key_usage', 'has_scope',
          'get_api_key_account_id')
        and coalesce(p.proargnames[1], '') in ('p_account_id', 'p_api_key_id', 'p_api_key', 'p_entity_type', ''))
      and not (
        v_is_ksuid_design
        and p.proname in ('create_api_key', 'list_api_keys', 'verify_api_key')
        and p.proargnames[1] in ('client_id', 'full_key'))
    union all
    select format('public.accounts without a column %I', wanted.name)
    from (values ('id'), ('name'), ('slug')) as wanted (name)
    where to_regclass('public.accounts') is not null
      and not exists (
        select
        from pg_catalog.pg_attribute as a
        where a.attrelid = to_regclass('public.accounts') and a.attname = wanted.name and not a.attisdropped)
  ) as found (stranger);
  if v_stranger is not null then
    raise exception 'This database has something that Latchkey does not know: %', v_stranger
      using errcode = '0A000', hint = 'Rename or remove it, then install. Nothing was changed.';
  end if;
end
$$;

-- ---------------------------------------------------------------------------------------------------------
-- Roles
-- ---------------------------------------------------------------------------------------------------------

do $$
declare
  v_role record;
begin
  for v_role in
    select *
    from (values
      ('anon', 'nologin noinherit', 'Requests that carry no identity.'),
      ('authenticated', 'nologin noinherit', 'Requests of a signed-in user.'),
      ('service_role', 'nologin noinherit bypassrls', 'Requests of trusted server code; row level security does not apply.'),
      ('authenticator', 'nologin noinherit', 'The API server logs in as this role and switches to the role of each request.'),
      ('api_key', 'nologin noinherit nobypassrls', 'Requests that carry a scoped API key: what its scopes give and no more.'),
      ('latchkey_operator', 'nologin', 'May manage keys and access through the functions of schema latchkey.'),
      ('latchkey_auditor', 'nologin', 'May read everything in schema latchkey but secrets, and change nothing.'),
      ('latchkey_gatekeeper', 'nologin', 'Asks whether an access token opens a role; may do nothing else.')
    ) as wanted (name, options, description)
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = v_role.name) then
      begin
        execute format('create role %I %s', v_role.name, v_role.options);
        execute format('comment on role %I is %L', v_role.name, v_role.description);
      exception
        when duplicate_object or unique_violation then
          raise notice 'role % was made by someone else at this moment', v_role.name;
        when insufficient_privilege then
          raise exception 'Role % is missing, and % may not make it', v_role.name, current_user
            using errcode = '42501', hint = format('As a superuser: create role %I %s', v_role.name, v_role.options);
      end;
    end if;
  end loop;

  if exists (select from pg_catalog.pg_roles where rolname = 'api_key' and (rolbypassrls or rolsuper or rolcanlogin)) then
    raise exception 'role api_key exists and may log in, bypass row level security or is a superuser'
      using errcode = '42501', hint = 'alter role api_key nologin nobypassrls nosuperuser, then install again';
  end if;
end
$$;

do $$
declare
  v_role text;
begin
  foreach v_role in array array['anon', 'authenticated', 'service_role', 'api_key'] loop
    if not pg_has_role('authenticator', v_role, 'member') then
      execute format('grant %I to authenticator', v_role);
    end if;
  end loop;

  -- One published design made api_key a member of anon: a key would have more than its scopes give.
  if exists (select from pg_catalog.pg_auth_members where roleid = 'anon'::regrole and member = 'api_key'::regrole) then
    -- From version 16 on a membership is ended for each role that gave it.
    for v_role in
      select distinct
        case when current_setting('server_version_num')::integer >= 160000 then format('granted by %I', grantor::regrole) else '' end
      from pg_catalog.pg_auth_members
      where roleid = 'anon'::regrole and member = 'api_key'::regrole
    loop
      begin
        execute format('revoke anon from api_key %s', v_role);
      exception when insufficient_privilege then
        raise exception 'Role api_key is a member of anon, and % may not end that', current_user
          using errcode = '42501', hint = format('As a superuser: revoke anon from api_key %s', v_role);
      end;
    end loop;
  end if;

  -- An installer that is no superuser must be an operator to see what it installed.
  if not pg_has_role(current_user, 'latchkey_operator', 'usage') then
    execute format('grant latchkey_operator to %I', current_user);
  end if;
end
$$;

-- ---------------------------------------------------------------------------------------------------------
-- Schemas
-- ---------------------------------------------------------------------------------------------------------

create schema if not exists latchkey;
create schema if not exists api_keys_private;
create schema if not exists temporary_access;
create schema if not exists audit;
create schema if not exists http_gate;
create schema if not exists ksuid_keys;
comment on schema latchkey is 'What operators, auditors and their scripts use: views to read, functions to write.';
comment on schema api_keys_private is 'Keys and their usage log. Reached through functions only; service_role may read.';
comment on schema temporary_access is 'Members, grants, tokens and logins. Reached through functions only.';
comment on schema audit is 'Who did what. Append-only, reached through functions and views only.';
comment on schema http_gate is 'What every role of a request may ask, whatever it is. Has one function and no table.';
comment on schema ksuid_keys is
  'The functions of the published KSUID design, by their names and arguments. In a schema of their own, since two functions cannot share a '
  'name and differ in their answer.';

-- ---------------------------------------------------------------------------------------------------------
-- Schema auth: there on Supabase; elsewhere the two functions that policies call
-- ---------------------------------------------------------------------------------------------------------

do $$
begin
  if to_regnamespace('auth') is null then
    create schema auth;
    comment on schema auth is 'The identity of the request, in the shape that policies written for Supabase expect.';
    grant usage on schema auth to anon, authenticated, service_role, api_key;
  end if;

  if to_regprocedure('auth.jwt()') is null then
    create function auth.jwt() returns jsonb
      language sql stable parallel safe
      return nullif(current_setting('request.jwt.claims', true), '')::jsonb;
    comment on function auth.jwt() is 'The claims of the request''s token, or null.';
    revoke all on function auth.jwt() from public;
    grant execute on function auth.jwt() to anon, authenticated, service_role, api_key;
  end if;

  if to_regprocedure('auth.uid()') is null then
    create function auth.uid() returns uuid
      language sql stable parallel safe
      return (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid;
    comment on function auth.uid() is 'The subject of the request''s token: a user, or the API key. Null without a token.';
    revoke all on function auth.uid() from public;
    grant execute on function auth.uid() to anon, authenticated, service_role, api_key;
  end if;
end
$$;

-- ---------------------------------------------------------------------------------------------------------
-- Extension pgcrypto
-- ---------------------------------------------------------------------------------------------------------

-- It may live in any schema, and move later.
do $$
begin
  if not exists (select from pg_catalog.pg_extension where extname = 'pgcrypto') then
    create schema if not exists extensions;
    create extension pgcrypto with schema extensions;
  end if;
end
$$;

-- ---------------------------------------------------------------------------------------------------------
-- Accounts: as they are where the application has them, else in the same shape
-- ---------------------------------------------------------------------------------------------------------

do $$
begin
  if to_regclass('public.accounts') is null then
    create table public.accounts (
      id uuid not null default gen_random_uuid(),
      name text not null,
      slug text,
      created_at timestamptz not null default now(),
      constraint accounts_pkey primary key (id),
      constraint accounts_slug_key unique (slug)
    );
    comment on table public.accounts is 'Who owns keys: a person or a team.';
    alter table public.accounts enable row level security;
    revoke all on public.accounts from public, anon, authenticated, service_role;
    grant select on public.accounts to authenticated;
    grant select, insert, update, delete on public.accounts to service_role;
  end if;

  if to_regclass('public.accounts_memberships') is null then
    create table public.accounts_memberships (
      user_id uuid not null,
      account_id uuid not null,
      account_role text not null,
      created_at timestamptz not null default now(),
      constraint accounts_memberships_pkey primary key (user_id, account_id),
      constraint accounts_memberships_account_id_fkey foreign key (account_id)
        references public.accounts (id) on delete cascade
    );
    create index accounts_memberships_account_id_idx on public.accounts_memberships (account_id);
    comment on table public.accounts_memberships is 'Which user belongs to which account, and as what.';
    alter table public.accounts_memberships enable row level security;
    revoke all on public.accounts_memberships from public, anon, authenticated, service_role;
    grant select on public.accounts_memberships to authenticated;
    grant select, insert, update, delete on public.accounts_memberships to service_role;
    create policy "Users can read their memberships" on public.accounts_memberships
      for select to authenticated using (user_id = (select auth.uid()));
    comment on policy "Users can read their memberships" on public.accounts_memberships is 'A user reads their own rows.';
  end if;

  if not exists (
    select
    from pg_catalog.pg_proc
    where proname = 'has_role_on_account' and pronamespace = 'public'::regnamespace
  ) then
    create function public.has_role_on_account(account_id uuid, account_role text default null) returns boolean
      language plpgsql stable security definer set search_path = pg_catalog, pg_temp
    as $body$
    begin
      return exists (
        select
        from public.accounts_memberships as m
        where m.user_id = auth.uid()
          and m.account_id = has_role_on_account.account_id
          and (has_role_on_account.account_role is null or m.account_role = has_role_on_account.account_role));
    end
    $body$;
    comment on function public.has_role_on_account(uuid, text) is
      'Whether the user of the request belongs to the account, in that role when one is named.';
    revoke all on function public.has_role_on_account(uuid, text) from public, anon, authenticated, service_role;
    grant execute on function public.has_role_on_account(uuid, text) to authenticated, service_role;
    create policy "Members can read their accounts" on public.accounts
      for select to authenticated using (public.has_role_on_account(id));
    comment on policy "Members can read their accounts" on public.accounts is 'A user reads the accounts that they belong to.';
  end if;
end
$$;

-- ---------------------------------------------------------------------------------------------------------
-- Audit events
-- ---------------------------------------------------------------------------------------------------------

create table if not exists audit.events (
  id text collate "C" not null,
  version integer not null,
  type text not null,
  occurred_at timestamptz not null,
  actor_id text not null,
  actor_type text not null,
  actor_display text not null,
  actor_via text,
  on_behalf_of text,
  source_address inet,
  source_application text,
  source_version text,
  object_type text not null,
  object_id text,
  object_label text,
  action text not null,
  outcome text not null,
  code text,
  reason text,
  ticket text,
  before jsonb,
  after jsonb,
  txid xid8 not null,
  entry bytea not null,
  constraint events_pkey primary key (id),
  constraint events_outcome_known check (outcome in ('ok', 'refused')),
  constraint events_entry_fits check (octet_length(entry) < 65536)
);
create index if not exists events_occurred_at_idx on audit.events (occurred_at desc, id desc);
create index if not exists events_object_idx on audit.events (object_type, object_id, id desc);
create index if not exists events_actor_idx on audit.events (actor_id, id desc);
alter table audit.events enable row level security;
comment on table audit.events is 'One row for every change that a management function made, written in the same transaction. Append-only.';
comment on column audit.events.id is 'A KSUID: sorts by time.';
comment on column audit.events.version is 'Version of the format of entry.';
comment on column audit.events.type is 'What happened, as object.past_participle: key.created, grant.revoked, ...';
comment on column audit.events.actor_via is 'How the actor came in: direct, api, or the login of temporary access.';
comment on column audit.events.outcome is 'ok, or refused with the code.';
comment on column audit.events.before is 'The object before the change; null for a new one. Never a secret or hash.';
comment on column audit.events.after is 'The object after the change. Never a secret or hash.';
comment on column audit.events.txid is 'The transaction that made the change.';
comment on column audit.events.entry is
  'The exact bytes that are sealed: compact JSON, fixed field order, UTF-8. A before or after that would not fit is replaced by its SHA-256.';
