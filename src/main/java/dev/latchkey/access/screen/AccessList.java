package dev.latchkey.access.screen;

/** The lists of the screen. */
public enum AccessList {
  GRANTS("Grants", "grants"),
  MEMBERS("Members", "members"),
  TOKENS("Tokens", "tokens"),
  SESSIONS("Sessions", "sessions"),
  LOGINS("Logins", "logins");

  private final String label;
  private final String plural;

  AccessList(String label, String plural) {
    this.label = label;
    this.plural = plural;
  }

  public String label() {
    return label;
  }

  /** In a sentence. */
  public String plural() {
    return plural;
  }
}
