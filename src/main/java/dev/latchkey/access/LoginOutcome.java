package dev.latchkey.access;

/**
 * Whether a login was accepted, and the true reason where it was refused. Nobody outside is told
 * it: every refusal looks alike to who tries.
 *
 * @param sql as the database writes it
 */
public record LoginOutcome(String sql) {
  static final String ACCEPTED = "accepted";

  public boolean isAccepted() {
    return sql.equals(ACCEPTED);
  }

  /** Why it was refused, in a few words; a reason that this version does not know as it is. */
  public String reason(String role) {
    return switch (sql) {
      case "disabled" -> "temporary access is off";
      case "malformed" -> "not a token";
      case "unknown_token" -> "unknown token";
      case "wrong_secret" -> "wrong secret of a known token";
      case "token_revoked" -> "token revoked";
      case "token_expired" -> "token expired";
      case "member_blocked" -> "member blocked";
      case "no_grant" -> "no grant for role " + role;
      case "grant_not_started" -> "grant not started yet";
      case "grant_expired" -> "grant expired";
      case "grant_revoked" -> "grant revoked";
      case "address_not_allowed" -> "address outside networks";
      case "role_not_allowed" -> "role not allowed";
      default -> sql.replace('_', ' ');
    };
  }

  /** What an operator can do about it; empty where there is nothing to do. */
  public String advice() {
    return switch (sql) {
      case "disabled" -> "Turn temporary access on.";
      case "token_revoked", "token_expired" -> "Create a fresh token for the member.";
      case "member_blocked" -> "Unblock the member.";
      case "no_grant", "grant_expired", "grant_revoked" -> "Grant the role, if it is right.";
      case "grant_not_started" -> "Wait for the start, or move it.";
      case "address_not_allowed" -> "Compare the address with the networks of grant and token.";
      case "role_not_allowed" -> "The token is narrower, or the role may not be granted.";
      case "malformed" -> "An ordinary password, or a token that was cut off.";
      case "unknown_token", "wrong_secret" -> "Somebody guesses, or a token was damaged.";
      default -> "";
    };
  }
}
