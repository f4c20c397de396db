package dev.latchkey.database;

/**
 * How a connection is encrypted and whom it trusts, in libpq's terms (PostgreSQL documentation,
 * "SSL Support"). The opportunistic modes are left out: they protect from nobody.
 */
public enum TlsMode {
  VERIFY_FULL("verify-full", "encrypted, host verified", ""),
  VERIFY_CA("verify-ca", "encrypted, certificate verified", "The host name is not checked."),
  REQUIRE(
      "require",
      "encrypted only",
      "The server is not verified: somebody on the way can pretend to be it."),
  DISABLE("disable", "not encrypted", "The token travels in clear text.");

  private final String parameter;
  private final String meaning;
  private final String givenUp;

  TlsMode(String parameter, String meaning, String givenUp) {
    this.parameter = parameter;
    this.meaning = meaning;
    this.givenUp = givenUp;
  }

  /** The value of {@code sslmode}. */
  public String parameter() {
    return parameter;
  }

  /** What the mode gives, in a few words. */
  public String meaning() {
    return meaning;
  }

  /** What an operator gives up by choosing it; empty for the strongest. */
  public String givenUp() {
    return givenUp;
  }

  /** Whether the server's certificate has to come from somebody trusted. */
  public boolean verifiesCertificate() {
    return this == VERIFY_FULL || this == VERIFY_CA;
  }

  /** Whether the certificate has to be for the host that was asked for. */
  public boolean verifiesName() {
    return this == VERIFY_FULL;
  }
}
