create or replace view latchkey.legacy_keys as
select
  k.name,
  case when k.revoked_at is not null then 'revoked' when k.switched_off_at is not null then 'off' else 'on' end as status,
  (select max(m.minute) from api_keys_private.legacy_key_minutes as m where m.name = k.name) as last_used_at,
  k.switched_off_at,
  k.switched_off_by_name,
  k.revoked_at,
  k.revoked_by_name,
  k.revoke_reason
from api_keys_private.legacy_keys as k
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.legacy_keys is
  'The legacy anon and service_role keys. last_used_at is the minute of the last request that writes; requests that only read leave no trace.';
grant select on latchkey.legacy_keys to latchkey_operator, latchkey_auditor;

create or replace view latchkey.legacy_key_days as
select m.name, (m.minute at time zone 'UTC')::date as day, count(distinct m.minute) as minutes
from api_keys_private.legacy_key_minutes as m
where (select latchkey.is_operator() or latchkey.is_auditor())
group by m.name, (m.minute at time zone 'UTC')::date;
comment on view latchkey.legacy_key_days is
  'In how many minutes of a day (UTC) a legacy key was used by requests that write. A day without a row had none.';
grant select on latchkey.legacy_key_days to latchkey_operator, latchkey_auditor;
