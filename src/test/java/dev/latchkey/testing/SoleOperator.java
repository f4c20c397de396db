package dev.latchkey.testing;

import java.util.List;

/**
 * Makes one role the server's only operator until it is closed. Roles belong to the whole server,
 * and other tests' operators could manage here as well.
 */
public final class SoleOperator implements AutoCloseable {
  private final Sql sql;
  private final List<String> others;

  public SoleOperator(Sql sql, String role) {
    this.sql = sql;
    this.others =
        sql.texts(
            """
            select quote_ident(rolname)
            from pg_roles
            where rolcanlogin
              and not rolsuper
              and rolname <> ?
              and pg_has_role(oid, 'latchkey_operator', 'usage')
            """,
            role);
    others.forEach(other -> sql.execute("alter role " + other + " nologin"));
  }

  @Override
  public void close() {
    others.forEach(other -> sql.execute("alter role " + other + " login"));
  }
}
