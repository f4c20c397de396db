package dev.latchkey.doctor;

import java.time.Instant;
import java.util.Optional;

/**
 * What the logins say about the last time that a token was refused.
 *
 * @param outcome as {@code latchkey.logins} has it; empty when no refusal of it is there
 * @param at when, in the server's time
 * @param address from where, as the verifier saw it
 */
public record LoginReason(
    Optional<String> outcome, Optional<Instant> at, Optional<String> address) {
  static LoginReason none() {
    return new LoginReason(Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** Why, in a sentence. */
  public String sentence() {
    return switch (outcome.orElse("")) {
      case "" -> "The logins of the last hour have no refusal of this token.";
      case "disabled" -> "Temporary access is switched off in this database.";
      case "malformed" -> "What arrived was no token: a part of it was lost on the way.";
      case "unknown_token" -> "This database has no such token; it may be from another one.";
      case "wrong_secret" -> "The token's beginning is known, but its secret is wrong.";
      case "token_revoked" -> "The token was revoked.";
      case "token_expired" -> "The token has expired.";
      case "member_blocked" -> "The member is blocked.";
      case "no_grant" -> "The member has no grant for this role.";
      case "grant_not_started" -> "The grant has not started yet.";
      case "grant_expired" -> "The grant has expired.";
      case "grant_revoked" -> "The grant was revoked.";
      case "address_not_allowed" ->
          "The address %s is outside the allowed networks."
              .formatted(address.orElse("it came from"));
      case "role_not_allowed" -> "The token or the policy does not allow this role.";
      default -> "The logins say: " + outcome.get() + ".";
    };
  }

  /** What helps against it. */
  public String nextStep() {
    return switch (outcome.orElse("")) {
      case "" -> "The attempt went to another server, or past the gate.";
      case "disabled" -> "An operator can switch it on.";
      case "malformed", "wrong_secret" -> "Copy the token once more.";
      case "unknown_token", "token_revoked", "token_expired" ->
          "Ask an operator for a fresh token.";
      case "member_blocked" -> "Ask an operator to unblock the member.";
      case "no_grant", "grant_expired", "grant_revoked" -> "Ask an operator for a grant.";
      case "grant_not_started" -> "Wait for its start, or ask an operator for an earlier one.";
      case "address_not_allowed" ->
          "Connect from an allowed network, or ask an operator to add this one.";
      case "role_not_allowed" -> "Enter a role that the token may use.";
      default -> "Ask an operator.";
    };
  }

  /** The same for the doctor's screen and report. */
  String evidence() {
    return "The logins, asked as an operator: "
        + outcome.orElse("nothing")
        + at.map(when -> " at " + Moments.minute(when)).orElse("");
  }
}
