create or replace function api_keys_private.record_refusal(p_api_key_id uuid, p_outcome text, p_client_ip inet) returns void
  language plpgsql volatile
as $$
declare
  v_attempts bigint;
begin
  if p_api_key_id is null then
    insert into api_keys_private.unknown_key_counts as c (minute, backend, attempts)
    values (date_trunc('minute', clock_timestamp(), 'UTC'), pg_backend_pid(), 1)
    on conflict (minute, backend) do update set attempts = c.attempts + 1;
    return;
  end if;

  insert into api_keys_private.refused_key_counts as c (api_key_id, minute, backend, attempts)
  values (p_api_key_id, date_trunc('minute', clock_timestamp(), 'UTC'), pg_backend_pid(), 1)
  on conflict (api_key_id, minute, backend) do update set attempts = c.attempts + 1
  returning c.attempts into v_attempts;
  if v_attempts <= 20 then
    insert into api_keys_private.api_key_logs (api_key_id, endpoint, method, status_code, ip_address, timestamp, outcome)
    values (
      p_api_key_id, 'verify_api_key', 'VERIFY', case p_outcome when 'rate_limited' then 429 else 401 end, p_client_ip,
      clock_timestamp(), p_outcome);
  end if;
end
$$;
comment on function api_keys_private.record_refusal(uuid, text, inet) is
  'A refused verification: one more in this minute''s count of the known key, or of unknown ones, and a line in the log for the first 20 of '
  'a known key in this minute and backend.';
