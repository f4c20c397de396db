create or replace function temporary_access.require_read_committed() returns void
  language plpgsql stable
as $$
begin
  perform api_keys_private.require_fresh_snapshot();
end
$$;
comment on function temporary_access.require_read_committed() is 'Refuses to give or end access under a snapshot that could hide a grant or a login.';

create or replace function temporary_access.end_process(p_pid integer) returns boolean
  language plpgsql volatile
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

-- It calls no function of ours: it may belong to a superuser, since nobody else may end a process that is no role's yet.
create or replace function temporary_access.end_signing_in(p_pid integer) returns boolean
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return not exists (
      select
      from pg_catalog.pg_stat_get_activity(p_pid) as backend
      where backend.usesysid is not null or backend.backend_type <> 'client backend')
    and pg_catalog.pg_terminate_backend(p_pid);
exception
  when insufficient_privilege then
    return false;
end
$$;
comment on function temporary_access.end_signing_in(integer) is
  'Tells a server process to end that is still signing in, and no other. False where it is none, or may not be ended. Belongs to the superuser who '
  'installed Latchkey, where one did; only latchkey_owner may execute it.';

create or replace function temporary_access.end_processes(
  p_logins text[], p_until timestamptz, out p_ended integer[], out p_left integer[]
)
  language plpgsql volatile
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
        when exists (select from pg_catalog.pg_stat_get_activity(listed.pid) as backend where backend.usesysid is not null)
        then not temporary_access.end_process(listed.pid)
        -- Where it may not be ended yet, it is waited for until it is shown.
        else temporary_access.end_signing_in(listed.pid) is null
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
  language sql stable
as $$
  select coalesce(min(setting::integer), 5000) || 'ms'
  from pg_catalog.pg_settings
  where name = 'lock_timeout' and setting::integer between 1 and 5000
$$;
comment on function temporary_access.patience() is 'How long to wait for what somebody holds in an open transaction: 5 seconds, or lock_timeout where the caller set that to less.';

create or replace function temporary_access.mark_ended(p_logins text[], p_why text, p_wait boolean) returns void
  language plpgsql volatile
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

create or replace function temporary_access.proof(p_ended integer, p_left integer, p_own boolean) returns jsonb
  language sql volatile
as $$
  select jsonb_build_object(
      'sessions_ended', case when seen.why_not is null then p_ended end,
      'sessions_left', case when seen.why_not is null then p_left end,
      'own_session', p_own,
      'checked_at', audit.utc(clock_timestamp())
    )
    || case when seen.why_not is not null then jsonb_build_object('not_known', seen.why_not) else '{}' end
    || case
      when p_left > 0 and temporary_access.why_not_ended() is not null then jsonb_build_object('not_ended', temporary_access.why_not_ended())
      else '{}'
    end
  from (select temporary_access.why_unseen() as why_not) as seen
$$;
comment on function temporary_access.proof(integer, integer, boolean) is 'What a call that ended sessions says of it. Unknown is not 0: where sessions cannot be seen, the numbers are null and not_known says why.';

create or replace function temporary_access.end_logins(p_logins text[], p_why text, p_wait boolean default true, p_until timestamptz default null)
  returns jsonb
  language plpgsql volatile
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

  perform api_keys_private.tell('latchkey_access', '');
  return temporary_access.proof(
    cardinality(v_ended || v_late), cardinality(v_left) + v_unfinished, v_own is not null and v_own = any (p_logins)
  );
end
$$;
comment on function temporary_access.end_logins(text[], text, boolean, timestamptz) is 'Ends the server processes of these logins, looks again until none is left (at most 4 s, or until p_until), marks the logins ended and tells the gates. Never its own process: the gate or the next enforcement ends that one, and own_session says so. Returns the proof, which says null and why where it cannot see sessions. Without p_wait it waits for nobody who holds one of the logins, with it 5 seconds at most, and a session that turns up meanwhile has 2 s to end: the next enforcement marks what is left, and a login that has no process yet counts as left.';

create or replace function temporary_access.with_freed(p_proof jsonb, p_freed integer) returns jsonb
  language sql stable
as $$
  select p_proof || jsonb_build_object('sessions_ended', (p_proof ->> 'sessions_ended')::integer + p_freed)
$$;
comment on function temporary_access.with_freed(jsonb, integer) is 'The proof with the sessions counted that had to end before the locks could be had.';

create or replace function temporary_access.freed_of(p_grant_id uuid, p_freed integer[]) returns integer
  language sql stable
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
