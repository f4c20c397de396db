create or replace function temporary_access.checked_duration(p_parameter text, p_value jsonb) returns interval
  language plpgsql stable set intervalstyle = 'postgres'
as $$
declare
  v_given interval;
  v_duration interval;
begin
  if p_value is null or p_value = 'null' then
    return null;
  end if;
  begin
    if jsonb_typeof(p_value) <> 'string' or char_length(p_value #>> '{}') > 100 or p_value #>> '{}' !~ '[A-Za-z]' then
      raise invalid_datetime_format;
    end if;
    v_given := (p_value #>> '{}')::interval;
    if not isfinite(v_given) then
      raise invalid_datetime_format;
    end if;
    v_duration := date_trunc(
      'second',
      justify_hours(
        v_given - date_trunc('day', v_given)
        + make_interval(days => (extract(year from v_given) * 365 + extract(month from v_given) * 30 + extract(day from v_given))::integer)
      )
    );
  exception
    when data_exception then
      raise exception '%: must be a duration such as "90 days", "8 hours" or "P90D", or null for no limit', p_parameter using errcode = '22023';
  end;
  if v_duration not between interval '1 minute' and interval '36500 days' then
    raise exception '%: must be between 1 minute and 36,500 days, or null for no limit', p_parameter using errcode = '22023';
  end if;
  return v_duration;
end
$$;
comment on function temporary_access.checked_duration(text, jsonb) is 'A duration from 1 minute to 36,500 days, given as text with units or as ISO 8601; a month counts 30 days and a year 365. JSON null is null.';

create or replace function temporary_access.checked_pattern(p_parameter text, p_value jsonb) returns text
  language plpgsql immutable
as $$
declare
  v_pattern text;
begin
  if p_value is null or p_value = 'null' then
    return null;
  end if;
  if jsonb_typeof(p_value) <> 'string' then
    raise exception '%: must be a regular expression or null', p_parameter using errcode = '22023';
  end if;
  v_pattern := api_keys_private.checked_text(p_parameter, p_value #>> '{}', 200);
  -- Without them the time to match is bounded by the lengths; with them it is not.
  if v_pattern ~ E'\\\\[1-9]' then
    raise exception '%: back-references are not allowed', p_parameter using errcode = '22023';
  end if;
  begin
    perform '' ~ v_pattern;
  exception
    when invalid_regular_expression then
      raise exception '%: is not a regular expression', p_parameter using errcode = '22023';
  end;
  return v_pattern;
end
$$;
comment on function temporary_access.checked_pattern(text, jsonb) is 'A regular expression of at most 200 characters without back-references, or null when JSON null or blank.';

create or replace function temporary_access.checked_flag(p_parameter text, p_value jsonb) returns boolean
  language plpgsql immutable
as $$
begin
  if jsonb_typeof(p_value) is distinct from 'boolean' then
    raise exception '%: must be true or false', p_parameter using errcode = '22023';
  end if;
  return p_value::boolean;
end
$$;
comment on function temporary_access.checked_flag(text, jsonb) is 'A JSON truth value.';

create or replace function latchkey.set_access_policy(p_changes jsonb) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_known constant text[] := array['max_duration', 'reason_required', 'reason_pattern', 'self_granting', 'networks_required'];
  v_before temporary_access.settings;
  v_after temporary_access.settings;
begin
  perform api_keys_private.require_operator('change the policy of temporary access');
  if jsonb_typeof(p_changes) is distinct from 'object' or p_changes - v_known <> '{}' then
    raise exception 'p_changes: must be an object with fields of %', array_to_string(v_known, ', ') using errcode = '22023';
  end if;
  perform temporary_access.take_locks(false, p_setting => 'policy');
  select * into strict v_before from temporary_access.settings;
  v_after := v_before;
  if p_changes ? 'max_duration' then
    v_after.max_duration := temporary_access.checked_duration('p_changes.max_duration', p_changes -> 'max_duration');
  end if;
  if p_changes ? 'reason_required' then
    v_after.reason_required := temporary_access.checked_flag('p_changes.reason_required', p_changes -> 'reason_required');
  end if;
  if p_changes ? 'reason_pattern' then
    v_after.reason_pattern := temporary_access.checked_pattern('p_changes.reason_pattern', p_changes -> 'reason_pattern');
  end if;
  if p_changes ? 'self_granting' then
    v_after.self_granting := temporary_access.checked_flag('p_changes.self_granting', p_changes -> 'self_granting');
  end if;
  if p_changes ? 'networks_required' then
    v_after.networks_required := temporary_access.checked_flag('p_changes.networks_required', p_changes -> 'networks_required');
  end if;
  if temporary_access.policy_facts(v_after) = temporary_access.policy_facts(v_before) then
    return latchkey.temporary_access_state();
  end if;

  update temporary_access.settings
  set max_duration = v_after.max_duration,
    reason_required = v_after.reason_required,
    reason_pattern = v_after.reason_pattern,
    self_granting = v_after.self_granting,
    networks_required = v_after.networks_required;
  perform audit.record_event(
    'access.policy_changed', 'setting', 'access_policy', 'policy of temporary access', 'set', 'ok', null, null,
    temporary_access.policy_facts(v_before), temporary_access.policy_facts(v_after)
  );
  return latchkey.temporary_access_state();
end
$$;
comment on function latchkey.set_access_policy(jsonb) is 'Changes those of max_duration, reason_required, reason_pattern, self_granting and networks_required that p_changes has. Holds for what is granted or extended from then on; existing grants and tokens stay as they are. What changes nothing is no event.';
grant execute on function latchkey.set_access_policy(jsonb) to latchkey_operator;
