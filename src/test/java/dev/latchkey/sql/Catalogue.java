package dev.latchkey.sql;

import dev.latchkey.testing.Sql;
import java.util.List;

/** What a database's catalogue says about who may do what, as lists that a test can compare. */
record Catalogue(Sql sql) {
  /** Functions that are not PostgreSQL's own and not of an extension. */
  private static final String OUR_FUNCTIONS =
      """
      (select p.*, p.oid::regprocedure::text as signature
       from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
       where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_t(emp|oast)'
         and not exists (select from pg_depend as d where d.objid = p.oid and d.deptype = 'e')) as f
      """;

  private static final String OUR_RELATIONS =
      """
      (select c.*, n.nspname, c.oid::regclass::text as full_name
       from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
       where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors') and c.relkind in ('r', 'p', 'v')) as r
      """;

  /** Functions that everybody may execute, because nobody revoked it. */
  List<String> executableByPublic() {
    return sql.texts(
        "select signature from "
            + OUR_FUNCTIONS
            + """
               where proacl is null
                 or exists (select from aclexplode(proacl) as a where a.grantee = 0 and a.privilege_type = 'EXECUTE')
               order by 1
              """);
  }

  /** Functions that a role may execute, by grants to it or to a role it inherits. */
  List<String> executableBy(String role) {
    return sql.texts(
        "select signature from "
            + OUR_FUNCTIONS
            + " where has_function_privilege(?, oid, 'execute') order by 1",
        role);
  }

  /** SECURITY DEFINER functions whose settings are anything but our search_path. */
  List<String> definersWithoutFixedSearchPath() {
    return sql.texts(
        "select signature from "
            + OUR_FUNCTIONS
            + """
               where prosecdef and proconfig is distinct from array['search_path=pg_catalog, pg_temp'] order by 1
              """);
  }

  /** Tables of private schemas, and columns, that a role has any privilege on. */
  List<String> privateTablesReachableBy(String role) {
    return sql.texts(
        "select full_name from "
            + OUR_RELATIONS
            + """
               where nspname <> 'latchkey'
                 and (has_table_privilege(?, oid, 'select, insert, update, delete, truncate, references, trigger')
                   or has_any_column_privilege(?, oid, 'select, insert, update, references'))
               order by 1
              """,
        role,
        role);
  }

  /** Columns of private tables that a role may read, and tables that it may do more with. */
  List<String> privateColumnsReadableBy(String role) {
    return sql.texts(
        "select full_name || '.' || a.attname from "
            + OUR_RELATIONS
            + """
              , pg_attribute as a
               where nspname <> 'latchkey' and a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
                 and has_column_privilege(?, r.oid, a.attnum, 'select')
               order by 1
              """,
        role);
  }

  List<String> privateTablesWritableBy(String role) {
    return sql.texts(
        "select full_name from "
            + OUR_RELATIONS
            + """
               where nspname <> 'latchkey'
                 and (has_table_privilege(?, oid, 'insert, update, delete, truncate, references, trigger')
                   or has_any_column_privilege(?, oid, 'insert, update, references'))
               order by 1
              """,
        role,
        role);
  }

  List<String> tablesWithoutRowSecurity() {
    return sql.texts(
        "select full_name from "
            + OUR_RELATIONS
            + " where relkind in ('r', 'p') and not relrowsecurity and relname <> 'schema_history'"
            + " order by 1");
  }

  /** Relations of schema latchkey and who holds which privilege on them. */
  List<String> viewPrivileges() {
    return sql.texts(
        "select distinct a.grantee::regrole || ' ' || a.privilege_type from "
            + OUR_RELATIONS
            + """
              , aclexplode(relacl) as a
               where nspname = 'latchkey' and a.grantee <> relowner order by 1
              """);
  }

  /** Everything that installing makes, one line each. */
  List<String> fingerprint() {
    return sql.texts(
        """
        with ours as (
          select oid, nspname from pg_namespace
          where nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors', 'public', 'auth')
        )
        select line from (
          select concat_ws(' ', 'schema', nspname, (select array_agg(x::text order by x::text) from unnest(nspacl) as x)) as line from pg_namespace where oid in (select oid from ours)
          union all
          select concat_ws(' ', 'function', p.oid::regprocedure, (select array_agg(x::text order by x::text) from unnest(p.proacl) as x), md5(pg_get_functiondef(p.oid)),
            md5(obj_description(p.oid, 'pg_proc')))
          from pg_proc as p where p.pronamespace in (select oid from ours) and p.prokind = 'f'
          union all
          select concat_ws(' ', 'relation', c.oid::regclass, c.relkind, (select array_agg(x::text order by x::text) from unnest(c.relacl) as x), c.relrowsecurity, c.relpersistence, c.reloptions,
            md5(obj_description(c.oid, 'pg_class')), case when c.relkind = 'v' then md5(pg_get_viewdef(c.oid)) end,
            case when c.relkind = 'i' then pg_get_indexdef(c.oid) end)
          from pg_class as c where c.relnamespace in (select oid from ours) and c.relname !~ '^schema_history'
          union all
          select concat_ws(' ', 'column', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            (select array_agg(x::text order by x::text) from unnest(a.attacl) as x), a.attcollation, pg_get_expr(d.adbin, d.adrelid), md5(col_description(a.attrelid, a.attnum)))
          from pg_attribute as a join pg_class as c on c.oid = a.attrelid
          left join pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
          where c.relnamespace in (select oid from ours) and a.attnum > 0 and not a.attisdropped and c.relname !~ '^schema_history'
          union all
          select concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
          from pg_constraint where connamespace in (select oid from ours) and conrelid::regclass::text !~ 'schema_history'
          union all
          select concat_ws(' ', 'trigger', pg_get_triggerdef(oid), tgenabled) from pg_trigger where not tgisinternal
          union all
          select concat_ws(' ', 'policy', p.*) from pg_policies as p
          union all
          select concat_ws(' ', 'role', rolname, rolsuper, rolinherit, rolcanlogin, rolbypassrls, rolconfig)
          from pg_roles where rolname ~ '^(anon|auth|service_role|api_key|latchkey_)'
          union all
          select concat_ws(' ', 'member', roleid::regrole, member::regrole) from pg_auth_members
          where member::regrole::text ~ '^(anon|auth|service_role|api_key|latchkey_)'
        ) as lines order by line
        """);
  }
}
