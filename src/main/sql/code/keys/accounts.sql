create or replace view latchkey.accounts as
select
  a.id,
  a.name,
  a.slug,
  (select count(*) from api_keys_private.api_keys as k where k.account_id = a.id)::integer as key_count
from public.accounts as a
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.accounts is 'Accounts with the number of their keys, ended ones included.';
grant select on latchkey.accounts to latchkey_operator, latchkey_auditor;
