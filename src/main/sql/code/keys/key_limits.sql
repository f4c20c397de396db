create or replace function api_keys_private.require_room(p_account_id uuid) returns void
  language plpgsql stable
as $$
declare
  v_most constant integer := (select s.keys_per_account from api_keys_private.key_settings as s);
begin
  if (
    select count(*) >= v_most
    from api_keys_private.api_keys as k
    where k.account_id = p_account_id and k.revoked_at is null and (k.expires_at is null or k.expires_at > clock_timestamp()))
  then
    raise exception 'The account has % keys that have not ended, and may have no more', v_most
      using errcode = 'PT429', hint = 'Revoke some first. Operators change the limit: latchkey.set_keys_per_account().';
  end if;
end
$$;
comment on function api_keys_private.require_room(uuid) is
  'Refuses one more key of an account that has as many as it may. Against loops and fillers of disks: calls at the same moment may pass it by '
  'a few, and rotating is always possible.';

create or replace view latchkey.key_settings as
select s.keys_per_account, s.changed_at, s.changed_by_name
from api_keys_private.key_settings as s
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.key_settings is 'How many keys that have not ended an account may have, and who changed that when.';
grant select on latchkey.key_settings to latchkey_operator, latchkey_auditor;

create or replace function latchkey.set_keys_per_account(p_most integer) returns latchkey.key_settings
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before integer;
  v_row latchkey.key_settings;
begin
  perform api_keys_private.require_operator('limit the keys of accounts');
  if p_most is null or p_most not between 1 and 1000000 then
    raise exception 'p_most: must be from 1 to 1,000,000' using errcode = '22023';
  end if;

  v_before := (api_keys_private.key_settings_to_change()).keys_per_account;
  if v_before <> p_most then
    update api_keys_private.key_settings
    set keys_per_account = p_most, changed_at = clock_timestamp(), changed_by_name = latchkey.actor() ->> 'display';
    perform audit.record_event(
      'key.limit_changed', 'setting', 'keys_per_account', 'keys of an account', 'set', 'ok', null, null,
      jsonb_build_object('keys_per_account', v_before), jsonb_build_object('keys_per_account', p_most));
  end if;

  select * into v_row from latchkey.key_settings;
  return v_row;
end
$$;
comment on function latchkey.set_keys_per_account(integer) is
  'Sets how many keys that have not ended an account may have, from 1 to 1,000,000. Accounts that have more keep them. For operators.';
grant execute on function latchkey.set_keys_per_account(integer) to latchkey_operator;
