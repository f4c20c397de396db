package dev.latchkey.connect;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Endpoint;

/**
 * A database that answered, but lacks Latchkey's schema or has an older one.
 *
 * @param found what stands in the way
 * @param allowed whether the role may install it
 */
public record SchemaOffer(Endpoint endpoint, DatabaseFailure found, boolean allowed) {
  public boolean isUpgrade() {
    return found instanceof DatabaseFailure.SchemaOlder;
  }

  /** What was found and what can be done, in two sentences. */
  public String describe() {
    String next =
        allowed
            ? "The role %s may %s it: schemas, roles and functions, nothing of yours is touched."
                .formatted(endpoint.role(), isUpgrade() ? "upgrade" : "install")
            : "The role %s may not create schemas and roles. Save the SQL for whoever may."
                .formatted(endpoint.role());
    return next;
  }
}
