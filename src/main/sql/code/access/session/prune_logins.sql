create or replace function latchkey.prune_logins(p_keep interval) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_most constant integer := 100000;
  v_before timestamptz;
  v_pruned integer;
begin
  perform api_keys_private.require_operator('prune logins');
  if p_keep between interval '1 day' and interval '36500 days' is not true then
    raise exception 'p_keep: must be from 1 day to 36,500 days' using errcode = '22023';
  end if;
  v_before := clock_timestamp() - p_keep;
  delete from temporary_access.logins
  where id in (
    select id
    from temporary_access.logins
    where outcome <> 'accepted' and at < v_before
    order by at, id
    limit v_most
    for update skip locked
  );
  get diagnostics v_pruned = row_count;
  delete from temporary_access.noise where minute < v_before;
  if v_pruned > 0 then
    perform audit.record_event(
      'logins.pruned', 'setting', 'logins', 'refused logins', 'prune', 'ok', null, null, null,
      jsonb_build_object('pruned', v_pruned, 'before', v_before)
    );
  end if;
  return jsonb_build_object('pruned', v_pruned, 'before', v_before, 'more', v_pruned = v_most);
end
$$;
comment on function latchkey.prune_logins(interval) is 'Deletes refused logins that are older than p_keep (1 day to 36,500 days), the oldest first, at most 100,000 in one call: more says whether to call again. Accepted logins stay, and so do the audit events of refused ones.';
grant execute on function latchkey.prune_logins(interval) to latchkey_operator;
