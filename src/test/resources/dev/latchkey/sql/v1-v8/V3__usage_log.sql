-- V3: The usage log, and verifying keys, which writes to it.
--
-- Nothing in a hot path updates a row that others update too: lines are inserted, counters belong to one backend,
-- and last_used_at is skipped while somebody else holds the key's row.

-- ---------------------------------------------------------------------------------------------------------
-- Taking over the published private-schema design: its log steps aside here, and V8 brings its lines over
-- ---------------------------------------------------------------------------------------------------------

do $$
declare
  v_table constant regclass := to_regclass('api_keys_private.api_key_logs');
  v_published constant text[] := array[
    'id uuid', 'api_key_id uuid', 'endpoint text', 'method text', 'status_code integer', 'ip_address text',
    'user_agent text', 'timestamp timestamp with time zone'];
  v_item record;
begin
  if v_table is null or exists (select from pg_catalog.pg_class as c where c.oid = v_table and c.relkind = 'p') then
    return;
  end if;
  if not exists (select from pg_catalog.pg_class as c where c.oid = v_table and c.relkind = 'r')
    or not v_published <@ array(
      select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
      from pg_catalog.pg_attribute as a
      where a.attrelid = v_table and a.attnum > 0 and not a.attisdropped)
  then
    raise exception 'Table api_keys_private.api_key_logs is of a design that Latchkey does not know'
      using errcode = '0A000', hint = 'Nothing of it was changed.';
  end if;

  lock table api_keys_private.api_key_logs in access exclusive mode;
  for v_item in
    select pg_describe_object(d.classid, d.objid, d.objsubid) as description
    from pg_catalog.pg_depend as d
    where d.refclassid = 'pg_class'::regclass
      and d.refobjid = v_table
      and d.deptype = 'n'
      and (
        d.classid = 'pg_rewrite'::regclass
        or exists (
          select from pg_catalog.pg_constraint as c
          where d.classid = 'pg_constraint'::regclass and c.oid = d.objid and c.confrelid = v_table))
    limit 1
  loop
    raise exception 'The % uses api_keys_private.api_key_logs', v_item.description
      using errcode = '2BP01', hint = 'Drop it, install, and make it again. Nothing was changed.';
  end loop;

  -- Constraints and indexes would keep their names from the new table; the foreign key let a deleted key take its lines along.
  for v_item in
    select c.conname from pg_catalog.pg_constraint as c where c.conrelid = v_table and c.contype in ('f', 'p', 'u')
    order by c.contype
  loop
    execute format('alter table api_keys_private.api_key_logs drop constraint %I', v_item.conname);
  end loop;
  for v_item in
    select a.attname from pg_catalog.pg_attribute as a where a.attrelid = v_table and a.attnum > 0 and a.attnotnull
  loop
    execute format('alter table api_keys_private.api_key_logs alter column %I drop not null', v_item.attname);
  end loop;
  for v_item in select i.indexrelid::regclass as index_name from pg_catalog.pg_index as i where i.indrelid = v_table loop
    execute format('drop index %s', v_item.index_name);
  end loop;
  alter table api_keys_private.api_key_logs rename to api_key_logs_before_latchkey;
  alter table api_keys_private.api_key_logs_before_latchkey owner to current_user;
  alter table api_keys_private.api_key_logs_before_latchkey enable row level security;
  revoke all on api_keys_private.api_key_logs_before_latchkey from public, anon, authenticated, service_role;
end
$$;

-- ---------------------------------------------------------------------------------------------------------
-- Tables
-- ---------------------------------------------------------------------------------------------------------

create table if not exists api_keys_private.api_key_logs (
  id uuid not null default gen_random_uuid(),
  api_key_id uuid not null,
  endpoint text not null,
  method text not null,
  status_code integer,
  ip_address inet,
  ip_text text,
  user_agent text,
  timestamp timestamptz not null default now(),
  outcome text not null default 'ok',
  constraint api_key_logs_pkey primary key (api_key_id, timestamp, id),
  constraint api_key_logs_outcome_known check (outcome in (
    'ok', 'client_error', 'denied', 'server_error',
    'wrong_secret', 'disabled', 'revoked', 'expired', 'forbidden_ip', 'rate_limited'))
)
partition by range (timestamp);

create table if not exists api_keys_private.api_key_logs_default
  partition of api_keys_private.api_key_logs default;
create index if not exists api_key_logs_timestamp_idx
  on api_keys_private.api_key_logs (timestamp desc, id desc);
alter table api_keys_private.api_key_logs enable row level security;
alter table api_keys_private.api_key_logs_default enable row level security;

comment on table api_keys_private.api_key_logs is
  'What keys are used for: a line for each logged request, and for each refused verification of a known key. One partition per month (UTC). '
  'No foreign key: a deleted key must not take its evidence along. The primary key, read backwards, is the index for one key''s latest lines.';
comment on column api_keys_private.api_key_logs.ip_address is 'The client''s address; null when the text given is none.';
comment on column api_keys_private.api_key_logs.ip_text is 'The text given as the address when it is none, such as unknown.';
comment on column api_keys_private.api_key_logs.outcome is
  'For requests ok, client_error, denied (401, 403), server_error by the status; for refused verifications the reason.';
comment on table api_keys_private.api_key_logs_default is
  'Lines outside every month that has a partition. Should be empty; latchkey.maintain_usage_log() reports it.';

create table if not exists api_keys_private.unknown_key_counts (
  minute timestamptz not null,
  backend integer not null,
  attempts bigint not null,
  constraint unknown_key_counts_pkey primary key (minute, backend)
);
alter table api_keys_private.unknown_key_counts enable row level security;
comment on table api_keys_private.unknown_key_counts is
  'How many strings that are no key were offered, by minute. Each backend counts in its own row, so that none waits for another; '
  'latchkey.maintain_usage_log() adds them up under backend 0.';

create table if not exists api_keys_private.refused_key_counts (
  api_key_id uuid not null,
  minute timestamptz not null,
  backend integer not null,
  attempts bigint not null,
  constraint refused_key_counts_pkey primary key (api_key_id, minute, backend)
);
alter table api_keys_private.refused_key_counts enable row level security;
comment on table api_keys_private.refused_key_counts is
  'Refused verifications of known keys, by minute. Each backend counts in its own row, so that none waits for another, and writes a line '
  'of the usage log for its first 20 of a key in a minute only: who knows a key''s id must not fill the log. '
  'latchkey.maintain_usage_log() adds them up under backend 0.';

create unlogged table if not exists api_keys_private.rate_counts (
  api_key_id uuid not null,
  minute timestamptz not null,
  backend integer not null,
  uses integer not null,
  constraint rate_counts_pkey primary key (api_key_id, minute, backend)
);
alter table api_keys_private.rate_counts enable row level security;
comment on table api_keys_private.rate_counts is
  'Verifications in a minute of the keys that have a rate limit. Forgotten by a crash and after a few minutes.';

-- ---------------------------------------------------------------------------------------------------------
-- Partitions
-- ---------------------------------------------------------------------------------------------------------

create or replace function audit.sealed_until(p_log text) returns timestamptz
  language sql stable strict
  return '-infinity'::timestamptz;
comment on function audit.sealed_until(text) is
  'Up to when a log is sealed, so that its rows may be dropped. Nothing is sealed yet.';

create or replace function api_keys_private.create_usage_partition(p_month timestamptz) returns text
  language plpgsql volatile strict
as $$
declare
  v_from constant timestamptz := date_trunc('month', p_month, 'UTC');
  v_to constant timestamptz := date_trunc('month', v_from + interval '40 days', 'UTC');
  v_name constant text := 'api_key_logs_' || to_char(v_from at time zone 'UTC', '"y"YYYY"m"MM');
begin
  if to_regclass('api_keys_private.' || v_name) is not null then
    return null;
  end if;

  execute format(
    'create table api_keys_private.%I (like api_keys_private.api_key_logs including defaults including constraints)', v_name);
  execute format('comment on table api_keys_private.%I is %L', v_name, 'The usage log of one month (UTC).');
  execute format('alter table api_keys_private.%I enable row level security', v_name);
  execute format('revoke all on api_keys_private.%I from public, anon, authenticated, service_role', v_name);
  -- Strays of that month would keep the partition from being attached.
  execute format(
    'with strays as (
       delete from api_keys_private.api_key_logs_default where timestamp >= %L and timestamp < %L returning *
     )
     insert into api_keys_private.%I select * from strays',
    v_from, v_to, v_name);
  execute format(
    'alter table api_keys_private.api_key_logs attach partition api_keys_private.%I for values from (%L) to (%L)',
    v_name, v_from, v_to);
  return v_name;
end
$$;
comment on function api_keys_private.create_usage_partition(timestamptz) is
  'Makes the partition of the month (UTC) that the time is in, and moves its strays there. Null when it is there already.';

do $$
begin
  for v_offset in -2..3 loop
    perform api_keys_private.create_usage_partition(
      date_trunc('month', now(), 'UTC') + make_interval(days => 15) + make_interval(months => v_offset));
  end loop;
end
$$;

do $$
begin
  if to_regprocedure('api_keys_private.roll_up_usage()') is null then
    create function api_keys_private.roll_up_usage() returns bigint
      language sql volatile
      return 0::bigint;
    comment on function api_keys_private.roll_up_usage() is 'Adds new lines to the roll-ups by hour. Nothing is rolled up yet.';
  end if;
end
$$;

create or replace function latchkey.maintain_usage_log(p_keep interval default null) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_created text[] := '{}';
  v_dropped text[] := '{}';
  v_unsealed text[] := '{}';
  v_partition record;
  v_report jsonb;
begin
  if latchkey.is_operator() is not true then
    raise exception 'Only an operator may do this' using errcode = '42501';
  end if;
  if p_keep not between interval '1 day' and interval '36500 days' then
    raise exception 'p_keep: must be from 1 day to 36,500 days, or null to keep everything' using errcode = '22023';
  end if;

  for v_offset in 0..3 loop
    v_created := array_remove(
      v_created || api_keys_private.create_usage_partition(
        date_trunc('month', now(), 'UTC') + make_interval(days => 15) + make_interval(months => v_offset)),
      null);
  end loop;

  perform api_keys_private.roll_up_usage();
  for v_partition in
    select p.name, p.ends from api_keys_private.usage_partitions() as p where p.ends <= now() - p_keep order by p.ends
  loop
    if v_partition.ends <= audit.sealed_until('usage') then
      execute format('drop table api_keys_private.%I', v_partition.name);
      v_dropped := v_dropped || v_partition.name;
    else
      v_unsealed := v_unsealed || v_partition.name;
    end if;
  end loop;

  perform api_keys_private.tidy_counts();
  v_report := jsonb_build_object(
    'created', v_created,
    'dropped', v_dropped,
    'kept_unsealed', v_unsealed,
    'strays', (select count(*) from api_keys_private.api_key_logs_default));
  if v_created <> '{}' or v_dropped <> '{}' then
    perform audit.record_event(
      'usage_log.maintained', 'usage_log', null, 'Usage log', 'maintain', 'ok', null, null, null, v_report);
  end if;
  return v_report;
end
$$;
comment on function latchkey.maintain_usage_log(interval) is
  'Makes the partitions of this month and the next three, drops those that ended longer than p_keep ago (null keeps all) and that are '
  'sealed, and answers {created, dropped, kept_unsealed, strays}: strays are lines outside every month''s partition. What it makes or drops '
  'is an audit event. For operators.';

create or replace function api_keys_private.usage_partitions()
  returns table (name text, starts timestamptz, ends timestamptz)
  language plpgsql stable
as $$
begin
  return query
  select m.name, m.starts, date_trunc('month', m.starts + interval '40 days', 'UTC')
  from (
    select
      c.relname::text as name,
      to_timestamp(substr(c.relname::text, 15, 4) || substr(c.relname::text, 20, 2) || '+00', 'YYYYMMTZH') as starts
    from pg_catalog.pg_inherits as i
    join pg_catalog.pg_class as c on c.oid = i.inhrelid
    where i.inhparent = 'api_keys_private.api_key_logs'::regclass
      and c.relname ~ '^api_key_logs_y[0-9]{4}m[0-9]{2}$'
  ) as m;
end
$$;
comment on function api_keys_private.usage_partitions() is 'The months that have a partition, half-open, in UTC.';

create or replace function api_keys_private.tidy_counts() returns void
  language plpgsql volatile
as $$
begin
  with old as (
    delete from api_keys_private.unknown_key_counts as c
    where c.backend <> 0 and c.minute < now() - interval '10 minutes'
    returning c.minute, c.attempts
  )
  insert into api_keys_private.unknown_key_counts as c (minute, backend, attempts)
  select old.minute, 0, sum(old.attempts) from old group by old.minute
  on conflict (minute, backend) do update set attempts = c.attempts + excluded.attempts;

  with old as (
    delete from api_keys_private.refused_key_counts as c
    where c.backend <> 0 and c.minute < now() - interval '10 minutes'
    returning c.api_key_id, c.minute, c.attempts
  )
  insert into api_keys_private.refused_key_counts as c (api_key_id, minute, backend, attempts)
  select old.api_key_id, old.minute, 0, sum(old.attempts) from old group by old.api_key_id, old.minute
  on conflict (api_key_id, minute, backend) do update set attempts = c.attempts + excluded.attempts;

  delete from api_keys_private.rate_counts as r where r.minute < now() - interval '10 minutes';
end
$$;
comment on function api_keys_private.tidy_counts() is
  'Adds up the counters of single backends, and forgets those of rate limits, once they are ten minutes old.';

-- ---------------------------------------------------------------------------------------------------------
-- Writing
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.address_of(p_text text) returns inet
  language plpgsql immutable strict parallel safe
as $$
begin
  if p_text ~ '^((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(?!$)|$)){4}$' then
    return p_text::inet;
  end if;
  if p_text !~ '^[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*$' then
    return null;
  end if;
  return p_text::inet;
exception when invalid_text_representation then
  return null;
end
$$;
comment on function api_keys_private.address_of(text) is 'The IPv4 or IPv6 address that a text is, or null when it is none.';

create or replace function api_keys_private.touch_key(p_api_key_id uuid, p_from inet) returns void
  language plpgsql volatile
as $$
begin
  update api_keys_private.api_keys as k
  set last_used_at = clock_timestamp(),
    last_used_from = coalesce(p_from, k.last_used_from)
  from (
    select s.id
    from api_keys_private.api_keys as s
    where s.id = p_api_key_id
      and (s.last_used_at is null or s.last_used_at < clock_timestamp() - interval '1 minute')
    for no key update skip locked
  ) as stale
  where k.id = stale.id;
exception when serialization_failure then
  null; -- Someone else moved it within this transaction's snapshot: it is recent.
end
$$;
comment on function api_keys_private.touch_key(uuid, inet) is
  'Moves last_used_at forward, at most once a minute, and never waits: whoever holds the row moves it or will not mind.';

create or replace function public.log_api_key_usage(
  p_api_key_id uuid,
  p_endpoint text,
  p_method text,
  p_status_code integer default null,
  p_ip_address text default null,
  p_user_agent text default null
) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_key record;
  v_address constant inet := api_keys_private.address_of(btrim(p_ip_address));
  v_at constant timestamptz := clock_timestamp();
  v_id constant uuid := gen_random_uuid();
begin
  if p_api_key_id is null then
    raise exception 'p_api_key_id: must be given' using errcode = '22023';
  end if;
  if p_endpoint is null or btrim(p_endpoint) = '' then
    raise exception 'p_endpoint: must not be blank' using errcode = '22023';
  end if;
  if p_method is null or p_method !~ '^[A-Za-z][A-Za-z_-]{0,19}$' then
    raise exception 'p_method: must be a word of at most 20 letters' using errcode = '22023';
  end if;
  if p_status_code not between 100 and 599 then
    raise exception 'p_status_code: must be from 100 to 599, or null' using errcode = '22023';
  end if;
  select k.id, k.last_used_at into v_key from api_keys_private.api_keys as k where k.id = p_api_key_id;
  if not found then
    raise exception 'API key not found' using errcode = 'PT404';
  end if;

  insert into api_keys_private.api_key_logs (
    id, api_key_id, endpoint, method, status_code, ip_address, ip_text, user_agent, timestamp, outcome)
  values (
    v_id, p_api_key_id, left(p_endpoint, 2000), p_method, p_status_code, v_address,
    case when v_address is null then left(p_ip_address, 200) end,
    left(p_user_agent, 1000), v_at,
    case
      when p_status_code in (401, 403) then 'denied'
      when p_status_code >= 500 then 'server_error'
      when p_status_code >= 400 then 'client_error'
      else 'ok'
    end);
  if v_key.last_used_at is null or v_key.last_used_at < v_at - interval '1 minute' then
    perform api_keys_private.touch_key(p_api_key_id, v_address);
  end if;
  return jsonb_build_object('success', true, 'log_id', v_id, 'timestamp', v_at);
end
$$;
comment on function public.log_api_key_usage(uuid, text, text, integer, text, text) is
  'Logs one request made with a key and answers {success, log_id, timestamp}. For service_role. Endpoints are cut at 2,000 characters and user '
  'agents at 1,000: they are the client''s to choose, and an overlong one must not keep a request out of the log.';

-- ---------------------------------------------------------------------------------------------------------
-- Verifying
-- ---------------------------------------------------------------------------------------------------------

create or replace function api_keys_private.within_rate(p_api_key_id uuid, p_limit integer) returns boolean
  language plpgsql volatile
as $$
declare
  v_minute constant timestamptz := date_trunc('minute', clock_timestamp());
begin
  if p_limit is null then
    return true;
  end if;

  insert into api_keys_private.rate_counts as c (api_key_id, minute, backend, uses)
  values (p_api_key_id, v_minute, pg_backend_pid(), 1)
  on conflict (api_key_id, minute, backend) do update set uses = c.uses + 1;
  return (
    select sum(c.uses) <= p_limit
    from api_keys_private.rate_counts as c
    where c.api_key_id = p_api_key_id and c.minute = v_minute);
end
$$;
comment on function api_keys_private.within_rate(uuid, integer) is
  'Counts one use in this minute and says whether the limit, if there is one, still holds. Uses that others have not committed yet are not seen.';

create or replace function api_keys_private.restricted_outcome(p_api_key_id uuid, p_client_ip inet) returns text
  language plpgsql volatile
as $$
declare
  v_key record;
begin
  select k.allowed_cidrs, k.rate_limit into v_key from api_keys_private.api_keys as k where k.id = p_api_key_id;
  -- Null where no address is passed: then networks are not checked.
  if v_key.allowed_cidrs is not null and not api_keys_private.plain_address(p_client_ip) <<= any (v_key.allowed_cidrs) then
    return 'forbidden_ip';
  end if;
  if current_setting('transaction_read_only') = 'off'
    and not api_keys_private.within_rate(p_api_key_id, v_key.rate_limit)
  then
    return 'rate_limited';
  end if;
  return 'valid';
end
$$;
comment on function api_keys_private.restricted_outcome(uuid, inet) is
  'What becomes of a good key by its networks and its rate limit: valid, forbidden_ip or rate_limited. Counts the use where it has a limit.';

create or replace function api_keys_private.check_key(p_key text, p_kind text, p_client_ip inet) returns jsonb
  language plpgsql volatile
as $$
declare
  -- Nearly everything happens in one query, and what only some keys need outside of it: plpgsql prepares every expression
  -- again in every transaction, which costs more than the look-up and the hash together.
  v_body constant text := case when api_keys_private.is_key(p_key) then right(p_key, 65) else '' end;
  v_outcome text;
  v_id uuid;
  v_account_id uuid;
  v_role text;
begin
  select
    case
      -- Hashed in any case: an unknown key takes as long as a wrong secret.
      when k.key_hash is distinct from encode(
        sha256(
          convert_to(left(right(v_body, 38), 32), 'UTF8') || coalesce(k.salt, '\x00112233445566778899aabbccddeeff')),
        'hex')
      then case when k.id is null then 'not_found' else 'wrong_secret' end
      when k.revoked_at is not null then 'revoked'
      when k.disabled_at is not null then 'disabled'
      when k.expires_at <= clock_timestamp() then 'expired'
      when k.allowed_cidrs is null and k.rate_limit is null and k.last_used_at >= clock_timestamp() - interval '1 minute'
      then 'settled'
      else 'valid'
    end,
    k.id, k.account_id, k.role
  into v_outcome, v_id, v_account_id, v_role
  from (select) as one
  left join api_keys_private.api_keys as k
    on k.ksuid = left(v_body, 27) and k.kind = p_kind and k.prefix = left(p_key, -65);

  if v_outcome <> 'settled' then
    if v_body = '' and p_kind = 'scoped' then
      return api_keys_private.check_older_key(p_key, p_client_ip);
    end if;
    if v_outcome = 'valid' then
      v_outcome := api_keys_private.restricted_outcome(v_id, p_client_ip);
    end if;
    if v_outcome <> 'valid' then
      if current_setting('transaction_read_only') = 'off' then
        perform api_keys_private.record_refusal(v_id, v_outcome, p_client_ip);
      end if;
      return null;
    end if;
    if current_setting('transaction_read_only') = 'off' then
      perform api_keys_private.touch_key(v_id, p_client_ip);
    end if;
  end if;
  return jsonb_build_object('valid', true, 'api_key_id', v_id, 'account_id', v_account_id, 'role', v_role);
end
$$;
comment on function api_keys_private.check_key(text, text, inet) is
  'Verifies a key of one kind: {valid: true, api_key_id, account_id, role}, or null. The outcome, valid, not_found, wrong_secret, revoked, disabled, expired, '
  'forbidden_ip or rate_limited, is recorded unless the transaction is read-only, and goes to no caller.';

create or replace function api_keys_private.record_refusal(p_api_key_id uuid, p_outcome text, p_client_ip inet) returns void
  language plpgsql volatile
as $$
declare
  v_attempts bigint;
begin
  if p_api_key_id is null then
    insert into api_keys_private.unknown_key_counts as c (minute, backend, attempts)
    values (date_trunc('minute', clock_timestamp()), pg_backend_pid(), 1)
    on conflict (minute, backend) do update set attempts = c.attempts + 1;
    return;
  end if;

  insert into api_keys_private.refused_key_counts as c (api_key_id, minute, backend, attempts)
  values (p_api_key_id, date_trunc('minute', clock_timestamp()), pg_backend_pid(), 1)
  on conflict (api_key_id, minute, backend) do update set attempts = c.attempts + 1
  returning c.attempts into v_attempts;
  if v_attempts <= 20 then
    insert into api_keys_private.api_key_logs (api_key_id, endpoint, method, status_code, ip_address, timestamp, outcome)
    values (
      p_api_key_id, 'verify_api_key', 'VERIFY', case p_outcome when 'rate_limited' then 429 else 401 end, p_client_ip,
      clock_timestamp(), p_outcome);
  end if;
end
$$;
comment on function api_keys_private.record_refusal(uuid, text, inet) is
  'A refused verification: one more in this minute''s count of the known key, or of unknown ones, and a line in the log for the first 20 of '
  'a known key in this minute and backend.';

create or replace function public.verify_api_key(p_api_key text, p_client_ip inet default null) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return coalesce(
    api_keys_private.check_key(p_api_key, 'scoped', p_client_ip) - 'role', '{"valid": false, "error": "Invalid API key"}');
end
$$;
comment on function public.verify_api_key(text, inet) is
  'Whether a string is a scoped key that works now: {valid: true, api_key_id, account_id} or {valid: false, error: "Invalid API key"}, never '
  'why. Keys of the project, a publishable one above all, prove no account and are not valid here.';

-- ---------------------------------------------------------------------------------------------------------
-- Views
-- ---------------------------------------------------------------------------------------------------------

create or replace view latchkey.usage as
select
  l.api_key_id, l.timestamp, l.id, l.endpoint, l.method, l.status_code, l.ip_address, l.user_agent, l.outcome, l.ip_text
from api_keys_private.api_key_logs as l
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.usage is 'The usage log. Page it by (timestamp, id), or by (api_key_id, timestamp, id) for one key.';

-- A later file reads the roll-ups instead; running this one again does not bring the counting back.
do $$
begin
  if latchkey.schema_version() < 6 then
    create or replace view latchkey.usage_daily as
    select
      l.api_key_id,
      (l.timestamp at time zone 'UTC')::date as day,
      count(*) as calls,
      count(*) filter (where l.outcome = 'ok') as ok,
      count(*) filter (where l.outcome = 'client_error') as client_errors,
      count(*) filter (where l.outcome not in ('ok', 'client_error', 'server_error')) as denied,
      count(*) filter (where l.outcome = 'server_error') as server_errors
    from api_keys_private.api_key_logs as l
    where (select latchkey.is_operator() or latchkey.is_auditor())
    group by l.api_key_id, (l.timestamp at time zone 'UTC')::date;
    comment on view latchkey.usage_daily is
      'Lines of the usage log by key and day (UTC). denied: 401, 403 and refused verifications; client_errors: every other 4xx.';
  end if;
end
$$;

create or replace view latchkey.refused_keys as
select c.api_key_id, c.minute, sum(c.attempts)::bigint as attempts
from api_keys_private.refused_key_counts as c
where (select latchkey.is_operator() or latchkey.is_auditor())
group by c.api_key_id, c.minute;
comment on view latchkey.refused_keys is
  'How often verifying a known key was refused, by minute: all of them, while the usage log has a line for the first 20 in each backend.';

create or replace view latchkey.unknown_keys as
select c.minute, sum(c.attempts)::bigint as attempts
from api_keys_private.unknown_key_counts as c
where (select latchkey.is_operator() or latchkey.is_auditor())
group by c.minute;
comment on view latchkey.unknown_keys is 'How many strings that are no key were offered for verification, by minute.';

-- ---------------------------------------------------------------------------------------------------------
-- Grants
-- ---------------------------------------------------------------------------------------------------------

revoke all on
  api_keys_private.api_key_logs,
  api_keys_private.api_key_logs_default,
  api_keys_private.unknown_key_counts,
  api_keys_private.refused_key_counts,
  api_keys_private.rate_counts,
  latchkey.usage,
  latchkey.usage_daily,
  latchkey.unknown_keys,
  latchkey.refused_keys
  from public, anon, authenticated, service_role;
revoke all on all functions in schema api_keys_private, latchkey, audit from public, anon, authenticated, service_role;
revoke all on function
  public.verify_api_key(text, inet),
  public.log_api_key_usage(uuid, text, text, integer, text, text)
  from public, anon, authenticated, service_role;

grant execute on function public.verify_api_key(text, inet) to service_role, api_key;
grant execute on function public.log_api_key_usage(uuid, text, text, integer, text, text) to service_role;
grant execute on function latchkey.maintain_usage_log(interval) to latchkey_operator;
grant select on latchkey.usage, latchkey.usage_daily, latchkey.unknown_keys, latchkey.refused_keys to latchkey_operator, latchkey_auditor;
grant select on api_keys_private.api_key_logs to service_role;

do $$
begin
  if latchkey.schema_version() < 3 then
    create or replace function latchkey.schema_version() returns integer
      language sql immutable parallel safe
      return 3;
  end if;
end
$$;
