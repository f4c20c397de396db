-- The keys of the published private-schema design: state/V10 has made its table ours, and left a note of how many they were.
do $$
declare
  v_key api_keys_private.api_keys;
begin
  if to_regclass('api_keys_private.keys_taken_over') is null then
    return;
  end if;
  for v_key in select * from api_keys_private.api_keys as k where k.ksuid is null order by k.created_at, k.id loop
    perform api_keys_private.record_key_event('key.taken_over', 'take_over', null, null, v_key);
  end loop;
  perform audit.record_event(
    'keys.taken_over', 'schema', 'api_keys_private', 'Published private-schema design', 'take_over', 'ok', null, null, null,
    (select jsonb_build_object('keys', t.keys, 'revoked', t.revoked) from api_keys_private.keys_taken_over as t));
  drop table api_keys_private.keys_taken_over;
end
$$;
