-- Latchkey's functions, views, triggers and privileges: everything that can be made anew. Run after the files of state.
--
-- What has a backslash is written as E'…' where it is read when it runs, since standard_conforming_strings may be off then.
-- Rules that hold in every file:
-- * A function that is SECURITY DEFINER sets search_path = pg_catalog, pg_temp and qualifies every other name.
--   An empty search_path is not enough: the temporary schema is then searched first for type names, so that a
--   caller's own domain pg_temp.text, with a check that calls the caller's function, runs as the definer.
-- * Nobody keeps the EXECUTE that PUBLIC, or a database's default privileges, give: it is revoked by name from
--   public, anon, authenticated and service_role, and then granted by name.
-- * Authorize with "is not true then refuse", validate, act: in this order.
-- * SQLSTATE 42501 refused, 22023 bad input ("p_name: ..."), PT404 not found, PT409 changed meanwhile,
--   PT423 held by somebody else, PT429 too many. No message carries a secret, a hash or a row.
-- * Everything is "create or replace". That cannot change the result, nor the names of the arguments, of a function that
--   others may execute: such a function gets another name. Nor can it take or move a column of a view: a file of state
--   drops such a view first.

-- Helpers, which nobody but their owner may execute, make way first: with another result or other names of arguments they
-- could not be replaced, and with other arguments calls of them would be ambiguous while they are made. In rounds, since
-- they use each other; what a view, a policy or a trigger uses stays, and is replaced.
do $$
declare
  v_helper record;
  v_dropped integer;
begin
  loop
    v_dropped := 0;
    for v_helper in
      select p.oid::regprocedure as signature
      from pg_catalog.pg_proc as p
      join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
      where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
        and p.prokind = 'f'
        and p.proacl is not null
        and not exists (select from aclexplode(p.proacl) as a where a.grantee <> p.proowner)
    loop
      begin
        execute format('drop function %s', v_helper.signature);
        v_dropped := v_dropped + 1;
      exception when dependent_objects_still_exist then
        null; -- Perhaps in the next round.
      end;
    end loop;
    exit when v_dropped = 0;
  end loop;
end
$$;

-- Installing is not to wait long for somebody's transaction while everybody else waits behind it. In one transaction, as it
-- should be run, that holds until its end.
do $$
begin
  if current_setting('lock_timeout') = '0' then
    perform set_config('lock_timeout', '5s', true);
  end if;
  perform set_config('standard_conforming_strings', 'on', true);
end
$$;

-- Functions in schema public that are there already keep what people granted on them; grants.sql asks for this.
do $$
begin
  perform set_config(
    'latchkey.before_public',
    coalesce(
      (select string_agg(p.oid::text, ' ') from pg_catalog.pg_proc as p where p.pronamespace = 'public'::regnamespace),
      ''),
    false);
end
$$;

-- What else is there: what the rest of this text does not make again, leftovers.sql drops. A row of the catalogue is told by
-- who wrote it and where it is, since replacing an object writes its row anew.
do $$
begin
  perform set_config(
    'latchkey.before_code',
    coalesce(
      (
        select string_agg(concat_ws(' ', o.id, o.xmin, o.ctid), ';')
        from (
          select p.oid as id, p.xmin, p.ctid
          from pg_catalog.pg_proc as p
          join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
          where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
          union all
          select r.ev_class, r.xmin, r.ctid
          from pg_catalog.pg_rewrite as r
          join pg_catalog.pg_class as c on c.oid = r.ev_class and c.relkind = 'v'
          join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
          where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
        ) as o
      ),
      ''),
    false);
end
$$;
