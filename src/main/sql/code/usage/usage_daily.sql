create or replace view latchkey.usage_daily as
select
  h.api_key_id,
  (h.hour at time zone 'UTC')::date as day,
  sum(h.calls)::bigint as calls,
  coalesce(sum(h.calls) filter (where h.outcome = 'ok'), 0)::bigint as ok,
  coalesce(sum(h.calls) filter (where h.outcome = 'client_error'), 0)::bigint as client_errors,
  coalesce(sum(h.calls) filter (where h.outcome not in ('ok', 'client_error', 'server_error')), 0)::bigint as denied,
  coalesce(sum(h.calls) filter (where h.outcome = 'server_error'), 0)::bigint as server_errors
from latchkey.usage_hourly as h
group by h.api_key_id, (h.hour at time zone 'UTC')::date;
comment on view latchkey.usage_daily is
  'Lines of the usage log by key and day (UTC), from the roll-ups. denied: 401, 403 and refused verifications; client_errors: every other 4xx.';
grant select on latchkey.usage_daily to latchkey_operator, latchkey_auditor;
