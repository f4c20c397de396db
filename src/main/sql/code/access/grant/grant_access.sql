create or replace function latchkey.grant_access(
  p_user_id uuid, p_role text, p_expires_at timestamptz, p_starts_at timestamptz default null, p_allowed_cidrs cidr[] default null,
  p_reason text default null
)
  returns latchkey.grants
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_member temporary_access.members;
  v_grant temporary_access.grants;
begin
  perform api_keys_private.require_operator('grant access');
  perform temporary_access.require_read_committed();
  v_grant.id := gen_random_uuid();
  v_grant.user_id := p_user_id;
  v_grant.role := p_role;
  v_grant.starts_at := coalesce(p_starts_at, clock_timestamp());
  v_grant.expires_at := p_expires_at;
  v_grant.allowed_cidrs := api_keys_private.checked_networks('p_allowed_cidrs', p_allowed_cidrs);
  v_grant.reason := temporary_access.checked_reason(p_reason);
  perform temporary_access.require_role('p_role', p_role);
  perform temporary_access.require_start('p_starts_at', p_starts_at);
  perform temporary_access.require_end('p_expires_at', v_grant.starts_at, v_grant.expires_at);
  perform temporary_access.require_networks('p_allowed_cidrs', v_grant.allowed_cidrs);
  v_member := temporary_access.locked_member(p_user_id);
  perform temporary_access.require_not_oneself(p_user_id);
  perform temporary_access.require_unblocked(v_member);
  perform temporary_access.require_no_overlap(v_grant);

  v_grant := temporary_access.store_grant(v_grant);
  perform temporary_access.record_grant_event('grant.created', 'grant', v_grant.reason, null, v_grant, '{}');
  return temporary_access.shown_grant(v_grant.id);
end
$$;
comment on function latchkey.grant_access(uuid, text, timestamptz, timestamptz, cidr[], text) is 'Lets a member sign in as a role from p_starts_at (default: now) until p_expires_at, from the given networks (none: any, where the policy allows that).';
grant execute on function latchkey.grant_access(uuid, text, timestamptz, timestamptz, cidr[], text) to latchkey_operator;
