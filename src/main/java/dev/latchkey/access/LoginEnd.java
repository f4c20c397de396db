package dev.latchkey.access;

/** Why a session ended, in words. */
public final class LoginEnd {
  private LoginEnd() {}

  public static String words(String sql) {
    return switch (sql) {
      case "closed" -> "closed by the client";
      case "gone" -> "found gone";
      case "gate_closed" -> "the gate was closed";
      case "disabled" -> "temporary access was turned off";
      case "terminated" -> "terminated by an operator";
      case "member_blocked" -> "the member was blocked";
      case "token_revoked" -> "the token was revoked";
      case "token_expired" -> "the token expired";
      case "grant_revoked" -> "the grant was revoked";
      case "grant_expired" -> "the grant expired";
      default -> sql.replace('_', ' ');
    };
  }
}
