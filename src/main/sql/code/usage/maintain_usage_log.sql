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
  perform api_keys_private.require_operator('maintain the usage log');
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
grant execute on function latchkey.maintain_usage_log(interval) to latchkey_operator;
