-- pgcrypto may live in any schema. The body is bound to the function found now, not to a name looked up later.
do $$
begin
  execute format(
    'create or replace function api_keys_private.random_bytes(p_count integer) returns bytea
       language sql volatile
       return %I.gen_random_bytes(p_count)',
    (
      select n.nspname
      from pg_catalog.pg_extension as e
      join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
      where e.extname = 'pgcrypto'));
end
$$;
comment on function api_keys_private.random_bytes(integer) is
  'Bytes from the system''s secure generator, 1 to 1024 of them.';

create or replace function api_keys_private.base62(p_value numeric, p_length integer) returns text
  language plpgsql immutable strict parallel safe
as $$
declare
  v_digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  v_rest numeric := p_value;
  v_text text := '';
begin
  for i in 1..p_length loop
    v_text := substr(v_digits, (v_rest % 62)::integer + 1, 1) || v_text;
    v_rest := div(v_rest, 62);
  end loop;

  if v_rest <> 0 then
    raise exception 'p_value: does not fit into % base62 digits', p_length using errcode = '22023';
  end if;
  return v_text;
end
$$;
comment on function api_keys_private.base62(numeric, integer) is
  'A whole number from 0 as base62 (0-9A-Za-z), padded with 0 to exactly p_length digits.';

create or replace function api_keys_private.random_base62(p_length integer) returns text
  language plpgsql volatile strict
as $$
declare
  v_digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  v_bytes bytea;
  v_byte integer;
  v_text text := '';
begin
  -- 248 is the largest multiple of 62 in a byte: the eight values above it would favour the first digits.
  while length(v_text) < p_length loop
    v_bytes := api_keys_private.random_bytes(p_length);
    for i in 0..p_length - 1 loop
      v_byte := get_byte(v_bytes, i);
      continue when v_byte >= 248;
      v_text := v_text || substr(v_digits, v_byte % 62 + 1, 1);
      exit when length(v_text) = p_length;
    end loop;
  end loop;
  return v_text;
end
$$;
comment on function api_keys_private.random_base62(integer) is
  'That many random base62 digits, each equally likely.';
