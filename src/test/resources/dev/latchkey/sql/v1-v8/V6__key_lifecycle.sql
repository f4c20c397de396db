-- V6: The life of a key after it was made: rotating it, logging its use in batches, and counting its use by the hour.
--
-- Every line of the usage log carries the id of the transaction that wrote it. Rolling up adds the lines of transactions
-- that had all ended and were not added yet: each line once, whenever it arrives and whatever time it bears. Who writes a
-- line takes no part in that; the views add what is not rolled up yet.

-- ---------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------

-- In one statement, so that none comes in between: lines that are there already get 0, without a rewrite.
do $$
begin
  if not exists (
    select
    from pg_catalog.pg_attribute
    where attrelid = 'api_keys_private.api_key_logs'::regclass and attname = 'txid')
  then
    alter table api_keys_private.api_key_logs add column txid bigint not null default 0;
    alter table api_keys_private.api_key_logs alter column txid set default pg_current_xact_id()::text::bigint;
  end if;
end
$$;
comment on column api_keys_private.api_key_logs.txid is
  'The transaction that wrote the line, by which rolling up finds it; 0 for lines that were counted after a restore.';
create index if not exists api_key_logs_txid_idx
  on api_keys_private.api_key_logs using brin (txid) with (pages_per_range = 32, autosummarize = on);

create table if not exists api_keys_private.usage_hours (
  api_key_id uuid not null,
  hour timestamptz not null,
  outcome text not null,
  calls bigint not null,
  constraint usage_hours_pkey primary key (api_key_id, hour, outcome)
);
alter table api_keys_private.usage_hours enable row level security;
comment on table api_keys_private.usage_hours is
  'Lines of the usage log by key, hour (UTC) and outcome, as far as they are rolled up. Outlives the lines.';

create table if not exists api_keys_private.usage_roll_up (
  only_row boolean not null default true,
  rolled_until bigint not null default 0,
  log oid not null default 0,
  rolled_at timestamptz,
  constraint usage_roll_up_pkey primary key (only_row),
  constraint usage_roll_up_only_row check (only_row)
);
alter table api_keys_private.usage_roll_up enable row level security;
comment on table api_keys_private.usage_roll_up is 'One row: how far the usage log is rolled up.';
comment on column api_keys_private.usage_roll_up.rolled_until is 'Lines of transactions before this one are rolled up.';
comment on column api_keys_private.usage_roll_up.log is
  'The oid of the usage log when it was rolled up. Another one shows that it was restored from a dump, where transactions count anew.';
comment on column api_keys_private.usage_roll_up.rolled_at is 'When that was.';
insert into api_keys_private.usage_roll_up default values on conflict do nothing;

-- ---------------------------------------------------------------------------------------------------------
-- Rolling up
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.roll_up_usage() returns bigint
  language plpgsql volatile
as $$
declare
  v_log constant oid := 'api_keys_private.api_key_logs'::regclass;
  v_state api_keys_private.usage_roll_up;
  v_until bigint;
  v_lines bigint;
begin
  select * into v_state from api_keys_private.usage_roll_up for update;
  -- Whatever wrote before this transaction has ended: its lines are visible from here on, or will never be.
  v_until := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;

  if v_state.log not in (0, v_log) then
    with counted as (
      update api_keys_private.api_key_logs set txid = 0 returning api_key_id, timestamp, outcome
    ), added as (
      insert into api_keys_private.usage_hours as h (api_key_id, hour, outcome, calls)
      select c.api_key_id, date_trunc('hour', c.timestamp, 'UTC'), c.outcome, count(*)
      from counted as c
      group by 1, 2, 3
      on conflict (api_key_id, hour, outcome) do update set calls = excluded.calls
      returning h.calls
    )
    select coalesce(sum(a.calls), 0) into v_lines from added as a;
  else
    with counted as (
      select l.api_key_id, date_trunc('hour', l.timestamp, 'UTC') as hour, l.outcome, count(*) as calls
      from api_keys_private.api_key_logs as l
      where l.txid >= v_state.rolled_until and l.txid < v_until
      group by 1, 2, 3
    ), added as (
      insert into api_keys_private.usage_hours as h (api_key_id, hour, outcome, calls)
      select c.api_key_id, c.hour, c.outcome, c.calls from counted as c
      on conflict (api_key_id, hour, outcome) do update set calls = h.calls + excluded.calls
    )
    select coalesce(sum(c.calls), 0) into v_lines from counted as c;
  end if;

  update api_keys_private.usage_roll_up set rolled_until = v_until, log = v_log, rolled_at = clock_timestamp();
  return v_lines;
end
$$;
comment on function api_keys_private.roll_up_usage() is
  'Adds the lines that are not rolled up yet to the hours they belong to and answers their number. Waits only for another roll-up. Lines of '
  'transactions that still run are left for the next time. After a restore from a dump every line that is there is counted again.';

do $$
begin
  if exists (select from api_keys_private.usage_roll_up as r where r.rolled_at is null) then
    perform api_keys_private.roll_up_usage();
  end if;
end
$$;

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

-- ---------------------------------------------------------------------------------------------------------
-- Logging in batches
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.outcome_of(p_status_code integer) returns text
  language sql immutable parallel safe
  return case
    when p_status_code in (401, 403) then 'denied'
    when p_status_code >= 500 then 'server_error'
    when p_status_code >= 400 then 'client_error'
    else 'ok'
  end;
comment on function api_keys_private.outcome_of(integer) is 'The outcome of a request by its HTTP status; ok where there is none.';

create or replace function api_keys_private.is_log_time(p_text text) returns boolean
  language plpgsql stable
as $$
begin
  return p_text ~ '^[0-9]{4}-' and p_text::timestamptz between now() - interval '30 days' and clock_timestamp() + interval '5 minutes';
exception when data_exception then
  return false;
end
$$;
comment on function api_keys_private.is_log_time(text) is
  'Whether a text is a time that a line may arrive with: at most 30 days ago, and not ahead by more than clocks differ.';

create or replace function api_keys_private.refuse_bad_entries(p_entries jsonb) returns void
  language plpgsql stable
as $$
declare
  v_fields constant text[] := array['api_key_id', 'endpoint', 'method', 'status_code', 'ip_address', 'user_agent', 'timestamp'];
  v_bad record;
begin
  if jsonb_typeof(p_entries) is distinct from 'array' then
    raise exception 'p_entries: must be an array of lines' using errcode = '22023';
  end if;
  if jsonb_array_length(p_entries) > 1000 then
    raise exception 'p_entries: must have at most 1,000 entries, has %',
      ltrim(to_char(jsonb_array_length(p_entries), '999,999,999')) using errcode = '22023';
  end if;

  select checked.position, checked.problem into v_bad
  from (
    select
      e.position,
      case
        when jsonb_typeof(e.line) <> 'object' then 'must be an object'
        when e.line - v_fields <> '{}' then 'must have no other field than ' || array_to_string(v_fields, ', ')
        when jsonb_typeof(e.line -> 'api_key_id') is distinct from 'string'
          or e.line ->> 'api_key_id' !~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
          then 'api_key_id must be the id of a key'
        when jsonb_typeof(e.line -> 'endpoint') is distinct from 'string' or btrim(e.line ->> 'endpoint') = ''
          then 'endpoint must not be blank'
        when jsonb_typeof(e.line -> 'method') is distinct from 'string'
          or e.line ->> 'method' !~ '^[A-Za-z][A-Za-z_-]{0,19}$'
          then 'method must be a word of at most 20 letters'
        when coalesce(jsonb_typeof(e.line -> 'status_code'), 'null') <> 'null'
          and e.line ->> 'status_code' !~ '^[1-5][0-9]{2}$'
          then 'status_code must be from 100 to 599, or null'
        when coalesce(jsonb_typeof(e.line -> 'ip_address'), 'null') not in ('string', 'null')
          then 'ip_address must be a text or null'
        when coalesce(jsonb_typeof(e.line -> 'user_agent'), 'null') not in ('string', 'null')
          then 'user_agent must be a text or null'
        when coalesce(jsonb_typeof(e.line -> 'timestamp'), 'null') <> 'null'
          and api_keys_private.is_log_time(e.line ->> 'timestamp') is not true
          then 'timestamp must be a time of the last 30 days, or null for now'
      end as problem
    from jsonb_array_elements(p_entries) with ordinality as e (line, position)
  ) as checked
  where checked.problem is not null
  order by checked.position
  limit 1;
  if found then
    raise exception 'p_entries: entry %: %', v_bad.position, v_bad.problem using errcode = '22023';
  end if;
end
$$;
comment on function api_keys_private.refuse_bad_entries(jsonb) is
  'Refuses lines for the usage log that are not as log_api_key_usage_batch wants them, naming the first. Positions count from 1.';

create or replace function api_keys_private.touch_keys(p_entries jsonb, p_at timestamptz) returns void
  language plpgsql volatile
as $$
begin
  update api_keys_private.api_keys as k
  set last_used_at = stale.used_at, last_used_from = coalesce(stale.used_from, k.last_used_from)
  from (
    select s.id, latest.used_at, api_keys_private.address_of(btrim(latest.ip_address)) as used_from
    from (
      select distinct on (1)
        (e.line ->> 'api_key_id')::uuid as api_key_id,
        coalesce((e.line ->> 'timestamp')::timestamptz, p_at) as used_at,
        e.line ->> 'ip_address' as ip_address
      from jsonb_array_elements(p_entries) as e (line)
      order by 1, 2 desc
    ) as latest
    join api_keys_private.api_keys as s on s.id = latest.api_key_id
    where s.last_used_at is null or s.last_used_at < latest.used_at - interval '1 minute'
    for no key update of s skip locked
  ) as stale
  where k.id = stale.id;
exception when serialization_failure then
  null; -- Someone else moved one within this transaction's snapshot: the next line moves the rest.
end
$$;
comment on function api_keys_private.touch_keys(jsonb, timestamptz) is
  'Moves last_used_at of the keys of checked lines forward, at most once a minute each, and never waits.';

create or replace function public.log_api_key_usage_batch(p_entries jsonb) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_at constant timestamptz := clock_timestamp();
  v_unknown bigint;
begin
  perform api_keys_private.refuse_bad_entries(p_entries);
  select min(e.position) into v_unknown
  from jsonb_array_elements(p_entries) with ordinality as e (line, position)
  left join api_keys_private.api_keys as k on k.id = (e.line ->> 'api_key_id')::uuid
  where k.id is null;
  if v_unknown is not null then
    raise exception 'p_entries: entry %: API key not found', v_unknown using errcode = 'PT404';
  end if;

  insert into api_keys_private.api_key_logs (
    api_key_id, endpoint, method, status_code, ip_address, ip_text, user_agent, timestamp, outcome)
  select
    l.api_key_id, left(l.endpoint, 2000), l.method, l.status_code, l.address,
    case when l.address is null then left(l.ip_address, 200) end,
    left(l.user_agent, 1000), l.at, api_keys_private.outcome_of(l.status_code)
  from (
    select
      (e.line ->> 'api_key_id')::uuid as api_key_id,
      e.line ->> 'endpoint' as endpoint,
      e.line ->> 'method' as method,
      (e.line ->> 'status_code')::integer as status_code,
      e.line ->> 'ip_address' as ip_address,
      api_keys_private.address_of(btrim(e.line ->> 'ip_address')) as address,
      e.line ->> 'user_agent' as user_agent,
      coalesce((e.line ->> 'timestamp')::timestamptz, v_at) as at
    from jsonb_array_elements(p_entries) as e (line)
  ) as l;
  perform api_keys_private.touch_keys(p_entries, v_at);
  return jsonb_build_object('success', true, 'count', jsonb_array_length(p_entries), 'timestamp', v_at);
end
$$;
comment on function public.log_api_key_usage_batch(jsonb) is
  'Logs up to 1,000 requests in one call, all or none, and answers {success, count, timestamp}. For service_role. An entry has the fields of '
  'log_api_key_usage without p_, and optionally the timestamp of the request, at most 30 days ago.';

-- ---------------------------------------------------------------------------------------------------------
-- Rotating
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.rotation_state(p_key api_keys_private.api_keys) returns jsonb
  language sql stable
  return api_keys_private.key_state(p_key)
    || jsonb_build_object('replaces', p_key.replaces, 'replaced_by', p_key.replaced_by);
comment on function api_keys_private.rotation_state(api_keys_private.api_keys) is 'A key as events show it, with the keys before and after it.';

create or replace function api_keys_private.insert_successor(p_key api_keys_private.api_keys, p_id uuid) returns text
  language plpgsql volatile
as $$
declare
  v_actor constant jsonb := latchkey.actor();
  v_prefix constant text := api_keys_private.prefix_of(p_key.kind);
  v_new record;
  v_key api_keys_private.api_keys;
begin
  select * into v_new from api_keys_private.generate_key(v_prefix);
  begin
    insert into api_keys_private.api_keys (
      id, ksuid, kind, account_id, name, description, key_prefix, prefix, last4, key_hash, salt, hash_method, role, scopes,
      allowed_cidrs, rate_limit, expires_at, created_by, created_by_name, updated_by_name, replaces)
    values (
      p_id, v_new.ksuid, p_key.kind, p_key.account_id, p_key.name, p_key.description, left(v_new.key, 7), v_prefix, v_new.last4,
      encode(v_new.secret_hash, 'hex'), v_new.salt, 'sha256', p_key.role, p_key.scopes, p_key.allowed_cidrs, p_key.rate_limit,
      p_key.expires_at,
      case when v_actor ->> 'type' in ('member', 'user') then (v_actor ->> 'id')::uuid end,
      v_actor ->> 'display', v_actor ->> 'display', p_key.id)
    returning * into v_key;
  exception when integrity_constraint_violation then
    -- The original DETAIL prints the row, hash included.
    raise exception 'The key could not be stored' using errcode = '23000';
  end;
  perform audit.record_event(
    'key.created', 'key', v_key.id::text, v_key.name, 'create', 'ok', null, null, null, api_keys_private.rotation_state(v_key));
  return v_new.key;
end
$$;
comment on function api_keys_private.insert_successor(api_keys_private.api_keys, uuid) is
  'Makes a key with the settings of another, and answers with it, the only time that it is shown.';

create or replace function latchkey.rotate_api_key(p_api_key_id uuid, p_grace interval) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before constant api_keys_private.api_keys := api_keys_private.key_to_change(p_api_key_id);
  v_at constant timestamptz := clock_timestamp();
  v_successor constant uuid := gen_random_uuid();
  v_after api_keys_private.api_keys;
  v_key text;
begin
  if p_grace is null or p_grace < interval '0' or p_grace > interval '365 days' then
    raise exception 'p_grace: must be from 0 to 365 days' using errcode = '22023';
  end if;
  perform api_keys_private.refuse_revoked(v_before);
  if v_before.expires_at <= v_at then
    raise exception 'The key has expired' using errcode = 'PT409', hint = 'Make a new key instead.';
  end if;
  if v_before.disabled_at is not null then
    raise exception 'The key is disabled' using errcode = 'PT409', hint = 'Enable it first, or make a new key.';
  end if;
  if v_before.replaced_by is not null then
    raise exception 'The key is being rotated already' using errcode = 'PT409', hint = 'Rotate the key that replaced it.';
  end if;

  v_key := api_keys_private.insert_successor(v_before, v_successor);
  update api_keys_private.api_keys
  set expires_at = least(expires_at, v_at + p_grace),
    replaced_by = v_successor,
    version = version + 1,
    updated_at = v_at,
    updated_by_name = latchkey.actor() ->> 'display'
  where id = v_before.id
  returning * into v_after;
  perform audit.record_event(
    'key.rotated', 'key', v_after.id::text, v_after.name, 'rotate', 'ok', null, null,
    api_keys_private.rotation_state(v_before), api_keys_private.rotation_state(v_after));

  return (
    select jsonb_build_object(
      'id', k.id, 'name', k.name, 'key', v_key, 'key_prefix', k.key_prefix, 'account_id', k.account_id, 'scopes', k.scopes,
      'expires_at', k.expires_at, 'created_at', k.created_at, 'kind', k.kind, 'role', k.role, 'description', k.description,
      'replaces', k.replaces, 'grace_ends_at', v_after.expires_at)
    from api_keys_private.api_keys as k
    where k.id = v_successor);
end
$$;
comment on function latchkey.rotate_api_key(uuid, interval) is
  'Makes a new key with the same settings and answers like create_project_key, with replaces and grace_ends_at. The old one goes on working '
  'until the sooner of the end of p_grace (0 to 365 days) and its own expiry. PT409 when it has ended, is disabled or is being rotated. For operators.';

create or replace function latchkey.end_grace(p_api_key_id uuid) returns latchkey.keys
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before constant api_keys_private.api_keys := api_keys_private.key_to_change(p_api_key_id);
  v_at constant timestamptz := clock_timestamp();
  v_after api_keys_private.api_keys;
  v_row latchkey.keys;
begin
  perform api_keys_private.refuse_revoked(v_before);
  if v_before.replaced_by is null then
    raise exception 'The key is not being rotated' using errcode = 'PT409';
  end if;
  if v_before.expires_at is null or v_before.expires_at > v_at then
    update api_keys_private.api_keys
    set expires_at = v_at, version = version + 1, updated_at = v_at, updated_by_name = latchkey.actor() ->> 'display'
    where id = v_before.id
    returning * into v_after;
    perform audit.record_event(
      'key.grace_ended', 'key', v_after.id::text, v_after.name, 'end_grace', 'ok', null, null,
      api_keys_private.rotation_state(v_before), api_keys_private.rotation_state(v_after));
  end if;

  select * into v_row from latchkey.keys where id = v_before.id;
  -- The status is that of the transaction's begin: what ended after it has ended all the same.
  v_row.status := 'expired';
  return v_row;
end
$$;
comment on function latchkey.end_grace(uuid) is
  'Ends the grace of a key that was rotated, now, and answers its row. One whose grace is over stays as it is. For operators.';

-- ---------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------

revoke all on
  api_keys_private.usage_hours,
  api_keys_private.usage_roll_up,
  latchkey.usage_hourly,
  latchkey.usage_daily
  from public, anon, authenticated, service_role;
revoke all on all functions in schema api_keys_private, latchkey from public, anon, authenticated, service_role;
revoke all on function public.log_api_key_usage_batch(jsonb) from public, anon, authenticated, service_role;

grant execute on function public.log_api_key_usage_batch(jsonb) to service_role;
grant execute on function latchkey.rotate_api_key(uuid, interval), latchkey.end_grace(uuid) to latchkey_operator;
grant select on latchkey.usage_hourly, latchkey.usage_daily to latchkey_operator, latchkey_auditor;

do $$
begin
  if latchkey.schema_version() < 6 then
    create or replace function latchkey.schema_version() returns integer
      language sql immutable parallel safe
      return 6;
  end if;
end
$$;
