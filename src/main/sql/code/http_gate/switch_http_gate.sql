create or replace view latchkey.http_gate as
select
  coalesce(c.setting in ('pgrst.db_pre_request=public.pre_request', 'pgrst.db_pre_request=pre_request'), false) as is_on,
  s.earlier_pre_request,
  t.unregistered_until as unregistered_tokens_until,
  t.allowed_by_name as unregistered_tokens_by_name
from api_keys_private.http_gate_settings as s
cross join api_keys_private.token_transition as t
left join lateral (
  select c.setting
  from pg_catalog.pg_db_role_setting as r
  cross join lateral unnest(r.setconfig) as c (setting)
  where r.setrole = to_regrole('authenticator')
    and r.setdatabase in (0, (select d.oid from pg_catalog.pg_database as d where d.datname = current_database()))
    and starts_with(c.setting, 'pgrst.db_pre_request=')
  order by r.setdatabase desc
  limit 1
) as c on true
where (select latchkey.is_operator() or latchkey.is_auditor());
comment on view latchkey.http_gate is
  'Whether role authenticator is set to public.pre_request() in this database, the function that is called before it, and until when '
  'long-lived tokens of users pass that nobody registered, by whom; null where they are refused.';
grant select on latchkey.http_gate to latchkey_operator, latchkey_auditor;

create or replace function api_keys_private.pre_request_setting(p_function text) returns text
  language sql stable
  return format('alter role authenticator in database %I ', current_database())
    || case
      when p_function is null then 'reset pgrst.db_pre_request'
      else format('set pgrst.db_pre_request = %L', p_function)
    end;
comment on function api_keys_private.pre_request_setting(text) is
  'The statement that sets the function that PostgREST calls before each request of this database, or, for null, sets none.';

-- It calls no function of ours: it may belong to a superuser.
create or replace function api_keys_private.set_pre_request(p_function text) returns void
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
begin
  execute format('alter role authenticator in database %I ', current_database())
    || case
      when p_function is null then 'reset pgrst.db_pre_request'
      else format('set pgrst.db_pre_request = %L', p_function)
    end;
end
$$;
comment on function api_keys_private.set_pre_request(text) is
  'Sets the function that PostgREST calls before each request of this database, or, for null, none. Belongs to the superuser who installed '
  'Latchkey, where one did; only latchkey_owner may execute it.';

create or replace function latchkey.switch_http_gate(p_on boolean) returns latchkey.http_gate
  language plpgsql volatile security definer set search_path = pg_catalog, pg_temp
as $$
declare
  v_before latchkey.http_gate;
  v_after latchkey.http_gate;
  v_target text;
begin
  perform api_keys_private.require_operator('switch the gate for HTTP');
  if p_on is null then
    raise exception 'p_on: must be true or false' using errcode = '22023';
  end if;
  perform api_keys_private.http_gate_to_change();
  select * into v_before from latchkey.http_gate;
  if v_before.is_on = p_on then
    return v_before;
  end if;

  perform api_keys_private.chain_pre_request();
  select case when p_on then 'public.pre_request' else s.earlier_pre_request end into v_target
  from api_keys_private.http_gate_settings as s;
  begin
    perform api_keys_private.set_pre_request(v_target);
  exception when insufficient_privilege then
    raise exception 'The owner of Latchkey''s functions may not set this for role authenticator'
      using errcode = '42501',
      hint = format('As a superuser: %s; notify pgrst, ''reload config''', api_keys_private.pre_request_setting(v_target));
  end;
  if not api_keys_private.tell('pgrst', 'reload config') then
    raise warning 'PostgREST was not told, because the queue of NOTIFY is half full: send it SIGUSR2, or restart it';
  end if;

  select * into v_after from latchkey.http_gate;
  if v_after.is_on is distinct from p_on then
    raise exception 'The gate stays on: role authenticator is set to it in every database'
      using errcode = 'PT409', hint = 'alter role authenticator reset pgrst.db_pre_request';
  end if;
  perform audit.record_event(
    case when p_on then 'http_gate.switched_on' else 'http_gate.switched_off' end,
    'http_gate', null, 'HTTP gate', case when p_on then 'switch_on' else 'switch_off' end, 'ok', null, null,
    to_jsonb(v_before), to_jsonb(v_after));
  return v_after;
end
$$;
comment on function latchkey.switch_http_gate(boolean) is
  'Sets PostgREST''s pre-request function to public.pre_request(), or back to what it was, and tells PostgREST. Where another one is set, ours '
  'calls it from now on. For operators; the owner of this function must be allowed to alter role authenticator.';
grant execute on function latchkey.switch_http_gate(boolean) to latchkey_operator;
