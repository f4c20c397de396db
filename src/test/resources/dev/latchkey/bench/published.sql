-- The published private-schema design, written again from its description for the sides that are measured: bcrypt of the whole
-- key found by seven characters, last_used_at moved by every use, scopes looked up for every row.
create schema published;
create table published.api_keys (
  id uuid primary key default gen_random_uuid(),
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
create index on published.api_keys (account_id);
create index on published.api_keys (key_prefix);
create table published.api_key_logs (
  id uuid primary key default gen_random_uuid(),
  api_key_id uuid not null references published.api_keys (id) on delete cascade,
  endpoint text not null,
  method text not null,
  status_code integer,
  ip_address text,
  user_agent text,
  timestamp timestamptz not null default now()
);
create index on published.api_key_logs (api_key_id);
create index on published.api_key_logs (timestamp);

-- Keys have prefixes of their own here, the best case. One hash serves all: making a thousand takes minutes.
insert into published.api_keys (id, account_id, name, key_prefix, key_hash, scopes, created_by)
select
  k.id, '00000000-0000-0000-0000-0000000000aa', 'Key ' || k.n, 'sk_' || lpad(k.n::text, 4, '0'), h.hash,
  '[{"action": "read", "entity_id": "*", "entity_type": "document"}]', gen_random_uuid()
from bench.keys as k, (select extensions.crypt('sk_0001' || repeat('x', 36), extensions.gen_salt('bf', 12)) as hash) as h;
vacuum analyze published.api_keys;

create function published.verify_api_key(p_api_key text) returns jsonb
  language plpgsql security definer
as $$
declare
  v_key published.api_keys;
begin
  for v_key in
    select *
    from published.api_keys
    where key_prefix = left(p_api_key, 7) and is_active and (expires_at is null or expires_at > now())
  loop
    if extensions.crypt(p_api_key, v_key.key_hash) = v_key.key_hash then
      update published.api_keys set last_used_at = now() where id = v_key.id;
      return jsonb_build_object('valid', true, 'api_key_id', v_key.id, 'account_id', v_key.account_id);
    end if;
  end loop;
  return jsonb_build_object('valid', false, 'error', 'Invalid API key');
end
$$;

create function published.log_api_key_usage(
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
  v_id uuid;
  v_at timestamptz;
begin
  insert into published.api_key_logs (api_key_id, endpoint, method, status_code, ip_address, user_agent)
  values (p_api_key_id, p_endpoint, p_method, p_status_code, p_ip_address, p_user_agent)
  returning id, timestamp into v_id, v_at;
  update published.api_keys set last_used_at = now() where id = p_api_key_id;
  return jsonb_build_object('success', true, 'log_id', v_id, 'timestamp', v_at);
end
$$;

create function published.has_scope(p_entity_type text, p_entity_id text, p_action text) returns boolean
  language plpgsql stable security definer
as $$
declare
  v_scopes jsonb;
  v_scope jsonb;
begin
  select scopes into v_scopes
  from published.api_keys
  where id = auth.uid() and is_active and (expires_at is null or expires_at > now());
  for v_scope in select value from jsonb_array_elements(v_scopes) loop
    if (v_scope ->> 'entity_type' = '*' and v_scope ->> 'entity_id' = '*' and v_scope ->> 'action' = '*')
      or (v_scope ->> 'entity_type' = p_entity_type
        and v_scope ->> 'entity_id' in ('*', p_entity_id)
        and v_scope ->> 'action' in ('*', p_action))
    then
      return true;
    end if;
  end loop;
  return false;
end
$$;
