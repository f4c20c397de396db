package dev.latchkey.doctor;

/** A field of the profile that a remedy is about. */
public enum Field {
  HOST("host"),
  PORT("port"),
  DATABASE("database"),
  ROLE("user name"),
  TLS("TLS mode"),
  ROOT_CERTIFICATE("root certificate"),
  OPTIONS("options"),
  TOKEN("token");

  private final String label;

  Field(String label) {
    this.label = label;
  }

  /** As it stands in a sentence: "the user name". */
  public String label() {
    return label;
  }
}
