-- Temporary access: people sign in to PostgreSQL with an access token for a password. A member is mapped to roles by
-- grants, each with an end, allowed networks and a reason; the gate asks authorize() and is told yes or no, never why.

create or replace function temporary_access.give_way(p_user_id uuid, p_token_id uuid) returns void
  language plpgsql volatile
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
  language plpgsql volatile
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
  v_hash := api_keys_private.hash_secret(coalesce(v_parsed.secret, 'none'), coalesce(v_token.salt, E'\\x00000000000000000000000000000000'));

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
  language plpgsql stable
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

create or replace function temporary_access.record_login(p_login temporary_access.logins) returns void
  language sql volatile
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
    values (date_trunc('minute', v_login.at, 'UTC'), pg_catalog.pg_backend_pid() % 64, 1)
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
grant execute on function temporary_access.authorize(text, text, inet, integer) to latchkey_gatekeeper;
