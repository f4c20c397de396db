create or replace function api_keys_private.touch_key(p_api_key_id uuid, p_from inet) returns void
  language plpgsql volatile
as $$
begin
  update api_keys_private.api_keys as k
  set last_used_at = clock_timestamp(),
    last_used_from = coalesce(p_from, k.last_used_from)
  from (
    select s.id
    from api_keys_private.api_keys as s
    where s.id = p_api_key_id
      and (s.last_used_at is null or s.last_used_at < clock_timestamp() - interval '1 minute')
    for no key update skip locked
  ) as stale
  where k.id = stale.id;
exception when serialization_failure then
  null; -- Someone else moved it within this transaction's snapshot: it is recent.
end
$$;
comment on function api_keys_private.touch_key(uuid, inet) is
  'Moves last_used_at forward, at most once a minute, and never waits: whoever holds the row moves it or will not mind.';
