package dev.latchkey.database;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Whose the schema {@code latchkey} is. What Latchkey calls there before it knows anything, its
 * version and the record of what was installed, would run a stranger's code as the superuser who is
 * signed in.
 */
final class SchemaOwner {
  private static final String STRANGER =
      """
      select o.rolname
        from pg_catalog.pg_namespace as n
        left join pg_catalog.pg_proc as p on p.pronamespace = n.oid and p.proname in ('schema_version', 'code_version')
        left join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = 'schema_history'
        join pg_catalog.pg_roles as o on o.oid in (n.nspowner, p.proowner, c.relowner)
       where n.nspname = 'latchkey'
         and not o.rolsuper
         and o.rolname <> 'latchkey_owner'
         and (select r.rolsuper from pg_catalog.pg_roles as r where r.rolname = current_user)
       order by o.rolname
       limit 1
      """;

  private SchemaOwner() {}

  /**
   * The role that owns the schema, or something in it that is asked first, and could not do itself
   * what it would do in this session. Empty for sessions of others than superusers: they lose
   * nothing that the owner has not.
   */
  static Optional<String> stranger(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(STRANGER)) {
      return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
    }
  }
}
