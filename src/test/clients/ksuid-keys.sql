-- Keys of the published KSUID design and their client, before Latchkey is installed: what the suite's tests of its clients use.
insert into auth.users (id, email) values ('5e500000-0000-4000-8000-000000000001', 'anna@acme.io');

create table public.suite_keys (name text primary key, key text not null);
insert into public.suite_keys values ('as published', public.create_api_key('5e500000-0000-4000-8000-000000000001', 'As published'));

-- The printed code does not run as it is; some mended its hash to be that of bytes.
do $$
declare
  v_id constant text := public.gen_random_ksuid_microsecond();
  v_secret constant text := 'a4b1c2d3e4f5061728394a5b6c7d8e9f';
  v_salt constant bytea := extensions.gen_random_bytes(16);
begin
  insert into public.api_keys (id, client_id, name, secret_hash, salt, last4)
  values (
    v_id, '5e500000-0000-4000-8000-000000000001', 'Mended as bytes',
    extensions.digest(convert_to(v_secret, 'UTF8') || v_salt, 'sha256'), v_salt, right(v_secret, 4));
  insert into public.suite_keys values ('mended as bytes', v_id || v_secret);
end
$$;
