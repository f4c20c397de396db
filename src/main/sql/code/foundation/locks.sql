-- Rows that somebody may hold in an open transaction: a key that was verified there, an account that is being deleted. Whoever
-- needs one waits 5 seconds at most (less where his lock_timeout is less) and is then refused with PT423, as access/take_locks.sql
-- refuses. Authorize first: only operators are told who is in the way.

create or replace function api_keys_private.require_fresh_snapshot() returns void
  language plpgsql stable
as $$
begin
  if current_setting('transaction_isolation') not in ('read committed', 'read uncommitted') then
    raise exception 'This needs a READ COMMITTED transaction'
      using errcode = '25001', hint = 'An older snapshot would not show what was changed, revoked or made a moment ago.';
  end if;
end
$$;
comment on function api_keys_private.require_fresh_snapshot() is
  'Refuses to decide by a snapshot that may be older than a revocation, or than what somebody else made meanwhile.';

create or replace function api_keys_private.refuse_held(p_as_operator boolean, p_holders integer[]) returns void
  language plpgsql volatile
as $$
begin
  if p_as_operator and latchkey.is_operator() then
    perform temporary_access.refuse_held(array(select distinct h.pid from unnest(p_holders) as h (pid)), 0);
  end if;
  raise exception 'Somebody holds this in a transaction that is still open'
    using errcode = 'PT423', hint = 'Nothing was changed. Try again when that is finished.';
end
$$;
comment on function api_keys_private.refuse_held(boolean, integer[]) is
  'Refuses with PT423 and, to operators, names who is in the way and how to end that.';

create or replace function api_keys_private.lock_key(p_as_operator boolean, p_api_key_id uuid) returns api_keys_private.api_keys
  language plpgsql volatile
as $$
declare
  v_usual constant text := current_setting('lock_timeout');
  v_key api_keys_private.api_keys;
begin
  perform set_config('lock_timeout', temporary_access.patience(), true);
  select * into v_key from api_keys_private.api_keys where id = p_api_key_id for update;
  perform set_config('lock_timeout', v_usual, true);
  return v_key;
exception when lock_not_available then
  perform api_keys_private.refuse_held(
    p_as_operator,
    array(
      select h.pid
      from api_keys_private.api_keys as k
      cross join lateral unnest(temporary_access.row_holders(k.tableoid, k.ctid, k.xmax)) as h (pid)
      where k.id = p_api_key_id));
  return null;
end
$$;
comment on function api_keys_private.lock_key(boolean, uuid) is 'The key, locked until the end of the transaction; a row of nulls when there is none.';

create or replace function api_keys_private.lock_account(p_as_operator boolean, p_account_id uuid) returns boolean
  language plpgsql volatile
as $$
declare
  v_usual constant text := current_setting('lock_timeout');
  v_is_there boolean;
begin
  perform set_config('lock_timeout', temporary_access.patience(), true);
  perform from public.accounts as a where a.id = p_account_id for key share;
  v_is_there := found;
  perform set_config('lock_timeout', v_usual, true);
  return v_is_there;
exception when lock_not_available then
  perform api_keys_private.refuse_held(
    p_as_operator,
    array(
      select h.pid
      from public.accounts as a
      cross join lateral unnest(temporary_access.row_holders(a.tableoid, a.ctid, a.xmax)) as h (pid)
      where a.id = p_account_id));
  return null;
end
$$;
comment on function api_keys_private.lock_account(boolean, uuid) is
  'Whether the account is there, and keeps it from being deleted until the end of the transaction: a key of it is being made. A deletion '
  'under way is waited for, one that comes later waits and then sees the key.';

create or replace function api_keys_private.lock_keys(p_account_id uuid, p_client_id uuid) returns setof api_keys_private.api_keys
  language plpgsql volatile
as $$
declare
  v_usual constant text := current_setting('lock_timeout');
begin
  perform set_config('lock_timeout', temporary_access.patience(), true);
  return query
    select *
    from api_keys_private.api_keys as k
    where (k.account_id = p_account_id or k.created_by = p_client_id and k.prefix = '') and k.revoked_at is null
    order by k.id
    for update;
  perform set_config('lock_timeout', v_usual, true);
exception when lock_not_available then
  perform api_keys_private.refuse_held(
    true,
    array(
      select h.pid
      from api_keys_private.api_keys as k
      cross join lateral unnest(temporary_access.row_holders(k.tableoid, k.ctid, k.xmax)) as h (pid)
      where k.account_id = p_account_id or k.created_by = p_client_id and k.prefix = ''));
end
$$;
comment on function api_keys_private.lock_keys(uuid, uuid) is
  'The keys of an account, or of a client of the KSUID design, that are not revoked, locked until the end of the transaction.';

create or replace function api_keys_private.lock_user(p_user_id uuid) returns boolean
  language plpgsql volatile
as $$
declare
  v_usual constant text := current_setting('lock_timeout');
  v_is_there boolean;
begin
  perform set_config('lock_timeout', temporary_access.patience(), true);
  perform from auth.users as u where u.id = p_user_id for key share;
  v_is_there := found;
  perform set_config('lock_timeout', v_usual, true);
  return v_is_there;
exception when lock_not_available then
  perform api_keys_private.refuse_held(false, '{}');
  return null;
end
$$;
comment on function api_keys_private.lock_user(uuid) is 'As lock_account, of a user, where there is a table of users that may be locked.';

create or replace function api_keys_private.lock_user_token(p_as_operator boolean, p_jti text) returns void
  language plpgsql volatile
as $$
declare
  v_usual constant text := current_setting('lock_timeout');
begin
  perform set_config('lock_timeout', temporary_access.patience(), true);
  perform from api_keys_private.user_tokens as t where t.jti = p_jti for update;
  perform set_config('lock_timeout', v_usual, true);
exception when lock_not_available then
  perform api_keys_private.refuse_held(
    p_as_operator,
    array(
      select h.pid
      from api_keys_private.user_tokens as t
      cross join lateral unnest(temporary_access.row_holders(t.tableoid, t.ctid, t.xmax)) as h (pid)
      where t.jti = p_jti));
end
$$;
comment on function api_keys_private.lock_user_token(boolean, text) is 'Locks a user token until the end of the transaction.';

create or replace function api_keys_private.lock_legacy_key(p_name text) returns void
  language plpgsql volatile
as $$
declare
  v_usual constant text := current_setting('lock_timeout');
begin
  perform set_config('lock_timeout', temporary_access.patience(), true);
  perform from api_keys_private.legacy_keys as k where k.name = p_name for update;
  perform set_config('lock_timeout', v_usual, true);
exception when lock_not_available then
  perform api_keys_private.refuse_held(
    true,
    array(
      select h.pid
      from api_keys_private.legacy_keys as k
      cross join lateral unnest(temporary_access.row_holders(k.tableoid, k.ctid, k.xmax)) as h (pid)
      where k.name = p_name));
end
$$;
comment on function api_keys_private.lock_legacy_key(text) is 'Locks a legacy key until the end of the transaction.';

create or replace function api_keys_private.http_gate_to_change() returns api_keys_private.http_gate_settings
  language plpgsql volatile
as $$
declare
  v_usual constant text := current_setting('lock_timeout');
  v_settings api_keys_private.http_gate_settings;
begin
  perform set_config('lock_timeout', temporary_access.patience(), true);
  select * into strict v_settings from api_keys_private.http_gate_settings for update;
  perform set_config('lock_timeout', v_usual, true);
  return v_settings;
exception when lock_not_available then
  perform api_keys_private.refuse_held(
    true,
    array(
      select h.pid
      from api_keys_private.http_gate_settings as s
      cross join lateral unnest(temporary_access.row_holders(s.tableoid, s.ctid, s.xmax)) as h (pid)));
  return null;
end
$$;
comment on function api_keys_private.http_gate_to_change() is 'What the gate for HTTP remembers, locked until the end of the transaction.';

create or replace function api_keys_private.key_settings_to_change() returns api_keys_private.key_settings
  language plpgsql volatile
as $$
declare
  v_usual constant text := current_setting('lock_timeout');
  v_settings api_keys_private.key_settings;
begin
  perform set_config('lock_timeout', temporary_access.patience(), true);
  select * into strict v_settings from api_keys_private.key_settings for update;
  perform set_config('lock_timeout', v_usual, true);
  return v_settings;
exception when lock_not_available then
  perform api_keys_private.refuse_held(
    true,
    array(
      select h.pid
      from api_keys_private.key_settings as s
      cross join lateral unnest(temporary_access.row_holders(s.tableoid, s.ctid, s.xmax)) as h (pid)));
  return null;
end
$$;
comment on function api_keys_private.key_settings_to_change() is 'The settings of keys, locked until the end of the transaction.';

create or replace function api_keys_private.token_transition_to_change() returns api_keys_private.token_transition
  language plpgsql volatile
as $$
declare
  v_usual constant text := current_setting('lock_timeout');
  v_settings api_keys_private.token_transition;
begin
  perform set_config('lock_timeout', temporary_access.patience(), true);
  select * into strict v_settings from api_keys_private.token_transition for update;
  perform set_config('lock_timeout', v_usual, true);
  return v_settings;
exception when lock_not_available then
  perform api_keys_private.refuse_held(
    true,
    array(
      select h.pid
      from api_keys_private.token_transition as s
      cross join lateral unnest(temporary_access.row_holders(s.tableoid, s.ctid, s.xmax)) as h (pid)));
  return null;
end
$$;
comment on function api_keys_private.token_transition_to_change() is 'What passes the gate for HTTP for a while, locked until the end of the transaction.';
