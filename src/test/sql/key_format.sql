-- The key: <prefix><ksuid 27><secret 32><check 6>, and what is stored of it.
begin;
set local search_path = tap, public;
select * from no_plan();

create temp table made as
select i, k.*
from generate_series(1, 50) as i
-- Depends on i, or it would be called once for all.
cross join lateral api_keys_private.generate_key(case when i > 0 then 'sk_' end) as k;

select matches(key, '^sk_[0-9A-Za-z]{65}$', 'key ' || i || ' has 68 characters') from made;
select is(substr(key, 4, 27), ksuid, 'key ' || i || ' begins with its id') from made;
select is(right(key, 6), api_keys_private.key_check(left(key, 62)), 'key ' || i || ' ends with its check digits') from made;
select is(last4, right(key, 4), 'key ' || i || ' is shown by its last 4 characters') from made;
select is(octet_length(salt), 16, 'key ' || i || ' has a salt of 16 bytes') from made;
select is(
    secret_hash, sha256(convert_to(substr(key, 31, 32), 'UTF8') || salt), 'of key ' || i || ' the SHA-256 of secret and salt is stored')
from made;
select is((select count(distinct key) from made), 50::bigint, 'no key twice');
select is((select count(distinct salt) from made), 50::bigint, 'no salt twice');

-- SHA-256 of the empty string begins with e3b0c442 = 3820012610.
select is(api_keys_private.key_check(''), api_keys_private.base62(3820012610, 6), 'check digits are the first 4 bytes of the SHA-256');
select is(
    api_keys_private.hash_secret('abc', '\x'), '\xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'::bytea,
    'the hash is SHA-256, by the vector of FIPS 180-2');

select is(api_keys_private.base62(0, 3), '000', '0 in base62');
select is(api_keys_private.base62(61, 1), 'z', '61 in base62');
select is(api_keys_private.base62(62, 2), '10', '62 in base62');
select throws_ok($$ select api_keys_private.base62(62, 1) $$, '22023', null, 'what does not fit is refused');

select is(
    api_keys_private.ksuid_time('000000000000000000000000000'), '2014-05-13 16:53:20+00'::timestamptz, 'KSUIDs begin in 2014');
select is(
    api_keys_private.ksuid_time(api_keys_private.ksuid('2026-11-22 13:14:15.999999+00')), '2026-11-22 13:14:15+00'::timestamptz,
    'a KSUID tells its second, rounded down');
select throws_ok($$ select api_keys_private.ksuid('2014-05-13 16:53:19+00') $$, '22023', null, 'no KSUID before the first second');
select throws_ok($$ select api_keys_private.ksuid_time('aWgEPTl1tmebfsQzFP4bxwgy80W') $$, '22023', null, 'above the largest KSUID');
select throws_ok($$ select api_keys_private.ksuid_time('short') $$, '22023', null, 'too short for a KSUID');
select ok(
    api_keys_private.ksuid('2026-11-22 13:14:15.000001+00') collate "C" < api_keys_private.ksuid('2026-11-22 13:14:15.000002+00') collate "C",
    'KSUIDs sort by their microsecond');

-- The table's constraints hold what the functions make.
create function pg_temp.stored_with(p_ksuid text) returns void
  language sql
as $$
  insert into api_keys_private.api_keys (ksuid, kind, name, key_prefix, prefix, key_hash, salt, role)
  values (p_ksuid, 'secret', 'pgTAP', 'sk_', 'sk_', '00', '\x00', 'service_role')
$$;
select lives_ok($$ select pg_temp.stored_with('aWgEPTl1tmebfsQzFP4bxwgy80V') $$, 'the largest KSUID can be stored');
select throws_ok($$ select pg_temp.stored_with('aWgEPTl1tmebfsQzFP4bxwgy80V') $$, '23505', null, 'but not twice');
select throws_ok($$ select pg_temp.stored_with('aWgEPTl1tmebfsQzFP4bxwgy80W') $$, '23514', null, 'a larger one cannot');
select throws_ok($$ select pg_temp.stored_with('aWgEPTl1tmebfsQzFP4bxwgy80-') $$, '23514', null, 'another character cannot');

select * from finish();
rollback;
