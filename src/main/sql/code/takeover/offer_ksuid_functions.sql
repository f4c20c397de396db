create or replace function api_keys_private.offer_ksuid_functions() returns void
  language plpgsql volatile
as $$
begin
  -- PostgREST tells functions of one name apart by the names of their arguments. Calls by position go on meaning those of the
  -- published private-schema design: a domain never fits better than its own type.
  if to_regtype('ksuid_keys.client_id') is null then
    create domain ksuid_keys.client_id as uuid;
    create domain ksuid_keys.full_key as text;
  end if;
  comment on domain ksuid_keys.client_id is 'A user''s id, as an argument that tells public.list_api_keys() of the KSUID design from the other one.';
  comment on domain ksuid_keys.full_key is 'A key, as an argument that tells public.verify_api_key() of the KSUID design from the other one.';

  create or replace function latchkey_doors.ksuid_create_api_key_as_service(client_id uuid, key_name text) -- not everywhere
    returns text
    language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
  as $body$
  begin
    return api_keys_private.create_key_of_client('service', client_id, key_name);
  end
  $body$;
  comment on function latchkey_doors.ksuid_create_api_key_as_service(uuid, text) is 'What ksuid_keys.create_api_key() calls for service_role.';

  create or replace function latchkey_doors.ksuid_list_api_keys_as_service(client_id uuid, limit_count integer, offset_count integer, before_id text) -- not everywhere
    returns table (id text, name text, last4 text, created_at timestamptz)
    language plpgsql stable security definer set search_path = pg_catalog, pg_temp
  as $body$
  begin
    return query select * from api_keys_private.keys_of_client('service', client_id, limit_count, offset_count, before_id);
  end
  $body$;
  comment on function latchkey_doors.ksuid_list_api_keys_as_service(uuid, integer, integer, text) is 'What ksuid_keys.list_api_keys() calls for service_role.';

  create or replace function public.create_api_key(client_id uuid, key_name text) -- not everywhere
    returns text
    language plpgsql volatile security invoker set search_path = pg_catalog, pg_temp
  as $body$
  begin
    return ksuid_keys.create_api_key(client_id, key_name);
  end
  $body$;
  comment on function public.create_api_key(uuid, text) is 'ksuid_keys.create_api_key(), where the clients of the KSUID design that was taken over call it.';

  create or replace function public.list_api_keys( -- not everywhere
    client_id ksuid_keys.client_id, limit_count integer default 20, offset_count integer default 0)
    returns table (id text, name text, last4 text, created_at timestamptz)
    language plpgsql stable security invoker set search_path = pg_catalog, pg_temp
  as $body$
  begin
    return query select * from ksuid_keys.list_api_keys(client_id, limit_count, offset_count);
  end
  $body$;
  comment on function public.list_api_keys(ksuid_keys.client_id, integer, integer) is
    'ksuid_keys.list_api_keys(), where the clients of the KSUID design that was taken over call it.';

  create or replace function public.verify_api_key(full_key ksuid_keys.full_key) -- not everywhere
    returns uuid
    language plpgsql volatile security invoker set search_path = pg_catalog, pg_temp
  as $body$
  begin
    return ksuid_keys.verify_api_key(full_key);
  end
  $body$;
  comment on function public.verify_api_key(ksuid_keys.full_key) is
    'ksuid_keys.verify_api_key(), where the clients of the KSUID design that was taken over call it.';

  revoke all on function
    public.create_api_key(uuid, text), public.list_api_keys(ksuid_keys.client_id, integer, integer), public.verify_api_key(ksuid_keys.full_key),
    latchkey_doors.ksuid_create_api_key_as_service(uuid, text),
    latchkey_doors.ksuid_list_api_keys_as_service(uuid, integer, integer, text)
    from public, anon, authenticated, service_role;
  grant execute on function
    public.create_api_key(uuid, text), public.list_api_keys(ksuid_keys.client_id, integer, integer)
    to authenticated, service_role, latchkey_operator;
  grant execute on function public.verify_api_key(ksuid_keys.full_key) to service_role, api_key;

  grant execute on function
    ksuid_keys.create_api_key(uuid, text), ksuid_keys.list_api_keys(uuid, integer, integer, text),
    latchkey_doors.ksuid_create_api_key_as_service(uuid, text),
    latchkey_doors.ksuid_list_api_keys_as_service(uuid, integer, integer, text)
    to service_role;
end
$$;
comment on function api_keys_private.offer_ksuid_functions() is
  'Makes the functions of the KSUID design in schema public, by the names that its clients call, and lets service_role make and list keys as it did there.';
