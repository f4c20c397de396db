package dev.latchkey.sql;

import dev.latchkey.testing.Sql;
import java.util.List;

/**
 * The security sweep: rules about who may reach what, each with what breaks it, by name. Everything
 * in the database that is not PostgreSQL's own is looked at, so that a new schema cannot be
 * forgotten; it is for a database with nothing but Latchkey in it.
 */
record Sweep(Sql sql) {
  /** Everything that is there, under the names that the rules use. */
  private static final String INVENTORY =
      """
      with spaces as (
        select n.oid, n.nspname, n.nspowner, n.nspacl,
          n.nspname not in ('public', 'auth', 'latchkey') as private
        from pg_namespace as n
        where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'extensions')
      ), functions as (
        select p.*, s.nspname, s.private, p.oid::regprocedure::text as name,
          coalesce(p.proacl, acldefault('f', p.proowner)) as acl
        from pg_proc as p join spaces as s on s.oid = p.pronamespace
        where not exists (select from pg_depend as d where d.objid = p.oid and d.deptype = 'e')
      ), relations as (
        select c.*, s.nspname, s.private, format('%s.%s', s.nspname, c.relname) as name
        from pg_class as c join spaces as s on s.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.relname !~ '^schema_history'
      ), columns as (
        select a.*, r.nspname, r.private, r.relkind, r.relowner, format('%s.%s', r.name, a.attname) as name,
          a.attname ~ '(hash|salt|secret|digest)' and a.attname <> 'hash_method' as secret
        from pg_attribute as a join relations as r on r.oid = a.attrelid
        where a.attnum > 0 and not a.attisdropped
      ), callers (role) as (
        values ('public'), ('anon'), ('authenticated'), ('authenticator'), ('api_key'),
          ('latchkey_operator'), ('latchkey_auditor'), ('latchkey_gatekeeper')
      ), owners as (
        select nspowner as oid from spaces where nspname = 'latchkey'
      )
      """;

  /** What must hold; the query's first column names what breaks it. */
  enum Rule {
    DEFINERS_HAVE_THE_FIXED_SEARCH_PATH(
        """
        select name from functions
        where prosecdef and proconfig is distinct from array['search_path=pg_catalog, pg_temp']
        """),
    /**
     * A helper runs as the definer function that calls it. A trigger function is a door although
     * nobody may execute it: whoever changes the table comes through it, with the rights of his own
     * only.
     */
    DEFINERS_ARE_DOORS(
        """
        select f.name from functions as f
        where f.prosecdef and f.prorettype <> 'trigger'::regtype
          and not exists (select from aclexplode(f.acl) as a where a.grantee <> f.proowner)
        """),
    FUNCTIONS_ARE_OF_TRUSTED_LANGUAGES_AND_HIDE_NO_LEAK(
        """
        select f.name from functions as f join pg_language as l on l.oid = f.prolang
        where l.lanname not in ('sql', 'plpgsql') or f.proleakproof
        """),
    PRIVATE_RELATIONS_ARE_GRANTED_TO_NOBODY_BUT_READERS_OF_KEYS(
        """
        select format('%s: %s to %s', r.name, a.privilege_type, a.grantee::regrole)
        from relations as r, aclexplode(r.relacl) as a
        where r.private and a.grantee <> r.relowner
          and (r.name, a.privilege_type, a.grantee) <> ('api_keys_private.api_key_logs', 'SELECT', 'service_role'::regrole)
        union all
        select format('%s: %s to %s', c.name, a.privilege_type, a.grantee::regrole)
        from columns as c, aclexplode(c.attacl) as a
        where c.private and not (a.grantee = 'service_role'::regrole and a.privilege_type = 'SELECT' and not c.secret)
          and a.grantee <> c.relowner
        """),
    PRIVATE_RELATIONS_ARE_OUT_OF_REACH(
        """
        select format('%s by %s', r.name, c.role) from relations as r, callers as c
        where r.private and r.relkind <> 'S'
          and (has_table_privilege(c.role, r.oid, 'select, insert, update, delete, truncate, references, trigger')
            or has_any_column_privilege(c.role, r.oid, 'select, insert, update, references'))
        union all
        select format('%s by %s', r.name, c.role) from relations as r, callers as c
        where r.private and case r.relkind when 'S' then has_sequence_privilege(c.role, r.oid, 'usage, select, update') end
        """),
    SERVER_CODE_READS_KEYS_BUT_NO_HASH_AND_WRITES_NOTHING(
        """
        select name from columns
        where private and relkind <> 'S' and secret and has_column_privilege('service_role', attrelid, attnum, 'select')
        union all
        select name from relations
        where private and relkind <> 'S' and (
          has_table_privilege('service_role', oid, 'insert, update, delete, truncate, references, trigger')
          or has_any_column_privilege('service_role', oid, 'insert, update, references'))
        union all
        select format('%s is not read', name) from columns
        where attrelid in ('api_keys_private.api_keys'::regclass, 'api_keys_private.api_key_logs'::regclass)
          and not secret and not has_column_privilege('service_role', attrelid, attnum, 'select')
        """),
    VIEWS_ARE_READ_BY_OPERATORS_AND_AUDITORS_ONLY(
        """
        select format('%s: %s to %s', r.name, a.privilege_type, a.grantee::regrole)
        from relations as r, aclexplode(r.relacl) as a
        where r.nspname = 'latchkey' and a.grantee <> r.relowner and not (
          a.privilege_type = 'SELECT' and a.grantee in ('latchkey_operator'::regrole, 'latchkey_auditor'::regrole))
        union all
        select format('%s: %s to %s', c.name, a.privilege_type, a.grantee::regrole)
        from columns as c, aclexplode(c.attacl) as a
        where c.nspname = 'latchkey' and a.grantee <> c.relowner
        """),
    VIEWS_OVER_TABLES_ASK_WHO_READS(
        """
        select v.name from relations as v
        where v.relkind in ('v', 'm') and exists (
            select from pg_rewrite as w join pg_depend as d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
            join pg_class as c on d.refclassid = 'pg_class'::regclass and c.oid = d.refobjid
            where w.ev_class = v.oid and c.oid <> v.oid
              -- A view of ours has asked already.
              and not (c.relkind = 'v' and c.relnamespace = v.relnamespace))
          and pg_get_viewdef(v.oid) !~ 'SELECT \\(?latchkey\\.is_operator\\(\\) OR latchkey\\.is_auditor\\(\\)'
        """),
    VIEWS_USE_THEIR_OWNERS_RIGHTS(
        """
        select name from relations
        where relkind = 'v' and reloptions::text ~* 'security_invoker=(true|on|yes|1)'
        """),
    NOTHING_THAT_CAN_BE_READ_HAS_A_HASH(
        """
        select name from columns where not private and secret
        union all
        select format('%s.%s reads %s.%s', u.view_schema, u.view_name, u.table_name, u.column_name)
        from information_schema.view_column_usage as u join columns as c
          on c.nspname = u.table_schema and c.name = format('%s.%s.%s', u.table_schema, u.table_name, u.column_name)
        where c.secret
        union all
        select format('%s returns %s', f.name, a.attname)
        from functions as f join pg_type as t on t.oid = f.prorettype or t.typarray = f.prorettype
        join pg_attribute as a on a.attrelid = t.typrelid
        where a.attname ~ '(hash|salt|secret|digest)' and a.attname <> 'hash_method' and not a.attisdropped
          and exists (select from aclexplode(f.acl) as x where x.grantee <> f.proowner)
        union all
        select format('%s returns %s', f.name, o.name)
        from functions as f, unnest(f.proargnames, f.proargmodes) as o (name, mode)
        where o.mode in ('o', 'b', 't') and o.name ~ '(hash|salt|secret|digest)' and o.name <> 'hash_method'
          and exists (select from aclexplode(f.acl) as x where x.grantee <> f.proowner)
        """),
    TABLES_HAVE_ROW_SECURITY(
        """
        select name from relations where relkind in ('r', 'p') and not relrowsecurity
        """),
    SCHEMAS_ARE_OPEN_TO_THOSE_WHO_NEED_THEM(
        """
        , given (schema, privilege, role) as (
          select s.nspname, a.privilege_type, case a.grantee when 0 then 'public' else a.grantee::regrole::text end
          from spaces as s, aclexplode(s.nspacl) as a
          where a.grantee <> s.nspowner and s.nspname not in ('public', 'auth')
        ), wanted (schema, privilege, role) as (
          values
            ('http_gate', 'USAGE', 'public'),
            ('api_keys_private', 'USAGE', 'service_role'),
            ('temporary_access', 'USAGE', 'latchkey_gatekeeper'),
            ('latchkey', 'USAGE', 'latchkey_operator'),
            ('latchkey', 'USAGE', 'latchkey_auditor'),
            ('latchkey', 'USAGE', 'latchkey_gatekeeper'),
            ('latchkey_doors', 'USAGE', 'public'),
            ('ksuid_keys', 'USAGE', 'authenticated'),
            ('ksuid_keys', 'USAGE', 'service_role'),
            ('ksuid_keys', 'USAGE', 'api_key'),
            ('ksuid_keys', 'USAGE', 'latchkey_operator')
        )
        select format('%s: %s to %s', schema, privilege, role) from (table given except table wanted) as more
        union all
        select format('%s: no %s to %s', schema, privilege, role) from (table wanted except table given) as less
        union all
        select format('%s: CREATE to %s', s.nspname, c.role) from spaces as s, callers as c
        where has_schema_privilege(c.role, s.oid, 'create')
        """),
    /**
     * What is the application's stays whose it is, also where installing made it; and what only a
     * superuser may do is a superuser's, for nobody but the owner to call.
     */
    EVERYTHING_BELONGS_TO_ONE_OWNER_WHO_IS_NO_CALLER(
        """
        select name from functions
        where proowner not in (select oid from owners) and nspname <> 'auth' and proname <> 'has_role_on_account'
          and not (
            name in (
              'api_keys_private.set_pre_request(text)',
              'temporary_access.end_signing_in(integer)',
              'temporary_access.role_has_password(text)',
              'temporary_access.take_from_role(text,boolean,jsonb)')
            and (select rolsuper from pg_roles where oid = proowner)
            and not exists (select from aclexplode(acl) as a where a.grantee not in (select oid from owners) and a.grantee <> proowner))
        union all
        select name from relations
        where relowner not in (select oid from owners) and name not in ('public.accounts', 'public.accounts_memberships')
        union all
        select nspname from spaces where nspname not in ('public', 'auth') and nspowner not in (select oid from owners)
        union all
        select r.rolname from owners as o join pg_roles as r on r.oid = o.oid
        where r.rolname in (select role from callers) or r.rolname = 'service_role' or r.rolsuper
        """),
    NOBODY_IS_A_MEMBER_OF_MORE_THAN_AUTHENTICATOR_IS(
        """
        select format('%s is a member of %s', m.member::regrole, m.roleid::regrole)
        from pg_auth_members as m
        where (m.member::regrole::text in (select role from callers) or m.member = 'service_role'::regrole
            or m.roleid in (select oid from owners))
          and not (m.member = 'authenticator'::regrole and not m.admin_option
            and m.roleid in (
              'anon'::regrole, 'authenticated'::regrole, 'service_role'::regrole, 'api_key'::regrole, 'latchkey_api_server'::regrole))
        """),
    ROLES_HAVE_JUST_THE_ATTRIBUTES_THEY_NEED(
        """
        select r.rolname from pg_roles as r
        where (r.rolname in (select role from callers) or r.rolname in ('service_role', 'latchkey_api_server', 'latchkey_owner'))
          and (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication
            or r.rolbypassrls <> (r.rolname in ('service_role', 'latchkey_owner'))
            or r.rolinherit and r.rolname = 'authenticator'
            or r.rolcanlogin and r.rolname not in ('authenticator', 'latchkey_gatekeeper'))
        """),
    NOTHING_IS_GRANTED_BEFORE_IT_IS_MADE(
        """
        select format('%s for %s: %s', d.defaclobjtype, coalesce(d.defaclnamespace::regnamespace::text, 'all schemas'), d.defaclacl)
        from pg_default_acl as d
        """),
    NOBODY_MAY_PASS_ON_WHAT_HE_WAS_GRANTED(
        """
        select f.name from functions as f, aclexplode(f.acl) as a where a.is_grantable and a.grantee <> f.proowner
        union all
        select r.name from relations as r, aclexplode(r.relacl) as a where a.is_grantable and a.grantee <> r.relowner
        union all
        select c.name from columns as c, aclexplode(c.attacl) as a where a.is_grantable and a.grantee <> c.relowner
        union all
        select s.nspname from spaces as s, aclexplode(s.nspacl) as a where a.is_grantable and a.grantee <> s.nspowner
        """),
    EVERYTHING_IS_DESCRIBED(
        """
        select name from functions where obj_description(oid, 'pg_proc') is null
        union all
        select name from relations where relkind <> 'S' and not relispartition and obj_description(oid, 'pg_class') is null
        union all
        select nspname from spaces where obj_description(oid, 'pg_namespace') is null
        union all
        select r.rolname from pg_roles as r
        where (r.rolname in (select role from callers) or r.rolname = 'service_role') and shobj_description(r.oid, 'pg_authid') is null
        union all
        select t.tgname from pg_trigger as t join relations as r on r.oid = t.tgrelid
        where not t.tgisinternal and obj_description(t.oid, 'pg_trigger') is null
        union all
        select p.polname from pg_policy as p join relations as r on r.oid = p.polrelid
        where obj_description(p.oid, 'pg_policy') is null
        union all
        select t.oid::regtype::text from pg_type as t join spaces as s on s.oid = t.typnamespace
        where t.typtype in ('d', 'e', 'r') and obj_description(t.oid, 'pg_type') is null
        """),
    AUDITORS_WRITE_NOTHING(
        """
        select name from functions
        where provolatile = 'v' and has_function_privilege('latchkey_auditor', oid, 'execute')
          and name not in ('http_gate.admit()', 'pre_request()')
          and name !~ '^latchkey_doors\\.[a-z_]+_as_user\\('
        """),
    FUNCTIONS_ARE_FOR_THOSE_WHO_ARE_LISTED("") {
      @Override
      List<String> offenders(Sql sql) {
        return ListedFunctions.differences(new Catalogue(sql));
      }
    };

    private final String query;

    Rule(String query) {
      this.query = query;
    }

    /** What breaks it, by name. */
    List<String> offenders(Sql sql) {
      return sql.texts(INVENTORY + query);
    }
  }

  /** Everything that breaks a rule, with the rule; empty when all is well. */
  List<String> findings() {
    return List.of(Rule.values()).stream()
        .flatMap(rule -> rule.offenders(sql).stream().map(offender -> rule + ": " + offender))
        .toList();
  }
}
