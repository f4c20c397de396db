create or replace function api_keys_private.revoke_keys_of_user() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_key api_keys_private.api_keys;
begin
  perform api_keys_private.require_fresh_snapshot();
  for v_key in select * from api_keys_private.lock_keys(null, old.id) loop
    perform api_keys_private.revoke(v_key, 'The user was deleted');
  end loop;
  return null;
end
$$;
comment on function api_keys_private.revoke_keys_of_user() is
  'The published KSUID design deletes keys with their user. Ours outlive the user as evidence, but not as keys. A ban ends none, as there.';

create or replace function api_keys_private.keys_end_with_users() returns boolean
  language sql stable
as $$
  select to_regclass('auth.users') is null
    or exists (
      select
      from pg_catalog.pg_trigger
      where tgrelid = to_regclass('auth.users')
        and tgfoid = 'api_keys_private.revoke_keys_of_user()'::regprocedure
        and tgenabled <> 'D')
$$;
comment on function api_keys_private.keys_end_with_users() is 'Whether deleting a user revokes the user''s keys, or there are no users that could be deleted.';

create or replace function api_keys_private.end_keys_with_users() returns boolean
  language plpgsql volatile
as $$
begin
  if api_keys_private.keys_end_with_users() then
    return true;
  end if;
  create or replace trigger latchkey_revoke_keys
    after delete on auth.users
    for each row execute function api_keys_private.revoke_keys_of_user();
  return true;
exception when insufficient_privilege then
  return false;
end
$$;
comment on function api_keys_private.end_keys_with_users() is
  'Has the keys of the KSUID design end with their user, where there is a table of users. False where the owner of this function may not.';
