package dev.latchkey.doctor;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.rows.Failure;

/** What stands in the way once the server has let somebody in. */
final class SchemaFindings {
  private SchemaFindings() {}

  static boolean isAbout(Failure failure) {
    return failure instanceof DatabaseFailure.SchemaMissing
        || failure instanceof DatabaseFailure.SchemaOlder
        || failure instanceof DatabaseFailure.SchemaStale
        || failure instanceof DatabaseFailure.SchemaDamaged
        || failure instanceof DatabaseFailure.SchemaNewer
        || failure instanceof DatabaseFailure.NotAllowed notAllowed
            && !Refusals.isAboutDatabase(notAllowed);
  }

  static Finding of(Failure failure) {
    return switch (failure) {
      case DatabaseFailure.SchemaMissing _ ->
          told(Cause.SCHEMA_MISSING, failure)
              .with(new Remedy.Connect("Connect and see what installing does"));
      case DatabaseFailure.SchemaOlder _ ->
          told(Cause.SCHEMA_OLDER, failure)
              .with(new Remedy.Connect("Connect and see what upgrading does"));
      case DatabaseFailure.SchemaStale _ ->
          told(Cause.SCHEMA_STALE, failure)
              .with(new Remedy.Connect("Connect and see what installing does"));
      case DatabaseFailure.SchemaDamaged _ ->
          told(Cause.SCHEMA_DAMAGED, failure)
              .with(new Remedy.Connect("Connect and see what mending does"));
      case DatabaseFailure.SchemaNewer _ -> told(Cause.SCHEMA_NEWER, failure);
      case DatabaseFailure.NotAllowed _ -> told(Cause.NO_OPERATOR, failure);
      default -> told(Cause.UNEXPECTED, failure);
    };
  }

  private static Finding told(Cause cause, Failure failure) {
    return Finding.of(cause, failure.sentence(), failure.nextStep()).code(failure.code());
  }
}
