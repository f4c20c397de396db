-- Views ask these as the one who reads; without USAGE on the schema nobody can call them by name.

create or replace function temporary_access.grant_status(p_starts_at timestamptz, p_expires_at timestamptz, p_revoked_at timestamptz, p_at timestamptz)
  returns text
  language sql stable parallel safe
  return case
    when p_revoked_at is not null then 'revoked'
    when p_expires_at <= p_at then 'expired'
    when p_starts_at > p_at then 'scheduled'
    when p_expires_at <= p_at + interval '30 minutes' then 'expiring'
    else 'active'
  end;
comment on function temporary_access.grant_status(timestamptz, timestamptz, timestamptz, timestamptz) is 'scheduled, active, expiring (ends within 30 minutes), expired or revoked, as of an instant.';
grant execute on function temporary_access.grant_status(timestamptz, timestamptz, timestamptz, timestamptz) to latchkey_operator, latchkey_auditor;

create or replace function temporary_access.token_status(p_expires_at timestamptz, p_revoked_at timestamptz, p_at timestamptz) returns text
  language sql stable parallel safe
  return case
    when p_revoked_at is not null then 'revoked'
    when p_expires_at <= p_at then 'expired'
    when p_expires_at <= p_at + interval '1 day' then 'expiring'
    else 'active'
  end;
comment on function temporary_access.token_status(timestamptz, timestamptz, timestamptz) is 'active, expiring (ends within a day), expired or revoked, as of an instant.';
grant execute on function temporary_access.token_status(timestamptz, timestamptz, timestamptz) to latchkey_operator, latchkey_auditor;
