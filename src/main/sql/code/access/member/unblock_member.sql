create or replace function latchkey.unblock_member(p_user_id uuid, p_reason text default null) returns latchkey.members
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_member temporary_access.members;
  v_reason text;
  v_row latchkey.members;
begin
  perform api_keys_private.require_operator('unblock members');
  v_reason := temporary_access.checked_reason(p_reason);
  v_member := temporary_access.locked_member(p_user_id);
  perform temporary_access.require_not_oneself(p_user_id);
  if v_member.blocked_at is null then
    raise exception 'The member is not blocked' using errcode = 'PT409';
  end if;

  update temporary_access.members set blocked_at = null, block_reason = null where user_id = p_user_id;
  perform audit.record_event(
    'member.unblocked', 'member', p_user_id::text, temporary_access.label(p_user_id, ''), 'unblock', 'ok', null, v_reason,
    jsonb_build_object('blocked', true), jsonb_build_object('blocked', false)
  );
  select * into strict v_row from latchkey.members where user_id = p_user_id;
  return v_row;
end
$$;
comment on function latchkey.unblock_member(uuid, text) is 'Lets a blocked member in again, by the grants and tokens that are still good.';
grant execute on function latchkey.unblock_member(uuid, text) to latchkey_operator;
