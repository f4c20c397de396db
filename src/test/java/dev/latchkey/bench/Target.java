package dev.latchkey.bench;

import dev.latchkey.sandbox.server.ServerAddress;
import dev.latchkey.testing.Sql;
import javax.sql.DataSource;

/**
 * A database that clients connect to as one role.
 *
 * @param uri for programs that use libpq, without a password
 * @param password empty where none is asked
 * @param dataSource the same for Java
 */
record Target(String uri, String password, DataSource dataSource) {
  /** Directly, without a password. */
  static Target of(ServerAddress address, String database, String role) {
    return new Target(address.uri(database, role), "", address.dataSource(database, role));
  }

  Sql sql() {
    return Sql.on(dataSource);
  }

  @Override
  public String toString() {
    return uri;
  }
}
