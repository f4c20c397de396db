-- The function that PostgREST calls before each request (db-pre-request): it turns an API key into the role of the request,
-- and refuses user tokens that were revoked or that nobody registered, and the legacy keys once they are off.

create or replace function api_keys_private.configured_pre_request() returns text
  language sql stable
  return (
    select substr(c.setting, length('pgrst.db_pre_request=') + 1)
    from pg_catalog.pg_db_role_setting as s
    cross join lateral unnest(s.setconfig) as c (setting)
    where s.setrole = to_regrole('authenticator')
      and s.setdatabase in (0, (select d.oid from pg_catalog.pg_database as d where d.datname = current_database()))
      and starts_with(c.setting, 'pgrst.db_pre_request=')
    order by s.setdatabase desc
    limit 1);
comment on function api_keys_private.configured_pre_request() is
  'The pre-request function that role authenticator is set to here, as PostgREST reads it; null for none. One in a configuration file is not seen.';

create or replace function api_keys_private.chain_pre_request() returns void
  language plpgsql volatile
as $$
declare
  v_configured constant text := nullif(api_keys_private.configured_pre_request(), '');
  v_name text;
  v_call text := '';
begin
  if exists (
    select
    from pg_catalog.pg_proc as p
    where p.oid = to_regprocedure('public.pre_request()') and p.prosrc !~ 'http_gate[.]admit')
  then
    if to_regprocedure('public.pre_request_before_latchkey()') is not null then
      raise exception 'public.pre_request() and public.pre_request_before_latchkey() are both taken'
        using errcode = '42723', hint = 'Rename one of them, then install again.';
    end if;
    alter function public.pre_request() rename to pre_request_before_latchkey;
    raise notice 'public.pre_request() was there: it is public.pre_request_before_latchkey() now and is still called';
    update api_keys_private.http_gate_settings set earlier_pre_request = 'public.pre_request_before_latchkey';
  elsif v_configured is not null and v_configured not in ('public.pre_request', 'pre_request') then
    update api_keys_private.http_gate_settings set earlier_pre_request = v_configured;
  end if;

  select s.earlier_pre_request into v_name from api_keys_private.http_gate_settings as s;
  if v_name is not null then
    -- As PostgREST reads it: up to the first dot the schema, and no quotes.
    v_call := case
      when strpos(v_name, '.') > 0
        then format('%I.%I()', split_part(v_name, '.', 1), substr(v_name, strpos(v_name, '.') + 1))
      else format('public.%I()', v_name)
    end;
    if to_regprocedure(v_call) is null then
      raise exception 'The pre-request function % is not there', v_name
        using errcode = '42883', hint = 'Correct pgrst.db_pre_request of role authenticator, then install again.';
    end if;
    v_call := format(E'  perform %s;\n', v_call);
  end if;

  execute format($definition$
create or replace function public.pre_request() returns void
  language plpgsql volatile
as $body$
declare
  v_answer record;
begin
%s  select a.refusal, a.role, a.claims into v_answer from http_gate.admit() as a;
  if v_answer.refusal is not null then
    raise sqlstate 'PGRST' using message = v_answer.refusal, detail = '{"status":401,"headers":{}}';
  end if;
  if v_answer.role is not null then
    perform pg_catalog.set_config('request.jwt.claims', v_answer.claims, true);
    perform pg_catalog.set_config(
      'request.jwt.claim.sub', coalesce(pg_catalog.json_extract_path_text(v_answer.claims::pg_catalog.json, 'sub'), ''), true);
    perform pg_catalog.set_config('request.jwt.claim.role', v_answer.role, true);
    perform pg_catalog.set_config('role', v_answer.role, true);
  end if;
end
$body$
$definition$, v_call);
  -- Every role that a request may have, also one that is made tomorrow, calls it; it answers only the API server.
  grant execute on function public.pre_request() to public;
end
$$;
comment on function api_keys_private.chain_pre_request() is
  'Makes public.pre_request(), which first calls the pre-request function that was there before, if any, as the role that it always had.';

do $$
begin
  perform api_keys_private.chain_pre_request();
end
$$;

comment on function public.pre_request() is
  'For PostgREST''s db-pre-request: turns the key in x-api-key or apikey into a role, and refuses with 401 what http_gate.admit() refuses. '
  'latchkey.switch_http_gate() sets it.';
-- Everybody keeps what chain_pre_request() gave.
revoke all on function public.pre_request() from anon, authenticated, service_role;
