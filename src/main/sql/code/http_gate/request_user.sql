create or replace function api_keys_private.request_user() returns uuid
  language plpgsql stable
as $$
begin
  if current_setting('role') in ('none', 'anon', 'service_role', 'api_key') or not api_keys_private.claims_count() then
    return null;
  end if;
  return auth.uid();
end
$$;
comment on function api_keys_private.request_user() is
  'The user who is signed in to this request, or null. A key, and a session whose claims do not count, is no user.';

create or replace function api_keys_private.require_user_or_operator(p_as_operator boolean) returns void
  language plpgsql stable
as $$
begin
  if (api_keys_private.request_user() is not null or p_as_operator and latchkey.is_operator()) is not true then
    raise exception 'Only a signed-in user or an operator may do this' using errcode = '42501';
  end if;
end
$$;
comment on function api_keys_private.require_user_or_operator(boolean) is
  'Refuses everyone who is neither signed in to this request nor, where the door is that of operators, an operator.';
