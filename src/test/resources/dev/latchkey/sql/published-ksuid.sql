-- The published KSUID design of API keys, written again from the description of it. Needs schema auth with its users, and
-- pgcrypto in schema extensions. For tests only.

create function public.gen_random_ksuid_microsecond() returns text
  language plpgsql volatile
as $$
declare
  v_digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  v_epoch constant numeric := extract(epoch from clock_timestamp());
  -- Rounded, not floored: half of the ids are a second ahead.
  v_value numeric := ((round(v_epoch) - 1400000000) * 1048576 + floor(v_epoch * 1000000) % 1000000)
    * 324518553658426726783156020576256;
  v_text text := '';
begin
  for i in 0..12 loop
    v_value := v_value + get_byte(extensions.gen_random_bytes(1), 0) * power(256::numeric, i);
  end loop;
  for i in 1..27 loop
    v_text := substr(v_digits, (v_value % 62)::integer + 1, 1) || v_text;
    v_value := div(v_value, 62);
  end loop;
  return v_text;
end
$$;

create table public.api_keys (
  id text primary key default public.gen_random_ksuid_microsecond(),
  client_id uuid not null references auth.users on delete cascade,
  name text not null,
  secret_hash bytea not null,
  salt bytea not null,
  last4 text not null,
  created_at timestamptz not null default now()
);
create index api_keys_client_id_id_idx on public.api_keys (client_id, id desc);

create function public.create_api_key(client_id uuid, key_name text) returns text
  language plpgsql security definer
as $$
declare
  v_id constant text := public.gen_random_ksuid_microsecond();
  v_secret constant text := encode(extensions.gen_random_bytes(16), 'hex');
  v_salt constant bytea := extensions.gen_random_bytes(16);
begin
  insert into public.api_keys (id, client_id, name, secret_hash, salt, last4)
  values (v_id, $1, $2, extensions.digest(v_secret || v_salt, 'sha256'), v_salt, right(v_secret, 4));
  return v_id || v_secret;
end
$$;

create function public.list_api_keys(client_id uuid, limit_count integer default 20, offset_count integer default 0)
  returns table (id text, name text, last4 text, created_at timestamptz)
  language sql stable security definer
as $$
  select k.id, k.name, k.last4, k.created_at
  from public.api_keys as k
  where k.client_id = $1
  order by k.id desc
  limit $2 offset $3
$$;

create function public.verify_api_key(full_key text) returns uuid
  language sql stable security definer
as $$
  select k.client_id
  from public.api_keys as k
  where k.id = left($1, 27) and k.secret_hash = extensions.digest(substr($1, 28) || k.salt, 'sha256')
$$;
