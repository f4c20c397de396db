-- Run for each token: the operator of the sandbox can sign in, whatever was done to his access since. Nothing of this file stays in the
-- database.

select latchkey.set_temporary_access('enabled');

create function pg_temp.renew_operator() returns void
  language plpgsql
as $$
declare
  v_operator constant uuid := 'b0000000-0000-4000-8000-000000000001';
  v_reason constant text := 'Start of the sandbox';
  v_grant record;
  v_ends constant timestamptz := now() + least(interval '12 hours', (select max_duration from temporary_access.settings));
begin
  if exists (select from temporary_access.members where user_id = v_operator and blocked_at is not null) then
    perform latchkey.unblock_member(v_operator, v_reason);
  end if;

  for v_grant in
    select id, status, expires_at
    from latchkey.grants
    where user_id = v_operator and role = 'latchkey_admin' and status in ('scheduled', 'active', 'expiring') and starts_at < v_ends
  loop
    if v_grant.status = 'scheduled' then
      perform latchkey.revoke_grant(v_grant.id, v_reason);
    elsif v_grant.expires_at < v_ends - interval '1 hour' then
      perform latchkey.extend_grant(v_grant.id, v_ends, v_reason);
    end if;
  end loop;

  if not exists (
    select
    from latchkey.grants
    where user_id = v_operator and role = 'latchkey_admin' and status in ('active', 'expiring')
  ) then
    perform latchkey.grant_access(v_operator, 'latchkey_admin', v_ends, null, '{127.0.0.0/8,::1/128}', v_reason);
  end if;
end
$$;

select pg_temp.renew_operator();

-- The answer of this last statement is the token.
select latchkey.create_access_token(
  'b0000000-0000-4000-8000-000000000001',
  'Sandbox sign-in',
  now() + least(interval '8 hours', (select max_duration from temporary_access.settings)),
  '{latchkey_admin}',
  '{127.0.0.0/8,::1/128}') ->> 'token' as token;
