create or replace function temporary_access.record_grant_event(
  p_type text, p_action text, p_reason text, p_before temporary_access.grants, p_after temporary_access.grants, p_proof jsonb
)
  returns void
  language sql volatile
as $$
  select audit.record_event(
    p_type, 'grant', p_after.id::text, temporary_access.label(p_after.user_id, ' as ' || p_after.role), p_action, 'ok', null, p_reason,
    case when p_before.id is not null then temporary_access.grant_facts(p_before) end, temporary_access.grant_facts(p_after) || p_proof
  )
$$;
comment on function temporary_access.record_grant_event(text, text, text, temporary_access.grants, temporary_access.grants, jsonb) is 'Writes the event of a change of a grant, with the proof of the sessions that it ended.';

create or replace function temporary_access.conclude_change(
  p_before temporary_access.grants, p_after temporary_access.grants, p_reason text, p_freed integer[]
)
  returns void
  language plpgsql volatile
as $$
declare
  v_only_later boolean := (p_after.starts_at, p_after.allowed_cidrs) = (p_before.starts_at, p_before.allowed_cidrs)
    and temporary_access.widens(p_before, p_after);
  v_freed integer := temporary_access.freed_of(p_after.id, p_freed);
  v_proof jsonb := '{}';
begin
  if v_freed > 0 or not temporary_access.networks_within(p_before.allowed_cidrs, p_after.allowed_cidrs) then
    v_proof := temporary_access.end_logins(
      array(
        select login.id
        from unnest(temporary_access.unfinished_logins(p_after.id, null, null)) as unfinished (id)
        join temporary_access.logins as login on login.id = unfinished.id
        where temporary_access.address_allowed(login.client_addr, p_after.allowed_cidrs) is not true
      ),
      'address_not_allowed'
    );
    v_proof := temporary_access.with_freed(v_proof, v_freed);
  end if;
  perform temporary_access.record_grant_event(
    case when v_only_later then 'grant.extended' else 'grant.changed' end, case when v_only_later then 'extend' else 'change' end,
    p_reason, p_before, p_after, v_proof
  );
end
$$;
comment on function temporary_access.conclude_change(temporary_access.grants, temporary_access.grants, text, integer[]) is 'Ends the sessions of a changed grant whose address it no longer allows, and writes the event.';

create or replace function temporary_access.conclude_revocation(
  p_before temporary_access.grants, p_after temporary_access.grants, p_reason text, p_freed integer[]
)
  returns void
  language sql volatile
as $$
  select temporary_access.record_grant_event(
    'grant.revoked', 'revoke', p_reason, p_before, p_after,
    temporary_access.with_freed(
      temporary_access.end_logins(temporary_access.unfinished_logins(p_after.id, null, null), 'grant_revoked'),
      temporary_access.freed_of(p_after.id, p_freed)
    )
    || temporary_access.clear_roles_of(array(
      select known.role from temporary_access.granted_roles() as known (role) where known.role = p_after.role
    ))
  )
$$;
comment on function temporary_access.conclude_revocation(temporary_access.grants, temporary_access.grants, text, integer[]) is 'Ends the sessions of a revoked grant, clears its role of what is there without a login, and writes the event with the proof.';
