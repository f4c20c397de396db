-- The states of keys, grants and tokens are derived from times, in an order of precedence.
begin;
set local search_path = tap, public;
select * from no_plan();

create temp table cases (number integer generated always as identity, id uuid default gen_random_uuid(), expected text,
  revoked_at timestamptz, expires_at timestamptz, disabled_at timestamptz, replaced_by uuid);
insert into cases (revoked_at, expires_at, disabled_at, replaced_by, expected)
select r.at, e.at, d.at, b.by,
  case
    when r.at is not null then 'revoked'
    when e.name = 'over' then 'expired'
    when d.at is not null then 'disabled'
    when b.by is not null then 'rotating'
    when e.name = 'soon' then 'expiring'
    else 'active'
  end
from (values (null::timestamptz), (now())) as r (at)
cross join (
  values ('never', null), ('far', now() + interval '8 days'), ('soon', now() + interval '6 days'), ('over', now())
) as e (name, at)
cross join (values (null::timestamptz), (now())) as d (at)
cross join (values (null::uuid), (gen_random_uuid())) as b (by);

insert into api_keys_private.api_keys (
  id, ksuid, kind, name, key_prefix, prefix, key_hash, salt, role, revoked_at, expires_at, disabled_at, replaced_by)
select id, api_keys_private.ksuid(), 'secret', 'pgTAP', 'sk_', 'sk_', '00', '\x00', 'service_role', revoked_at, expires_at, disabled_at, replaced_by
from cases;

select is(
    k.status, c.expected,
    format('a key revoked %s, ending %s, disabled %s, replaced %s',
      c.revoked_at is not null, c.expires_at, c.disabled_at is not null, c.replaced_by is not null))
from cases as c join latchkey.keys as k on k.id = c.id
order by c.number;

select is(
    k.is_active, c.revoked_at is null and c.disabled_at is null, 'is_active of case ' || c.number)
from cases as c join api_keys_private.api_keys as k on k.id = c.id
order by c.number;

select is(
    temporary_access.grant_status(g.starts_at, g.expires_at, g.revoked_at, '2026-01-01 12:00+00'), g.expected, 'a grant that is ' || g.name)
from (
  values
    ('open', '2026-01-01 12:00+00'::timestamptz, null::timestamptz, null::timestamptz, 'active'),
    ('to begin in a microsecond', '2026-01-01 12:00:00.000001+00', null, null, 'scheduled'),
    ('to end in more than half an hour', '2026-01-01 11:00+00', '2026-01-01 12:30:00.000001+00', null, 'active'),
    ('to end in half an hour', '2026-01-01 11:00+00', '2026-01-01 12:30+00', null, 'expiring'),
    ('at its end', '2026-01-01 11:00+00', '2026-01-01 12:00+00', null, 'expired'),
    ('revoked before it began', '2026-01-02 11:00+00', '2026-01-02 12:00+00', '2026-01-01 10:00+00', 'revoked'),
    ('revoked and over', '2026-01-01 10:00+00', '2026-01-01 11:00+00', '2026-01-01 10:30+00', 'revoked')
) as g (name, starts_at, expires_at, revoked_at, expected);

select is(temporary_access.token_status(t.expires_at, t.revoked_at, '2026-01-01 12:00+00'), t.expected, 'a token that is ' || t.name)
from (
  values
    ('for ever', null::timestamptz, null::timestamptz, 'active'),
    ('to end in more than a day', '2026-01-02 12:00:00.000001+00', null, 'active'),
    ('to end in a day', '2026-01-02 12:00+00', null, 'expiring'),
    ('at its end', '2026-01-01 12:00+00', null, 'expired'),
    ('revoked', null, '2026-01-01 11:00+00', 'revoked')
) as t (name, expires_at, revoked_at, expected);

select * from finish();
rollback;
