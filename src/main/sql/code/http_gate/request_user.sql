create or replace function api_keys_private.request_user() returns uuid
  language plpgsql stable
as $$
begin
  if session_user <> 'authenticator' or current_setting('role') in ('none', 'anon', 'service_role', 'api_key') then
    return null;
  end if;
  return auth.uid();
end
$$;
comment on function api_keys_private.request_user() is
  'The user who is signed in to this request of the API server, or null. A key, and a session that set the claims by itself, is no user.';
