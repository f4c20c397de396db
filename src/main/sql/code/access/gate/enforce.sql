create or replace function temporary_access.note_enforcement() returns void
  language plpgsql volatile
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
  language sql volatile
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

create or replace function temporary_access.require_sight() returns void
  language plpgsql stable
as $$
declare
  v_why constant text := coalesce(temporary_access.why_unseen(), temporary_access.why_not_ended());
begin
  if v_why is null then
    return;
  end if;
  -- Where nobody ever came in there is nothing to enforce.
  if (select state from temporary_access.settings) = 'enabled'
    or exists (select from temporary_access.logins where outcome = 'accepted' and ended_at is null)
  then
    raise exception 'Ended access cannot be enforced: %', v_why using errcode = '55000', hint = temporary_access.session_rights();
  end if;
end
$$;
comment on function temporary_access.require_sight() is 'Refuses to say that ended access was enforced where its sessions could not be seen or ended.';

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
  perform temporary_access.require_sight();
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
  perform temporary_access.clear_again();
  perform temporary_access.forget_noise();
  perform temporary_access.note_enforcement();
  return jsonb_build_object('sessions_ended', v_ended, 'sessions_left', v_left);
end
$$;
comment on function temporary_access.enforce() is 'Ends every session whose access is over, closes the record of those whose server process is gone, looks again at roles in which something was found, and forgets strangers'' attempts of 90 days ago. Waits for nobody. Fails where sessions cannot be seen or ended.';
grant execute on function temporary_access.enforce() to latchkey_gatekeeper;
