create or replace function api_keys_private.require_expiry(p_parameter text, p_expires_at timestamptz) returns void
  language plpgsql stable
as $$
begin
  if p_expires_at <= clock_timestamp() then
    raise exception '%: must be in the future', p_parameter using errcode = '22023';
  end if;
  if not isfinite(p_expires_at) then
    raise exception '%: must be a date, or null for a key that does not expire', p_parameter using errcode = '22023';
  end if;
end
$$;
comment on function api_keys_private.require_expiry(text, timestamptz) is 'Refuses an end that is not in the future; null is none.';
