package dev.latchkey.database;

import dev.latchkey.change.Environment;

/**
 * A sign-in that worked: what screens are given instead of asking anything global.
 *
 * @param serverVersion as the server says it, "17.11"
 */
public record Session(
    Database database, Environment environment, WhoAmI who, String serverVersion) {

  public Endpoint endpoint() {
    return database.endpoint();
  }

  /** The same session after its access was renewed. */
  public Session as(WhoAmI renewed) {
    return new Session(database, environment, renewed, serverVersion);
  }
}
