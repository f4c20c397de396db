create or replace function temporary_access.store_grant(p_grant temporary_access.grants) returns temporary_access.grants
  language sql volatile
as $$
  insert into temporary_access.role_settings (role, settings)
  select p_grant.role, temporary_access.settings_of(p_grant.role)
  where not exists (select from temporary_access.role_settings as known where known.role = p_grant.role);
  insert into temporary_access.grants (id, user_id, role, starts_at, expires_at, allowed_cidrs, reason, granted_by, granted_by_name)
  values (
    p_grant.id, p_grant.user_id, p_grant.role, p_grant.starts_at, p_grant.expires_at, p_grant.allowed_cidrs, p_grant.reason,
    temporary_access.acting_user_id(), latchkey.actor() ->> 'display'
  )
  returning *
$$;
comment on function temporary_access.store_grant(temporary_access.grants) is 'Stores a grant that was checked, as given by the person behind this session, and notes the settings of a role that nobody was granted before.';

create or replace function temporary_access.store_change(p_grant temporary_access.grants) returns temporary_access.grants
  language sql volatile
as $$
  update temporary_access.grants as stored
  set starts_at = p_grant.starts_at,
    expires_at = p_grant.expires_at,
    allowed_cidrs = p_grant.allowed_cidrs,
    extended_at = case
      when coalesce(p_grant.expires_at, 'infinity') > coalesce(stored.expires_at, 'infinity') then clock_timestamp()
      else stored.extended_at
    end,
    extension_count = stored.extension_count
      + (coalesce(p_grant.expires_at, 'infinity') > coalesce(stored.expires_at, 'infinity'))::integer
  where stored.id = p_grant.id
  returning *
$$;
comment on function temporary_access.store_change(temporary_access.grants) is 'Stores the start, end and networks of a grant, counting a later end as an extension.';

create or replace function temporary_access.store_revocation(p_grant_id uuid, p_reason text) returns temporary_access.grants
  language sql volatile
as $$
  update temporary_access.grants
  set revoked_at = clock_timestamp(),
    revoked_by = temporary_access.acting_user_id(),
    revoked_by_name = latchkey.actor() ->> 'display',
    revoke_reason = p_reason
  where id = p_grant_id
  returning *
$$;
comment on function temporary_access.store_revocation(uuid, text) is 'Marks a grant as revoked by the person behind this session.';
