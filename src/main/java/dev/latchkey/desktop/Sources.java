package dev.latchkey.desktop;

import dev.latchkey.access.AccessChoices;
import dev.latchkey.access.AccessSource;
import dev.latchkey.access.PostgresAccess;
import dev.latchkey.audit.AuditSource;
import dev.latchkey.audit.PostgresAudit;
import dev.latchkey.change.Door;
import dev.latchkey.database.Database;
import dev.latchkey.database.Endpoint;
import dev.latchkey.database.Session;
import dev.latchkey.keys.KeySource;
import dev.latchkey.keys.PostgresKeys;
import dev.latchkey.rows.Failure;
import dev.latchkey.scopes.PostgresScopes;
import dev.latchkey.scopes.ScopeSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Where all screens of one sign-in read from, and how they change it. Another kind of source is
 * another one of these; the screens stay as they are.
 *
 * @param writing empty where nothing can be changed at all: the screens are then read-only by type
 * @param endpoint where people sign in to; empty where nobody can
 */
record Sources(
    KeySource keys,
    ScopeSource scopes,
    AccessSource access,
    AuditSource audit,
    Optional<Writing> writing,
    Optional<Endpoint> endpoint) {

  /**
   * The half that changes.
   *
   * @param choices what changing temporary access asks besides
   * @param ended why access has ended, while it has
   */
  record Writing(AccessChoices choices, Door door, Supplier<Optional<Failure>> ended) {}

  /** The database that somebody has signed in to. */
  static Sources of(Session session) {
    Database database = session.database();
    PostgresAccess access = new PostgresAccess(database);
    return new Sources(
        new PostgresKeys(database),
        new PostgresScopes(database),
        access,
        new PostgresAudit(database),
        Optional.of(new Writing(access, database.door(), database::ended)),
        Optional.of(session.endpoint()));
  }
}
