-- The key format: <prefix><ksuid 27><secret 32><check 6>, letters and digits only after the prefix.

create or replace function api_keys_private.key_check(p_body text) returns text
  language plpgsql immutable strict parallel safe
as $$
declare
  v_digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  v_hash constant bytea := sha256(convert_to(p_body, 'UTF8'));
  v_number constant bigint := (get_byte(v_hash, 0)::bigint << 24)
    | (get_byte(v_hash, 1) << 16) | (get_byte(v_hash, 2) << 8) | get_byte(v_hash, 3);
begin
  return substr(v_digits, (v_number / 916132832 % 62)::integer + 1, 1)
    || substr(v_digits, (v_number / 14776336 % 62)::integer + 1, 1)
    || substr(v_digits, (v_number / 238328 % 62)::integer + 1, 1)
    || substr(v_digits, (v_number / 3844 % 62)::integer + 1, 1)
    || substr(v_digits, (v_number / 62 % 62)::integer + 1, 1)
    || substr(v_digits, (v_number % 62)::integer + 1, 1);
end
$$;
comment on function api_keys_private.key_check(text) is
  'The 6 digits at the end of a key: the first 4 bytes of the SHA-256 of everything before them, as base62. '
  'They show a typo or a cut-off paste without any lookup; they protect nothing.';

create or replace function api_keys_private.hash_secret(p_secret text, p_salt bytea) returns bytea
  language sql immutable strict parallel safe
  return sha256(convert_to(p_secret, 'UTF8') || p_salt);
comment on function api_keys_private.hash_secret(text, bytea) is
  'SHA-256 of the secret''s UTF-8 bytes followed by the salt. Fast on purpose: the secret has 190 random bits.';

create or replace function api_keys_private.generate_key(
  p_prefix text,
  out key text,
  out ksuid text,
  out secret_hash bytea,
  out salt bytea,
  out last4 text
)
  language plpgsql volatile strict
as $$
declare
  v_secret constant text := api_keys_private.random_base62(32);
begin
  ksuid := api_keys_private.ksuid();
  salt := api_keys_private.random_bytes(16);
  secret_hash := api_keys_private.hash_secret(v_secret, salt);
  key := p_prefix || ksuid || v_secret;
  key := key || api_keys_private.key_check(key);
  last4 := right(key, 4);
end
$$;
comment on function api_keys_private.generate_key(text) is
  'A new key with what is stored of it. The key itself must be shown once and never stored.';

create or replace function api_keys_private.check_number(p_digits text) returns bigint
  language sql immutable strict parallel safe
  return (
    strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', substr(p_digits, 1, 1)) * 916132832::bigint
    + strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', substr(p_digits, 2, 1)) * 14776336
    + strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', substr(p_digits, 3, 1)) * 238328
    + strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', substr(p_digits, 4, 1)) * 3844
    + strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', substr(p_digits, 5, 1)) * 62
    + strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', substr(p_digits, 6, 1))
    - 931151403);
comment on function api_keys_private.check_number(text) is 'The number that the check digits of a key are, the inverse of key_check.';

create or replace function api_keys_private.is_key(p_key text) returns boolean
  language sql stable parallel safe
  return coalesce(
    octet_length(p_key) between 68 and 80
      and left(p_key, -65) in ('sk_', 'jit_', 'sb_secret_', 'sb_publishable_')
      and right(p_key, 65) !~ '[^0-9A-Za-z]'
      and api_keys_private.check_number(right(p_key, 6))
        = ('x' || encode(substr(sha256(convert_to(left(p_key, -6), 'UTF8')), 1, 4), 'hex'))::bit(32)::bigint,
    false);
comment on function api_keys_private.is_key(text) is
  'Whether a string has the shape of a key and the right check digits, whatever its kind. Looks nothing up. '
  'Inlined where it is called, so it must not claim to be immutable: convert_to is not.';

create or replace function api_keys_private.ksuid_of(p_key text) returns text
  language sql immutable strict parallel safe
  return left(right(p_key, 65), 27);
comment on function api_keys_private.ksuid_of(text) is 'The KSUID in a string that is_key.';

create or replace function api_keys_private.secret_of(p_key text) returns text
  language sql immutable strict parallel safe
  return left(right(p_key, 38), 32);
comment on function api_keys_private.secret_of(text) is 'The secret in a string that is_key.';

create or replace function api_keys_private.parse_key(
  p_key text,
  out prefix text,
  out ksuid text,
  out secret text
)
  language plpgsql immutable parallel safe
as $$
begin
  if api_keys_private.is_key(p_key) then
    prefix := left(p_key, -65);
    ksuid := api_keys_private.ksuid_of(p_key);
    secret := api_keys_private.secret_of(p_key);
  end if;
end
$$;
comment on function api_keys_private.parse_key(text) is
  'The parts of a key of any kind, or nulls when the shape or the check digits are wrong. Looks nothing up.';
