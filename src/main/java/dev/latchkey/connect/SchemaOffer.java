package dev.latchkey.connect;

import dev.latchkey.database.Endpoint;
import dev.latchkey.database.SchemaState;

/**
 * A database that answered, but lacks Latchkey's schema, has an older, another or a damaged one, or
 * one of the published designs that installing takes over.
 *
 * @param found what it has
 * @param privileged whether the role may create what the schema consists of
 */
public record SchemaOffer(Endpoint endpoint, SchemaState found, boolean privileged) {
  /** Whether the role may install it here. */
  public boolean allowed() {
    return privileged && found.installs();
  }

  /** What the button that installs it says. */
  public String action() {
    return switch (found) {
      case SchemaState.Older _ -> "Upgrade the schema";
      case SchemaState.Stale _ -> "Replace the functions";
      case SchemaState.Damaged _ -> "Mend the schema";
      case SchemaState.Published _ -> "Take over and install";
      default -> "Install the schema";
    };
  }

  /** What installing would do, and whether the role may. */
  public String describe() {
    if (privileged || !found.installs()) {
      return found.plan();
    }
    String lacks =
        switch (found) {
          case SchemaState.Older _, SchemaState.Stale _, SchemaState.Damaged _ ->
              "does not own the schema, or may not create schemas and roles";
          default -> "may not create schemas and roles";
        };
    return "%s The role %s %s. Save the SQL for whoever may."
        .formatted(found.plan(), endpoint.role(), lacks);
  }
}
