create or replace function api_keys_private.current_scopes() returns jsonb
  language plpgsql stable
as $$
begin
  return (
    select k.scopes
    from api_keys_private.api_keys as k
    where k.id = auth.uid()
      and k.kind = 'scoped'
      and k.is_active
      and (k.expires_at is null or k.expires_at > statement_timestamp())
      and jsonb_typeof(k.scopes) = 'array');
end
$$;
comment on function api_keys_private.current_scopes() is
  'The scopes of the key in auth.uid(), as stored; null when it is unknown or has ended, whenever its token was signed.';
