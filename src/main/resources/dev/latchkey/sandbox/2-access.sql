-- Temporary access: seven members, eleven grants in every state, their tokens. The functions make them as if all happened now;
-- what lies in the past is moved there afterwards, and every move is noted for 5-history.sql.

create temporary table moved (
  object_id text not null,
  was text not null,
  became text not null
);

select latchkey.set_temporary_access('enabled');
update temporary_access.settings set state_changed_at = now() - interval '255 days';

select latchkey.add_member(email, name, user_id)
from (
  values
    ('b0000000-0000-4000-8000-000000000001'::uuid, 'm.lindqvist@acme.io', 'Mara Lindqvist'),
    ('b0000000-0000-4000-8000-000000000002', 'j.okafor@acme.io', 'Jon Okafor'),
    ('b0000000-0000-4000-8000-000000000003', 't.vidal@acme.io', 'Tomás Vidal'),
    ('b0000000-0000-4000-8000-000000000004', 'l.brandt@acme.io', 'Lea Brandt'),
    ('b0000000-0000-4000-8000-000000000005', 'a.costa@acme.io', 'Ana Costa'),
    ('b0000000-0000-4000-8000-000000000006', 'p.raman@acme.io', 'Priya Raman'),
    ('b0000000-0000-4000-8000-000000000007', 's.whitfield@acme.io', 'Sam Whitfield')
) as wanted (user_id, email, name);

insert into public.accounts_memberships (user_id, account_id, account_role)
select member.user_id, 'a0000000-0000-4000-8000-000000000001', case when member.email like 'm.%' then 'owner' else 'member' end
from temporary_access.members as member;

-- The operator's own grant is renewed at each start of the sandbox.
select latchkey.grant_access(
  'b0000000-0000-4000-8000-000000000001', 'latchkey_admin', now() + interval '12 hours', null, '{127.0.0.0/8,::1/128}',
  'Operates the sandbox');

-- Until half a year ago the policy asked for neither an end nor a reason. What was granted then still holds: nobody thought of revoking it.
select latchkey.set_access_policy('{"max_duration": null, "reason_required": false}');
do $$
declare
  v_starts constant timestamptz := now() - interval '190 days';
  v_grant latchkey.grants;
begin
  v_grant := latchkey.grant_access('b0000000-0000-4000-8000-000000000007', 'support_ro', null);
  insert into moved
  values (v_grant.id::text, to_json(v_grant.starts_at) #>> '{}', to_json(v_starts) #>> '{}');
  update temporary_access.grants
  set starts_at = v_starts, granted_at = v_starts
  where id = v_grant.id;
end
$$;
select latchkey.set_access_policy('{"max_duration": "90 days", "reason_required": true}');

-- From here on it is Mara who acts: she signs in on this very backend, as the gate does it.
do $$
declare
  v_token jsonb;
begin
  v_token := latchkey.create_access_token(
    'b0000000-0000-4000-8000-000000000001', 'Sandbox set-up', now() + interval '1 hour', '{latchkey_admin}', '{127.0.0.0/8}');
  if temporary_access.authorize('latchkey_admin', v_token ->> 'token', '127.0.0.1', pg_backend_pid()) is null then
    raise exception 'the sandbox''s operator was refused';
  end if;
end
$$;

do $$
declare
  v_plan record;
  v_grant latchkey.grants;
begin
  for v_plan in
    select *
    from (values
      ('03', 'auditor', interval '-1 hour -37 minutes', interval '26 minutes', '{10.8.0.0/16}', 'Q4 review', null),
      ('02', 'support_ro', interval '-3 hours -12 minutes', interval '5 hours 6 minutes', '{10.0.0.0/8,192.0.2.0/24}', 'Ticket 8812', null),
      ('04', 'support_ro', interval '-4 days -19 hours -53 minutes', interval '2 days 4 hours 7 minutes', '{192.0.2.0/24}', 'On-call week 45', null),
      ('05', 'auditor', interval '-17 days -23 hours -31 minutes', interval '12 days 29 minutes', '{10.0.0.0/8}', 'ISO 27001 audit', null),
      ('06', 'app_migrator', interval '1 day', interval '1 day 4 hours', '{10.20.0.0/16}', 'Release 42', null),
      ('03', 'support_ro', interval '4 days', interval '11 days', '{10.0.0.0/8,192.0.2.0/24,2001:db8:8::/48}', 'On-call week 46', null),
      ('04', 'latchkey_admin', interval '-6 hours -48 minutes', interval '-1 hour -48 minutes', '{192.0.2.0/24}', 'Incident 4127', null),
      ('02', 'app_migrator', interval '-3 days -2 hours -21 minutes', interval '-2 days -22 hours -21 minutes', '{10.20.0.0/16}', 'Release 41', null),
      ('03', 'latchkey_admin', interval '-4 days -5 hours -9 minutes', interval '-3 days -21 hours -9 minutes', '{}', 'Incident 4119', 'Opened in error')
    ) as wanted (member, role, starts, ends, networks, reason, revoked_for)
  loop
    v_grant := latchkey.grant_access(
      ('b0000000-0000-4000-8000-0000000000' || v_plan.member)::uuid,
      v_plan.role,
      greatest(now() + v_plan.ends, now() + greatest(v_plan.starts, interval '0') + interval '1 hour'),
      case when v_plan.starts > interval '0' then now() + v_plan.starts end,
      v_plan.networks::cidr[],
      v_plan.reason);
    if v_plan.revoked_for is not null then
      v_grant := latchkey.revoke_grant(v_grant.id, v_plan.revoked_for);
    end if;
    continue when v_plan.starts > interval '0';

    insert into moved
    values
      (v_grant.id::text, to_json(v_grant.starts_at) #>> '{}', to_json(now() + v_plan.starts) #>> '{}'),
      (v_grant.id::text, to_json(v_grant.expires_at) #>> '{}', to_json(now() + v_plan.ends) #>> '{}'),
      (v_grant.id::text, coalesce(to_json(v_grant.revoked_at) #>> '{}', 'not revoked'), to_json(now() + v_plan.starts + interval '11 minutes') #>> '{}');
    update temporary_access.grants
    set starts_at = now() + v_plan.starts,
      expires_at = now() + v_plan.ends,
      granted_at = now() + v_plan.starts - interval '4 minutes',
      revoked_at = case when revoked_at is not null then now() + v_plan.starts + interval '11 minutes' end
    where id = v_grant.id;
  end loop;
end
$$;
update temporary_access.grants
set granted_at = now() - interval '26 hours'
where starts_at > now();

do $$
declare
  v_plan record;
  v_token_id uuid;
begin
  for v_plan in
    select *
    from (values
      ('02', 'Support workstation', interval '-20 days', interval '40 days', null, null, null),
      ('03', 'Audit laptop', interval '-12 days', interval '18 days', null, null, null),
      ('04', 'On-call laptop', interval '-33 days', interval '57 days', null, null, null),
      ('05', 'Auditor''s notebook', interval '-18 days', interval '12 days', '{auditor}', '{10.0.0.0/8}', null),
      ('06', 'Release pipeline', interval '-60 days', interval '5 days', '{app_migrator}', '{10.20.0.0/16}', null),
      ('04', 'Old phone', interval '-80 days', interval '10 days', null, null, 'Phone lost'),
      ('07', 'Workstation', interval '-70 days', interval '20 days', null, null, null),
      ('01', 'Laptop', interval '-95 days', interval '-5 days', '{latchkey_admin}', null, null)
    ) as wanted (member, name, made, ends, roles, networks, revoked_for)
  loop
    v_token_id := (latchkey.create_access_token(
      ('b0000000-0000-4000-8000-0000000000' || v_plan.member)::uuid, v_plan.name, now() + greatest(v_plan.ends, interval '1 hour'),
      v_plan.roles::text[], v_plan.networks::cidr[]) ->> 'id')::uuid;
    if v_plan.revoked_for is not null then
      perform latchkey.revoke_access_token(v_token_id, v_plan.revoked_for);
    end if;

    insert into moved
    select v_token_id::text, to_json(expires_at) #>> '{}', to_json(now() + v_plan.ends) #>> '{}'
    from temporary_access.tokens
    where id = v_token_id;
    update temporary_access.tokens
    set created_at = now() + v_plan.made,
      expires_at = now() + v_plan.ends,
      revoked_at = case when revoked_at is not null then now() + v_plan.made + interval '49 days' end
    where id = v_token_id;
  end loop;
end
$$;
update temporary_access.members
set created_at = now() - interval '255 days' + make_interval(days => 9 * right(user_id::text, 1)::integer);

-- Logins of the last 30 days: by the grants that were in force, with the refusals that real people run into.
insert into temporary_access.logins (id, at, role, client_addr, outcome, user_id, token_id, grant_id, attached_at, ended_at, ended_why)
select
  api_keys_private.ksuid(visit.at), visit.at, visit.role, visit.client_addr, visit.outcome, visit.user_id, visit.token_id,
  case when visit.outcome not in ('token_expired', 'wrong_secret') then visit.grant_id end,
  case when visit.outcome = 'accepted' then visit.at + interval '12 milliseconds' end,
  case when visit.outcome = 'accepted' then visit.left_at end,
  case when visit.outcome = 'accepted' then case when visit.left_at = visit.expires_at then 'grant_expired' else 'closed' end end
from (
  select
    moment.at,
    granted.role,
    granted.user_id,
    granted.id as grant_id,
    granted.expires_at,
    token.id as token_id,
    case abs(hashint4(number * 31)) % 11
      when 0 then 'address_not_allowed'
      when 5 then case when number % 2 = 0 then 'wrong_secret' else 'token_expired' end
      else 'accepted'
    end as outcome,
    case abs(hashint4(number * 31)) % 11
      when 0 then inet '198.51.100.7'
      else coalesce(host(granted.allowed_cidrs[1])::inet + 41, '192.0.2.41')
    end as client_addr,
    least(moment.at + make_interval(mins => 3 + abs(hashint4(number)) % 95), granted.expires_at, now() - interval '1 minute') as left_at
  from temporary_access.grants as granted
  join lateral (
    select known.id
    from temporary_access.tokens as known
    where known.user_id = granted.user_id and known.revoked_at is null
    order by known.created_at
    limit 1
  ) as token on true
  cross join generate_series(1, 14) as number
  cross join lateral (select greatest(granted.starts_at, now() - interval '30 days')) as recent (since)
  cross join lateral (
    select recent.since
      + (least(now() - interval '5 minutes', granted.expires_at) - recent.since) * (abs(hashint8(number * 7919 + hashtext(coalesce(granted.reason, granted.role)))) % 1000 / 1000.0)
  ) as moment (at)
  where granted.starts_at < now() - interval '10 minutes'
    and granted.revoked_at is null
    and number <= 3 + extract(epoch from least(now(), granted.expires_at) - granted.starts_at) / 86400
) as visit;

-- What has no grant behind it: too early, no grant, a grant that was over, an unknown token.
insert into temporary_access.logins (id, at, role, client_addr, outcome, user_id, token_id, grant_id)
select
  api_keys_private.ksuid(now() - attempt.ago), now() - attempt.ago, attempt.role, attempt.client_addr, attempt.outcome, member.user_id,
  token.id, granted.id
from (
  values
    (interval '19 hours', 'app_migrator', inet '10.20.4.17', 'grant_not_started', 'p.raman@acme.io', 'Release 42'),
    (interval '1 hour 10 minutes', 'latchkey_admin', inet '192.0.2.41', 'grant_expired', 'l.brandt@acme.io', 'Incident 4127'),
    (interval '4 days 4 hours 31 minutes', 'latchkey_admin', inet '10.8.3.41', 'grant_revoked', 't.vidal@acme.io', 'Incident 4119'),
    (interval '6 days 5 hours', 'postgres', inet '10.8.3.41', 'no_grant', 't.vidal@acme.io', null),
    (interval '11 days 2 hours', 'app_migrator', inet '10.20.4.17', 'no_grant', 'p.raman@acme.io', null),
    (interval '2 days 7 hours', 'latchkey_admin', inet '203.0.113.77', 'unknown_token', null, null),
    (interval '2 days 7 hours 1 minute', 'postgres', inet '203.0.113.77', 'malformed', null, null),
    (interval '2 days 7 hours 2 minutes', 'postgres', inet '203.0.113.77', 'malformed', null, null)
) as attempt (ago, role, client_addr, outcome, email, reason)
left join temporary_access.members as member on member.email = attempt.email
left join temporary_access.grants as granted on granted.user_id = member.user_id and granted.reason = attempt.reason
left join lateral (
  select known.id from temporary_access.tokens as known where known.user_id = member.user_id order by known.created_at limit 1
) as token on true;
