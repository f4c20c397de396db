create or replace function api_keys_private.checked_expiry(p_parameter text, p_expires_at timestamptz) returns timestamptz
  language plpgsql stable
as $$
begin
  if p_expires_at <= clock_timestamp() then
    raise exception '%: must be in the future', p_parameter using errcode = '22023';
  end if;
  if not isfinite(p_expires_at) then
    raise exception '%: must be a date, or null for a key that does not expire', p_parameter using errcode = '22023';
  end if;
  return p_expires_at;
end
$$;
comment on function api_keys_private.checked_expiry(text, timestamptz) is 'A time in the future, or null for no end.';
