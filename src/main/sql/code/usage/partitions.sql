create or replace function api_keys_private.create_usage_partition(p_month timestamptz) returns text
  language plpgsql volatile strict
as $$
declare
  v_from constant timestamptz := date_trunc('month', p_month, 'UTC');
  v_to constant timestamptz := date_trunc('month', v_from + interval '40 days', 'UTC');
  v_name constant text := 'api_key_logs_' || to_char(v_from at time zone 'UTC', '"y"YYYY"m"MM');
  -- Read the same whatever the session's TimeZone and DateStyle are.
  v_first constant text := to_char(v_from at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS"+00"');
  v_next constant text := to_char(v_to at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS"+00"');
  v_grantee record;
begin
  if to_regclass('api_keys_private.' || v_name) is not null then
    return null;
  end if;

  execute format(
    'create table api_keys_private.%I (like api_keys_private.api_key_logs including defaults including constraints)', v_name);
  execute format('comment on table api_keys_private.%I is %L', v_name, 'The usage log of one month (UTC).');
  execute format('alter table api_keys_private.%I enable row level security', v_name);
  for v_grantee in
    select distinct a.grantee
    from pg_catalog.pg_class as c
    cross join lateral aclexplode(c.relacl) as a
    where c.oid = to_regclass('api_keys_private.' || v_name) and a.grantee <> c.relowner
  loop
    execute format(
      'revoke all on api_keys_private.%I from %s', v_name,
      case v_grantee.grantee when 0 then 'public' else v_grantee.grantee::regrole::text end);
  end loop;
  -- Strays of that month would keep the partition from being attached.
  execute format(
    'with strays as (
       delete from api_keys_private.api_key_logs_default where timestamp >= %L and timestamp < %L returning *
     )
     insert into api_keys_private.%I select * from strays',
    v_first, v_next, v_name);
  execute format(
    'alter table api_keys_private.api_key_logs attach partition api_keys_private.%I for values from (%L) to (%L)',
    v_name, v_first, v_next);
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
