-- V18: what makes verifying fast: one hash over the whole key, which proves its prefix, id, secret and check digits at once.

alter table api_keys_private.api_keys add column if not exists key_digest bytea;
comment on column api_keys_private.api_keys.key_digest is
  'SHA-256 of the whole key''s UTF-8 bytes followed by the salt; null until the first good use of a key that was made before this column. '
  'Never shown, as key_hash is not.';
