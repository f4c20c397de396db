-- What people leave in a role that they were granted. Anyone may give his own role a password and settings, and they outlive his
-- grant: by the password he comes back without a token, the settings meet whoever has the role next.

-- These two call no function of ours: they may belong to a superuser, since nobody else may look at passwords or alter roles.
create or replace function temporary_access.role_has_password(p_role text) returns boolean
  language plpgsql stable security definer set search_path = pg_catalog, pg_temp
as $$
begin
  return exists (
    select
    from pg_catalog.pg_authid as a
    where a.rolname = p_role and a.rolcanlogin and not a.rolsuper and a.rolpassword is not null);
exception
  when insufficient_privilege then
    return null;
end
$$;
comment on function temporary_access.role_has_password(text) is
  'Whether a role that is no superuser has a password; null where that is not known. Belongs to the superuser who installed Latchkey, where one did; '
  'only latchkey_owner may execute it.';

create or replace function temporary_access.take_from_role(p_role text, p_password boolean, p_settings jsonb) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_setting record;
begin
  if not exists (
    select
    from pg_catalog.pg_roles as r
    where r.rolname = p_role
      and r.rolcanlogin
      and not r.rolsuper
      and not r.rolreplication
      and r.rolname !~ '^(pg|supabase)_'
      and r.rolname !~ '^latchkey_gate'
      and r.rolname <> all (array['authenticator', 'anon', 'authenticated', 'service_role', 'api_key', 'pgbouncer', 'dashboard_user']))
  then
    raise exception 'p_role: is not a role that can be granted' using errcode = '22023';
  end if;
  if p_password then
    execute format('alter role %I password null', p_role);
  end if;
  for v_setting in
    with
      present as (
        select
          coalesce(d.datname, '') as scope, split_part(c.setting, '=', 1) as name,
          substr(c.setting, strpos(c.setting, '=') + 1) as value
        from pg_catalog.pg_db_role_setting as s
        join pg_catalog.pg_roles as r on r.oid = s.setrole and r.rolname = p_role
        left join pg_catalog.pg_database as d on d.oid = s.setdatabase
        cross join unnest(s.setconfig) as c (setting)
      ),
      wanted as (
        select w.scope, e.name, e.value
        from jsonb_each(p_settings) as w (scope, settings)
        cross join jsonb_each_text(w.settings) as e (name, value)
        where w.scope = '' or exists (select from pg_catalog.pg_database as d where d.datname = w.scope)
      )
    select coalesce(p.scope, w.scope) as scope, coalesce(p.name, w.name) as name, w.value
    from present as p
    full join wanted as w on w.scope = p.scope and w.name = p.name
    where p_settings is not null
      and p.value is distinct from w.value
      -- What a role may not set by itself, such as a library to load, is taken from it and never given.
      and (w.value is null or exists (select from pg_catalog.pg_settings as g where g.name = w.name and g.context = 'user'))
  loop
    execute format('alter role %I ', p_role)
      || case when v_setting.scope <> '' then format('in database %I ', v_setting.scope) else '' end
      || case
        when v_setting.value is null then format('reset %I', v_setting.name)
        -- A list of names is stored as it is written, quotes included; anything else that is stored there is not written again.
        when v_setting.name not in ('search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries')
          then format('set %I = %L', v_setting.name, v_setting.value)
        when v_setting.value ~ '^("[^"]+"|[a-z_][a-z0-9_$]*)(, *("[^"]+"|[a-z_][a-z0-9_$]*))*$'
          then format('set %I = ', v_setting.name) || v_setting.value
        else format('reset %I', v_setting.name)
      end;
  end loop;
end
$$;
comment on function temporary_access.take_from_role(text, boolean, jsonb) is
  'Takes the password from a role that may be granted, and makes its settings what they are to be, where that is not null. Belongs to the superuser '
  'who installed Latchkey, where one did; only latchkey_owner may execute it.';

create or replace function temporary_access.granted_roles() returns setof text
  language sql stable
as $$
  select distinct granted.role
  from temporary_access.grants as granted
  join pg_catalog.pg_roles as role on role.rolname = granted.role and not role.rolsuper
$$;
comment on function temporary_access.granted_roles() is 'Roles that somebody was ever granted and that are still there.';

create or replace function temporary_access.settings_of(p_role text) returns jsonb
  language sql stable
as $$
  select coalesce(jsonb_object_agg(listed.scope, listed.settings), '{}')
  from (
    select
      coalesce(database.datname, '') as scope,
      jsonb_object_agg(split_part(entry.setting, '=', 1), substr(entry.setting, strpos(entry.setting, '=') + 1)) as settings
    from pg_catalog.pg_db_role_setting as stored
    join pg_catalog.pg_roles as role on role.oid = stored.setrole
    left join pg_catalog.pg_database as database on database.oid = stored.setdatabase
    cross join unnest(stored.setconfig) as entry (setting)
    where role.rolname = p_role
    group by 1
  ) as listed
$$;
comment on function temporary_access.settings_of(text) is 'What alter role … set has left in a role: by database, empty for all of them, the settings by name.';

create or replace function temporary_access.noted_settings(p_role text) returns temporary_access.role_settings
  language sql stable
as $$
  select noted
  from temporary_access.role_settings as noted
  where noted.role = p_role
  order by noted.noted_at desc, noted.id desc
  limit 1
$$;
comment on function temporary_access.noted_settings(text) is 'The settings of a role as they should be, and since when.';

create or replace function temporary_access.note_settings(p_role text) returns void
  language sql volatile
as $$
  insert into temporary_access.role_settings (role, settings) values (p_role, temporary_access.settings_of(p_role))
$$;
comment on function temporary_access.note_settings(text) is 'From now on the settings of a role should be what they are.';

create or replace function temporary_access.changed_settings(p_role text) returns text[]
  language sql stable
as $$
  with
    present as (
      select scope.key as scope, setting.key as name, setting.value
      from jsonb_each(temporary_access.settings_of(p_role)) as scope
      cross join jsonb_each_text(scope.value) as setting
    ),
    noted as (
      select scope.key as scope, setting.key as name, setting.value
      from jsonb_each((temporary_access.noted_settings(p_role)).settings) as scope
      cross join jsonb_each_text(scope.value) as setting
    )
  select coalesce(
    array_agg(changed.name || case when changed.scope <> '' then ' in database ' || changed.scope else '' end order by changed.name, changed.scope),
    '{}'
  )
  from (
    select coalesce(present.name, noted.name) as name, coalesce(present.scope, noted.scope) as scope
    from present
    full join noted on noted.scope = present.scope and noted.name = present.name
    where present.value is distinct from noted.value
  ) as changed
  where exists (select from temporary_access.role_settings as known where known.role = p_role)
$$;
comment on function temporary_access.changed_settings(text) is 'The names of the settings of a role that are not what they should be.';

-- Roles that were granted before this was noted: what they have now is all that is known.
insert into temporary_access.role_settings (role, settings)
select granted.role, temporary_access.settings_of(granted.role)
from temporary_access.granted_roles() as granted (role)
where not exists (select from temporary_access.role_settings as known where known.role = granted.role);

create or replace function temporary_access.processes_in(p_roles text[])
  returns table (pid integer, role text, backend_start timestamptz, label text)
  language sql stable
as $$
  select
    backend.pid, backend.usename::text, backend.backend_start,
    format(
      '%s from %s since %s (process %s)', backend.usename, coalesce(host(backend.client_addr), 'the server itself'),
      to_char(backend.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS UTC'), backend.pid
    )
  from pg_catalog.pg_stat_activity as backend
  where backend.usename = any (p_roles)
    and backend.backend_type = 'client backend'
    and backend.pid <> pg_catalog.pg_backend_pid()
    and backend.pid not in (select session.pid from temporary_access.live_sessions() as session)
$$;
comment on function temporary_access.processes_in(text[]) is 'Server processes of these roles, in any database, that belong to no login, the caller''s own left out: somebody came in without a token.';

create or replace function temporary_access.is_signing_in(p_role text, p_backend_start timestamptz) returns boolean
  language sql stable
as $$
  select exists (
    select
    from temporary_access.logins as login
    where login.outcome = 'accepted'
      and login.role = p_role
      and login.backend_pid is null
      and login.ended_at is null
      and login.at between clock_timestamp() - interval '1 minute' and p_backend_start
  )
$$;
comment on function temporary_access.is_signing_in(text, timestamptz) is 'Whether a server process may be that of a login which a gate has let in and not tied to it yet.';

create or replace function temporary_access.end_processes_in(
  p_roles text[], out p_seen text[], out p_ended integer, out p_left integer
)
  language plpgsql volatile
as $$
declare
  v_until constant timestamptz := clock_timestamp() + interval '2 seconds';
  v_pids integer[] := '{}';
  v_beyond integer[] := '{}';
  v_process record;
begin
  p_seen := '{}';
  loop
    perform pg_catalog.pg_stat_clear_snapshot();
    p_left := 0;
    for v_process in select * from temporary_access.processes_in(p_roles) loop
      p_left := p_left + 1;
      if v_process.pid <> all (v_pids) then
        v_pids := v_pids || v_process.pid;
        p_seen := p_seen || v_process.label;
      end if;
      if v_process.pid <> all (v_beyond)
        and not temporary_access.is_signing_in(v_process.role, v_process.backend_start)
        and not temporary_access.end_process(v_process.pid)
      then
        v_beyond := v_beyond || v_process.pid;
      end if;
    end loop;
    exit when p_left <= cardinality(v_beyond) or clock_timestamp() > v_until;
    perform pg_catalog.pg_sleep(0.01);
  end loop;
  p_ended := cardinality(v_pids) - p_left;
end
$$;
comment on function temporary_access.end_processes_in(text[]) is 'Ends the server processes of these roles that belong to no login, and looks again for 2 seconds until none is left that may be ended. One that a gate may be tying to its login in this moment is waited for. Answers who was seen, how many ended and how many are left.';

create or replace function temporary_access.take_password(p_role text) returns text
  language plpgsql volatile
as $$
declare
  v_usual constant text := current_setting('lock_timeout');
  v_has_one constant boolean := temporary_access.role_has_password(p_role);
begin
  if v_has_one is null then
    return 'unknown';
  end if;
  if not v_has_one then
    return 'none';
  end if;
  begin
    -- Whoever has the role may hold its row in a transaction that he leaves open.
    perform set_config('lock_timeout', '1s', true);
    perform temporary_access.take_from_role(p_role, true, null);
    perform set_config('lock_timeout', v_usual, true);
    return 'taken';
  exception
    -- The last is what the catalogue says of a row that was changed while it was waited for.
    when lock_not_available or insufficient_privilege or invalid_parameter_value or internal_error then
      return 'left';
  end;
end
$$;
comment on function temporary_access.take_password(text) is 'Takes the password of a role. none: it had none; taken; left: it could not be taken now; unknown: nobody can tell whether it has one.';

create or replace function temporary_access.clear_roles(p_roles text[]) returns jsonb
  language plpgsql volatile
as $$
declare
  v_seen text[];
  v_ended integer;
  v_left integer;
  v_role text;
  v_answer text;
  v_taken text[] := '{}';
  v_kept text[] := '{}';
  v_unknown text[] := '{}';
  v_changed text[] := '{}';
  v_found jsonb := '{}';
begin
  select p_seen, p_ended, p_left into v_seen, v_ended, v_left from temporary_access.end_processes_in(p_roles);
  foreach v_role in array p_roles loop
    v_answer := temporary_access.take_password(v_role);
    v_taken := v_taken || case when v_answer = 'taken' then array[v_role] end;
    v_kept := v_kept || case when v_answer = 'left' then array[v_role] end;
    v_unknown := v_unknown || case when v_answer = 'unknown' then array[v_role] end;
    v_changed := v_changed || array(
      select v_role || ': ' || setting.name from unnest(temporary_access.changed_settings(v_role)) as setting (name)
    );
  end loop;

  if temporary_access.why_unseen() is not null then
    v_found := v_found || jsonb_build_object('processes_ended', null, 'processes_left', null);
  elsif v_seen <> '{}' then
    v_found := v_found || jsonb_build_object('processes_ended', v_ended, 'processes_left', v_left, 'processes', v_seen[:10]);
  end if;
  v_found := v_found
    || case when v_taken <> '{}' then jsonb_build_object('passwords_taken', v_taken) else '{}' end
    || case when v_kept <> '{}' then jsonb_build_object('passwords_left', v_kept) else '{}' end
    || case when v_unknown <> '{}' then jsonb_build_object('passwords_not_known', v_unknown) else '{}' end
    || case when v_changed <> '{}' then jsonb_build_object('settings_changed', v_changed[:50]) else '{}' end;
  return v_found;
end
$$;
comment on function temporary_access.clear_roles(text[]) is 'Ends what is there in these roles without a login, takes their passwords, and says what it found: processes, passwords, settings that changed. What was not found is not said; what is not known is null, or named as that.';

create or replace function temporary_access.clear_roles_of(p_roles text[]) returns jsonb
  language plpgsql volatile
as $$
declare
  v_found constant jsonb := temporary_access.clear_roles(p_roles);
begin
  -- A password goes with the commit: until then somebody may come in by it.
  if v_found ?| array['processes', 'passwords_taken', 'passwords_left'] then
    insert into temporary_access.roles_to_clear (role) select listed.role from unnest(p_roles) as listed (role);
  end if;
  return v_found;
end
$$;
comment on function temporary_access.clear_roles_of(text[]) is 'As clear_roles, for a call that ends access: where it found something, enforcement looks again after the commit.';

create or replace function temporary_access.roles_of(p_user_id uuid) returns text[]
  language sql stable
as $$
  select coalesce(array_agg(distinct granted.role order by granted.role), '{}')
  from temporary_access.grants as granted
  where granted.user_id = p_user_id
    and granted.starts_at <= clock_timestamp()
    and granted.role in (select known.role from temporary_access.granted_roles() as known (role))
$$;
comment on function temporary_access.roles_of(uuid) is 'The roles that a member had at any time: in each he may have left something.';

create or replace function temporary_access.clear_again() returns void
  language plpgsql volatile
as $$
declare
  v_waiting uuid[];
  v_role text;
  v_found jsonb;
begin
  v_waiting := array(select waiting.id from temporary_access.roles_to_clear as waiting for update skip locked);
  for v_role in
    select distinct waiting.role from temporary_access.roles_to_clear as waiting where waiting.id = any (v_waiting)
  loop
    v_found := temporary_access.clear_roles(array[v_role]);
    if v_found ?| array['processes', 'passwords_taken'] then
      perform audit.record_event('role.cleared', 'role', v_role, v_role, 'enforce', 'ok', null, null, null, v_found);
    end if;
    if coalesce((v_found ->> 'processes_left')::integer, 0) = 0 and not v_found ?| array['passwords_taken', 'passwords_left'] then
      delete from temporary_access.roles_to_clear as waiting where waiting.id = any (v_waiting) and waiting.role = v_role;
    end if;
  end loop;
  delete from temporary_access.roles_to_clear as waiting
  where waiting.id = any (v_waiting) and waiting.since < clock_timestamp() - interval '1 day';
end
$$;
comment on function temporary_access.clear_again() is 'Looks again at the roles in which something was found when access was ended, for a day at most.';
