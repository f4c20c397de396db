-- 200,000 lines of use over the last 30 days: people by day, machines around the clock, jobs at night, quiet weekends; one outage, one
-- burst of refusals. One insert, the same each time.

select setseed(0.25);

create temporary table caller as
select
  plan.key_id,
  plan.number,
  plan.calls,
  plan.shape,
  plan.kind,
  times.created_at as since,
  least(now(), coalesce(case when plan.unused is not null then times.last_used_at end, now())) as until,
  case plan.shape
    when 'people' then array['Latchkey-iOS/5.2 CFNetwork/1498', 'okhttp/4.12.0', 'Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0', 'Mozilla/5.0 (Macintosh) Safari/619.1']
    when 'night' then array['python-requests/2.32.3', 'Apache-HttpClient/5.4 (Java/25)']
    when 'flat' then array['node-fetch/3.3', 'Go-http-client/2.0']
    else array['supabase-js/2.58', 'curl/8.14.1', 'axios/1.12.2']
  end as agents,
  coalesce(
    host(split_part(plan.networks, ' ', 1)::cidr)::inet,
    case plan.shape
      when 'people' then inet '203.0.113.0'
      when 'night' then inet '10.20.4.0'
      when 'flat' then inet '192.0.2.64'
      else inet '198.51.100.0'
    end) as network,
  case when plan.networks is not null then 6 when plan.shape = 'people' then 250 when plan.shape = 'office' then 30 else 5 end as addresses
from key_plan as plan
join key_times as times on times.key_id = plan.key_id
where plan.calls > 0;

create temporary table hour_of_use as
select
  slot.starts,
  case when extract(isodow from slot.starts at time zone 'UTC') >= 6 then 0.38 else 1.0 end as week,
  extract(hour from slot.starts at time zone 'UTC')::integer as hour,
  -- No two days are alike, and it is growing.
  0.84 + 0.26 * (abs(hashtext((slot.starts at time zone 'UTC')::date::text)) % 100) / 100.0 + 0.2 * (720 - slot.number) / 720.0 as day
from (
  select number, now() - make_interval(hours => number) as starts
  from generate_series(1, 720) as number
) as slot;

-- How many lines each caller has in each hour: whole numbers whose sum is exact.
create temporary table planned_use as
select share.key_id, share.starts, floor(share.above * 198800 / share.total)::integer - floor((share.above - share.weight) * 198800 / share.total)::integer as lines
from (
  select
    weighed.key_id,
    weighed.starts,
    weighed.weight,
    sum(weighed.weight) over (order by weighed.starts, weighed.number) as above,
    sum(weighed.weight) over () as total
  from (
    select
      caller.key_id,
      caller.number,
      hour_of_use.starts,
      (caller.calls * hour_of_use.day * (0.92 + 0.16 * random()) * case caller.shape
        when 'people' then (0.08 + power(greatest(0, sin(pi() * (hour_of_use.hour - 4) / 19.0)), 1.4)) * (0.45 + 0.55 * hour_of_use.week)
        when 'office' then (0.03 + case when hour_of_use.hour between 7 and 17 then 1.9 else 0.1 end) * power(hour_of_use.week, 2)
        when 'night' then case when hour_of_use.hour between 1 and 3 then 7.5 else 0.02 end
        else 0.55 + 0.1 * sin(hour_of_use.hour)
      end)::numeric as weight
    from caller
    cross join hour_of_use
    where hour_of_use.starts >= caller.since and hour_of_use.starts + interval '1 hour' <= caller.until
  ) as weighed
) as share;

insert into api_keys_private.api_key_logs (api_key_id, endpoint, method, status_code, ip_address, user_agent, timestamp, outcome)
select
  line.key_id,
  line.endpoint,
  line.method,
  line.status_code,
  line.ip_address,
  line.user_agent,
  line.at,
  case
    when line.status_code in (401, 403) then 'denied'
    when line.status_code >= 500 then 'server_error'
    when line.status_code >= 400 then 'client_error'
    else 'ok'
  end
from (
  select
    call.key_id,
    call.at,
    call.ip_address,
    call.user_agent,
    (array[
      '/rest/v1/documents', '/rest/v1/documents', '/rest/v1/invoices', '/rest/v1/projects', '/rest/v1/rpc/search', '/functions/v1/render-pdf',
      '/storage/v1/object/documents', '/rest/v1/invoices'])[call.kind_of_call] as endpoint,
    (array['GET', 'PATCH', 'GET', 'GET', 'POST', 'POST', 'GET', 'POST'])[call.kind_of_call] as method,
    case
      -- The outage: nine days ago, from 14:10 to 14:58 UTC.
      when call.at >= date_trunc('day', now(), 'UTC') - interval '8 days 9 hours 50 minutes'
        and call.at < date_trunc('day', now(), 'UTC') - interval '8 days 9 hours 2 minutes'
        and call.chance < 0.46
        then (array[500, 502, 503, 503])[1 + (call.chance * 1000)::integer % 4]
      when call.chance < 0.9655 then (array[200, 204, 200, 200, 200, 200, 200, 201])[call.kind_of_call]
      when call.chance < 0.976 then 404
      when call.chance < 0.984 then 400
      when call.chance < 0.988 then 409
      when call.chance < 0.9905 then 422
      when call.chance < 0.992 then 429
      when call.chance < 0.9945 then 401
      when call.chance < 0.9975 then 403
      when call.chance < 0.999 then 500
      else 503
    end as status_code
  from (
    select
      caller.key_id,
      planned_use.starts + make_interval(secs => random() * 3600) as at,
      random() as chance,
      1 + floor(8 * power(random(), 1.7))::integer as kind_of_call,
      caller.network + 1 + floor(caller.addresses * power(random(), 2))::integer as ip_address,
      caller.agents[1 + floor(array_length(caller.agents, 1) * power(random(), 1.5))::integer] as user_agent
    from planned_use
    join caller on caller.key_id = planned_use.key_id
    cross join generate_series(1, planned_use.lines)
  ) as call
) as line;

-- The burst: somebody tries a key of a partner from elsewhere, three days ago, for half an hour of the night.
insert into api_keys_private.api_key_logs (api_key_id, endpoint, method, status_code, ip_address, user_agent, timestamp, outcome)
select
  plan.key_id,
  case when attempt % 3 = 0 then 'verify_api_key' else '/rest/v1/' || (array['invoices', 'documents', 'projects', 'accounts'])[attempt % 4 + 1] end,
  case when attempt % 3 = 0 then 'VERIFY' else 'GET' end,
  case when attempt % 3 = 0 or attempt % 5 = 0 then 401 else 403 end,
  inet '203.0.113.77',
  case when attempt % 3 = 0 then null else 'python-requests/2.31.0' end,
  date_trunc('day', now(), 'UTC') - interval '2 days 21 hours 42 minutes' + make_interval(secs => 1800 * power(random(), 0.8)),
  case when attempt % 3 = 0 then 'forbidden_ip' else 'denied' end
from key_plan as plan
cross join generate_series(1, 1080) as attempt
where plan.name = 'partner-invoices';

-- Keys that have ended and are still offered.
insert into api_keys_private.api_key_logs (api_key_id, endpoint, method, status_code, ip_address, timestamp, outcome)
select
  plan.key_id, 'verify_api_key', 'VERIFY', 401, plan.address,
  now() - make_interval(secs => 3600 + plan.days * 86400 * (attempt - 1 + random()) / plan.lines), plan.outcome
from (
  values
    ('migration-2025', 'revoked', 12, 25, inet '10.20.4.9'),
    ('jenkins-ci', 'revoked', 44, 18, inet '10.8.12.30'),
    ('intern-project', 'expired', 31, 12, inet '10.0.7.12'),
    ('partner-sandbox', 'disabled', 33, 20, inet '198.51.100.24')
) as wanted (name, outcome, lines, days, address)
join key_plan as named using (name)
cross join lateral (select named.key_id, wanted.outcome, wanted.lines, wanted.days, wanted.address) as plan
cross join generate_series(1, plan.lines) as attempt;

analyze api_keys_private.api_key_logs;

update api_keys_private.api_keys as key
set last_used_at = latest.timestamp, last_used_from = latest.ip_address
from (
  select distinct on (api_key_id) api_key_id, timestamp, ip_address
  from api_keys_private.api_key_logs
  where outcome in ('ok', 'client_error', 'server_error')
  order by api_key_id, timestamp desc
) as latest
where latest.api_key_id = key.id;
