-- Keys that were taken over from the published designs, with the hashes of those.

-- As with random_bytes, the body is bound to the function found now, not to a name looked up later.
do $$
begin
  execute format(
    'create or replace function api_keys_private.crypt(p_secret text, p_setting text) returns text
       language sql immutable strict parallel safe
       return %I.crypt(p_secret, p_setting)',
    (
      select n.nspname
      from pg_catalog.pg_extension as e
      join pg_catalog.pg_namespace as n on n.oid = e.extnamespace
      where e.extname = 'pgcrypto'));
end
$$;

comment on function api_keys_private.crypt(text, text) is
  'The hash of a secret by the method, cost and salt that the setting, or another such hash, begins with.';

create or replace function api_keys_private.is_bcrypt(p_hash text) returns boolean
  language sql immutable strict parallel safe
  return p_hash ~ '^[$]2[ax][$](0[4-9]|1[0-9])[$][./0-9A-Za-z]{53}$';
comment on function api_keys_private.is_bcrypt(text) is 'Whether a hash is by bcrypt, at a cost that somebody can wait for.';

create or replace function api_keys_private.match_ksuid_key(p_key text, out key api_keys_private.api_keys, out outcome text)
  language plpgsql stable
as $$
declare
  v_of_bytes text;
  v_of_text text;
begin
  select * into key from api_keys_private.api_keys as k where k.ksuid = left(p_key, 27) and k.prefix = '';
  -- Hashed in any case, and both ways: an unknown key takes as long as a wrong secret, and one that was adopted as one of ours.
  v_of_bytes := api_keys_private.older_hash(
    'sha256', substr(p_key, 28), coalesce(key.salt, E'\\x00112233445566778899aabbccddeeff'));
  v_of_text := api_keys_private.older_hash(
    'sha256-hex-salt', substr(p_key, 28), coalesce(key.salt, E'\\x00112233445566778899aabbccddeeff'));
  outcome := case
    when key.key_hash = v_of_bytes or key.hash_method = 'sha256-hex-salt' and key.key_hash = v_of_text then 'match'
    when key.id is null then 'not_found'
    else 'wrong_secret'
  end;
end
$$;
comment on function api_keys_private.match_ksuid_key(text) is
  'Finds a key that is a KSUID followed by its secret: match, wrong_secret or not_found.';

create or replace function api_keys_private.match_prefix_key(p_key text, out key api_keys_private.api_keys, out outcome text)
  language plpgsql stable
as $$
declare
  v_candidate api_keys_private.api_keys;
  v_hashes bigint;
  v_setting text;
begin
  outcome := 'not_found';
  for v_candidate in
    select *
    from api_keys_private.api_keys as k
    where k.key_prefix = left(p_key, 7) and k.ksuid is null and k.hash_method = 'sha256'
  loop
    key := v_candidate;
    outcome := 'wrong_secret';
    if v_candidate.key_hash = api_keys_private.older_hash('sha256', p_key, v_candidate.salt) then
      outcome := 'match';
      return;
    end if;
  end loop;

  -- The first characters of a key tell whether there may be a hash to compare it with, and must not be heard in the time
  -- that it takes: as long as keys with bcrypt may still be used, everything else is hashed as often as the worst of them.
  select coalesce(max(h.hashes), 0), '$2a$' || max(h.cost) || '$abcdefghijklmnopqrstuu'
  into v_hashes, v_setting
  from (
    select count(*) as hashes, max(substr(k.key_hash, 5, 2)) as cost
    from api_keys_private.api_keys as k
    where k.hash_method = 'bcrypt'
      and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > clock_timestamp())
      and api_keys_private.is_bcrypt(k.key_hash)
    group by k.key_prefix
  ) as h;

  for v_candidate in
    select *
    from api_keys_private.api_keys as k
    where k.key_prefix = left(p_key, 7) and k.hash_method = 'bcrypt' and api_keys_private.is_bcrypt(k.key_hash)
    order by k.revoked_at is null, k.expires_at nulls last
  loop
    key := v_candidate;
    -- One that has ended is refused whatever the secret.
    outcome := case
      when v_candidate.revoked_at is not null then 'revoked'
      when v_candidate.expires_at <= clock_timestamp() then 'expired'
      else 'wrong_secret'
    end;
    continue when outcome <> 'wrong_secret';
    v_hashes := v_hashes - 1;
    if api_keys_private.crypt(p_key, v_candidate.key_hash) = v_candidate.key_hash then
      outcome := 'match';
      return;
    end if;
  end loop;
  while v_hashes > 0 loop
    perform api_keys_private.crypt(p_key, v_setting);
    v_hashes := v_hashes - 1;
  end loop;
end
$$;
comment on function api_keys_private.match_prefix_key(text) is
  'Finds a key of the published private-schema design, by its first 7 characters and its hash: match, wrong_secret, not_found, or revoked '
  'or expired without looking at the secret. Costs a bcrypt as long as there are such hashes, unless the key was used before.';

create or replace function api_keys_private.rehash(p_key api_keys_private.api_keys, p_secret text, p_last4 text) returns void
  language plpgsql volatile
as $$
declare
  v_salt constant bytea := api_keys_private.random_bytes(16);
begin
  update api_keys_private.api_keys as k
  set key_hash = api_keys_private.older_hash('sha256', p_secret, v_salt),
    salt = v_salt,
    hash_method = 'sha256',
    last4 = coalesce(k.last4, p_last4)
  from (
    select s.id
    from api_keys_private.api_keys as s
    where s.id = p_key.id and s.hash_method <> 'sha256'
    for no key update skip locked
  ) as older
  where k.id = older.id;
end
$$;
comment on function api_keys_private.rehash(api_keys_private.api_keys, text, text) is
  'Replaces the hash of an older key by one of the method of new keys. Never waits; no change of the key, as use is none.';

create or replace function api_keys_private.check_older_key(p_key text, p_client_ip inet) returns jsonb
  language plpgsql volatile
as $$
declare
  v_found record;
  v_key api_keys_private.api_keys;
  v_outcome text := 'not_found';
begin
  if octet_length(p_key) between 28 and 200 and p_key ~ '^[0-9A-Za-z]{27}' then
    select m.key, m.outcome into v_found from api_keys_private.match_ksuid_key(p_key) as m;
  elsif octet_length(p_key) between 10 and 64 and starts_with(p_key, 'sk_') then
    select m.key, m.outcome into v_found from api_keys_private.match_prefix_key(p_key) as m;
  else
    select null::api_keys_private.api_keys as key, 'not_found' as outcome into v_found;
  end if;

  v_key := v_found.key;
  v_outcome := case
    when v_found.outcome <> 'match' then v_found.outcome
    when v_key.revoked_at is not null then 'revoked'
    when v_key.disabled_at is not null then 'disabled'
    when v_key.expires_at <= clock_timestamp() then 'expired'
    else api_keys_private.restricted_outcome(v_key.id, p_client_ip)
  end;

  if current_setting('transaction_read_only') = 'off' then
    if v_outcome = 'valid' then
      if v_key.hash_method <> 'sha256' then
        perform api_keys_private.rehash(v_key, case v_key.prefix when '' then substr(p_key, 28) else p_key end, right(p_key, 4));
      end if;
      perform api_keys_private.touch_key(v_key.id, p_client_ip);
    else
      perform api_keys_private.record_refusal(v_key.id, v_outcome, p_client_ip);
    end if;
  end if;

  return case
    when v_outcome = 'valid'
      then jsonb_build_object('valid', true, 'api_key_id', v_key.id, 'account_id', v_key.account_id, 'role', v_key.role)
  end;
end
$$;
comment on function api_keys_private.check_older_key(text, inet) is
  'What check_key does, for what is no key in our format: keys that were taken over. Their hash is replaced at the first good use.';
