-- Locks that people may hold.
--
-- Locks are taken in one order everywhere: the switch (the table of settings), member, token, grant, login. A login that
-- is being authorized holds its member, token and grant in share mode, so a revocation waits for it and then sees it, or
-- goes first and is seen by it. A session that is to end may itself hold what its end has to lock; it is then ended first.
-- What anybody else holds in an open transaction is waited for 5 seconds at most, and the refusal (PT423) names him.
-- What a call refuses it refuses before it ends the first session: that cannot be rolled back. Should somebody come in the
-- way while sessions are being ended, the refusal says how many were. Enforcing waits for nobody.

create or replace function temporary_access.holder_name(p_pid integer) returns text
  language sql stable
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
  language plpgsql stable
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
  language plpgsql immutable
as $$
begin
  raise exception '%; sessions ended before that: %', p_message, p_freed using errcode = p_state;
end
$$;
comment on function temporary_access.refuse_freed(integer, text, text) is 'Refuses as the check did that failed once the locks were had, and says how many sessions take_locks had ended by then.';

create or replace function temporary_access.passes_by_itself(p_pid integer) returns boolean
  language sql stable
as $$
  select coalesce(
    (
      select not role.rolsuper and pg_catalog.pg_has_role(role.oid, 'latchkey_gatekeeper', 'usage')
      from pg_catalog.pg_stat_get_activity(p_pid) as backend
      join pg_catalog.pg_roles as role on role.oid = backend.usesysid
    ),
    false
  )
$$;
comment on function temporary_access.passes_by_itself(integer) is 'Whether a server process is a gatekeeper''s: what it holds it gives back within seconds, by its role''s own limits.';

create or replace function temporary_access.row_holders(p_table regclass, p_row tid, p_xmax xid) returns integer[]
  language sql volatile
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
  language plpgsql volatile
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
  language plpgsql volatile
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
  language plpgsql volatile
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

create or replace function temporary_access.end_now(p_user_id uuid, p_token_id uuid, p_grant_id uuid, p_after temporary_access.grants[])
  returns integer[]
  language plpgsql volatile
as $$
declare
  v_until constant timestamptz := clock_timestamp() + interval '4 seconds';
  v_logins text[];
  v_roles text[];
  v_sessions integer[];
  v_pids integer[];
  v_next integer := 1;
begin
  loop
    -- What a cancelled round has found or ended is not done again, so that each gets on.
    begin
      if v_logins is null then
        v_logins := case
          when p_after is null then temporary_access.unfinished_logins(p_grant_id, p_token_id, p_user_id)
          else temporary_access.logins_without(p_after)
        end;
      end if;
      if v_roles is null then
        v_roles := array(select distinct login.role from temporary_access.logins as login where login.id = any (v_logins));
      end if;
      if v_sessions is null then
        v_sessions := array(
          select session.pid
          from temporary_access.live_sessions() as session
          where session.login_id = any (v_logins) and session.pid <> pg_catalog.pg_backend_pid()
        );
      end if;
      if v_pids is null then
        v_pids := v_sessions || array(select process.pid from temporary_access.processes_in(v_roles) as process);
      end if;
      while v_next <= cardinality(v_pids) loop
        perform temporary_access.end_process(v_pids[v_next]);
        v_next := v_next + 1;
      end loop;
      while clock_timestamp() < v_until
        and exists (
          select
          from unnest(v_pids) as listed (pid)
          where exists (select from pg_catalog.pg_stat_get_activity(listed.pid))
        )
      loop
        perform pg_catalog.pg_sleep(0.002);
      end loop;
      return array(
        select listed.pid
        from unnest(v_sessions) as listed (pid)
        where not exists (select from pg_catalog.pg_stat_get_activity(listed.pid))
      );
    exception
      when query_canceled then
        if clock_timestamp() > v_until then
          raise;
        end if;
    end;
  end loop;
end
$$;
comment on function temporary_access.end_now(uuid, uuid, uuid, temporary_access.grants[]) is 'Ends the sessions that a call is to end, and processes of their roles without a login, although somebody cancels that for up to 4 seconds. Answers the processes of the sessions that ended.';

create or replace function temporary_access.take_locks(
  p_ending boolean, p_setting text default null, p_user_id uuid default null, p_token_id uuid default null,
  p_grant_id uuid default null, p_tokens boolean default false, p_grants boolean default false,
  p_after temporary_access.grants[] default null
)
  returns integer[]
  language plpgsql volatile
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
  v_is_cancelled boolean := false;
begin
  if num_nonnulls(p_setting, p_user_id, p_token_id, p_grant_id) = 0 then
    raise exception 'take_locks: asked for nothing' using errcode = '22004';
  end if;
  loop
    begin
      exit when temporary_access.lock_now(p_setting, p_user_id, p_token_id, p_grant_id, p_tokens, p_grants);
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
        v_freed := v_freed || (temporary_access.end_processes(v_logins, clock_timestamp() + interval '4 seconds')).p_ended;
        v_tried := true;
      elsif cardinality(v_ending) > 0 then
        -- Not queueing behind both: as soon as only those are left who are to end, they are ended.
        perform pg_catalog.pg_sleep(0.01);
        v_waited := clock_timestamp() > v_until;
      elsif temporary_access.lock_soon(p_setting, p_user_id, p_token_id, p_grant_id, p_tokens, p_grants) then
        exit;
      else
        v_waited := true;
      end if;
    exception
      when query_canceled then
        if not p_ending or v_is_cancelled then
          raise;
        end if;
        -- Whoever is to end may cancel his end as often as he likes: he is ended first.
        v_is_cancelled := true;
        v_freed := v_freed || temporary_access.end_now(p_user_id, p_token_id, p_grant_id, p_after);
    end;
  end loop;
  return v_freed;
end
$$;
comment on function temporary_access.take_locks(boolean, text, uuid, uuid, uuid, boolean, boolean, temporary_access.grants[]) is 'Locks a setting (the switch, which keeps every login out meanwhile, or the policy, which does not), or a member, a token and a grant, with p_tokens and p_grants all of the member''s. With p_ending the sessions of what is given are to end, with p_after only those that end when grants become these: where they alone hold a lock they are ended at once, for an open transaction of theirs must not put off their own end. What others hold is waited for 5 seconds; then the call is refused and has ended nothing, unless somebody came in the way while the sessions were ended: then it says how many. A gatekeeper''s locks pass by themselves. Where a call with p_ending is cancelled, by whomever, the sessions are ended first and the call goes on, once. Answers the processes that it ended.';
