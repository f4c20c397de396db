create or replace function api_keys_private.within_rate(p_api_key_id uuid, p_limit integer) returns boolean
  language plpgsql volatile
as $$
declare
  v_minute constant timestamptz := date_trunc('minute', clock_timestamp(), 'UTC');
begin
  if p_limit is null then
    return true;
  end if;

  insert into api_keys_private.rate_counts as c (api_key_id, minute, backend, uses)
  values (p_api_key_id, v_minute, pg_backend_pid(), 1)
  on conflict (api_key_id, minute, backend) do update set uses = c.uses + 1;
  return (
    select sum(c.uses) <= p_limit
    from api_keys_private.rate_counts as c
    where c.api_key_id = p_api_key_id and c.minute = v_minute);
end
$$;
comment on function api_keys_private.within_rate(uuid, integer) is
  'Counts one use in this minute and says whether the limit, if there is one, still holds. Uses that others have not committed yet are not seen.';

create or replace function api_keys_private.restricted_outcome(p_api_key_id uuid, p_client_ip inet) returns text
  language plpgsql volatile
as $$
declare
  v_key record;
begin
  select k.allowed_cidrs, k.rate_limit into v_key from api_keys_private.api_keys as k where k.id = p_api_key_id;
  -- Null where no address is passed: then networks are not checked.
  if v_key.allowed_cidrs is not null and not api_keys_private.plain_address(p_client_ip) <<= any (v_key.allowed_cidrs) then
    return 'forbidden_ip';
  end if;
  if current_setting('transaction_read_only') = 'off'
    and not api_keys_private.within_rate(p_api_key_id, v_key.rate_limit)
  then
    return 'rate_limited';
  end if;
  return 'valid';
end
$$;
comment on function api_keys_private.restricted_outcome(uuid, inet) is
  'What becomes of a good key by its networks and its rate limit: valid, forbidden_ip or rate_limited. Counts the use where it has a limit.';
