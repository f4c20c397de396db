-- The lines of the published private-schema design's log, which state/V11 has put aside.

do $$
declare
  v_month timestamptz;
  v_lines bigint;
  v_own_columns bigint;
begin
  if to_regclass('api_keys_private.api_key_logs_before_latchkey') is null then
    return;
  end if;

  for v_month in
    select distinct date_trunc('month', o.timestamp, 'UTC')
    from api_keys_private.api_key_logs_before_latchkey as o
    where o.timestamp >= '2000-01-01 00:00Z' and o.timestamp < '2100-01-01 00:00Z'
  loop
    perform api_keys_private.create_usage_partition(v_month + interval '15 days');
  end loop;

  -- What is no address stays as text, and so does an address that was written in another way. Lines of no key get the nil id.
  with addresses as materialized (
    select o.ip_address as text, api_keys_private.address_of(btrim(o.ip_address)) as address
    from api_keys_private.api_key_logs_before_latchkey as o
    where o.ip_address is not null
    group by o.ip_address
  )
  insert into api_keys_private.api_key_logs (
    id, api_key_id, endpoint, method, status_code, ip_address, ip_text, user_agent, timestamp, outcome, txid)
  select
    o.id, coalesce(o.api_key_id, '00000000-0000-0000-0000-000000000000'), o.endpoint, o.method, o.status_code, a.address,
    case when host(a.address) is distinct from o.ip_address then o.ip_address end,
    o.user_agent, o.timestamp, api_keys_private.outcome_of(o.status_code), 0
  from api_keys_private.api_key_logs_before_latchkey as o
  left join addresses as a on a.text = o.ip_address;
  get diagnostics v_lines = row_count;

  insert into api_keys_private.usage_hours as h (api_key_id, hour, outcome, calls)
  select
    coalesce(o.api_key_id, '00000000-0000-0000-0000-000000000000'), date_trunc('hour', o.timestamp, 'UTC'),
    api_keys_private.outcome_of(o.status_code), count(*)
  from api_keys_private.api_key_logs_before_latchkey as o
  group by 1, 2, 3
  on conflict (api_key_id, hour, outcome) do update set calls = h.calls + excluded.calls;

  select count(*) - 8 into v_own_columns
  from pg_catalog.pg_attribute as a
  where a.attrelid = 'api_keys_private.api_key_logs_before_latchkey'::regclass and a.attnum > 0 and not a.attisdropped;
  if v_own_columns = 0 then
    drop table api_keys_private.api_key_logs_before_latchkey;
  else
    alter table api_keys_private.api_key_logs_before_latchkey rename to api_key_logs_published;
    comment on table api_keys_private.api_key_logs_published is
      'The log as it was taken over, kept since it has columns of its own. Every line of it is in api_key_logs; nothing reads it.';
  end if;

  perform audit.record_event(
    'usage_log.taken_over', 'schema', 'api_keys_private', 'Published private-schema design', 'take_over', 'ok', null, null,
    null, jsonb_build_object('lines', v_lines));
end
$$;
