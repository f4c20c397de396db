-- V14: whom Latchkey believes: the API server's role, the owner of everything, and the schema of its doors.

do $$
declare
  v_role record;
begin
  for v_role in
    select *
    from (values
      ('latchkey_api_server', 'nologin', 'The claims of requests count in sessions of its members: they are API servers, which checked them.', true),
      ('latchkey_owner', 'nologin bypassrls', 'Owns what Latchkey is made of; nobody acts as it but Latchkey''s functions.',
        (select r.rolsuper from pg_catalog.pg_roles as r where r.rolname = current_user))
    ) as wanted (name, options, description, is_wanted)
    where wanted.is_wanted
  loop
    if not exists (select from pg_catalog.pg_roles where rolname = v_role.name) then
      begin
        execute format('create role %I %s', v_role.name, v_role.options);
        execute format('comment on role %I is %L', v_role.name, v_role.description);
      exception
        when duplicate_object or unique_violation then
          raise notice 'role % was made by someone else at this moment', v_role.name;
        when insufficient_privilege then
          raise exception 'Role % is missing, and % may not make it', v_role.name, current_user
            using errcode = '42501', hint = format('As a superuser: create role %I %s', v_role.name, v_role.options);
      end;
    end if;
  end loop;

  if not exists (
    select
    from pg_catalog.pg_auth_members as m
    where m.roleid = 'latchkey_api_server'::regrole and m.member = 'authenticator'::regrole)
  then
    grant latchkey_api_server to authenticator;
  end if;
end
$$;

create schema if not exists latchkey_doors;
comment on schema latchkey_doors is
  'What functions that users and operators share call next: one for each kind of caller, which the other kind may not execute.';

-- Tests of policies set the role of requests by keys; an installer who is no superuser may do so only as a member.
do $$
begin
  if not pg_has_role(current_user, 'api_key', case when current_setting('server_version_num')::integer >= 160000 then 'set' else 'member' end) then
    execute format('grant api_key to %I', current_user);
  end if;
exception when insufficient_privilege then
  raise notice '% may not become api_key, so tests of policies for keys need another role', current_user;
end
$$;
