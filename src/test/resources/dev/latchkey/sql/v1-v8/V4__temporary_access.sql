-- Temporary access: people sign in to PostgreSQL with an access token for a password. A member is mapped to roles by
-- grants, each with an end, allowed networks and a reason; the gate asks authorize() and is told yes or no, never why.
--
-- Locks are taken in one order everywhere: the switch (the table of settings), member, token, grant, login. A login that
-- is being authorized holds its member, token and grant in share mode, so a revocation waits for it and then sees it, or
-- goes first and is seen by it. A session that is to end may itself hold what its end has to lock; it is then ended first.
-- What anybody else holds in an open transaction is waited for 5 seconds at most, and the refusal (PT423) names him.
-- What a call refuses it refuses before it ends the first session: that cannot be rolled back. Should somebody come in the
-- way while sessions are being ended, the refusal says how many were. Enforcing waits for nobody.

-- ── Tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────

create table if not exists temporary_access.settings (
  only_row boolean not null default true,
  state text not null default 'disabled',
  state_changed_at timestamptz,
  max_duration interval default interval '90 days',
  reason_required boolean not null default true,
  reason_pattern text,
  self_granting boolean not null default false,
  networks_required boolean not null default false,
  enforced_at timestamptz,
  constraint settings_pkey primary key (only_row),
  constraint settings_only_row_check check (only_row),
  constraint settings_state_check check (state in ('enabled', 'disabled')),
  constraint settings_max_duration_check check (max_duration > interval '0')
);
comment on table temporary_access.settings is 'One row: whether temporary access is on, and the policy that grants and tokens must keep.';
comment on column temporary_access.settings.max_duration is 'Longest time to the end of a grant or token, from the moment it is given or extended, or from its start where that is later; null allows those without an end.';
comment on column temporary_access.settings.reason_pattern is 'Regular expression that a reason, where one is given, must contain, for example a ticket number; null asks for none.';
comment on column temporary_access.settings.self_granting is 'Whether a member may grant a role to himself or extend his own grant.';
comment on column temporary_access.settings.networks_required is 'Whether a grant must name the networks it is good from.';
comment on column temporary_access.settings.enforced_at is 'When ended access was last looked for.';
insert into temporary_access.settings default values on conflict do nothing;

create table if not exists temporary_access.members (
  user_id uuid not null default gen_random_uuid(),
  email text not null,
  display_name text not null,
  created_at timestamptz not null default now(),
  created_by uuid,
  created_by_name text,
  blocked_at timestamptz,
  block_reason text,
  constraint members_pkey primary key (user_id)
);
comment on table temporary_access.members is 'People who may be given temporary access.';
create unique index if not exists members_email_key on temporary_access.members (lower(email));

create table if not exists temporary_access.grants (
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  role text not null,
  starts_at timestamptz not null,
  expires_at timestamptz,
  allowed_cidrs cidr[] not null default '{}',
  reason text,
  granted_at timestamptz not null default now(),
  granted_by uuid,
  granted_by_name text,
  extended_at timestamptz,
  extension_count integer not null default 0,
  revoked_at timestamptz,
  revoked_by uuid,
  revoked_by_name text,
  revoke_reason text,
  constraint grants_pkey primary key (id),
  constraint grants_user_id_fkey foreign key (user_id) references temporary_access.members (user_id) on delete restrict,
  constraint grants_end_after_start_check check (expires_at > starts_at)
);
comment on table temporary_access.grants is 'Which member may sign in as which role, from when until when, and from which networks (none listed: any).';
create index if not exists grants_user_id_role_idx on temporary_access.grants (user_id, role);

create table if not exists temporary_access.tokens (
  id uuid not null default gen_random_uuid(),
  ksuid text collate "C" not null,
  user_id uuid not null,
  name text not null,
  secret_hash bytea not null,
  salt bytea not null,
  last4 text not null,
  expires_at timestamptz,
  roles text[],
  allowed_cidrs cidr[] not null default '{}',
  created_at timestamptz not null default now(),
  created_by uuid,
  created_by_name text,
  revoked_at timestamptz,
  revoked_by uuid,
  revoked_by_name text,
  revoke_reason text,
  constraint tokens_pkey primary key (id),
  constraint tokens_ksuid_key unique (ksuid),
  constraint tokens_user_id_fkey foreign key (user_id) references temporary_access.members (user_id) on delete restrict
);
comment on table temporary_access.tokens is 'Access tokens as salted hashes. Roles and networks can only narrow what the grants give.';
create index if not exists tokens_user_id_idx on temporary_access.tokens (user_id);

create table if not exists temporary_access.logins (
  id text collate "C" not null,
  at timestamptz not null,
  role text not null,
  client_addr inet,
  outcome text not null,
  user_id uuid,
  token_id uuid,
  grant_id uuid,
  backend_pid integer,
  backend_start timestamptz,
  attached_at timestamptz,
  ended_at timestamptz,
  ended_why text,
  constraint logins_pkey primary key (id),
  constraint logins_outcome_check check (outcome in (
    'accepted', 'disabled', 'malformed', 'unknown_token', 'wrong_secret', 'token_revoked', 'token_expired', 'member_blocked',
    'no_grant', 'grant_not_started', 'grant_expired', 'grant_revoked', 'address_not_allowed', 'role_not_allowed'
  )),
  constraint logins_ended_why_check check (ended_why in (
    'closed', 'gone', 'gate_closed', 'disabled', 'terminated', 'member_blocked', 'token_revoked', 'token_expired',
    'grant_revoked', 'grant_expired', 'address_not_allowed'
  ))
);
comment on table temporary_access.logins is 'Every attempt to sign in, with the true reason of a refusal. No foreign keys: it is evidence and outlives what it names.';
comment on column temporary_access.logins.backend_start is 'With backend_pid, the one server process that this login got. Null where the server does not show it before sign-in is complete.';
create index if not exists logins_at_id_idx on temporary_access.logins (at desc, id desc);
create index if not exists logins_user_id_idx on temporary_access.logins (user_id, at desc, id desc);
create index if not exists logins_token_id_at_idx on temporary_access.logins (token_id, at desc) where outcome = 'accepted';
create index if not exists logins_grant_id_at_idx on temporary_access.logins (grant_id, at desc) where outcome = 'accepted';
create index if not exists logins_refused_idx on temporary_access.logins (at desc, id desc) where outcome <> 'accepted';
create index if not exists logins_backend_pid_idx on temporary_access.logins (backend_pid, at desc) where backend_pid is not null;
create index if not exists logins_open_idx on temporary_access.logins (at) where outcome = 'accepted' and ended_at is null;

create table if not exists temporary_access.noise (
  minute timestamptz not null,
  slot integer not null,
  attempts bigint not null,
  constraint noise_pkey primary key (minute, slot),
  constraint noise_slot_range check (slot between 0 and 63)
);
comment on table temporary_access.noise is 'How many refused attempts were too many in their minute to be logged one by one. Server processes share 64 rows a minute: one attempt may be one process, and few wait for another.';

alter table temporary_access.settings enable row level security;
alter table temporary_access.members enable row level security;
alter table temporary_access.grants enable row level security;
alter table temporary_access.tokens enable row level security;
alter table temporary_access.logins enable row level security;
alter table temporary_access.noise enable row level security;

-- ── Rules without side effects ──────────────────────────────────────────────────────────────────────────────────────

create or replace function temporary_access.address_allowed(p_address inet, p_networks cidr[]) returns boolean
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
  select cardinality(p_networks) = 0
    or coalesce(
      (
        select bool_or(api_keys_private.plain_address(p_address) <<= api_keys_private.plain_address(network::inet))
        from unnest(p_networks) as listed (network)
      ),
      false
    )
$$;
comment on function temporary_access.address_allowed(inet, cidr[]) is 'Whether one of the networks contains the address. An empty list allows any; an unknown address is in no network.';

create or replace function temporary_access.grant_status(p_starts_at timestamptz, p_expires_at timestamptz, p_revoked_at timestamptz, p_at timestamptz)
  returns text
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_revoked_at is not null then 'revoked'
    when p_expires_at <= p_at then 'expired'
    when p_starts_at > p_at then 'scheduled'
    when p_expires_at <= p_at + interval '30 minutes' then 'expiring'
    else 'active'
  end
$$;
comment on function temporary_access.grant_status(timestamptz, timestamptz, timestamptz, timestamptz) is 'scheduled, active, expiring (ends within 30 minutes), expired or revoked, as of an instant.';

create or replace function temporary_access.token_status(p_expires_at timestamptz, p_revoked_at timestamptz, p_at timestamptz) returns text
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_revoked_at is not null then 'revoked'
    when p_expires_at <= p_at then 'expired'
    when p_expires_at <= p_at + interval '1 day' then 'expiring'
    else 'active'
  end
$$;
comment on function temporary_access.token_status(timestamptz, timestamptz, timestamptz) is 'active, expiring (ends within a day), expired or revoked, as of an instant.';

create or replace function temporary_access.clean_text(p_value text, p_parameter text, p_longest integer) returns text
  language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
  v_value text := nullif(btrim(p_value), '');
begin
  if api_keys_private.has_control_characters(v_value) then
    raise exception '%: control characters are not allowed', p_parameter using errcode = '22023';
  end if;
  if char_length(v_value) > p_longest then
    raise exception '%: at most % characters are allowed', p_parameter, p_longest using errcode = '22023';
  end if;
  return v_value;
end
$$;
comment on function temporary_access.clean_text(text, text, integer) is 'The text trimmed, or null when blank. Refuses control characters and more than p_longest characters, naming the parameter.';

create or replace function temporary_access.required_text(p_value text, p_parameter text, p_longest integer) returns text
  language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
  v_value text := temporary_access.clean_text(p_value, p_parameter, p_longest);
begin
  if v_value is null then
    raise exception '%: must not be blank', p_parameter using errcode = '22023';
  end if;
  return v_value;
end
$$;
comment on function temporary_access.required_text(text, text, integer) is 'As clean_text, and refuses a blank text.';

create or replace function temporary_access.clean_networks(p_networks cidr[], p_parameter text) returns cidr[]
  language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
begin
  if cardinality(p_networks) > 100 then
    raise exception '%: at most 100 networks are allowed', p_parameter using errcode = '22023';
  end if;
  if array_position(p_networks, null) is not null then
    raise exception '%: an entry is null', p_parameter using errcode = '22023';
  end if;
  return coalesce(
    (
      select array_agg(distinct api_keys_private.plain_address(network::inet)::cidr)
      from unnest(p_networks) as listed (network)
    ),
    '{}'
  );
end
$$;
comment on function temporary_access.clean_networks(cidr[], text) is 'The networks without duplicates, IPv4-mapped ones as IPv4. Null becomes an empty list, which means any.';

create or replace function temporary_access.networks_within(p_inner cidr[], p_outer cidr[]) returns boolean
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
  select cardinality(p_outer) = 0
    or (
      cardinality(p_inner) > 0
      and not exists (
        select
        from unnest(p_inner) as inner_list (network)
        where not exists (select from unnest(p_outer) as outer_list (network) where inner_list.network <<= outer_list.network)
      )
    )
$$;
comment on function temporary_access.networks_within(cidr[], cidr[]) is 'Whether each address that the first list allows is allowed by one network of the second. An empty list allows any.';

create or replace function temporary_access.duration_text(p_duration interval) returns text
  language sql immutable parallel safe set search_path = pg_catalog, pg_temp
as $$
  select string_agg(part.number || ' ' || part.unit || case when part.number <> 1 then 's' else '' end, ' ' order by part.position)
  from (
    values
      (1, extract(day from p_duration)::integer, 'day'),
      (2, extract(hour from p_duration)::integer, 'hour'),
      (3, extract(minute from p_duration)::integer, 'minute'),
      (4, extract(second from p_duration)::integer, 'second')
  ) as part (position, number, unit)
  where part.number <> 0
$$;
comment on function temporary_access.duration_text(interval) is 'A duration of days, hours, minutes and seconds in words that are read as an interval again, whatever the session''s IntervalStyle.';

create or replace function temporary_access.checked_duration(p_value jsonb, p_parameter text) returns interval
  language plpgsql stable set search_path = pg_catalog, pg_temp set intervalstyle = 'postgres'
as $$
declare
  v_given interval;
  v_duration interval;
begin
  if p_value is null or p_value = 'null' then
    return null;
  end if;
  begin
    if jsonb_typeof(p_value) <> 'string' or char_length(p_value #>> '{}') > 100 or p_value #>> '{}' !~ '[A-Za-z]' then
      raise invalid_datetime_format;
    end if;
    v_given := (p_value #>> '{}')::interval;
    if not isfinite(v_given) then
      raise invalid_datetime_format;
    end if;
    v_duration := date_trunc(
      'second',
      justify_hours(
        v_given - date_trunc('day', v_given)
        + make_interval(days => (extract(year from v_given) * 365 + extract(month from v_given) * 30 + extract(day from v_given))::integer)
      )
    );
  exception
    when data_exception then
      raise exception '%: must be a duration such as "90 days", "8 hours" or "P90D", or null for no limit', p_parameter using errcode = '22023';
  end;
  if v_duration not between interval '1 minute' and interval '36500 days' then
    raise exception '%: must be between 1 minute and 36,500 days, or null for no limit', p_parameter using errcode = '22023';
  end if;
  return v_duration;
end
$$;
comment on function temporary_access.checked_duration(jsonb, text) is 'A duration from 1 minute to 36,500 days, given as text with units or as ISO 8601; a month counts 30 days and a year 365. JSON null is null.';

create or replace function temporary_access.checked_pattern(p_value jsonb, p_parameter text) returns text
  language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
  v_pattern text;
begin
  if p_value is null or p_value = 'null' then
    return null;
  end if;
  if jsonb_typeof(p_value) <> 'string' then
    raise exception '%: must be a regular expression or null', p_parameter using errcode = '22023';
  end if;
  v_pattern := temporary_access.clean_text(p_value #>> '{}', p_parameter, 200);
  -- Without them the time to match is bounded by the lengths; with them it is not.
  if v_pattern ~ '\\[1-9]' then
    raise exception '%: back-references are not allowed', p_parameter using errcode = '22023';
  end if;
  begin
    perform '' ~ v_pattern;
  exception
    when invalid_regular_expression then
      raise exception '%: is not a regular expression', p_parameter using errcode = '22023';
  end;
  return v_pattern;
end
$$;
comment on function temporary_access.checked_pattern(jsonb, text) is 'A regular expression of at most 200 characters without back-references, or null when JSON null or blank.';

create or replace function temporary_access.checked_flag(p_value jsonb, p_parameter text) returns boolean
  language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
begin
  if jsonb_typeof(p_value) is distinct from 'boolean' then
    raise exception '%: must be true or false', p_parameter using errcode = '22023';
  end if;
  return p_value::boolean;
end
$$;
comment on function temporary_access.checked_flag(jsonb, text) is 'A JSON truth value.';

create or replace function temporary_access.checked_time(p_value jsonb, p_parameter text) returns timestamptz
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
  if p_value is null or p_value = 'null' then
    return null;
  end if;
  if jsonb_typeof(p_value) = 'number' then
    if (p_value #>> '{}')::numeric not between 0 and 99999999999 then
      raise exception '%: must be in seconds since 1970, not in milliseconds', p_parameter using errcode = '22023';
    end if;
    return to_timestamp((p_value #>> '{}')::double precision);
  end if;
  begin
    if jsonb_typeof(p_value) <> 'string'
      or p_value #>> '{}' !~* '^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}(:?\d{2})?)$'
    then
      raise invalid_datetime_format;
    end if;
    return (p_value #>> '{}')::timestamptz;
  exception
    when data_exception then
      raise exception '%: must be a time with its zone such as 2030-12-31T18:00:00Z, or seconds since 1970', p_parameter
        using errcode = '22023';
  end;
end
$$;
comment on function temporary_access.checked_time(jsonb, text) is 'An instant, given as ISO 8601 with its zone or as Unix seconds. JSON null is null.';

create or replace function temporary_access.checked_network_list(p_value jsonb, p_parameter text, p_family integer) returns cidr[]
  language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
declare
  v_entry record;
  v_networks cidr[] := '{}';
begin
  if p_value is null or p_value = 'null' then
    return v_networks;
  end if;
  if jsonb_typeof(p_value) <> 'array' then
    raise exception '%: must be an array of {"cidr": network}', p_parameter using errcode = '22023';
  end if;
  for v_entry in select e.value, e.position from jsonb_array_elements(p_value) with ordinality as e (value, position) loop
    begin
      if jsonb_typeof(v_entry.value) <> 'object'
        or v_entry.value - 'cidr' <> '{}'
        or jsonb_typeof(v_entry.value -> 'cidr') is distinct from 'string'
        or family((v_entry.value ->> 'cidr')::cidr) <> p_family
      then
        raise invalid_text_representation;
      end if;
      v_networks := v_networks || (v_entry.value ->> 'cidr')::cidr;
    exception
      when data_exception then
        raise exception '%: entry % must be {"cidr": network} with an IPv% network', p_parameter, v_entry.position, p_family
          using errcode = '22023';
    end;
  end loop;
  return v_networks;
end
$$;
comment on function temporary_access.checked_network_list(jsonb, text, integer) is 'Networks of one family (4 or 6) in the shape of Supabase''s Management API, [{"cidr": network}].';

create or replace function temporary_access.checked_networks(p_value jsonb, p_parameter text) returns cidr[]
  language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
begin
  if p_value is null or p_value = 'null' then
    return '{}';
  end if;
  if jsonb_typeof(p_value) <> 'object' or p_value - array['allowed_cidrs', 'allowed_cidrs_v6'] <> '{}' then
    raise exception '%: must be an object of allowed_cidrs and allowed_cidrs_v6', p_parameter using errcode = '22023';
  end if;
  return temporary_access.clean_networks(
    temporary_access.checked_network_list(p_value -> 'allowed_cidrs', p_parameter || '.allowed_cidrs', 4)
      || temporary_access.checked_network_list(p_value -> 'allowed_cidrs_v6', p_parameter || '.allowed_cidrs_v6', 6),
    p_parameter
  );
end
$$;
comment on function temporary_access.checked_networks(jsonb, text) is 'Networks in the shape of Supabase''s Management API, {allowed_cidrs, allowed_cidrs_v6}. Null and {} allow any.';

-- ── Rules that read the policy ──────────────────────────────────────────────────────────────────────────────────────

create or replace function temporary_access.checked_reason(p_reason text) returns text
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  v_reason text := temporary_access.clean_text(p_reason, 'p_reason', 500);
  v_settings temporary_access.settings;
begin
  select * into strict v_settings from temporary_access.settings;
  if v_reason is null and v_settings.reason_required then
    raise exception 'p_reason: a reason is required' using errcode = '22023';
  end if;
  if v_reason !~ v_settings.reason_pattern then
    raise exception 'p_reason: does not have the form that the policy asks for' using errcode = '22023';
  end if;
  return v_reason;
end
$$;
comment on function temporary_access.checked_reason(text) is 'The reason trimmed, when it is as the policy asks for.';

create or replace function temporary_access.check_end(p_starts_at timestamptz, p_expires_at timestamptz, p_parameter text) returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  v_longest interval;
begin
  select max_duration into strict v_longest from temporary_access.settings;
  if p_expires_at is null then
    if v_longest is not null then
      raise exception '%: an end is required, at most % from now, or from the start where that is later',
        p_parameter, temporary_access.duration_text(v_longest) using errcode = '22023';
    end if;
    return;
  end if;
  if not isfinite(p_expires_at) then
    raise exception '%: must be a point in time', p_parameter using errcode = '22023';
  end if;
  if p_expires_at <= greatest(p_starts_at, clock_timestamp()) then
    raise exception '%: must be in the future and after the start', p_parameter using errcode = '22023';
  end if;
  if p_expires_at > greatest(p_starts_at, clock_timestamp()) + v_longest then
    raise exception '%: at most % from now, or from the start where that is later',
      p_parameter, temporary_access.duration_text(v_longest) using errcode = '22023';
  end if;
end
$$;
comment on function temporary_access.check_end(timestamptz, timestamptz, text) is 'Refuses an end that is missing, past, before the start or later than the policy allows, naming the parameter.';

create or replace function temporary_access.check_start(p_starts_at timestamptz, p_parameter text) returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
  if not isfinite(p_starts_at) then
    raise exception '%: must be a point in time', p_parameter using errcode = '22023';
  end if;
  if p_starts_at < clock_timestamp() - interval '5 minutes' then
    raise exception '%: must not be in the past', p_parameter using errcode = '22023';
  end if;
  if p_starts_at > clock_timestamp() + interval '36500 days' then
    raise exception '%: must be within 36,500 days', p_parameter using errcode = '22023';
  end if;
end
$$;
comment on function temporary_access.check_start(timestamptz, text) is 'Refuses a start that is past, for which a clock that is 5 minutes slow is not taken, or absurdly far.';

create or replace function temporary_access.check_networks(p_networks cidr[], p_parameter text) returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
  if not (select networks_required from temporary_access.settings) then
    return;
  end if;
  if cardinality(p_networks) = 0 or exists (select from unnest(p_networks) as listed (network) where masklen(network) = 0) then
    raise exception '%: the policy asks for the networks that access is allowed from', p_parameter using errcode = '22023';
  end if;
end
$$;
comment on function temporary_access.check_networks(cidr[], text) is 'Refuses a grant from anywhere, as an empty list or a network of all addresses, where the policy asks for networks.';

create or replace function temporary_access.role_assignable(p_role text) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select exists (
    select
    from pg_catalog.pg_roles as candidate
    where candidate.rolname = p_role
      and candidate.rolcanlogin
      and not candidate.rolsuper
      and not candidate.rolreplication
      and not candidate.rolname like 'pg\_%'
      and not candidate.rolname like 'supabase\_%'
      and not candidate.rolname like 'latchkey\_gate%'
      and candidate.rolname <> all (array[
        'authenticator', 'anon', 'authenticated', 'service_role', 'api_key', 'pgbouncer', 'dashboard_user', 'pgsodium_keyholder',
        'pgsodium_keyiduser', 'pgsodium_keymaker'
      ])
      and not exists (
        select
        from pg_catalog.pg_roles as stronger
        where (
            stronger.rolsuper
            -- The owner of these functions could change what they wrote.
            or stronger.rolname = current_user
            or stronger.rolname in (
              'pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files', 'latchkey_gatekeeper'
            )
            -- Before version 16 it may give itself each of these roles.
            or (stronger.rolcreaterole and current_setting('server_version_num')::integer < 160000)
          )
          and pg_catalog.pg_has_role(candidate.oid, stronger.oid, 'member')
      )
  )
$$;
comment on function temporary_access.role_assignable(text) is 'Whether the role may be granted: may log in, is not a superuser, a gatekeeper or the owner of these functions nor able to become one, not built in, not the platform''s own.';

create or replace function temporary_access.check_role(p_role text, p_parameter text) returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
  if temporary_access.role_assignable(p_role) is not true then
    raise exception '%: is not a role that can be granted', p_parameter using errcode = '22023', hint = 'See latchkey.assignable_roles().';
  end if;
end
$$;
comment on function temporary_access.check_role(text, text) is 'Refuses a role that may not be granted, naming the parameter.';

-- ── Who acts ────────────────────────────────────────────────────────────────────────────────────────────────────────

create or replace function temporary_access.current_login() returns temporary_access.logins
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select login
  from pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) as backend
  join temporary_access.logins as login
    on login.backend_pid = backend.pid
    and (login.backend_start = backend.backend_start or (login.backend_start is null and backend.backend_start <= login.at))
  where login.outcome = 'accepted'
  order by login.at desc
  limit 1
$$;
comment on function temporary_access.current_login() is 'The login that got this server process: the same pid and the same start, so a later process with the same pid is nobody''s.';

create or replace function temporary_access.current_member() returns jsonb
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object('id', member.user_id, 'type', 'member', 'display', member.email, 'via', 'login ' || login.id)
  from temporary_access.current_login() as login
  join temporary_access.members as member on member.user_id = login.user_id
$$;
comment on function temporary_access.current_member() is 'The member whom temporary access signed in for this server process, for latchkey.actor(); null when there is none.';

create or replace function temporary_access.acting_user_id() returns uuid
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select (acting.actor ->> 'id')::uuid
  from (select latchkey.actor() as actor) as acting
  where acting.actor ->> 'type' in ('member', 'user')
$$;
comment on function temporary_access.acting_user_id() is 'The person behind this session, or null when only a database role is known.';

create or replace function temporary_access.require_operator(p_act text) returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
  if latchkey.is_operator() is true then
    return;
  end if;
  raise exception 'Only a member of role latchkey_operator may %', p_act using errcode = '42501';
end
$$;
comment on function temporary_access.require_operator(text) is 'Refuses everyone who is not an operator.';

create or replace function temporary_access.refuse_self_granting(p_user_id uuid) returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
  if temporary_access.acting_user_id() is distinct from p_user_id then
    return;
  end if;
  if (select self_granting from temporary_access.settings) is true then
    return;
  end if;
  raise exception 'Granting access to oneself is not allowed' using errcode = '42501';
end
$$;
comment on function temporary_access.refuse_self_granting(uuid) is 'Refuses an operator who would grant to himself, unless the policy allows it.';

create or replace function temporary_access.require_read_committed() returns void
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
begin
  if current_setting('transaction_isolation') = 'read committed' then
    return;
  end if;
  raise exception 'Ending access needs a READ COMMITTED transaction' using
    errcode = '25001',
    hint = 'An older snapshot would not show the logins that began a moment ago.';
end
$$;
comment on function temporary_access.require_read_committed() is 'Refuses to end access under a snapshot that could hide a login.';

create or replace function temporary_access.lock_switch() returns void
  language sql volatile set search_path = pg_catalog, pg_temp
as $$
  -- Not an advisory lock: anybody who is in the database could take that and keep everybody out.
  lock table temporary_access.settings in row share mode
$$;
comment on function temporary_access.lock_switch() is 'Held by logins: temporary access is not switched meanwhile. Without writing to a shared row.';

create or replace function temporary_access.may_end_sessions() returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select pg_catalog.pg_has_role(current_user, 'pg_read_all_stats', 'usage')
    and pg_catalog.pg_has_role(current_user, 'pg_signal_backend', 'usage')
$$;
comment on function temporary_access.may_end_sessions() is 'Whether the owner of these functions sees the sessions of other roles and may end them. Without that no revocation could prove anything.';

-- ── Sessions and their ends ─────────────────────────────────────────────────────────────────────────────────────────

create or replace function temporary_access.live_sessions()
  returns table (
    login_id text, pid integer, backend_start timestamptz, database text, application_name text, state text, query text,
    query_start timestamptz, state_change timestamptz
  )
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select
    login.id, backend.pid, backend.backend_start, backend.datname::text, backend.application_name, backend.state, backend.query,
    backend.query_start, backend.state_change
  from pg_catalog.pg_stat_activity as backend
  join temporary_access.logins as login
    on login.backend_pid = backend.pid
    and (login.backend_start = backend.backend_start or (login.backend_start is null and backend.backend_start <= login.at))
  where login.outcome = 'accepted'
$$;
comment on function temporary_access.live_sessions() is 'Server processes that are there now because of a login, matched by pid and start.';

create or replace function temporary_access.end_reason(p_login temporary_access.logins) returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_login.ended_why not in ('closed', 'gone') then p_login.ended_why
    when member.blocked_at is not null then 'member_blocked'
    when token.revoked_at is not null then 'token_revoked'
    when token.expires_at <= clock_timestamp() then 'token_expired'
    when granted.revoked_at is not null then 'grant_revoked'
    when granted.expires_at <= clock_timestamp() then 'grant_expired'
    when member.user_id is null or token.id is null or granted.id is null then 'grant_revoked'
    when temporary_access.address_allowed(p_login.client_addr, granted.allowed_cidrs) is not true then 'address_not_allowed'
  end
  from (select p_login.user_id, p_login.token_id, p_login.grant_id) as login
  left join temporary_access.members as member on member.user_id = login.user_id
  left join temporary_access.tokens as token on token.id = login.token_id
  left join temporary_access.grants as granted on granted.id = login.grant_id
$$;
comment on function temporary_access.end_reason(temporary_access.logins) is 'Why the access behind an accepted login is over, or null while it is not. What is missing counts as over.';

create or replace function temporary_access.unfinished_logins(p_grant_id uuid, p_token_id uuid, p_user_id uuid) returns text[]
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select array(
    select login.id
    from temporary_access.logins as login
    where login.outcome = 'accepted'
      and login.ended_at is null
      and (p_grant_id is null or login.grant_id = p_grant_id)
      and (p_token_id is null or login.token_id = p_token_id)
      and (p_user_id is null or login.user_id = p_user_id)
    union
    select login.id
    from temporary_access.live_sessions() as session
    join temporary_access.logins as login on login.id = session.login_id
    where (p_grant_id is null or login.grant_id = p_grant_id)
      and (p_token_id is null or login.token_id = p_token_id)
      and (p_user_id is null or login.user_id = p_user_id)
  )
$$;
comment on function temporary_access.unfinished_logins(uuid, uuid, uuid) is 'Logins of a grant, token or member (null: of any) that are not ended, or whose server process is still there.';

create or replace function temporary_access.logins_without(p_after temporary_access.grants[]) returns text[]
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select array(
    select login.id
    from unnest(p_after) as after
    join temporary_access.grants as granted on granted.id = after.id
    cross join lateral unnest(temporary_access.unfinished_logins(after.id, null, null)) as unfinished (id)
    join temporary_access.logins as login on login.id = unfinished.id
    where after.revoked_at is not null
      or (
        not temporary_access.networks_within(granted.allowed_cidrs, after.allowed_cidrs)
        and temporary_access.address_allowed(login.client_addr, after.allowed_cidrs) is not true
      )
  )
$$;
comment on function temporary_access.logins_without(temporary_access.grants[]) is 'Logins that end when grants become these: those of a revoked grant, and those whose address it no longer allows.';

create or replace function temporary_access.end_process(p_pid integer) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_catalog.pg_terminate_backend(p_pid);
  return true;
exception
  when insufficient_privilege then
    return false;
end
$$;
comment on function temporary_access.end_process(integer) is 'Tells a server process to end; one that is gone has. False when the owner of this function may not: a superuser''s needs a superuser.';

create or replace function temporary_access.end_processes(
  p_logins text[], p_until timestamptz, out p_ended integer[], out p_left integer[]
)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_seen integer[] := '{}';
  v_beyond integer[] := '{}';
begin
  loop
    perform pg_catalog.pg_stat_clear_snapshot();
    select coalesce(array_agg(open.pid), '{}')
    into p_left
    from (
      select session.pid from temporary_access.live_sessions() as session where session.login_id = any (p_logins)
      union
      -- Authorized by PAM and not yet shown by pg_stat_activity, but there already.
      select login.backend_pid
      from temporary_access.logins as login
      join pg_catalog.pg_locks as held on held.pid = login.backend_pid and held.locktype = 'virtualxid'
      where login.id = any (p_logins)
        and login.backend_start is null
        and login.at > clock_timestamp() - interval '1 minute'
        and not exists (select from pg_catalog.pg_stat_get_activity(login.backend_pid))
    ) as open
    where open.pid <> pg_catalog.pg_backend_pid();

    v_seen := array(select unnest(v_seen) union select unnest(p_left));
    v_beyond := array(
      select listed.pid
      from unnest(p_left) as listed (pid)
      where case
        when listed.pid = any (v_beyond) then true
        -- Only a superuser may end one that is still signing in; anyone else waits for it to be shown.
        when exists (select from pg_catalog.pg_stat_get_activity(listed.pid) as backend where backend.usesysid is not null)
          or (select rolsuper from pg_catalog.pg_roles where rolname = current_user)
        then not temporary_access.end_process(listed.pid)
        else false
      end
    );
    exit when p_left <@ v_beyond or clock_timestamp() > p_until;
    perform pg_catalog.pg_sleep(0.01);
  end loop;
  p_ended := array(select unnest(v_seen) except select unnest(p_left));
end
$$;
comment on function temporary_access.end_processes(text[], timestamptz) is 'Ends the server processes of these logins and looks again until none is left that may be ended, or the time is up. Never its own process. Answers the processes that ended and those that are left.';

create or replace function temporary_access.patience() returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select coalesce(min(setting::integer), 5000) || 'ms'
  from pg_catalog.pg_settings
  where name = 'lock_timeout' and setting::integer between 1 and 5000
$$;
comment on function temporary_access.patience() is 'How long to wait for what somebody holds in an open transaction: 5 seconds, or lock_timeout where the caller set that to less.';

create or replace function temporary_access.mark_ended(p_logins text[], p_why text, p_wait boolean) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_usual constant text := current_setting('lock_timeout');
  v_logins text[];
begin
  if p_wait then
    begin
      perform set_config('lock_timeout', temporary_access.patience(), true);
      perform from temporary_access.logins where id = any (p_logins) order by id for update;
      perform set_config('lock_timeout', v_usual, true);
    exception
      when lock_not_available then
        null;
    end;
  end if;
  v_logins := array(select id from temporary_access.logins where id = any (p_logins) order by id for update skip locked);
  update temporary_access.logins
  set ended_at = clock_timestamp(), ended_why = p_why
  where id = any (v_logins) and (ended_at is null or ended_why in ('closed', 'gone'));
end
$$;
comment on function temporary_access.mark_ended(text[], text, boolean) is 'Marks logins as ended, unless they ended before for another reason than that the client left. Those that someone holds are passed over: at once, or with p_wait after 5 seconds.';

create or replace function temporary_access.end_logins(p_logins text[], p_why text, p_wait boolean default true, p_until timestamptz default null)
  returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_until timestamptz := coalesce(p_until, clock_timestamp() + interval '4 seconds');
  v_own text := (temporary_access.current_login()).id;
  v_others text[] := array_remove(p_logins, v_own);
  v_ended integer[];
  v_late integer[] := '{}';
  v_left integer[];
  v_unfinished integer := 0;
begin
  -- First, so that a gate that sees the session end waits here and does not take it for a client that left.
  perform temporary_access.mark_ended(v_others, p_why, false);
  select p_ended, p_left into v_ended, v_left from temporary_access.end_processes(v_others, v_until);
  if p_wait and exists (select from temporary_access.logins where id = any (v_others) and ended_at is null) then
    perform temporary_access.mark_ended(v_others, p_why, true);
    select p_ended, p_left
    into v_late, v_left
    from temporary_access.end_processes(v_others, greatest(v_until, clock_timestamp() + interval '2 seconds'));
    -- One that somebody still holds and that has no process yet may be about to get one.
    v_unfinished := (select count(*) from temporary_access.logins where id = any (v_others) and ended_at is null and backend_pid is null);
  end if;

  perform pg_catalog.pg_notify('latchkey_access', '');
  return jsonb_build_object(
    'sessions_ended', cardinality(v_ended || v_late),
    'sessions_left', cardinality(v_left) + v_unfinished,
    'own_session', v_own is not null and v_own = any (p_logins),
    'checked_at', clock_timestamp()
  );
end
$$;
comment on function temporary_access.end_logins(text[], text, boolean, timestamptz) is 'Ends the server processes of these logins, looks again until none is left (at most 4 s, or until p_until), marks the logins ended and tells the gates. Never its own process: the gate or the next enforcement ends that one, and own_session says so. Returns the proof. Without p_wait it waits for nobody who holds one of the logins, with it 5 seconds at most, and a session that turns up meanwhile has 2 s to end: the next enforcement marks what is left, and a login that has no process yet counts as left.';

create or replace function temporary_access.with_freed(p_proof jsonb, p_freed integer) returns jsonb
  language sql immutable set search_path = pg_catalog, pg_temp
as $$
  select p_proof || jsonb_build_object('sessions_ended', (p_proof ->> 'sessions_ended')::integer + p_freed)
$$;
comment on function temporary_access.with_freed(jsonb, integer) is 'The proof with the sessions counted that had to end before the locks could be had.';

create or replace function temporary_access.freed_of(p_grant_id uuid, p_freed integer[]) returns integer
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select count(*)::integer
  from unnest(p_freed) as freed (pid)
  where p_grant_id = (
    select login.grant_id
    from temporary_access.logins as login
    where login.outcome = 'accepted' and login.backend_pid = freed.pid
    order by login.at desc
    limit 1
  )
$$;
comment on function temporary_access.freed_of(uuid, integer[]) is 'How many of the processes that take_locks has just ended were there by this grant.';

-- ── Locks that people may hold ──────────────────────────────────────────────────────────────────────────────────────

create or replace function temporary_access.holder_name(p_pid integer) returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_pid = 0 then 'a prepared transaction'
    else coalesce(member.email || ' as ', '') || coalesce(backend.usename, 'a role') || format(' (process %s)', p_pid)
  end
  from (select) as one
  left join pg_catalog.pg_stat_activity as backend on backend.pid = p_pid
  left join temporary_access.live_sessions() as session on session.pid = p_pid
  left join temporary_access.logins as login on login.id = session.login_id
  left join temporary_access.members as member on member.user_id = login.user_id
  limit 1
$$;
comment on function temporary_access.holder_name(integer) is 'Who works in a server process, for people: the member where temporary access let him in, the role and the process. 0 is a prepared transaction, which has none.';

create or replace function temporary_access.refuse_held(p_pids integer[], p_ended integer) returns void
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_first constant integer[] := p_pids[:3];
begin
  raise exception 'Somebody holds this in a transaction that is still open: %', coalesce(
    (select string_agg(temporary_access.holder_name(listed.pid), ', ') from unnest(v_first) as listed (pid)), 'several, one after another'
  ) || case when p_ended > 0 then '; sessions ended before that: ' || p_ended else '' end using
    errcode = 'PT423',
    hint = 'Nothing was changed' || case when p_ended > 0 then '' else ' and no session was ended' end || '. Try again when that is finished' || coalesce(
      (
        select ', or end it first: ' || string_agg(
          case
            when listed.pid = 0 then 'see pg_prepared_xacts'
            when session.login_id is null then format('as a superuser select pg_terminate_backend(%s)', listed.pid)
            else format('select latchkey.end_session(%L)', session.login_id)
          end,
          ', '
        )
        from unnest(v_first) as listed (pid)
        left join temporary_access.live_sessions() as session on session.pid = listed.pid
      ),
      ''
    );
end
$$;
comment on function temporary_access.refuse_held(integer[], integer) is 'Refuses with PT423 and names who is in the way, three at most, how to end that, and how many sessions were ended before it came to this.';

create or replace function temporary_access.refuse_freed(p_freed integer, p_state text, p_message text) returns void
  language plpgsql immutable set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception '%; sessions ended before that: %', p_message, p_freed using errcode = p_state;
end
$$;
comment on function temporary_access.refuse_freed(integer, text, text) is 'Refuses as the check did that failed once the locks were had, and says how many sessions take_locks had ended by then.';

create or replace function temporary_access.passes_by_itself(p_pid integer) returns boolean
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select coalesce(
    (
      select not role.rolsuper and pg_catalog.pg_has_role(role.oid, 'latchkey_gatekeeper', 'member')
      from pg_catalog.pg_stat_get_activity(p_pid) as backend
      join pg_catalog.pg_roles as role on role.oid = backend.usesysid
    ),
    false
  )
$$;
comment on function temporary_access.passes_by_itself(integer) is 'Whether a server process is a gatekeeper''s: what it holds it gives back within seconds, by its role''s own limits.';

create or replace function temporary_access.row_holders(p_table regclass, p_row tid, p_xmax xid) returns integer[]
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  with held as (
    select coalesce(lock.pid, 0) as pid, lock.locktype
    from pg_catalog.pg_locks as lock
    where lock.pid is distinct from pg_catalog.pg_backend_pid()
      and (
        (lock.locktype = 'transactionid' and lock.transactionid = p_xmax and lock.granted)
        or (
          lock.locktype = 'tuple'
          and lock.relation = p_table
          and lock.database = (select oid from pg_catalog.pg_database where datname = current_database())
          and (lock.page, lock.tuple) = ((p_row::text::point)[0]::integer, (p_row::text::point)[1]::integer)
        )
      )
  )
  select array(
    select pid from held
    union
    -- The row does not name one of several holders, nor one with a savepoint. He is one of those who lock rows of the table.
    select coalesce(lock.pid, 0)
    from pg_catalog.pg_locks as lock
    where not exists (select from held where locktype = 'transactionid')
      and lock.pid is distinct from pg_catalog.pg_backend_pid()
      and lock.locktype = 'relation'
      and lock.relation = p_table
      and lock.database = (select oid from pg_catalog.pg_database where datname = current_database())
      and lock.mode in ('RowShareLock', 'RowExclusiveLock')
  )
$$;
comment on function temporary_access.row_holders(regclass, tid, xid) is 'The server processes that hold a row which cannot be locked, or are next in turn for it; 0 for a prepared transaction.';

create or replace function temporary_access.holders(
  p_setting text, p_user_id uuid, p_token_id uuid, p_grant_id uuid, p_tokens boolean, p_grants boolean
)
  returns integer[]
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_free uuid[];
  v_holders integer[];
  v_held boolean := false;
begin
  if p_setting is not null then
    v_holders := array(
      select distinct coalesce(lock.pid, 0)
      from pg_catalog.pg_locks as lock
      where lock.pid is distinct from pg_catalog.pg_backend_pid()
        and lock.locktype = 'relation'
        and lock.relation = 'temporary_access.settings'::regclass
        and lock.database = (select oid from pg_catalog.pg_database where datname = current_database())
        and lock.mode <> 'AccessShareLock'
        and (p_setting = 'switch' or lock.mode not in ('RowShareLock', 'RowExclusiveLock'))
    );
    if p_setting = 'switch' or cardinality(v_holders) > 0 then
      return v_holders;
    end if;
    begin
      lock table temporary_access.settings in row exclusive mode nowait;
      perform from temporary_access.settings for no key update skip locked;
      v_held := not found;
      -- Only a look: what is free is not kept.
      raise exception using errcode = 'LK000';
    exception
      when sqlstate 'LK000' or lock_not_available then
        null;
    end;
    return array(
      select distinct holder.pid
      from temporary_access.settings as settings
      cross join lateral unnest(temporary_access.row_holders(settings.tableoid, settings.ctid, settings.xmax)) as holder (pid)
      where v_held
    );
  end if;
  begin
    v_free := array(select user_id from temporary_access.members where user_id = p_user_id for update skip locked)
      || array(
        select id from temporary_access.tokens where id = p_token_id or (p_tokens and user_id = p_user_id) order by id for update skip locked
      )
      || array(
        select id from temporary_access.grants where id = p_grant_id or (p_grants and user_id = p_user_id) order by id for update skip locked
      );
    -- Only a look: what is free is not kept.
    raise exception using errcode = 'LK000';
  exception
    when sqlstate 'LK000' then
      null;
  end;
  return array(
    select distinct holder.pid
    from (
      select tableoid::regclass, ctid, xmax from temporary_access.members where user_id = p_user_id and user_id <> all (v_free)
      union all
      select tableoid::regclass, ctid, xmax
      from temporary_access.tokens
      where (id = p_token_id or (p_tokens and user_id = p_user_id)) and id <> all (v_free)
      union all
      select tableoid::regclass, ctid, xmax
      from temporary_access.grants
      where (id = p_grant_id or (p_grants and user_id = p_user_id)) and id <> all (v_free)
    ) as held (row_table, row_id, row_xmax)
    cross join lateral unnest(temporary_access.row_holders(held.row_table, held.row_id, held.row_xmax)) as holder (pid)
  );
end
$$;
comment on function temporary_access.holders(text, uuid, uuid, uuid, boolean, boolean) is 'The server processes in the way of take_locks with the same arguments.';

create or replace function temporary_access.lock_now(
  p_setting text, p_user_id uuid, p_token_id uuid, p_grant_id uuid, p_tokens boolean, p_grants boolean
)
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_ids uuid[];
begin
  if p_setting is not null then
    begin
      if p_setting = 'switch' then
        lock table temporary_access.settings in exclusive mode nowait;
        return true;
      end if;
      lock table temporary_access.settings in row exclusive mode nowait;
    exception
      when lock_not_available then
        return false;
    end;
    perform from temporary_access.settings for no key update skip locked;
    return found;
  end if;
  perform from temporary_access.members where user_id = p_user_id for update skip locked;
  if not found and exists (select from temporary_access.members where user_id = p_user_id) then
    return false;
  end if;
  v_ids := array(
    select id from temporary_access.tokens where id = p_token_id or (p_tokens and user_id = p_user_id) order by id for update skip locked
  );
  if exists (
    select from temporary_access.tokens where (id = p_token_id or (p_tokens and user_id = p_user_id)) and id <> all (v_ids)
  ) then
    return false;
  end if;
  v_ids := array(
    select id from temporary_access.grants where id = p_grant_id or (p_grants and user_id = p_user_id) order by id for update skip locked
  );
  return not exists (
    select from temporary_access.grants where (id = p_grant_id or (p_grants and user_id = p_user_id)) and id <> all (v_ids)
  );
end
$$;
comment on function temporary_access.lock_now(text, uuid, uuid, uuid, boolean, boolean) is 'Locks what take_locks asks for without waiting; false when something of it is held.';

create or replace function temporary_access.lock_soon(
  p_setting text, p_user_id uuid, p_token_id uuid, p_grant_id uuid, p_tokens boolean, p_grants boolean
)
  returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_usual constant text := current_setting('lock_timeout');
begin
  perform set_config('lock_timeout', temporary_access.patience(), true);
  if p_setting = 'switch' then
    lock table temporary_access.settings in exclusive mode;
  elsif p_setting = 'policy' then
    lock table temporary_access.settings in row exclusive mode;
    perform from temporary_access.settings for no key update;
  else
    perform from temporary_access.members where user_id = p_user_id for update;
    perform from temporary_access.tokens where id = p_token_id or (p_tokens and user_id = p_user_id) order by id for update;
    perform from temporary_access.grants where id = p_grant_id or (p_grants and user_id = p_user_id) order by id for update;
  end if;
  perform set_config('lock_timeout', v_usual, true);
  return true;
exception
  when lock_not_available then
    return false;
end
$$;
comment on function temporary_access.lock_soon(text, uuid, uuid, uuid, boolean, boolean) is 'Locks what take_locks asks for and waits its turn; false when that took too long.';

create or replace function temporary_access.take_locks(
  p_ending boolean, p_setting text default null, p_user_id uuid default null, p_token_id uuid default null,
  p_grant_id uuid default null, p_tokens boolean default false, p_grants boolean default false,
  p_after temporary_access.grants[] default null
)
  returns integer[]
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_until constant timestamptz := clock_timestamp() + temporary_access.patience()::interval;
  v_logins text[] := '{}';
  v_holders integer[];
  v_ending integer[];
  v_others integer[];
  v_freed integer[] := '{}';
  v_tried boolean := false;
  v_waited boolean := false;
  v_again boolean := false;
begin
  if num_nonnulls(p_setting, p_user_id, p_token_id, p_grant_id) = 0 then
    raise exception 'take_locks: asked for nothing' using errcode = '22004';
  end if;
  loop
    if temporary_access.lock_now(p_setting, p_user_id, p_token_id, p_grant_id, p_tokens, p_grants) then
      return v_freed;
    end if;
    v_holders := temporary_access.holders(p_setting, p_user_id, p_token_id, p_grant_id, p_tokens, p_grants);
    if p_ending then
      perform pg_catalog.pg_stat_clear_snapshot();
      v_logins := case
        when p_after is null then temporary_access.unfinished_logins(p_grant_id, p_token_id, p_user_id)
        else temporary_access.logins_without(p_after)
      end;
    end if;
    v_ending := array(
      select distinct session.pid
      from temporary_access.live_sessions() as session
      where session.login_id = any (v_logins) and session.pid = any (v_holders)
    );
    v_others := array(
      select listed.pid
      from unnest(v_holders) as listed (pid)
      where listed.pid <> all (v_ending) and not temporary_access.passes_by_itself(listed.pid)
    );
    if v_waited and cardinality(v_others) > 0 then
      perform temporary_access.refuse_held(v_others, cardinality(v_freed));
    end if;
    -- Nobody to be seen: he has let go since, so it is tried once more.
    if v_waited and v_holders <@ v_ending and (cardinality(v_holders) > 0 or v_again) then
      perform temporary_access.refuse_held(v_holders, cardinality(v_freed));
    end if;
    v_again := v_waited and cardinality(v_holders) = 0;

    if cardinality(v_ending) > 0 and cardinality(v_others) = 0 and not v_tried then
      v_freed := (temporary_access.end_processes(v_logins, clock_timestamp() + interval '4 seconds')).p_ended;
      v_tried := true;
    elsif cardinality(v_ending) > 0 then
      -- Not queueing behind both: as soon as only those are left who are to end, they are ended.
      perform pg_catalog.pg_sleep(0.01);
      v_waited := clock_timestamp() > v_until;
    elsif temporary_access.lock_soon(p_setting, p_user_id, p_token_id, p_grant_id, p_tokens, p_grants) then
      return v_freed;
    else
      v_waited := true;
    end if;
  end loop;
end
$$;
comment on function temporary_access.take_locks(boolean, text, uuid, uuid, uuid, boolean, boolean, temporary_access.grants[]) is 'Locks a setting (the switch, which keeps every login out meanwhile, or the policy, which does not), or a member, a token and a grant, with p_tokens and p_grants all of the member''s. With p_ending the sessions of what is given are to end, with p_after only those that end when grants become these: where they alone hold a lock they are ended at once, for an open transaction of theirs must not put off their own end. What others hold is waited for 5 seconds; then the call is refused and has ended nothing, unless somebody came in the way while the sessions were ended: then it says how many. A gatekeeper''s locks pass by themselves. Answers the processes that it ended.';

create or replace function temporary_access.label(p_user_id uuid, p_rest text) returns text
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select left(member.email || p_rest, 200)
  from temporary_access.members as member
  where member.user_id = p_user_id
$$;
comment on function temporary_access.label(uuid, text) is 'How an audit event names something of a member: his e-mail address and what follows.';

-- ── For the gate and other gatekeepers ──────────────────────────────────────────────────────────────────────────────

create or replace function temporary_access.give_way(p_user_id uuid, p_token_id uuid) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_until constant timestamptz := clock_timestamp() + interval '5 seconds';
begin
  while clock_timestamp() < v_until and exists (
    select
    from (
      select tableoid, ctid::text::point from temporary_access.members where user_id = p_user_id
      union all
      select tableoid, ctid::text::point from temporary_access.tokens where id = p_token_id
      union all
      select tableoid, ctid::text::point from temporary_access.grants where user_id = p_user_id
    ) as own (row_table, row_id)
    join pg_catalog.pg_locks as wanted
      on wanted.locktype = 'tuple'
      and wanted.mode = 'AccessExclusiveLock'
      and wanted.relation = own.row_table
      and (wanted.page, wanted.tuple) = (own.row_id[0]::integer, own.row_id[1]::integer)
    join pg_catalog.pg_database as here on here.oid = wanted.database and here.datname = current_database()
  ) loop
    perform pg_catalog.pg_sleep(0.02);
  end loop;
end
$$;
comment on function temporary_access.give_way(uuid, uuid) is 'Lets whoever waits for a lock on the member, the token or a grant go first: logins share these locks, so that one login after another would keep him waiting for ever.';

create or replace function temporary_access.judge(p_role text, p_token text, p_client_addr inet, inout p_login temporary_access.logins)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_parsed record;
  v_token temporary_access.tokens;
  v_member temporary_access.members;
  v_grant temporary_access.grants;
  v_hash bytea;
  v_now timestamptz;
begin
  perform temporary_access.lock_switch();
  select * into v_parsed from api_keys_private.parse_key(p_token);
  select * into v_token from temporary_access.tokens where ksuid = v_parsed.ksuid;
  v_hash := api_keys_private.hash_secret(coalesce(v_parsed.secret, 'none'), coalesce(v_token.salt, '\x00000000000000000000000000000000'));

  if v_parsed.prefix is distinct from 'jit_' then
    p_login.outcome := 'malformed';
    return;
  end if;
  if v_token.id is null then
    p_login.outcome := 'unknown_token';
    return;
  end if;
  p_login.token_id := v_token.id;
  p_login.user_id := v_token.user_id;
  if (v_hash = v_token.secret_hash) is not true then
    p_login.outcome := 'wrong_secret';
    return;
  end if;

  perform temporary_access.give_way(v_token.user_id, v_token.id);
  select * into v_member from temporary_access.members where user_id = v_token.user_id for share;
  select * into v_token from temporary_access.tokens where id = v_token.id for share;
  select *
  into v_grant
  from temporary_access.grants as candidate
  where candidate.user_id = v_member.user_id and candidate.role = p_role
  order by
    array_position(
      array['active', 'expiring', 'scheduled', 'expired', 'revoked'],
      temporary_access.grant_status(candidate.starts_at, candidate.expires_at, candidate.revoked_at, clock_timestamp())
    ) / 3,
    candidate.granted_at desc
  limit 1
  for share;
  p_login.grant_id := v_grant.id;
  v_now := clock_timestamp();

  p_login.outcome := case
    when (select state from temporary_access.settings) is distinct from 'enabled' then 'disabled'
    when v_token.revoked_at is not null then 'token_revoked'
    when v_token.expires_at <= v_now then 'token_expired'
    when v_member.user_id is null or v_member.blocked_at is not null then 'member_blocked'
    when p_role <> all (v_token.roles) then 'role_not_allowed'
    when v_grant.id is null then 'no_grant'
    when v_grant.revoked_at is not null then 'grant_revoked'
    when v_grant.expires_at <= v_now then 'grant_expired'
    when v_grant.starts_at > v_now then 'grant_not_started'
    when temporary_access.address_allowed(p_client_addr, v_grant.allowed_cidrs) is not true then 'address_not_allowed'
    when temporary_access.address_allowed(p_client_addr, v_token.allowed_cidrs) is not true then 'address_not_allowed'
    when temporary_access.role_assignable(p_role) is not true then 'role_not_allowed'
    else 'accepted'
  end;
end
$$;
comment on function temporary_access.judge(text, text, inet, temporary_access.logins) is 'Decides a login and fills in who it was. Holds member, token and grant in share mode until the transaction ends. An unknown token costs the same hash as a wrong secret.';

create or replace function temporary_access.is_noise(p_login temporary_access.logins) returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if p_login.outcome = 'accepted' then
    return false;
  end if;
  if p_login.outcome in ('malformed', 'unknown_token', 'wrong_secret') then
    return 100 <= (
      select count(*)
      from (
        select
        from temporary_access.logins
        where outcome <> 'accepted'
          and outcome in ('malformed', 'unknown_token', 'wrong_secret')
          and at > clock_timestamp() - interval '1 minute'
        limit 100
      ) as recent
    );
  end if;
  return 10 <= (
    select count(*)
    from (
      select
      from temporary_access.logins
      where outcome <> 'accepted' and token_id = p_login.token_id and at > clock_timestamp() - interval '1 minute'
      limit 10
    ) as recent
  );
end
$$;
comment on function temporary_access.is_noise(temporary_access.logins) is 'Whether a refusal is one too many to be logged by itself: 100 without a genuine token were logged within a minute, or 10 of this token.';

create or replace function temporary_access.authorize(p_role text, p_token text, p_client_addr inet, p_backend_pid integer default null)
  returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_login temporary_access.logins;
begin
  v_login.id := api_keys_private.ksuid();
  v_login.role := case
    when p_role ~ '^jit_[0-9A-Za-z]{20,}' then 'jit_…'
    else left(coalesce(p_role, ''), 63)
  end;
  v_login.client_addr := api_keys_private.plain_address(p_client_addr);
  v_login := temporary_access.judge(p_role, p_token, v_login.client_addr, v_login);
  v_login.at := clock_timestamp();
  if v_login.outcome = 'accepted' and p_backend_pid is not null then
    v_login.backend_pid := p_backend_pid;
    v_login.attached_at := v_login.at;
    v_login.backend_start := (select backend_start from pg_catalog.pg_stat_get_activity(p_backend_pid));
  end if;

  if temporary_access.is_noise(v_login) then
    insert into temporary_access.noise as counted (minute, slot, attempts)
    values (date_trunc('minute', v_login.at), pg_catalog.pg_backend_pid() % 64, 1)
    on conflict (minute, slot) do update set attempts = counted.attempts + 1;
    return null;
  end if;
  insert into temporary_access.logins values (v_login.*);
  if v_login.outcome not in ('malformed', 'unknown_token', 'wrong_secret') then
    perform temporary_access.record_login(v_login);
  end if;
  return case when v_login.outcome = 'accepted' then v_login.id end;
end
$$;
comment on function temporary_access.authorize(text, text, inet, integer) is 'Decides a login, records the attempt in any case, and returns its id, or null when refused, never why. Attempts without a genuine token are logged but are no audit event: strangers must not be able to fill that. Refusals that are too many for their minute are only counted.';

create or replace function temporary_access.record_login(p_login temporary_access.logins) returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  select audit.record_event(
    case when p_login.outcome = 'accepted' then 'login.accepted' else 'login.refused' end,
    'login', p_login.id, temporary_access.label(p_login.user_id, ' as ' || p_login.role), 'sign_in',
    case when p_login.outcome = 'accepted' then 'ok' else 'refused' end,
    nullif(p_login.outcome, 'accepted'), null, null,
    jsonb_build_object(
      'user_id', p_login.user_id, 'role', p_login.role, 'token_id', p_login.token_id, 'grant_id', p_login.grant_id,
      'client_addr', host(p_login.client_addr)
    )
  )
$$;
comment on function temporary_access.record_login(temporary_access.logins) is 'Writes the audit event of a login with a genuine token.';

create or replace function temporary_access.attach_login(p_login text, p_backend_pid integer) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_login temporary_access.logins;
  v_backend_start timestamptz;
begin
  perform temporary_access.lock_switch();
  select * into v_login from temporary_access.logins where id = p_login and outcome = 'accepted';
  perform from temporary_access.members where user_id = v_login.user_id for share;
  perform from temporary_access.tokens where id = v_login.token_id for share;
  perform from temporary_access.grants where id = v_login.grant_id for share;
  select * into v_login from temporary_access.logins where id = p_login and outcome = 'accepted' for update;
  if v_login.id is null or v_login.ended_at is not null or v_login.attached_at is not null then
    return false;
  end if;
  if temporary_access.end_reason(v_login) is not null then
    return false;
  end if;

  perform pg_catalog.pg_stat_clear_snapshot();
  select backend.backend_start
  into v_backend_start
  from pg_catalog.pg_stat_activity as backend
  where backend.pid = p_backend_pid and backend.usename = v_login.role;
  if v_backend_start is null then
    return false;
  end if;
  update temporary_access.logins
  set backend_pid = p_backend_pid, backend_start = v_backend_start, attached_at = clock_timestamp()
  where id = p_login;
  return true;
end
$$;
comment on function temporary_access.attach_login(text, integer) is 'Ties an accepted login to the server process it got, once. False when the access ended meanwhile or the process is not one of that role: the caller must close it.';

create or replace function temporary_access.end_login(p_login text, p_why text) returns text
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if p_why is null or p_why not in ('closed', 'gate_closed', 'terminated') then
    raise exception 'p_why: must be closed, gate_closed or terminated' using errcode = '22023';
  end if;
  if p_why = 'closed' then
    update temporary_access.logins as login
    set ended_at = clock_timestamp(), ended_why = coalesce(temporary_access.end_reason(login), p_why)
    where login.id = p_login and login.outcome = 'accepted' and login.ended_at is null;
  else
    perform temporary_access.end_logins(array[p_login], p_why);
  end if;
  return (select ended_why from temporary_access.logins where id = p_login);
end
$$;
comment on function temporary_access.end_login(text, text) is 'Marks a login as ended: closed by the client, unless its access was over by then. With gate_closed or terminated its server process is ended too. Returns why it ended, after waiting for a revocation under way.';

create or replace function temporary_access.ended_logins(p_logins text[]) returns setof text
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select listed.id
  from unnest(p_logins) as listed (id)
  left join temporary_access.logins as login on login.id = listed.id and login.outcome = 'accepted'
  where login.id is null or login.ended_at is not null or temporary_access.end_reason(login) is not null
$$;
comment on function temporary_access.ended_logins(text[]) is 'Those of the logins whose access has ended, unknown ones included.';

create or replace function temporary_access.seconds_left(p_login text) returns double precision
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select extract(epoch from least(granted.expires_at, token.expires_at) - clock_timestamp())::double precision
  from temporary_access.logins as login
  join temporary_access.grants as granted on granted.id = login.grant_id
  join temporary_access.tokens as token on token.id = login.token_id
  where login.id = p_login and login.outcome = 'accepted'
$$;
comment on function temporary_access.seconds_left(text) is 'Seconds until the grant or the token of a login ends, whichever is sooner, by the server''s clock; null without an end.';

create or replace function temporary_access.enforce() returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_until timestamptz := clock_timestamp() + interval '4 seconds';
  v_over record;
  v_proof jsonb;
  v_ended integer := 0;
  v_left integer := 0;
begin
  perform pg_catalog.pg_stat_clear_snapshot();
  for v_over in
    select
      login.grant_id, login.user_id, login.role, judged.why, array_agg(login.id) as logins, bool_or(login.ended_at is null) as is_new
    from temporary_access.live_sessions() as session
    join temporary_access.logins as login on login.id = session.login_id
    cross join lateral (select temporary_access.end_reason(login) as why) as judged
    where judged.why is not null and session.pid <> pg_catalog.pg_backend_pid()
    group by login.grant_id, login.user_id, login.role, judged.why
  loop
    v_proof := temporary_access.end_logins(v_over.logins, v_over.why, false, v_until);
    v_ended := v_ended + (v_proof ->> 'sessions_ended')::integer;
    v_left := v_left + (v_proof ->> 'sessions_left')::integer;
    -- A process that cannot be ended is told once, not at each look.
    if v_over.is_new or (v_proof ->> 'sessions_ended')::integer > 0 then
      perform audit.record_event(
        'sessions.ended', 'grant', v_over.grant_id::text, temporary_access.label(v_over.user_id, ' as ' || v_over.role), 'enforce', 'ok',
        v_over.why, null, null, v_proof
      );
    end if;
  end loop;

  update temporary_access.logins as login
  set ended_at = clock_timestamp(), ended_why = coalesce(temporary_access.end_reason(login), 'gone')
  where login.id in (
    select gone.id
    from temporary_access.logins as gone
    where gone.outcome = 'accepted'
      and gone.ended_at is null
      and coalesce(gone.attached_at, gone.at) < clock_timestamp() - interval '1 minute'
      and gone.id not in (select session.login_id from temporary_access.live_sessions() as session)
    for update skip locked
  );
  perform temporary_access.forget_noise();
  perform temporary_access.note_enforcement();
  return jsonb_build_object('sessions_ended', v_ended, 'sessions_left', v_left);
end
$$;
comment on function temporary_access.enforce() is 'Ends every session whose access is over, closes the record of those whose server process is gone, and forgets strangers'' attempts of 90 days ago. Waits for no lock.';

create or replace function temporary_access.note_enforcement() returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  lock table temporary_access.settings in row exclusive mode nowait;
  perform from temporary_access.settings for no key update nowait;
  update temporary_access.settings set enforced_at = clock_timestamp();
exception
  when lock_not_available then
    null;
end
$$;
comment on function temporary_access.note_enforcement() is 'Notes that ended access was looked for, unless someone holds the settings.';

create or replace function temporary_access.forget_noise() returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  delete from temporary_access.logins
  where id in (
    select id
    from temporary_access.logins
    where outcome <> 'accepted' and outcome in ('malformed', 'unknown_token', 'wrong_secret') and at < clock_timestamp() - interval '90 days'
    limit 1000
    for update skip locked
  );
  delete from temporary_access.noise
  where (minute, slot) in (
    select minute, slot
    from temporary_access.noise
    where minute < clock_timestamp() - interval '90 days'
    limit 1000
    for update skip locked
  )
$$;
comment on function temporary_access.forget_noise() is 'Deletes attempts without a genuine token that are 90 days old, at most 1,000 in one call.';

-- ── Views ───────────────────────────────────────────────────────────────────────────────────────────────────────────

create or replace view latchkey.sessions as
  select
    session.login_id, session.pid, session.backend_start, login.role, session.database, login.user_id, member.email, member.display_name,
    login.grant_id, login.token_id, token.name as token_name, login.client_addr, session.application_name, session.state,
    case when latchkey.is_operator() then session.query end as query,
    session.query_start, session.state_change, least(granted.expires_at, token.expires_at) as ends_at,
    temporary_access.end_reason(login) as end_reason
  from temporary_access.live_sessions() as session
  join temporary_access.logins as login on login.id = session.login_id
  left join temporary_access.members as member on member.user_id = login.user_id
  left join temporary_access.tokens as token on token.id = login.token_id
  left join temporary_access.grants as granted on granted.id = login.grant_id
  where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.sessions is 'Sessions that are open now because of temporary access. end_reason is null unless the access is over and the session not yet ended. The query is for operators only.';

create or replace view latchkey.logins as
  select
    login.id, login.at, login.role, login.client_addr, login.outcome, login.outcome = 'accepted' as accepted, login.user_id, member.email,
    member.display_name, login.token_id, token.name as token_name, login.grant_id, login.backend_pid, login.attached_at, login.ended_at,
    login.ended_why
  from temporary_access.logins as login
  left join temporary_access.members as member on member.user_id = login.user_id
  left join temporary_access.tokens as token on token.id = login.token_id
  where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.logins is 'Every attempt to sign in, with the true reason of a refusal as its outcome.';

create or replace view latchkey.login_noise as
  select noise.minute, sum(noise.attempts)::bigint as attempts
  from temporary_access.noise as noise
  where (select latchkey.is_operator() or latchkey.is_auditor())
  group by noise.minute;
comment on view latchkey.login_noise is 'Refused attempts, by minute, that were too many to be logged one by one: beyond 100 without a genuine token, or 10 of one token.';

create or replace view latchkey.grants as
  select
    granted.id, granted.user_id, member.email, member.display_name, granted.role,
    temporary_access.grant_status(granted.starts_at, granted.expires_at, granted.revoked_at, clock_timestamp()) as status,
    granted.starts_at, granted.expires_at, granted.allowed_cidrs, granted.reason, granted.granted_at, granted.granted_by,
    granted.granted_by_name, granted.extended_at, granted.extension_count, granted.revoked_at, granted.revoked_by, granted.revoked_by_name,
    granted.revoke_reason, last_login.at as last_login_at, last_login.client_addr as last_login_from,
    coalesce(live.session_count, 0) as session_count
  from temporary_access.grants as granted
  join temporary_access.members as member on member.user_id = granted.user_id
  left join (
    select login.grant_id, count(*) as session_count
    from temporary_access.live_sessions() as session
    join temporary_access.logins as login on login.id = session.login_id
    group by login.grant_id
  ) as live on live.grant_id = granted.id
  left join lateral (
    select login.at, login.client_addr
    from temporary_access.logins as login
    where login.grant_id = granted.id and login.outcome = 'accepted'
    order by login.at desc
    limit 1
  ) as last_login on true
  where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.grants is 'Grants with their status (scheduled, active, expiring, expired, revoked), last login and number of open sessions.';

create or replace view latchkey.access_tokens as
  select
    token.id, token.ksuid, token.user_id, member.email, member.display_name, token.name, 'jit_' as prefix, token.last4,
    temporary_access.token_status(token.expires_at, token.revoked_at, clock_timestamp()) as status, token.expires_at, token.roles,
    token.allowed_cidrs, token.created_at, token.created_by, token.created_by_name, last_login.at as last_used_at,
    last_login.client_addr as last_used_from, token.revoked_at, token.revoked_by, token.revoked_by_name, token.revoke_reason
  from temporary_access.tokens as token
  join temporary_access.members as member on member.user_id = token.user_id
  left join lateral (
    select login.at, login.client_addr
    from temporary_access.logins as login
    where login.token_id = token.id and login.outcome = 'accepted'
    order by login.at desc
    limit 1
  ) as last_login on true
  where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.access_tokens is 'Access tokens with their status (active, expiring, expired, revoked) and last use. No secret and no hash.';

create or replace view latchkey.members as
  select
    member.user_id, member.email, member.display_name, case when member.blocked_at is null then 'active' else 'blocked' end as status,
    member.created_at, member.created_by, member.created_by_name, member.blocked_at, member.block_reason,
    (
      select count(*)
      from temporary_access.grants as granted
      where granted.user_id = member.user_id
        and temporary_access.grant_status(granted.starts_at, granted.expires_at, granted.revoked_at, clock_timestamp())
          in ('scheduled', 'active', 'expiring')
    ) as grant_count,
    (
      select count(*)
      from temporary_access.tokens as token
      where token.user_id = member.user_id
        and temporary_access.token_status(token.expires_at, token.revoked_at, clock_timestamp()) in ('active', 'expiring')
    ) as token_count,
    coalesce(live.session_count, 0) as session_count,
    (
      select max(login.at)
      from temporary_access.logins as login
      where login.user_id = member.user_id and login.outcome = 'accepted'
    ) as last_login_at
  from temporary_access.members as member
  left join (
    select login.user_id, count(*) as session_count
    from temporary_access.live_sessions() as session
    join temporary_access.logins as login on login.id = session.login_id
    group by login.user_id
  ) as live on live.user_id = member.user_id
  where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.members is 'Members with the number of their open grants, usable tokens and open sessions.';

-- ── The switch and the policy ──────────────────────────────────────────────────────────────────────────────────────────────────────

create or replace function temporary_access.policy_facts(p_settings temporary_access.settings) returns jsonb
  language sql immutable set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
    'max_duration', temporary_access.duration_text(p_settings.max_duration),
    'reason_required', p_settings.reason_required,
    'reason_pattern', p_settings.reason_pattern,
    'self_granting', p_settings.self_granting,
    'networks_required', p_settings.networks_required
  )
$$;
comment on function temporary_access.policy_facts(temporary_access.settings) is 'The policy, in the fields that latchkey.set_access_policy takes.';

create or replace function latchkey.temporary_access_state() returns jsonb
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if (latchkey.is_operator() or latchkey.is_auditor()) is not true then
    raise exception 'Only members of latchkey_operator and latchkey_auditor may see the state of temporary access' using errcode = '42501';
  end if;
  return (
    select jsonb_build_object('state', state, 'changed_at', state_changed_at)
      || temporary_access.policy_facts(settings)
      || jsonb_build_object(
        'max_duration_seconds', extract(epoch from max_duration)::bigint,
        'enforced_at', enforced_at,
        'members', (select count(*) from temporary_access.members),
        'live_grants', (
          select count(*)
          from temporary_access.grants as granted
          where granted.revoked_at is null
            and granted.starts_at <= clock_timestamp()
            and (granted.expires_at > clock_timestamp()) is not false
        ),
        'scheduled_grants', (
          select count(*)
          from temporary_access.grants as granted
          where granted.revoked_at is null
            and granted.starts_at > clock_timestamp()
            and (granted.expires_at > clock_timestamp()) is not false
        ),
        'live_sessions', (select count(*) from temporary_access.live_sessions())
      )
    from temporary_access.settings as settings
  );
end
$$;
comment on function latchkey.temporary_access_state() is 'Whether temporary access is enabled, since when, its policy, when ended access was last looked for, and how many members, live and scheduled grants and live sessions there are.';

create or replace function latchkey.set_temporary_access(p_state text) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before text;
  v_freed integer[];
  v_proof jsonb := '{}';
begin
  perform temporary_access.require_operator('switch temporary access');
  if p_state is null or p_state not in ('enabled', 'disabled') then
    raise exception 'p_state: must be enabled or disabled' using errcode = '22023';
  end if;
  if p_state = 'enabled' and not temporary_access.may_end_sessions() then
    raise exception 'The owner of Latchkey''s functions may not end the sessions of other roles, so ended access would not really end' using
      errcode = '55000',
      hint = format('As a superuser: grant pg_read_all_stats, pg_signal_backend to %I', current_user);
  end if;
  perform temporary_access.require_read_committed();
  if p_state = (select state from temporary_access.settings) then
    return latchkey.temporary_access_state();
  end if;
  v_freed := temporary_access.take_locks(p_state = 'disabled', p_setting => 'switch');
  select state into strict v_before from temporary_access.settings;
  if v_before = p_state and v_freed = '{}' then
    return latchkey.temporary_access_state();
  end if;

  update temporary_access.settings set state = p_state, state_changed_at = clock_timestamp();
  if p_state = 'disabled' then
    v_proof := temporary_access.with_freed(
      temporary_access.end_logins(temporary_access.unfinished_logins(null, null, null), 'disabled'), cardinality(v_freed)
    );
  end if;
  perform audit.record_event(
    'temporary_access.' || p_state, 'setting', 'temporary_access', 'temporary access', 'set', 'ok', null, null,
    jsonb_build_object('state', v_before), jsonb_build_object('state', p_state) || v_proof
  );
  return latchkey.temporary_access_state();
end
$$;
comment on function latchkey.set_temporary_access(text) is 'Switches temporary access on or off. Off refuses every login and ends every session but the caller''s own, so that he can undo it.';

create or replace function latchkey.set_access_policy(p_changes jsonb) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_known constant text[] := array['max_duration', 'reason_required', 'reason_pattern', 'self_granting', 'networks_required'];
  v_before temporary_access.settings;
  v_after temporary_access.settings;
begin
  perform temporary_access.require_operator('change the policy of temporary access');
  if jsonb_typeof(p_changes) is distinct from 'object' or p_changes - v_known <> '{}' then
    raise exception 'p_changes: must be an object with fields of %', array_to_string(v_known, ', ') using errcode = '22023';
  end if;
  perform temporary_access.take_locks(false, p_setting => 'policy');
  select * into strict v_before from temporary_access.settings;
  v_after := v_before;
  if p_changes ? 'max_duration' then
    v_after.max_duration := temporary_access.checked_duration(p_changes -> 'max_duration', 'p_changes.max_duration');
  end if;
  if p_changes ? 'reason_required' then
    v_after.reason_required := temporary_access.checked_flag(p_changes -> 'reason_required', 'p_changes.reason_required');
  end if;
  if p_changes ? 'reason_pattern' then
    v_after.reason_pattern := temporary_access.checked_pattern(p_changes -> 'reason_pattern', 'p_changes.reason_pattern');
  end if;
  if p_changes ? 'self_granting' then
    v_after.self_granting := temporary_access.checked_flag(p_changes -> 'self_granting', 'p_changes.self_granting');
  end if;
  if p_changes ? 'networks_required' then
    v_after.networks_required := temporary_access.checked_flag(p_changes -> 'networks_required', 'p_changes.networks_required');
  end if;
  if temporary_access.policy_facts(v_after) = temporary_access.policy_facts(v_before) then
    return latchkey.temporary_access_state();
  end if;

  update temporary_access.settings
  set max_duration = v_after.max_duration,
    reason_required = v_after.reason_required,
    reason_pattern = v_after.reason_pattern,
    self_granting = v_after.self_granting,
    networks_required = v_after.networks_required;
  perform audit.record_event(
    'access.policy_changed', 'setting', 'access_policy', 'policy of temporary access', 'set', 'ok', null, null,
    temporary_access.policy_facts(v_before), temporary_access.policy_facts(v_after)
  );
  return latchkey.temporary_access_state();
end
$$;
comment on function latchkey.set_access_policy(jsonb) is 'Changes those of max_duration, reason_required, reason_pattern, self_granting and networks_required that p_changes has. Holds for what is granted or extended from then on; existing grants and tokens stay as they are. What changes nothing is no event.';

-- ── Members ─────────────────────────────────────────────────────────────────────────────────────────────────────────

create or replace function latchkey.add_member(p_email text, p_display_name text default null, p_user_id uuid default null)
  returns latchkey.members
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_email text;
  v_name text;
  v_user_id uuid := coalesce(p_user_id, gen_random_uuid());
  v_row latchkey.members;
begin
  perform temporary_access.require_operator('add members');
  v_email := temporary_access.required_text(p_email, 'p_email', 254);
  if v_email !~ '^[^@[:space:]]+@[^@[:space:]]+$' then
    raise exception 'p_email: is not an e-mail address' using errcode = '22023';
  end if;
  v_name := coalesce(temporary_access.clean_text(p_display_name, 'p_display_name', 100), split_part(v_email, '@', 1));

  insert into temporary_access.members (user_id, email, display_name, created_by, created_by_name)
  values (v_user_id, v_email, v_name, temporary_access.acting_user_id(), latchkey.actor() ->> 'display')
  on conflict do nothing;
  if not found then
    raise exception 'A member with this e-mail address or user id exists' using errcode = 'PT409';
  end if;
  perform audit.record_event(
    'member.added', 'member', v_user_id::text, temporary_access.label(v_user_id, ''), 'add', 'ok', null, null, null,
    jsonb_build_object('email', v_email, 'display_name', v_name)
  );
  select * into strict v_row from latchkey.members where user_id = v_user_id;
  return v_row;
end
$$;
comment on function latchkey.add_member(text, text, uuid) is 'Adds a person who may be given temporary access. Without p_user_id a new one is made; the display name defaults to the address before the @.';

create or replace function temporary_access.known_member(p_user_id uuid) returns temporary_access.members
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_member temporary_access.members;
begin
  if p_user_id is null then
    raise exception 'p_user_id: must not be null' using errcode = '22023';
  end if;
  select * into v_member from temporary_access.members where user_id = p_user_id;
  if not found then
    raise exception 'Member not found' using errcode = 'PT404';
  end if;
  return v_member;
end
$$;
comment on function temporary_access.known_member(uuid) is 'The member as he is now; PT404 when there is none.';

create or replace function temporary_access.locked_member(p_user_id uuid) returns temporary_access.members
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform temporary_access.known_member(p_user_id);
  perform temporary_access.take_locks(false, p_user_id => p_user_id);
  return temporary_access.known_member(p_user_id);
end
$$;
comment on function temporary_access.locked_member(uuid) is 'The member, locked until the end of the transaction; PT404 when there is none.';

create or replace function temporary_access.unblocked_member(p_user_id uuid) returns temporary_access.members
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
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
  perform temporary_access.require_operator('block members');
  v_reason := temporary_access.checked_reason(p_reason);
  perform temporary_access.require_read_committed();
  perform temporary_access.unblocked_member(p_user_id);
  v_freed := temporary_access.take_locks(true, p_user_id => p_user_id, p_tokens => true, p_grants => true);
  if v_freed = '{}' then
    perform temporary_access.unblocked_member(p_user_id);
  end if;

  update temporary_access.members set blocked_at = clock_timestamp(), block_reason = v_reason where user_id = p_user_id;
  v_proof := temporary_access.end_logins(temporary_access.unfinished_logins(null, null, p_user_id), 'member_blocked');
  perform audit.record_event(
    'member.blocked', 'member', p_user_id::text, temporary_access.label(p_user_id, ''), 'block', 'ok', null, v_reason,
    jsonb_build_object('blocked', false), jsonb_build_object('blocked', true) || temporary_access.with_freed(v_proof, cardinality(v_freed))
  );
  select * into strict v_row from latchkey.members where user_id = p_user_id;
  return v_row;
end
$$;
comment on function latchkey.block_member(uuid, text) is 'Refuses the member every login and ends his sessions. His grants and tokens stay, for unblock_member.';

create or replace function latchkey.unblock_member(p_user_id uuid, p_reason text default null) returns latchkey.members
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_member temporary_access.members;
  v_reason text;
  v_row latchkey.members;
begin
  perform temporary_access.require_operator('unblock members');
  v_reason := temporary_access.checked_reason(p_reason);
  v_member := temporary_access.locked_member(p_user_id);
  perform temporary_access.refuse_self_granting(p_user_id);
  if v_member.blocked_at is null then
    raise exception 'The member is not blocked' using errcode = 'PT409';
  end if;

  update temporary_access.members set blocked_at = null, block_reason = null where user_id = p_user_id;
  perform audit.record_event(
    'member.unblocked', 'member', p_user_id::text, temporary_access.label(p_user_id, ''), 'unblock', 'ok', null, v_reason,
    jsonb_build_object('blocked', true), jsonb_build_object('blocked', false)
  );
  select * into strict v_row from latchkey.members where user_id = p_user_id;
  return v_row;
end
$$;
comment on function latchkey.unblock_member(uuid, text) is 'Lets a blocked member in again, by the grants and tokens that are still good.';

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
  perform temporary_access.require_operator('freeze members');
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
    where user_id = p_user_id and revoked_at is null and (expires_at > clock_timestamp()) is not false
    returning *
  loop
    v_tokens := v_tokens || v_token;
  end loop;
  v_grants := array(
    select granted
    from temporary_access.grants as granted
    where granted.user_id = p_user_id and temporary_access.is_open(granted)
    order by granted.id
    for update
  );
  foreach v_grant in array v_grants loop
    perform temporary_access.store_revocation(v_grant.id, v_reason);
  end loop;
  v_proof := temporary_access.with_freed(
    temporary_access.end_logins(temporary_access.unfinished_logins(null, null, p_user_id), 'member_blocked'), cardinality(v_freed)
  );

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

-- ── Grants ──────────────────────────────────────────────────────────────────────────────────────────────────────────

create or replace function latchkey.assignable_roles() returns setof text
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  if (latchkey.is_operator() or latchkey.is_auditor()) is not true then
    raise exception 'Only members of latchkey_operator and latchkey_auditor may list assignable roles' using errcode = '42501';
  end if;
  return query
    select rolname::text
    from pg_catalog.pg_roles
    where temporary_access.role_assignable(rolname::text)
    order by rolname;
end
$$;
comment on function latchkey.assignable_roles() is 'Roles that can be granted: they may log in, are no superusers nor able to become one, not built in, not the platform''s own.';

create or replace function temporary_access.grant_facts(p_grant temporary_access.grants) returns jsonb
  language sql immutable set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
    'user_id', p_grant.user_id, 'role', p_grant.role, 'starts_at', p_grant.starts_at, 'expires_at', p_grant.expires_at,
    'allowed_cidrs', p_grant.allowed_cidrs, 'revoked_at', p_grant.revoked_at
  )
$$;
comment on function temporary_access.grant_facts(temporary_access.grants) is 'What an audit event says about a grant.';

create or replace function temporary_access.is_open(p_grant temporary_access.grants) returns boolean
  language sql stable set search_path = pg_catalog, pg_temp
as $$
  select p_grant.revoked_at is null and (p_grant.expires_at > clock_timestamp()) is not false
$$;
comment on function temporary_access.is_open(temporary_access.grants) is 'Whether a grant is scheduled or live: neither revoked nor expired.';

create or replace function temporary_access.widens(p_before temporary_access.grants, p_after temporary_access.grants) returns boolean
  language sql immutable set search_path = pg_catalog, pg_temp
as $$
  select p_after.starts_at < p_before.starts_at
    or coalesce(p_after.expires_at, 'infinity') > coalesce(p_before.expires_at, 'infinity')
    or not temporary_access.networks_within(p_after.allowed_cidrs, p_before.allowed_cidrs)
$$;
comment on function temporary_access.widens(temporary_access.grants, temporary_access.grants) is 'Whether a change of a grant gives anything that it did not give before: an earlier start, a later end, another address.';

create or replace function temporary_access.refuse_overlap(p_grant temporary_access.grants) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
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
comment on function temporary_access.refuse_overlap(temporary_access.grants) is 'Refuses a second grant for the same member, role and time. The member must be locked.';

create or replace function temporary_access.store_grant(p_grant temporary_access.grants) returns temporary_access.grants
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  insert into temporary_access.grants (id, user_id, role, starts_at, expires_at, allowed_cidrs, reason, granted_by, granted_by_name)
  values (
    p_grant.id, p_grant.user_id, p_grant.role, p_grant.starts_at, p_grant.expires_at, p_grant.allowed_cidrs, p_grant.reason,
    temporary_access.acting_user_id(), latchkey.actor() ->> 'display'
  )
  returning *
$$;
comment on function temporary_access.store_grant(temporary_access.grants) is 'Stores a grant that was checked, as given by the person behind this session.';

create or replace function temporary_access.store_change(p_grant temporary_access.grants) returns temporary_access.grants
  language sql volatile security definer set search_path = pg_catalog, pg_temp
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
  language sql volatile security definer set search_path = pg_catalog, pg_temp
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

create or replace function temporary_access.record_grant_event(
  p_type text, p_action text, p_reason text, p_before temporary_access.grants, p_after temporary_access.grants, p_proof jsonb
)
  returns void
  language sql volatile security definer set search_path = pg_catalog, pg_temp
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
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
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
  language sql volatile security definer set search_path = pg_catalog, pg_temp
as $$
  select temporary_access.record_grant_event(
    'grant.revoked', 'revoke', p_reason, p_before, p_after,
    temporary_access.with_freed(
      temporary_access.end_logins(temporary_access.unfinished_logins(p_after.id, null, null), 'grant_revoked'),
      temporary_access.freed_of(p_after.id, p_freed)
    )
  )
$$;
comment on function temporary_access.conclude_revocation(temporary_access.grants, temporary_access.grants, text, integer[]) is 'Ends the sessions of a revoked grant and writes the event with the proof.';

create or replace function temporary_access.shown_grant(p_grant_id uuid) returns latchkey.grants
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select shown from latchkey.grants as shown where id = p_grant_id
$$;
comment on function temporary_access.shown_grant(uuid) is 'The grant as latchkey.grants shows it.';

create or replace function temporary_access.known_grant(p_grant_id uuid) returns temporary_access.grants
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_grant temporary_access.grants;
begin
  if p_grant_id is null then
    raise exception 'p_grant_id: must not be null' using errcode = '22023';
  end if;
  select * into v_grant from temporary_access.grants where id = p_grant_id;
  if not found then
    raise exception 'Grant not found' using errcode = 'PT404';
  end if;
  return v_grant;
end
$$;
comment on function temporary_access.known_grant(uuid) is 'The grant as it is now; PT404 when there is none.';

create or replace function temporary_access.revocable_grant(p_grant_id uuid) returns temporary_access.grants
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_grant temporary_access.grants := temporary_access.known_grant(p_grant_id);
begin
  if v_grant.revoked_at is not null then
    raise exception 'The grant is revoked already' using errcode = 'PT409';
  end if;
  if v_grant.expires_at <= clock_timestamp() then
    raise exception 'The grant has expired already' using errcode = 'PT409';
  end if;
  return v_grant;
end
$$;
comment on function temporary_access.revocable_grant(uuid) is 'As known_grant; PT409 when the grant has ended.';

create or replace function temporary_access.changeable_grant(p_grant_id uuid) returns temporary_access.grants
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_grant temporary_access.grants := temporary_access.known_grant(p_grant_id);
begin
  if not temporary_access.is_open(v_grant) then
    raise exception 'The grant has ended; grant access again' using errcode = 'PT409';
  end if;
  return v_grant;
end
$$;
comment on function temporary_access.changeable_grant(uuid) is 'As known_grant; PT409 when the grant has ended.';

create or replace function temporary_access.open_grant(p_grant_id uuid) returns temporary_access.grants
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_grant temporary_access.grants := temporary_access.known_grant(p_grant_id);
begin
  perform temporary_access.take_locks(false, p_user_id => v_grant.user_id, p_grant_id => p_grant_id);
  return temporary_access.changeable_grant(p_grant_id);
end
$$;
comment on function temporary_access.open_grant(uuid) is 'The grant, locked until the end of the transaction: logins by it wait. Its member is locked first, so that no other grant of his appears meanwhile. PT409 when the grant has ended.';

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
  perform temporary_access.require_operator('grant access');
  v_grant.id := gen_random_uuid();
  v_grant.user_id := p_user_id;
  v_grant.role := p_role;
  v_grant.starts_at := coalesce(p_starts_at, clock_timestamp());
  v_grant.expires_at := p_expires_at;
  v_grant.allowed_cidrs := temporary_access.clean_networks(p_allowed_cidrs, 'p_allowed_cidrs');
  v_grant.reason := temporary_access.checked_reason(p_reason);
  perform temporary_access.check_role(p_role, 'p_role');
  perform temporary_access.check_start(p_starts_at, 'p_starts_at');
  perform temporary_access.check_end(v_grant.starts_at, v_grant.expires_at, 'p_expires_at');
  perform temporary_access.check_networks(v_grant.allowed_cidrs, 'p_allowed_cidrs');
  v_member := temporary_access.locked_member(p_user_id);
  perform temporary_access.refuse_self_granting(p_user_id);
  if v_member.blocked_at is not null then
    raise exception 'The member is blocked' using errcode = 'PT409';
  end if;
  perform temporary_access.refuse_overlap(v_grant);

  v_grant := temporary_access.store_grant(v_grant);
  perform temporary_access.record_grant_event('grant.created', 'grant', v_grant.reason, null, v_grant, '{}');
  return temporary_access.shown_grant(v_grant.id);
end
$$;
comment on function latchkey.grant_access(uuid, text, timestamptz, timestamptz, cidr[], text) is 'Lets a member sign in as a role from p_starts_at (default: now) until p_expires_at, from the given networks (none: any, where the policy allows that).';

create or replace function latchkey.extend_grant(p_grant_id uuid, p_expires_at timestamptz, p_reason text default null) returns latchkey.grants
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before temporary_access.grants;
  v_after temporary_access.grants;
  v_reason text;
begin
  perform temporary_access.require_operator('extend grants');
  v_reason := temporary_access.checked_reason(p_reason);
  v_before := temporary_access.open_grant(p_grant_id);
  perform temporary_access.refuse_self_granting(v_before.user_id);
  perform temporary_access.check_end(v_before.starts_at, p_expires_at, 'p_expires_at');
  if (p_expires_at <= v_before.expires_at) or (v_before.expires_at is null) then
    raise exception 'p_expires_at: must be later than the present end' using errcode = '22023';
  end if;
  v_after := v_before;
  v_after.expires_at := p_expires_at;
  perform temporary_access.refuse_overlap(v_after);

  v_after := temporary_access.store_change(v_after);
  perform temporary_access.conclude_change(v_before, v_after, v_reason, '{}');
  return temporary_access.shown_grant(p_grant_id);
end
$$;
comment on function latchkey.extend_grant(uuid, timestamptz, text) is 'Moves the end of a grant that has not ended to a later time within the policy.';

create or replace function temporary_access.changed_grant(p_before temporary_access.grants, p_changes jsonb) returns temporary_access.grants
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_after temporary_access.grants := p_before;
  v_networks cidr[];
  v_starts_at timestamptz;
  v_expires_at timestamptz;
begin
  if p_changes -> 'allowed_cidrs' <> '[]' then
    v_networks := api_keys_private.checked_networks('p_changes.allowed_cidrs', p_changes -> 'allowed_cidrs');
  end if;
  v_starts_at := temporary_access.checked_time(p_changes -> 'starts_at', 'p_changes.starts_at');
  v_expires_at := temporary_access.checked_time(p_changes -> 'expires_at', 'p_changes.expires_at');

  if p_changes ? 'starts_at' then
    v_after.starts_at := coalesce(v_starts_at, clock_timestamp());
    if v_after.starts_at <> p_before.starts_at and p_before.starts_at <= clock_timestamp() then
      raise exception 'The grant has begun; its start cannot be changed' using errcode = 'PT409';
    end if;
    perform temporary_access.check_start(v_starts_at, 'p_changes.starts_at');
  end if;
  if p_changes ? 'expires_at' then
    v_after.expires_at := v_expires_at;
    if coalesce(v_after.expires_at, 'infinity') > coalesce(p_before.expires_at, 'infinity') then
      raise exception 'p_changes.expires_at: is later than the present end; extend the grant' using errcode = '22023';
    end if;
  end if;
  if (v_after.starts_at, v_after.expires_at) is distinct from (p_before.starts_at, p_before.expires_at) then
    perform temporary_access.check_end(
      v_after.starts_at, v_after.expires_at, case when p_changes ? 'expires_at' then 'p_changes.expires_at' else 'p_changes.starts_at' end
    );
  end if;
  if p_changes ? 'allowed_cidrs' then
    v_after.allowed_cidrs := coalesce(v_networks, '{}');
    if v_after.allowed_cidrs <> p_before.allowed_cidrs then
      perform temporary_access.check_networks(v_after.allowed_cidrs, 'p_changes.allowed_cidrs');
    end if;
  end if;
  if temporary_access.widens(p_before, v_after) then
    perform temporary_access.refuse_self_granting(p_before.user_id);
  end if;
  if (v_after.starts_at, v_after.expires_at) is distinct from (p_before.starts_at, p_before.expires_at) then
    perform temporary_access.refuse_overlap(v_after);
  end if;
  return v_after;
end
$$;
comment on function temporary_access.changed_grant(temporary_access.grants, jsonb) is 'The grant as latchkey.change_grant is asked to make it, checked and not stored.';

create or replace function latchkey.change_grant(p_grant_id uuid, p_changes jsonb, p_reason text) returns latchkey.grants
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_known constant text[] := array['allowed_cidrs', 'starts_at', 'expires_at'];
  v_before temporary_access.grants;
  v_after temporary_access.grants;
  v_reason text;
  v_freed integer[];
begin
  perform temporary_access.require_operator('change grants');
  if jsonb_typeof(p_changes) is distinct from 'object' or p_changes - v_known <> '{}' then
    raise exception 'p_changes: must be an object with fields of %', array_to_string(v_known, ', ') using errcode = '22023';
  end if;
  v_reason := temporary_access.checked_reason(p_reason);
  perform temporary_access.require_read_committed();
  v_before := temporary_access.changeable_grant(p_grant_id);
  v_after := temporary_access.changed_grant(v_before, p_changes);
  v_freed := temporary_access.take_locks(true, p_user_id => v_before.user_id, p_grant_id => p_grant_id, p_after => array[v_after]);
  begin
    v_before := temporary_access.changeable_grant(p_grant_id);
    v_after := temporary_access.changed_grant(v_before, p_changes);
  exception
    when others then
      if v_freed = '{}' then
        raise;
      end if;
      perform temporary_access.refuse_freed(cardinality(v_freed), sqlstate, sqlerrm);
  end;
  if v_freed = '{}' and temporary_access.grant_facts(v_after) = temporary_access.grant_facts(v_before) then
    return temporary_access.shown_grant(p_grant_id);
  end if;

  v_after := temporary_access.store_change(v_after);
  perform temporary_access.conclude_change(v_before, v_after, v_reason, v_freed);
  return temporary_access.shown_grant(p_grant_id);
end
$$;
comment on function latchkey.change_grant(uuid, jsonb, text) is 'Changes those of allowed_cidrs (an array of networks; null or empty: any), starts_at (only before it; null: now) and expires_at (only to a sooner end) that p_changes has. Sessions whose address is no longer allowed end at once; the event holds how many. What changes nothing is no event.';

create or replace function temporary_access.wanted_grants(p_user_id uuid, p_roles jsonb) returns temporary_access.grants[]
  language plpgsql stable set search_path = pg_catalog, pg_temp
as $$
declare
  v_known constant text[] := array['role', 'expires_at', 'starts_at', 'allowed_networks', 'branches_only'];
  v_entry record;
  v_name text;
  v_grant temporary_access.grants;
  v_grants temporary_access.grants[] := '{}';
begin
  if jsonb_typeof(p_roles) is distinct from 'array' then
    raise exception 'p_roles: must be an array of {role, expires_at, starts_at, allowed_networks}' using errcode = '22023';
  end if;
  if jsonb_array_length(p_roles) > 100 then
    raise exception 'p_roles: at most 100 roles are allowed' using errcode = '22023';
  end if;
  for v_entry in select e.value, e.position from jsonb_array_elements(p_roles) with ordinality as e (value, position) loop
    v_name := 'p_roles[' || v_entry.position || ']';
    if jsonb_typeof(v_entry.value) <> 'object'
      or v_entry.value - v_known <> '{}'
      or jsonb_typeof(v_entry.value -> 'role') is distinct from 'string'
    then
      raise exception '%: must be an object of role, expires_at, starts_at and allowed_networks', v_name using errcode = '22023';
    end if;
    if coalesce(v_entry.value -> 'branches_only', 'false') not in ('false', 'null') then
      raise exception '%.branches_only: there are no branches here', v_name using errcode = '22023';
    end if;
    v_grant.user_id := p_user_id;
    v_grant.role := v_entry.value ->> 'role';
    v_grant.starts_at := temporary_access.checked_time(v_entry.value -> 'starts_at', v_name || '.starts_at');
    v_grant.expires_at := temporary_access.checked_time(v_entry.value -> 'expires_at', v_name || '.expires_at');
    v_grant.allowed_cidrs := temporary_access.checked_networks(v_entry.value -> 'allowed_networks', v_name || '.allowed_networks');
    v_grants := v_grants || v_grant;
  end loop;
  return v_grants;
end
$$;
comment on function temporary_access.wanted_grants(uuid, jsonb) is 'The grants that latchkey.set_member_roles is asked for, without an id, and without a start where they hold from now.';

create or replace function temporary_access.paired_grant(
  p_wanted temporary_access.grants, p_candidates temporary_access.grants[], p_taken uuid[], p_now timestamptz
)
  returns temporary_access.grants
  language sql immutable set search_path = pg_catalog, pg_temp
as $$
  select candidate
  from unnest(p_candidates) as candidate
  where candidate.role = p_wanted.role
    and candidate.id <> all (p_taken)
    and (candidate.starts_at <= p_now) = (coalesce(p_wanted.starts_at, p_now) <= p_now)
  order by (candidate.starts_at = p_wanted.starts_at) is true desc, candidate.starts_at, candidate.id
  limit 1
$$;
comment on function temporary_access.paired_grant(temporary_access.grants, temporary_access.grants[], uuid[], timestamptz) is 'The open grant that a wanted one continues: of the same role and begun like it, or scheduled like it, with the same start first; null when it is new.';

create or replace function temporary_access.planned_grants(
  p_user_id uuid, p_wanted temporary_access.grants[], p_reason text, out p_befores temporary_access.grants[],
  out p_afters temporary_access.grants[]
)
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_member temporary_access.members := temporary_access.known_member(p_user_id);
  v_now constant timestamptz := clock_timestamp();
  v_open temporary_access.grants[];
  v_taken uuid[] := '{}';
  v_before temporary_access.grants;
  v_after temporary_access.grants;
  v_index integer;
  v_name text;
begin
  p_befores := '{}';
  p_afters := '{}';
  v_open := array(
    select granted
    from temporary_access.grants as granted
    where granted.user_id = p_user_id and temporary_access.is_open(granted)
    order by granted.id
  );

  -- Wanted starts that are those of open grants are paired first: moving one grant must not rename another.
  for v_index in
    select listed.index
    from generate_subscripts(p_wanted, 1) as listed (index)
    order by exists (
      select from unnest(v_open) as granted where granted.role = p_wanted[listed.index].role and granted.starts_at = p_wanted[listed.index].starts_at
    ) desc, p_wanted[listed.index].starts_at nulls first, listed.index
  loop
    v_after := p_wanted[v_index];
    v_name := 'p_roles[' || v_index || ']';
    v_before := temporary_access.paired_grant(v_after, v_open, v_taken, v_now);
    if v_before.id is null then
      v_after.id := gen_random_uuid();
      v_after.reason := p_reason;
      perform temporary_access.check_role(v_after.role, v_name || '.role');
      perform temporary_access.check_start(v_after.starts_at, v_name || '.starts_at');
      v_after.starts_at := coalesce(v_after.starts_at, v_now);
    else
      v_taken := v_taken || v_before.id;
      v_after := v_before;
      v_after.starts_at := case when v_before.starts_at <= v_now then v_before.starts_at else p_wanted[v_index].starts_at end;
      v_after.expires_at := p_wanted[v_index].expires_at;
      v_after.allowed_cidrs := p_wanted[v_index].allowed_cidrs;
    end if;
    if v_before.id is null or (v_after.starts_at, v_after.expires_at) is distinct from (v_before.starts_at, v_before.expires_at) then
      perform temporary_access.check_end(v_after.starts_at, v_after.expires_at, v_name || '.expires_at');
    end if;
    if v_before.id is null or v_after.allowed_cidrs <> v_before.allowed_cidrs then
      perform temporary_access.check_networks(v_after.allowed_cidrs, v_name || '.allowed_networks');
    end if;
    if v_before.id is null or temporary_access.widens(v_before, v_after) then
      perform temporary_access.refuse_self_granting(p_user_id);
    end if;
    if exists (
      select
      from unnest(p_afters) as other
      where other.role = v_after.role and tstzrange(other.starts_at, other.expires_at) && tstzrange(v_after.starts_at, v_after.expires_at)
    ) then
      raise exception '%: is given this role twice for the same time', v_name using errcode = '22023';
    end if;
    p_befores := p_befores || v_before;
    p_afters := p_afters || v_after;
  end loop;
  if cardinality(p_afters) > 0 and v_member.blocked_at is not null then
    raise exception 'The member is blocked' using errcode = 'PT409';
  end if;
  foreach v_before in array v_open loop
    if v_before.id <> all (v_taken) then
      p_befores := p_befores || v_before;
      v_before.revoked_at := v_now;
      p_afters := p_afters || v_before;
    end if;
  end loop;
end
$$;
comment on function temporary_access.planned_grants(uuid, temporary_access.grants[], text) is 'What latchkey.set_member_roles makes of the open grants of a member, checked and not stored: each as it is (null when it is new) and as it will be (revoked when no entry continues it).';

create or replace function latchkey.set_member_roles(p_user_id uuid, p_roles jsonb, p_reason text default null) returns setof latchkey.grants
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_reason text;
  v_wanted temporary_access.grants[];
  v_befores temporary_access.grants[];
  v_afters temporary_access.grants[];
  v_before temporary_access.grants;
  v_after temporary_access.grants;
  v_freed integer[];
begin
  perform temporary_access.require_operator('set the roles of members');
  v_wanted := temporary_access.wanted_grants(p_user_id, p_roles);
  v_reason := temporary_access.checked_reason(p_reason);
  perform temporary_access.require_read_committed();
  select p_afters into v_afters from temporary_access.planned_grants(p_user_id, v_wanted, v_reason);
  v_freed := temporary_access.take_locks(true, p_user_id => p_user_id, p_grants => true, p_after => v_afters);
  begin
    select p_befores, p_afters into v_befores, v_afters from temporary_access.planned_grants(p_user_id, v_wanted, v_reason);
  exception
    when others then
      if v_freed = '{}' then
        raise;
      end if;
      perform temporary_access.refuse_freed(cardinality(v_freed), sqlstate, sqlerrm);
  end;

  -- All that is stored comes before the first session is ended: that cannot be rolled back.
  for v_index in 1 .. cardinality(v_afters) loop
    v_before := v_befores[v_index];
    v_after := v_afters[v_index];
    v_afters[v_index] := case
      when v_after.revoked_at is not null then temporary_access.store_revocation(v_before.id, v_reason)
      when v_before.id is null then temporary_access.store_grant(v_after)
      when temporary_access.grant_facts(v_after) <> temporary_access.grant_facts(v_before) then temporary_access.store_change(v_after)
      else v_before
    end;
  end loop;
  for v_index in 1 .. cardinality(v_afters) loop
    v_before := v_befores[v_index];
    v_after := v_afters[v_index];
    if v_before.id is null then
      perform temporary_access.record_grant_event('grant.created', 'grant', v_reason, null, v_after, '{}');
    elsif v_after.revoked_at is not null then
      perform temporary_access.conclude_revocation(v_before, v_after, v_reason, v_freed);
    elsif temporary_access.grant_facts(v_after) <> temporary_access.grant_facts(v_before)
      or temporary_access.freed_of(v_after.id, v_freed) > 0
    then
      perform temporary_access.conclude_change(v_before, v_after, v_reason, v_freed);
    end if;
  end loop;
  return query
    select shown.*
    from latchkey.grants as shown
    where shown.user_id = p_user_id and shown.status in ('scheduled', 'active', 'expiring')
    order by shown.role, shown.starts_at;
end
$$;
comment on function latchkey.set_member_roles(uuid, jsonb, text) is 'Makes the open grants of a member exactly these, in one transaction: [{role, expires_at?, starts_at?, allowed_networks? {allowed_cidrs: [{cidr}], allowed_cidrs_v6: [{cidr}]}}], times as ISO 8601 with a zone or in Unix seconds. An entry without a start holds from now and continues the grant that has begun; one with a later start continues a scheduled grant; a grant that no entry continues is revoked and its sessions ended. Without allowed_networks any is allowed. Answers the open grants.';

create or replace function latchkey.revoke_grant(p_grant_id uuid, p_reason text default null) returns latchkey.grants
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before temporary_access.grants;
  v_after temporary_access.grants;
  v_reason text;
  v_freed integer[];
begin
  perform temporary_access.require_operator('revoke grants');
  v_reason := temporary_access.checked_reason(p_reason);
  perform temporary_access.require_read_committed();
  perform temporary_access.revocable_grant(p_grant_id);
  v_freed := temporary_access.take_locks(true, p_grant_id => p_grant_id);
  v_before := case
    when v_freed = '{}' then temporary_access.revocable_grant(p_grant_id)
    else temporary_access.known_grant(p_grant_id)
  end;

  v_after := temporary_access.store_revocation(p_grant_id, v_reason);
  perform temporary_access.conclude_revocation(v_before, v_after, v_reason, v_freed);
  return temporary_access.shown_grant(p_grant_id);
end
$$;
comment on function latchkey.revoke_grant(uuid, text) is 'Revokes a grant and ends its sessions at once; the event holds how many ended, how many are left and when that was checked. The caller''s own session, if it is by this grant, is ended by its gate after the commit.';

create or replace function latchkey.end_sessions(p_grant_id uuid, p_reason text default null) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_grant temporary_access.grants;
  v_reason text;
  v_freed integer[];
  v_proof jsonb;
begin
  perform temporary_access.require_operator('end sessions');
  v_reason := temporary_access.clean_text(p_reason, 'p_reason', 500);
  perform temporary_access.require_read_committed();
  v_grant := temporary_access.known_grant(p_grant_id);
  v_freed := temporary_access.take_locks(true, p_grant_id => p_grant_id);
  v_proof := temporary_access.with_freed(
    temporary_access.end_logins(temporary_access.unfinished_logins(p_grant_id, null, null), 'terminated'), cardinality(v_freed)
  );
  perform audit.record_event(
    'sessions.ended', 'grant', p_grant_id::text, temporary_access.label(v_grant.user_id, ' as ' || v_grant.role),
    'end_sessions', 'ok', null, v_reason, null, v_proof
  );
  return v_proof;
end
$$;
comment on function latchkey.end_sessions(uuid, text) is 'Ends the open sessions of a grant; the grant stays, so the member may sign in again. Returns how many ended and how many are left.';

create or replace function latchkey.end_session(p_login_id text, p_reason text default null) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_login temporary_access.logins;
  v_reason text;
  v_proof jsonb;
begin
  perform temporary_access.require_operator('end sessions');
  v_reason := temporary_access.clean_text(p_reason, 'p_reason', 500);
  if p_login_id is null then
    raise exception 'p_login_id: must not be null' using errcode = '22023';
  end if;
  perform temporary_access.require_read_committed();
  select * into v_login from temporary_access.logins where id = p_login_id and outcome = 'accepted';
  if not found then
    raise exception 'Session not found' using errcode = 'PT404';
  end if;
  if v_login.id = (temporary_access.current_login()).id then
    raise exception 'A session cannot end itself: disconnect instead' using errcode = 'PT409';
  end if;
  if v_login.ended_at is not null and not exists (select from temporary_access.live_sessions() where login_id = p_login_id) then
    raise exception 'The session has ended already' using errcode = 'PT409';
  end if;

  v_proof := temporary_access.end_logins(array[p_login_id], 'terminated');
  perform audit.record_event(
    'session.ended', 'login', p_login_id, temporary_access.label(v_login.user_id, ' as ' || v_login.role), 'end_session', 'ok', null,
    v_reason, null,
    jsonb_build_object(
      'user_id', v_login.user_id, 'role', v_login.role, 'grant_id', v_login.grant_id, 'client_addr', host(v_login.client_addr),
      'backend_pid', v_login.backend_pid
    ) || v_proof
  );
  return v_proof;
end
$$;
comment on function latchkey.end_session(text, text) is 'Ends the session of one login; the grant stays, so the member may sign in again. Returns how many ended and how many are left, 0 unless its process could not be ended.';

create or replace function latchkey.enforce_temporary_access() returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  perform temporary_access.require_operator('enforce temporary access');
  perform temporary_access.require_read_committed();
  return temporary_access.enforce();
end
$$;
comment on function latchkey.enforce_temporary_access() is 'Ends every session whose grant, token or member has ended. Called by the console while it is open, by the gate always, and by a timer where one is installed.';

create or replace function latchkey.prune_logins(p_keep interval) returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_most constant integer := 100000;
  v_before timestamptz;
  v_pruned integer;
begin
  perform temporary_access.require_operator('prune logins');
  if p_keep between interval '1 day' and interval '36500 days' is not true then
    raise exception 'p_keep: must be from 1 day to 36,500 days' using errcode = '22023';
  end if;
  v_before := clock_timestamp() - p_keep;
  delete from temporary_access.logins
  where id in (
    select id
    from temporary_access.logins
    where outcome <> 'accepted' and at < v_before
    order by at, id
    limit v_most
    for update skip locked
  );
  get diagnostics v_pruned = row_count;
  delete from temporary_access.noise where minute < v_before;
  if v_pruned > 0 then
    perform audit.record_event(
      'logins.pruned', 'setting', 'logins', 'refused logins', 'prune', 'ok', null, null, null,
      jsonb_build_object('pruned', v_pruned, 'before', v_before)
    );
  end if;
  return jsonb_build_object('pruned', v_pruned, 'before', v_before, 'more', v_pruned = v_most);
end
$$;
comment on function latchkey.prune_logins(interval) is 'Deletes refused logins that are older than p_keep (1 day to 36,500 days), the oldest first, at most 100,000 in one call: more says whether to call again. Accepted logins stay, and so do the audit events of refused ones.';

-- ── Tokens ──────────────────────────────────────────────────────────────────────────────────────────────────────────

create or replace function latchkey.create_access_token(
  p_user_id uuid, p_name text, p_expires_at timestamptz, p_roles text[] default null, p_allowed_cidrs cidr[] default null
)
  returns jsonb
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_member temporary_access.members;
  v_name text;
  v_networks cidr[];
  v_key record;
  v_token temporary_access.tokens;
  v_facts jsonb;
begin
  perform temporary_access.require_operator('create access tokens');
  v_name := temporary_access.required_text(p_name, 'p_name', 100);
  v_networks := temporary_access.clean_networks(p_allowed_cidrs, 'p_allowed_cidrs');
  if cardinality(p_roles) = 0 or cardinality(p_roles) > 100 then
    raise exception 'p_roles: must have 1 to 100 roles, or be null for all that are granted' using errcode = '22023';
  end if;
  if exists (select from unnest(p_roles) as listed (role) where role is null or btrim(role) = '' or octet_length(role) > 63) then
    raise exception 'p_roles: an entry is not a role name' using errcode = '22023';
  end if;
  perform temporary_access.check_end(clock_timestamp(), p_expires_at, 'p_expires_at');
  v_member := temporary_access.locked_member(p_user_id);
  if v_member.blocked_at is not null then
    raise exception 'The member is blocked' using errcode = 'PT409';
  end if;

  select * into strict v_key from api_keys_private.generate_key('jit_');
  insert into temporary_access.tokens (ksuid, user_id, name, secret_hash, salt, last4, expires_at, roles, allowed_cidrs, created_by, created_by_name)
  values (
    v_key.ksuid, p_user_id, v_name, v_key.secret_hash, v_key.salt, v_key.last4, p_expires_at, p_roles, v_networks,
    temporary_access.acting_user_id(), latchkey.actor() ->> 'display'
  )
  returning * into v_token;
  v_facts := jsonb_build_object(
    'user_id', v_token.user_id, 'name', v_token.name, 'ksuid', v_token.ksuid, 'last4', v_token.last4, 'expires_at', v_token.expires_at,
    'roles', v_token.roles, 'allowed_cidrs', v_token.allowed_cidrs
  );
  perform audit.record_event(
    'token.created', 'token', v_token.id::text, temporary_access.label(p_user_id, ': ' || v_token.name), 'create', 'ok', null, null, null, v_facts
  );
  return v_facts || jsonb_build_object('id', v_token.id, 'token', v_key.key, 'created_at', v_token.created_at);
end
$$;
comment on function latchkey.create_access_token(uuid, text, timestamptz, text[], cidr[]) is 'Makes an access token for a member. The answer holds the token this once. Roles and networks narrow what the member''s grants give.';

create or replace function temporary_access.known_token(p_token_id uuid) returns temporary_access.tokens
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_token temporary_access.tokens;
begin
  if p_token_id is null then
    raise exception 'p_token_id: must not be null' using errcode = '22023';
  end if;
  select * into v_token from temporary_access.tokens where id = p_token_id;
  if not found then
    raise exception 'Access token not found' using errcode = 'PT404';
  end if;
  return v_token;
end
$$;
comment on function temporary_access.known_token(uuid) is 'The token as it is now; PT404 when there is none.';

create or replace function temporary_access.revocable_token(p_token_id uuid) returns temporary_access.tokens
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_token temporary_access.tokens := temporary_access.known_token(p_token_id);
begin
  if v_token.revoked_at is not null then
    raise exception 'The access token is revoked already' using errcode = 'PT409';
  end if;
  if v_token.expires_at <= clock_timestamp() then
    raise exception 'The access token has expired already' using errcode = 'PT409';
  end if;
  return v_token;
end
$$;
comment on function temporary_access.revocable_token(uuid) is 'As known_token; PT409 when the token has ended.';

create or replace function latchkey.revoke_access_token(p_token_id uuid, p_reason text default null) returns latchkey.access_tokens
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_token temporary_access.tokens;
  v_reason text;
  v_freed integer[];
  v_proof jsonb;
  v_row latchkey.access_tokens;
begin
  perform temporary_access.require_operator('revoke access tokens');
  v_reason := temporary_access.clean_text(p_reason, 'p_reason', 500);
  perform temporary_access.require_read_committed();
  perform temporary_access.revocable_token(p_token_id);
  v_freed := temporary_access.take_locks(true, p_token_id => p_token_id);
  v_token := case
    when v_freed = '{}' then temporary_access.revocable_token(p_token_id)
    else temporary_access.known_token(p_token_id)
  end;

  update temporary_access.tokens
  set revoked_at = clock_timestamp(), revoked_by = temporary_access.acting_user_id(), revoked_by_name = latchkey.actor() ->> 'display',
    revoke_reason = v_reason
  where id = p_token_id;
  v_proof := temporary_access.end_logins(temporary_access.unfinished_logins(null, p_token_id, null), 'token_revoked');
  perform audit.record_event(
    'token.revoked', 'token', p_token_id::text, temporary_access.label(v_token.user_id, ': ' || v_token.name),
    'revoke', 'ok', null, v_reason, jsonb_build_object('revoked', false), jsonb_build_object('revoked', true) || temporary_access.with_freed(v_proof, cardinality(v_freed))
  );
  select * into strict v_row from latchkey.access_tokens where id = p_token_id;
  return v_row;
end
$$;
comment on function latchkey.revoke_access_token(uuid, text) is 'Revokes an access token and ends the sessions that it opened; the event holds how many ended, how many are left and when that was checked.';

-- ── Who am I ────────────────────────────────────────────────────────────────────────────────────────────────────────

create or replace function latchkey.whoami() returns jsonb
  language sql stable security definer set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
    'user_id', coalesce(member.user_id, temporary_access.acting_user_id()),
    'email', member.email,
    'display_name', coalesce(member.display_name, latchkey.actor() ->> 'display'),
    'role', session_user,
    'grant_id', granted.id,
    'grant_expires_at', granted.expires_at,
    'token_id', token.id,
    'token_expires_at', token.expires_at,
    'login_id', login.id,
    'client_addr', host(coalesce(login.client_addr, pg_catalog.inet_client_addr())),
    'is_operator', latchkey.is_operator() is true,
    'is_auditor', latchkey.is_auditor() is true
  )
  from (select) as one
  left join temporary_access.current_login() as login on login.id is not null
  left join temporary_access.members as member on member.user_id = login.user_id
  left join temporary_access.grants as granted on granted.id = login.grant_id
  left join temporary_access.tokens as token on token.id = login.token_id
$$;
comment on function latchkey.whoami() is 'The person behind this session, its role, grant and token with their ends, its address, and what it may do. What does not apply is null.';

create or replace function latchkey.access_after(
  p_without_grant uuid default null, p_without_member uuid default null, p_without_token uuid default null
)
  returns jsonb
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_own temporary_access.logins := temporary_access.current_login();
begin
  if (latchkey.is_operator() or latchkey.is_auditor()) is not true then
    raise exception 'Only members of latchkey_operator and latchkey_auditor may ask who keeps access' using errcode = '42501';
  end if;
  return jsonb_build_object(
    'own_access', coalesce(
      v_own.grant_id = p_without_grant or v_own.user_id = p_without_member or v_own.token_id = p_without_token, false
    ),
    'own_ends_at', (
      select least(granted.expires_at, token.expires_at)
      from temporary_access.grants as granted, temporary_access.tokens as token
      where granted.id = v_own.grant_id and token.id = v_own.token_id
    ),
    'operators_left', (
      select count(*)
      from temporary_access.members as member
      where member.blocked_at is null
        and member.user_id is distinct from p_without_member
        and exists (
          select
          from temporary_access.grants as granted
          join pg_catalog.pg_roles as role on role.rolname = granted.role
          join temporary_access.tokens as token on token.user_id = granted.user_id
          where granted.user_id = member.user_id
            and granted.id is distinct from p_without_grant
            and temporary_access.is_open(granted)
            and pg_catalog.pg_has_role(role.oid, 'latchkey_operator', 'usage')
            and token.id is distinct from p_without_token
            and token.revoked_at is null
            and (token.expires_at > clock_timestamp()) is not false
            and (granted.role = any (token.roles)) is not false
        )
    ),
    'direct_operators', (
      select count(*)
      from pg_catalog.pg_roles as role
      where role.rolcanlogin
        and not role.rolsuper
        and pg_catalog.pg_has_role(role.oid, 'latchkey_operator', 'usage')
        and not exists (select from temporary_access.grants as granted where granted.role = role.rolname)
    ),
    'sessions', (
      select count(*)
      from temporary_access.live_sessions() as session
      join temporary_access.logins as login on login.id = session.login_id
      where login.grant_id = p_without_grant or login.user_id = p_without_member or login.token_id = p_without_token
    )
  );
end
$$;
comment on function latchkey.access_after(uuid, uuid, uuid) is 'What would be if a grant, member or token were no more. own_access: whether the caller''s own access would end with it; own_ends_at: when that ends anyhow; operators_left: how many members, the caller included, would still have a scheduled or live grant of an operator''s role and a token for it; direct_operators: how many roles could manage without temporary access, if pg_hba.conf and their passwords let them (roles that may log in, are no superusers and were never granted); sessions: how many would end.';

-- ── Privileges ──────────────────────────────────────────────────────────────────────────────────────────────────────

revoke all on schema temporary_access from public;
revoke all on all tables in schema temporary_access from public, anon, authenticated, service_role, latchkey_operator, latchkey_auditor;
revoke all on all functions in schema temporary_access from public, anon, authenticated, service_role, latchkey_operator, latchkey_auditor;

grant usage on schema temporary_access to latchkey_gatekeeper;
grant execute on function
  temporary_access.authorize(text, text, inet, integer),
  temporary_access.attach_login(text, integer),
  temporary_access.end_login(text, text),
  temporary_access.ended_logins(text[]),
  temporary_access.seconds_left(text),
  temporary_access.enforce()
to latchkey_gatekeeper;

-- The views call these as the one who reads; without USAGE on the schema nobody can call them by name.
grant execute on function
  temporary_access.live_sessions(),
  temporary_access.end_reason(temporary_access.logins),
  temporary_access.grant_status(timestamptz, timestamptz, timestamptz, timestamptz),
  temporary_access.token_status(timestamptz, timestamptz, timestamptz)
to latchkey_operator, latchkey_auditor;

revoke all on latchkey.sessions, latchkey.logins, latchkey.login_noise, latchkey.grants, latchkey.access_tokens, latchkey.members
  from public, anon, authenticated, service_role;
grant select on latchkey.sessions, latchkey.logins, latchkey.login_noise, latchkey.grants, latchkey.access_tokens, latchkey.members
  to latchkey_operator, latchkey_auditor;

revoke all on function
  latchkey.temporary_access_state(),
  latchkey.set_temporary_access(text),
  latchkey.set_access_policy(jsonb),
  latchkey.add_member(text, text, uuid),
  latchkey.block_member(uuid, text),
  latchkey.unblock_member(uuid, text),
  latchkey.freeze_member(uuid, text),
  latchkey.assignable_roles(),
  latchkey.grant_access(uuid, text, timestamptz, timestamptz, cidr[], text),
  latchkey.extend_grant(uuid, timestamptz, text),
  latchkey.change_grant(uuid, jsonb, text),
  latchkey.set_member_roles(uuid, jsonb, text),
  latchkey.revoke_grant(uuid, text),
  latchkey.end_sessions(uuid, text),
  latchkey.end_session(text, text),
  latchkey.prune_logins(interval),
  latchkey.enforce_temporary_access(),
  latchkey.create_access_token(uuid, text, timestamptz, text[], cidr[]),
  latchkey.revoke_access_token(uuid, text),
  latchkey.access_after(uuid, uuid, uuid),
  latchkey.whoami()
from public, anon, authenticated, service_role;
grant execute on function
  latchkey.set_temporary_access(text),
  latchkey.set_access_policy(jsonb),
  latchkey.add_member(text, text, uuid),
  latchkey.block_member(uuid, text),
  latchkey.unblock_member(uuid, text),
  latchkey.freeze_member(uuid, text),
  latchkey.grant_access(uuid, text, timestamptz, timestamptz, cidr[], text),
  latchkey.extend_grant(uuid, timestamptz, text),
  latchkey.change_grant(uuid, jsonb, text),
  latchkey.set_member_roles(uuid, jsonb, text),
  latchkey.revoke_grant(uuid, text),
  latchkey.end_sessions(uuid, text),
  latchkey.end_session(text, text),
  latchkey.prune_logins(interval),
  latchkey.enforce_temporary_access(),
  latchkey.create_access_token(uuid, text, timestamptz, text[], cidr[]),
  latchkey.revoke_access_token(uuid, text)
to latchkey_operator;
grant execute on function
  latchkey.temporary_access_state(),
  latchkey.assignable_roles(),
  latchkey.access_after(uuid, uuid, uuid),
  latchkey.whoami()
to latchkey_operator, latchkey_auditor;

-- Its owner sees and ends the sessions of other roles. A superuser does; another installer is given the roles for it where he may
-- give them, and latchkey.set_temporary_access refuses to switch on until he has them.
do $$
begin
  if not temporary_access.may_end_sessions() then
    execute format('grant pg_read_all_stats, pg_signal_backend to %I', current_user);
  end if;
exception
  when insufficient_privilege then
    raise notice '% needs pg_read_all_stats and pg_signal_backend from a superuser before temporary access is switched on', current_user;
end
$$;

-- A token travels to authorize() as a parameter. No setting of the server may write that to a log. Where the installer
-- is not a superuser this is left to the administrator, and the gate refuses to work until it is done.
do $$
declare
  v_setting record;
begin
  for v_setting in
    select *
    from (
      values
        ('default_transaction_isolation', 'read committed'),
        ('statement_timeout', '10s'),
        ('lock_timeout', '5s'),
        ('idle_in_transaction_session_timeout', '10s'),
        ('log_statement', 'none'),
        ('log_duration', 'off'),
        ('log_min_duration_statement', '-1'),
        ('log_min_duration_sample', '-1'),
        ('log_transaction_sample_rate', '0'),
        ('log_min_error_statement', 'panic'),
        ('log_parameter_max_length', '0'),
        ('log_parameter_max_length_on_error', '0'),
        ('debug_print_parse', 'off'),
        ('debug_print_rewritten', 'off'),
        ('debug_print_plan', 'off'),
        ('auto_explain.log_min_duration', '-1'),
        ('pgaudit.log', 'none')
    ) as wanted (name, value)
  loop
    begin
      execute format('alter role latchkey_gatekeeper set %s = %L', v_setting.name, v_setting.value);
    exception
      when insufficient_privilege or undefined_object then
        raise notice 'latchkey_gatekeeper: % has to be set to % by a superuser', v_setting.name, v_setting.value;
    end;
  end loop;
end
$$;

do $$
begin
  if latchkey.schema_version() < 4 then
    create or replace function latchkey.schema_version() returns integer
      language sql immutable parallel safe
      return 4;
  end if;
end
$$;
