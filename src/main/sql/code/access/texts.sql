create or replace function temporary_access.clean_text(p_value text, p_parameter text, p_longest integer) returns text
  language plpgsql immutable
as $$
declare
  v_value text := nullif(btrim(p_value), '');
begin
  if api_keys_private.has_control_characters(v_value) then
    raise exception '%: control characters are not allowed', p_parameter using errcode = '22023';
  end if;
  if char_length(v_value) > p_longest then
    raise exception '%: at most % characters are allowed', p_parameter, p_longest using errcode = '22023';
  end if;
  return v_value;
end
$$;
comment on function temporary_access.clean_text(text, text, integer) is 'The text trimmed, or null when blank. Refuses control characters and more than p_longest characters, naming the parameter.';

create or replace function temporary_access.required_text(p_value text, p_parameter text, p_longest integer) returns text
  language plpgsql immutable
as $$
declare
  v_value text := temporary_access.clean_text(p_value, p_parameter, p_longest);
begin
  if v_value is null then
    raise exception '%: must not be blank', p_parameter using errcode = '22023';
  end if;
  return v_value;
end
$$;
comment on function temporary_access.required_text(text, text, integer) is 'As clean_text, and refuses a blank text.';

create or replace function temporary_access.checked_reason(p_reason text) returns text
  language plpgsql stable
as $$
declare
  v_reason text := temporary_access.clean_text(p_reason, 'p_reason', 500);
  v_settings temporary_access.settings;
begin
  select * into strict v_settings from temporary_access.settings;
  if v_reason is null and v_settings.reason_required then
    raise exception 'p_reason: a reason is required' using errcode = '22023';
  end if;
  if v_reason !~ v_settings.reason_pattern then
    raise exception 'p_reason: does not have the form that the policy asks for' using errcode = '22023';
  end if;
  return v_reason;
end
$$;
comment on function temporary_access.checked_reason(text) is 'The reason trimmed, when it is as the policy asks for.';
