create or replace function public.log_api_key_usage(
  p_api_key_id uuid,
  p_endpoint text,
  p_method text,
  p_status_code integer default null,
  p_ip_address text default null,
  p_user_agent text default null
) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_key record;
  v_address constant inet := api_keys_private.address_of(btrim(p_ip_address));
  v_at constant timestamptz := clock_timestamp();
  v_id constant uuid := gen_random_uuid();
begin
  if p_api_key_id is null then
    raise exception 'p_api_key_id: must be given' using errcode = '22023';
  end if;
  if p_endpoint is null or p_endpoint !~ '[!-~]' and api_keys_private.trimmed(p_endpoint) = '' then
    raise exception 'p_endpoint: must not be blank' using errcode = '22023';
  end if;
  if p_method is null or p_method !~ '^[A-Za-z][A-Za-z_-]{0,19}$' then
    raise exception 'p_method: must be a word of at most 20 letters' using errcode = '22023';
  end if;
  if p_status_code not between 100 and 599 then
    raise exception 'p_status_code: must be from 100 to 599, or null' using errcode = '22023';
  end if;
  select k.id, k.last_used_at into v_key from api_keys_private.api_keys as k where k.id = p_api_key_id;
  if not found then
    raise exception 'API key not found' using errcode = 'PT404';
  end if;

  insert into api_keys_private.api_key_logs (
    id, api_key_id, endpoint, method, status_code, ip_address, ip_text, user_agent, timestamp, outcome)
  values (
    v_id, p_api_key_id, left(p_endpoint, 2000), p_method, p_status_code, v_address,
    case when v_address is null then left(p_ip_address, 200) end,
    left(p_user_agent, 1000), v_at, api_keys_private.outcome_of(p_status_code));
  if v_key.last_used_at is null or v_key.last_used_at < v_at - interval '1 minute' then
    perform api_keys_private.touch_key(p_api_key_id, v_address);
  end if;
  return jsonb_build_object('success', true, 'log_id', v_id, 'timestamp', v_at);
end
$$;
comment on function public.log_api_key_usage(uuid, text, text, integer, text, text) is
  'Logs one request made with a key and answers {success, log_id, timestamp}. For service_role. Endpoints are cut at 2,000 characters and user '
  'agents at 1,000: they are the client''s to choose, and an overlong one must not keep a request out of the log.';
revoke all on function public.log_api_key_usage(uuid, text, text, integer, text, text) from public, anon, authenticated, service_role;
grant execute on function public.log_api_key_usage(uuid, text, text, integer, text, text) to service_role;
