create or replace view latchkey.usage_hourly as
select u.api_key_id, u.hour, u.outcome, sum(u.calls)::bigint as calls
from (
  select h.api_key_id, h.hour, h.outcome, h.calls
  from api_keys_private.usage_hours as h
  union all
  select l.api_key_id, date_trunc('hour', l.timestamp, 'UTC'), l.outcome, 1
  from api_keys_private.api_key_logs as l
  -- The upper end changes no answer: it makes the planner expect the few lines that there are.
  where l.txid >= (select r.rolled_until from api_keys_private.usage_roll_up as r) and l.txid <= 9223372036854775807
) as u
where (select latchkey.is_operator() or latchkey.is_auditor())
group by u.api_key_id, u.hour, u.outcome;
comment on view latchkey.usage_hourly is
  'Lines of the usage log by key, hour (UTC) and outcome, also of months whose lines were dropped. Exact at any time; as fast as '
  'latchkey.maintain_usage_log() is often run, best every hour.';
grant select on latchkey.usage_hourly to latchkey_operator, latchkey_auditor;
