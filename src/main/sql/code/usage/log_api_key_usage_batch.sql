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

create or replace function api_keys_private.require_entries(p_entries jsonb) returns void
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
        when jsonb_typeof(e.line -> 'endpoint') is distinct from 'string' or e.line ->> 'endpoint' !~ '[!-~]' and api_keys_private.trimmed(e.line ->> 'endpoint') = ''
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
comment on function api_keys_private.require_entries(jsonb) is
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
  perform api_keys_private.require_entries(p_entries);
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
revoke all on function public.log_api_key_usage_batch(jsonb) from public, anon, authenticated, service_role;
grant execute on function public.log_api_key_usage_batch(jsonb) to service_role;
