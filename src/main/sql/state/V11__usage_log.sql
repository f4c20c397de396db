-- V11: the usage log, its counts and its roll-ups.

-- ---------------------------------------------------------------------------------------------------------
-- Taking over the published private-schema design: its log steps aside here, and the code brings its lines over
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
-- The log
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
  txid bigint not null default pg_current_xact_id()::text::bigint,
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

-- Where the log was made before it had this column. In one statement, so that no line comes in between: those that are
-- there already get 0, without a rewrite.
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

-- ---------------------------------------------------------------------------------------------------------
-- Counts
-- ---------------------------------------------------------------------------------------------------------

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
-- Roll-ups
-- ---------------------------------------------------------------------------------------------------------

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
