create or replace function api_keys_private.revoke_keys_of_account() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_key api_keys_private.api_keys;
begin
  -- Keys that were made a moment ago would not be seen, and live on.
  perform api_keys_private.require_fresh_snapshot();
  if tg_op = 'TRUNCATE' then
    for v_key in
      select l.*
      from (select distinct k.account_id from api_keys_private.api_keys as k where k.revoked_at is null) as a
      cross join lateral api_keys_private.lock_keys(a.account_id, null) as l
      where a.account_id is not null
    loop
      perform api_keys_private.revoke(v_key, 'The account was deleted');
    end loop;
    return null;
  end if;
  for v_key in select * from api_keys_private.lock_keys(old.id, null) loop
    perform api_keys_private.revoke(v_key, 'The account was deleted');
  end loop;
  return null;
end
$$;
comment on function api_keys_private.revoke_keys_of_account() is
  'Keys outlive their account as evidence, but not as keys: deleting the account, or emptying the table, revokes them.';

create or replace trigger latchkey_revoke_keys
  after delete on public.accounts
  for each row execute function api_keys_private.revoke_keys_of_account();

comment on trigger latchkey_revoke_keys on public.accounts is 'Keys end with their account.';

create or replace trigger latchkey_revoke_all_keys
  after truncate on public.accounts
  for each statement execute function api_keys_private.revoke_keys_of_account();

comment on trigger latchkey_revoke_all_keys on public.accounts is 'Keys end with their accounts.';
