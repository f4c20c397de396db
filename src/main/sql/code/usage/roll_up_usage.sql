-- Every line of the usage log carries the id of the transaction that wrote it. Rolling up adds the lines of transactions
-- that had all ended and were not added yet: each line once, whenever it arrives and whatever time it bears. Who writes a
-- line takes no part in that; the views add what is not rolled up yet.

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
