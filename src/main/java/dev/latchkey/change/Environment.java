package dev.latchkey.change;

/** How careful the console has to be with a database. */
public enum Environment {
  SANDBOX("Sandbox"),
  DEVELOPMENT("Development"),
  STAGING("Staging"),
  PRODUCTION("Production");

  private final String label;

  Environment(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  /** Opens read-only, and every change is confirmed with its preview. */
  public boolean isGuarded() {
    return this == PRODUCTION;
  }
}
