create or replace function temporary_access.unblocked_member(p_user_id uuid) returns temporary_access.members
  language plpgsql stable
as $$
declare
  v_member temporary_access.members := temporary_access.known_member(p_user_id);
begin
  if v_member.blocked_at is not null then
    raise exception 'The member is blocked already' using errcode = 'PT409';
  end if;
  return v_member;
end
$$;
comment on function temporary_access.unblocked_member(uuid) is 'As known_member; PT409 when he is blocked.';

create or replace function latchkey.block_member(p_user_id uuid, p_reason text default null) returns latchkey.members
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_reason text;
  v_freed integer[];
  v_proof jsonb;
  v_row latchkey.members;
begin
  perform api_keys_private.require_operator('block members');
  v_reason := temporary_access.checked_reason(p_reason);
  perform temporary_access.require_read_committed();
  perform temporary_access.unblocked_member(p_user_id);
  v_freed := temporary_access.take_locks(true, p_user_id => p_user_id, p_tokens => true, p_grants => true);
  if v_freed = '{}' then
    perform temporary_access.unblocked_member(p_user_id);
  end if;

  update temporary_access.members set blocked_at = clock_timestamp(), block_reason = v_reason where user_id = p_user_id;
  v_proof := temporary_access.end_logins(temporary_access.unfinished_logins(null, null, p_user_id), 'member_blocked')
    || temporary_access.clear_roles_of(temporary_access.roles_of(p_user_id));
  perform audit.record_event(
    'member.blocked', 'member', p_user_id::text, temporary_access.label(p_user_id, ''), 'block', 'ok', null, v_reason,
    jsonb_build_object('blocked', false), jsonb_build_object('blocked', true) || temporary_access.with_freed(v_proof, cardinality(v_freed))
  );
  select * into strict v_row from latchkey.members where user_id = p_user_id;
  return v_row;
end
$$;
comment on function latchkey.block_member(uuid, text) is 'Refuses the member every login and ends his sessions. His grants and tokens stay, for unblock_member.';
grant execute on function latchkey.block_member(uuid, text) to latchkey_operator;
