create or replace function api_keys_private.older_hash(p_method text, p_secret text, p_salt bytea) returns text
  language sql immutable strict parallel safe
  return case p_method
    when 'sha256' then encode(api_keys_private.hash_secret(p_secret, p_salt), 'hex')
    when 'sha256-hex-salt' then encode(sha256(convert_to(p_secret || '\x' || encode(p_salt, 'hex'), 'UTF8')), 'hex')
  end;
comment on function api_keys_private.older_hash(text, text, bytea) is
  'The hash of an older key''s secret by a fast method. sha256-hex-salt is of the secret''s text and the salt''s, which is what the '
  'published KSUID design made of them; its users also mended that to what sha256 is, and which of the two a key has shows at its first use.';
