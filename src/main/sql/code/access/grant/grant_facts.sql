create or replace function temporary_access.grant_facts(p_grant temporary_access.grants) returns jsonb
  language sql stable
as $$
  select jsonb_build_object(
    'user_id', p_grant.user_id, 'role', p_grant.role, 'starts_at', audit.utc(p_grant.starts_at),
    'expires_at', audit.utc(p_grant.expires_at), 'allowed_cidrs', p_grant.allowed_cidrs, 'revoked_at', audit.utc(p_grant.revoked_at)
  )
$$;
comment on function temporary_access.grant_facts(temporary_access.grants) is 'What an audit event says about a grant.';

create or replace function temporary_access.widens(p_before temporary_access.grants, p_after temporary_access.grants) returns boolean
  language sql immutable
as $$
  select p_after.starts_at < p_before.starts_at
    or coalesce(p_after.expires_at, 'infinity') > coalesce(p_before.expires_at, 'infinity')
    or not temporary_access.networks_within(p_after.allowed_cidrs, p_before.allowed_cidrs)
$$;
comment on function temporary_access.widens(temporary_access.grants, temporary_access.grants) is 'Whether a change of a grant gives anything that it did not give before: an earlier start, a later end, another address.';

create or replace function temporary_access.require_no_overlap(p_grant temporary_access.grants) returns void
  language plpgsql volatile
as $$
begin
  perform
  from temporary_access.grants as other
  where other.user_id = p_grant.user_id and other.role = p_grant.role and other.revoked_at is null and other.id <> p_grant.id
    and tstzrange(other.starts_at, other.expires_at) && tstzrange(p_grant.starts_at, p_grant.expires_at);
  if found then
    raise exception 'The member has another grant for this role in that time; change, extend or revoke it' using errcode = 'PT409';
  end if;
end
$$;
comment on function temporary_access.require_no_overlap(temporary_access.grants) is 'Refuses a second grant for the same member, role and time. The member must be locked.';
