create or replace function temporary_access.checked_reason(p_reason text) returns text
  language plpgsql stable
as $$
declare
  v_reason text := api_keys_private.checked_text('p_reason', p_reason, 500);
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
