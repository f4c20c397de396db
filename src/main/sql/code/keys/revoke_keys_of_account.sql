create or replace function api_keys_private.revoke_keys_of_account() returns trigger
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_key api_keys_private.api_keys;
begin
  for v_key in
    select * from api_keys_private.api_keys where account_id = old.id and revoked_at is null order by id for update
  loop
    perform api_keys_private.revoke(v_key, 'The account was deleted');
  end loop;
  return null;
end
$$;
comment on function api_keys_private.revoke_keys_of_account() is
  'Keys outlive their account as evidence, but not as keys: deleting the account revokes them.';

create or replace trigger latchkey_revoke_keys
  after delete on public.accounts
  for each row execute function api_keys_private.revoke_keys_of_account();

comment on trigger latchkey_revoke_keys on public.accounts is 'Keys end with their account.';
