create or replace function latchkey.freeze_member(p_user_id uuid, p_reason text default null) returns latchkey.members
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_member temporary_access.members;
  v_reason text;
  v_freed integer[];
  v_token temporary_access.tokens;
  v_tokens temporary_access.tokens[] := '{}';
  v_grant temporary_access.grants;
  v_grants temporary_access.grants[];
  v_proof jsonb;
  v_row latchkey.members;
begin
  perform api_keys_private.require_operator('freeze members');
  v_reason := temporary_access.checked_reason(p_reason);
  perform temporary_access.require_read_committed();
  perform temporary_access.known_member(p_user_id);
  v_freed := temporary_access.take_locks(true, p_user_id => p_user_id, p_tokens => true, p_grants => true);
  v_member := temporary_access.known_member(p_user_id);

  update temporary_access.members
  set blocked_at = coalesce(blocked_at, clock_timestamp()), block_reason = coalesce(v_reason, block_reason)
  where user_id = p_user_id;
  for v_token in
    update temporary_access.tokens
    set revoked_at = clock_timestamp(), revoked_by = temporary_access.acting_user_id(), revoked_by_name = latchkey.actor() ->> 'display',
      revoke_reason = v_reason
    where user_id = p_user_id
      and temporary_access.token_status(expires_at, revoked_at, clock_timestamp()) in ('active', 'expiring')
    returning *
  loop
    v_tokens := v_tokens || v_token;
  end loop;
  v_grants := array(
    select granted
    from temporary_access.grants as granted
    where granted.user_id = p_user_id
      and temporary_access.grant_status(granted.starts_at, granted.expires_at, granted.revoked_at, clock_timestamp()) in ('scheduled', 'active', 'expiring')
    order by granted.id
    for update
  );
  foreach v_grant in array v_grants loop
    perform temporary_access.store_revocation(v_grant.id, v_reason);
  end loop;
  v_proof := temporary_access.with_freed(
    temporary_access.end_logins(temporary_access.unfinished_logins(null, null, p_user_id), 'member_blocked'), cardinality(v_freed)
  ) || temporary_access.clear_roles_of(temporary_access.roles_of(p_user_id));

  perform audit.record_event(
    'member.frozen', 'member', p_user_id::text, temporary_access.label(p_user_id, ''), 'freeze', 'ok', null, v_reason,
    jsonb_build_object('blocked', v_member.blocked_at is not null),
    jsonb_build_object('blocked', true, 'grants_revoked', cardinality(v_grants), 'tokens_revoked', cardinality(v_tokens)) || v_proof
  );
  foreach v_token in array v_tokens loop
    perform audit.record_event(
      'token.revoked', 'token', v_token.id::text, temporary_access.label(p_user_id, ': ' || v_token.name), 'freeze', 'ok', 'member_frozen',
      v_reason, jsonb_build_object('revoked', false), jsonb_build_object('revoked', true)
    );
  end loop;
  foreach v_grant in array v_grants loop
    perform audit.record_event(
      'grant.revoked', 'grant', v_grant.id::text, temporary_access.label(p_user_id, ' as ' || v_grant.role), 'freeze', 'ok', 'member_frozen',
      v_reason, temporary_access.grant_facts(v_grant),
      (
        select temporary_access.grant_facts(granted)
        from temporary_access.grants as granted
        where granted.id = v_grant.id
      )
    );
  end loop;
  select * into strict v_row from latchkey.members where user_id = p_user_id;
  return v_row;
end
$$;
comment on function latchkey.freeze_member(uuid, text) is 'Blocks the member, revokes his open grants and tokens, and ends his sessions, at once. One event for the member holds the proof, one each for grants and tokens keeps their history whole.';
grant execute on function latchkey.freeze_member(uuid, text) to latchkey_operator;
