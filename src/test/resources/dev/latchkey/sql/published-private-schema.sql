-- The published "private schema" design of API keys, written again from the description of it: its tables, its seven
-- functions with their mistakes, and the documents that show how it is used. Needs application.sql. For tests only.

create schema api_keys_private;

create function extensions.uuid_generate_v4() returns uuid language sql volatile as 'select gen_random_uuid()';

create table api_keys_private.api_keys (
  id uuid primary key default extensions.uuid_generate_v4(),
  account_id uuid not null,
  name text not null,
  key_prefix varchar(7) not null,
  key_hash text not null,
  scopes jsonb not null default '[]',
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  created_by uuid not null,
  is_active boolean not null default true
);
create index idx_api_keys_account_id on api_keys_private.api_keys (account_id);
create index idx_api_keys_key_prefix on api_keys_private.api_keys (key_prefix);

create table api_keys_private.api_key_logs (
  id uuid primary key default extensions.uuid_generate_v4(),
  api_key_id uuid references api_keys_private.api_keys (id) on delete cascade,
  endpoint text not null,
  method text not null,
  status_code integer,
  ip_address text,
  user_agent text,
  timestamp timestamptz not null default now()
);
create index idx_api_key_logs_api_key_id on api_keys_private.api_key_logs (api_key_id);
create index idx_api_key_logs_timestamp on api_keys_private.api_key_logs (timestamp);

alter table api_keys_private.api_keys enable row level security;
alter table api_keys_private.api_key_logs enable row level security;
create policy "Accounts can read API Keys" on api_keys_private.api_keys
  for select to authenticated using (public.has_role_on_account(account_id));
grant usage on schema api_keys_private to service_role;
grant all on all tables in schema api_keys_private to service_role;

do $$
begin
  if not exists (select from pg_roles where rolname = 'api_key') then
    create role api_key nologin nobypassrls;
  end if;
end
$$;
grant api_key to authenticator;
grant anon to api_key;

create function public.create_api_key(
  p_account_id uuid,
  p_name text,
  p_scopes jsonb,
  p_expires_at timestamptz default null
) returns jsonb
  language plpgsql security definer
as $$
declare
  v_role text;
  v_key text;
  v_row api_keys_private.api_keys;
begin
  select account_role into v_role
  from public.accounts_memberships
  where user_id = auth.uid() and account_id = p_account_id;
  if not (v_role in ('owner', 'admin')) then
    raise exception 'Unauthorized: You do not have permission to create API keys for this account';
  end if;

  v_key := 'sk_' || translate(encode(extensions.gen_random_bytes(32), 'base64'), '/+=', '');
  insert into api_keys_private.api_keys (account_id, name, key_prefix, key_hash, scopes, expires_at, created_by)
  values (
    p_account_id, p_name, left(v_key, 7), extensions.crypt(v_key, extensions.gen_salt('bf', 12)), p_scopes, p_expires_at,
    auth.uid())
  returning * into v_row;
  return jsonb_build_object(
    'id', v_row.id, 'name', v_row.name, 'key', v_key, 'key_prefix', v_row.key_prefix, 'account_id', v_row.account_id,
    'scopes', v_row.scopes, 'expires_at', v_row.expires_at, 'created_at', v_row.created_at);
end
$$;

create function public.list_api_keys(p_account_id uuid)
  returns table (
    id uuid, name text, key_prefix text, scopes jsonb, expires_at timestamptz, created_at timestamptz,
    last_used_at timestamptz, is_active boolean, created_by uuid)
  language plpgsql security definer
as $$
begin
  if not public.has_role_on_account(p_account_id) then
    raise exception 'Unauthorized: You do not have permission to view API keys for this account';
  end if;
  return query
  select
    k.id, k.name, k.key_prefix, k.scopes, k.expires_at, k.created_at, k.last_used_at, k.is_active, k.created_by
  from api_keys_private.api_keys as k
  where k.account_id = p_account_id
  order by k.created_at desc;
end
$$;

create function public.revoke_api_key(p_api_key_id uuid) returns boolean
  language plpgsql security definer
as $$
declare
  v_account_id uuid;
  v_role text;
begin
  select account_id into v_account_id from api_keys_private.api_keys where id = p_api_key_id;
  if v_account_id is null then
    raise exception 'API key not found';
  end if;
  select account_role into v_role
  from public.accounts_memberships
  where user_id = auth.uid() and account_id = v_account_id;
  if not (v_role in ('owner', 'admin')) then
    raise exception 'Unauthorized: You do not have permission to revoke API keys for this account';
  end if;
  update api_keys_private.api_keys set is_active = false where id = p_api_key_id;
  return true;
end
$$;

-- crypt is looked up wherever the caller says.
create function public.verify_api_key(p_api_key text, p_client_ip inet default null) returns jsonb
  language plpgsql security definer
as $$
declare
  v_key record;
begin
  for v_key in
    select id, account_id, key_hash
    from api_keys_private.api_keys
    where key_prefix = left(p_api_key, 7) and is_active and (expires_at is null or expires_at > now())
  loop
    if crypt(p_api_key, v_key.key_hash) = v_key.key_hash then
      update api_keys_private.api_keys set last_used_at = now() where id = v_key.id;
      return jsonb_build_object('valid', true, 'api_key_id', v_key.id, 'account_id', v_key.account_id);
    end if;
  end loop;
  return jsonb_build_object('valid', false, 'error', 'Invalid API key');
end
$$;

create function public.log_api_key_usage(
  p_api_key_id uuid,
  p_endpoint text,
  p_method text,
  p_status_code integer,
  p_ip_address text,
  p_user_agent text
) returns jsonb
  language plpgsql security definer
as $$
declare
  v_line api_keys_private.api_key_logs;
begin
  insert into api_keys_private.api_key_logs (api_key_id, endpoint, method, status_code, ip_address, user_agent)
  values (p_api_key_id, p_endpoint, p_method, p_status_code, p_ip_address, p_user_agent)
  returning * into v_line;
  update api_keys_private.api_keys set last_used_at = now() where id = p_api_key_id;
  return jsonb_build_object('success', true, 'log_id', v_line.id, 'timestamp', v_line.timestamp);
exception when others then
  return jsonb_build_object('success', false, 'error', sqlerrm);
end
$$;

create function public.has_scope(p_entity_type text, p_entity_id text, p_action text) returns boolean
  language plpgsql stable security definer
as $$
declare
  v_scopes jsonb;
begin
  select scopes into v_scopes from api_keys_private.api_keys where id = auth.uid();
  return coalesce(
    v_scopes @> '[{"entity_type": "*", "entity_id": "*", "action": "*"}]'
    or v_scopes @> jsonb_build_array(jsonb_build_object('entity_type', p_entity_type, 'entity_id', '*', 'action', '*'))
    or v_scopes @> jsonb_build_array(jsonb_build_object('entity_type', p_entity_type, 'entity_id', '*', 'action', p_action))
    or v_scopes @> jsonb_build_array(
      jsonb_build_object('entity_type', p_entity_type, 'entity_id', p_entity_id, 'action', p_action))
    or v_scopes @> jsonb_build_array(
      jsonb_build_object('entity_type', p_entity_type, 'entity_id', p_entity_id, 'action', '*')),
    false);
end
$$;

create function public.get_api_key_account_id() returns uuid
  language plpgsql stable security definer
as $$
begin
  return (select account_id from api_keys_private.api_keys where id = auth.uid());
end
$$;

create table public.documents (
  id uuid primary key default extensions.uuid_generate_v4(),
  account_id uuid not null references public.accounts on delete cascade,
  title text not null,
  content text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.documents enable row level security;
grant select, insert, update, delete on public.documents to anon, authenticated, service_role;

create policy "API keys can read documents" on public.documents for select to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'read'));
create policy "API keys can create documents" on public.documents for insert to api_key
  with check (account_id = public.get_api_key_account_id() and public.has_scope('document', '*', 'create'));
create policy "API keys can update documents" on public.documents for update to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'update'));
create policy "API keys can delete documents" on public.documents for delete to api_key
  using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'delete'));
