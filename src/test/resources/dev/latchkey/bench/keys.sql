-- Keys as create_api_key makes them, but many at once: $count of them, in schema bench with what only their holder knows.
-- They were used just now, so that using them again within the hour moves no last_used_at.
create schema bench;
create table bench.keys (n integer not null, id uuid not null, ksuid text not null, salt bytea not null, secret text not null, key text);
insert into bench.keys (n, id, ksuid, salt, secret)
select
  n, lpad(to_hex(n), 32, '0')::uuid, '3' || lpad(n::text, 10, '0') || substr(md5('ksuid' || n), 1, 16),
  decode(md5('salt' || n), 'hex'), md5('secret' || n)
from generate_series(1, $count) as n;
update bench.keys set key = 'sk_' || ksuid || secret || api_keys_private.key_check('sk_' || ksuid || secret);
alter table bench.keys add constraint keys_pkey primary key (n);

insert into public.accounts (id, name) values ('00000000-0000-0000-0000-0000000000aa', 'Bench');
insert into api_keys_private.api_keys (
  id, ksuid, kind, account_id, name, key_prefix, prefix, last4, key_hash, salt, key_digest, role, scopes, last_used_at)
select
  k.id, k.ksuid, 'scoped', '00000000-0000-0000-0000-0000000000aa', 'Key ' || k.n, left(k.key, 7), 'sk_', right(k.key, 4),
  encode(sha256(convert_to(k.secret, 'UTF8') || k.salt), 'hex'), k.salt,
  sha256(convert_to(k.key, 'UTF8') || k.salt), 'api_key',
  '[{"action": "read", "entity_id": "*", "entity_type": "document"}]', now() + interval '1 hour'
from bench.keys as k;
vacuum analyze bench.keys;
vacuum analyze api_keys_private.api_keys;

-- What verifying is measured against: a function that only looks whether the key's id is there.
create function bench.find_key(p_ksuid text) returns integer
  language plpgsql volatile
as $$
begin
  return (select 1 from api_keys_private.api_keys where ksuid = p_ksuid);
end
$$;
