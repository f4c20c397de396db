create or replace function temporary_access.duration_text(p_duration interval) returns text
  language sql immutable parallel safe
as $$
  select string_agg(part.number || ' ' || part.unit || case when part.number <> 1 then 's' else '' end, ' ' order by part.position)
  from (
    values
      (1, extract(day from p_duration)::integer, 'day'),
      (2, extract(hour from p_duration)::integer, 'hour'),
      (3, extract(minute from p_duration)::integer, 'minute'),
      (4, extract(second from p_duration)::integer, 'second')
  ) as part (position, number, unit)
  where part.number <> 0
$$;
comment on function temporary_access.duration_text(interval) is 'A duration of days, hours, minutes and seconds in words that are read as an interval again, whatever the session''s IntervalStyle.';

create or replace function temporary_access.checked_time(p_parameter text, p_value jsonb) returns timestamptz
  language plpgsql stable
as $$
begin
  if p_value is null or p_value = 'null' then
    return null;
  end if;
  if jsonb_typeof(p_value) = 'number' then
    if (p_value #>> '{}')::numeric not between 0 and 99999999999 then
      raise exception '%: must be in seconds since 1970, not in milliseconds', p_parameter using errcode = '22023';
    end if;
    return to_timestamp((p_value #>> '{}')::double precision);
  end if;
  begin
    if jsonb_typeof(p_value) <> 'string'
      or p_value #>> '{}' !~* '^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)$'
    then
      raise invalid_datetime_format;
    end if;
    return (p_value #>> '{}')::timestamptz;
  exception
    when data_exception then
      raise exception '%: must be a time with its zone such as 2030-12-31T18:00:00Z, or seconds since 1970', p_parameter
        using errcode = '22023';
  end;
end
$$;
comment on function temporary_access.checked_time(text, jsonb) is 'An instant, given as ISO 8601 with its zone or as Unix seconds. JSON null is null.';

create or replace function temporary_access.require_start(p_parameter text, p_starts_at timestamptz) returns void
  language plpgsql stable
as $$
begin
  if not isfinite(p_starts_at) then
    raise exception '%: must be a point in time', p_parameter using errcode = '22023';
  end if;
  if p_starts_at < clock_timestamp() - interval '5 minutes' then
    raise exception '%: must not be in the past', p_parameter using errcode = '22023';
  end if;
  if p_starts_at > clock_timestamp() + interval '36500 days' then
    raise exception '%: must be within 36,500 days', p_parameter using errcode = '22023';
  end if;
end
$$;
comment on function temporary_access.require_start(text, timestamptz) is 'Refuses a start that is past, for which a clock that is 5 minutes slow is not taken, or absurdly far.';

create or replace function temporary_access.require_end(p_parameter text, p_starts_at timestamptz, p_expires_at timestamptz) returns void
  language plpgsql stable
as $$
declare
  v_longest interval;
begin
  select max_duration into strict v_longest from temporary_access.settings;
  if p_expires_at is null then
    if v_longest is not null then
      raise exception '%: an end is required, at most % from now, or from the start where that is later',
        p_parameter, temporary_access.duration_text(v_longest) using errcode = '22023';
    end if;
    return;
  end if;
  if not isfinite(p_expires_at) then
    raise exception '%: must be a point in time', p_parameter using errcode = '22023';
  end if;
  if p_expires_at <= greatest(p_starts_at, clock_timestamp()) then
    raise exception '%: must be in the future and after the start', p_parameter using errcode = '22023';
  end if;
  if p_expires_at > greatest(p_starts_at, clock_timestamp()) + v_longest then
    raise exception '%: at most % from now, or from the start where that is later',
      p_parameter, temporary_access.duration_text(v_longest) using errcode = '22023';
  end if;
end
$$;
comment on function temporary_access.require_end(text, timestamptz, timestamptz) is 'Refuses an end that is missing, past, before the start or later than the policy allows, naming the parameter.';
