package dev.latchkey.database;

import java.util.Optional;

/** What of Latchkey's SQL half a database has. */
public sealed interface SchemaState {
  /** The version that this console was made for. */
  int NEEDED = 7;

  /** What stands in the way of working with the database; empty when nothing does. */
  Optional<DatabaseFailure> obstacle(Endpoint endpoint);

  static SchemaState of(int version) {
    if (version == 0) {
      return new Missing();
    }
    if (version < NEEDED) {
      return new Older(version);
    }
    return version > NEEDED ? new Newer(version) : new Current();
  }

  record Missing() implements SchemaState {
    @Override
    public Optional<DatabaseFailure> obstacle(Endpoint endpoint) {
      return Optional.of(new DatabaseFailure.SchemaMissing(endpoint.place()));
    }
  }

  record Older(int version) implements SchemaState {
    @Override
    public Optional<DatabaseFailure> obstacle(Endpoint endpoint) {
      return Optional.of(new DatabaseFailure.SchemaOlder(version, NEEDED));
    }
  }

  record Current() implements SchemaState {
    @Override
    public Optional<DatabaseFailure> obstacle(Endpoint endpoint) {
      return Optional.empty();
    }
  }

  record Newer(int version) implements SchemaState {
    @Override
    public Optional<DatabaseFailure> obstacle(Endpoint endpoint) {
      return Optional.of(new DatabaseFailure.SchemaNewer(version, NEEDED));
    }
  }
}
