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

create or replace function api_keys_private.require_user_or_operator() returns void
  language plpgsql stable
as $$
begin
  if (api_keys_private.request_user() is not null or latchkey.is_operator()) is not true then
    raise exception 'Only a signed-in user or an operator may do this' using errcode = '42501';
  end if;
end
$$;
comment on function api_keys_private.require_user_or_operator() is 'Refuses everyone who is neither signed in to this request nor an operator.';
