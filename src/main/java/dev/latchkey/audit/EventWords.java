package dev.latchkey.audit;

/**
 * The verb of a sentence for each type of event; a type that is not known here reads as its code.
 */
final class EventWords {
  private EventWords() {}

  static String of(String type, boolean refused) {
    String words =
        switch (type) {
          case "key.created" -> "created key";
          case "key.updated" -> "changed key";
          case "key.scopes_changed" -> "changed the scopes of key";
          case "key.rotated" -> "rotated key";
          case "key.grace_ended" -> "ended the grace of key";
          case "key.disabled" -> "disabled key";
          case "key.enabled" -> "enabled key";
          case "key.revoked" -> "revoked key";
          case "key.taken_over" -> "took over key";
          case "keys.adopted" -> "took over the keys of";
          case "grant.created" -> "granted access to";
          case "grant.extended" -> "extended the access of";
          case "grant.changed" -> "changed the access of";
          case "grant.revoked" -> "revoked the access of";
          case "member.added" -> "added member";
          case "member.blocked" -> "blocked member";
          case "member.unblocked" -> "unblocked member";
          case "member.frozen" -> "froze member";
          case "token.created" -> "created token";
          case "token.revoked" -> "revoked token";
          case "session.ended", "sessions.ended" -> "ended sessions of";
          case "role.cleared" -> "ended what was left in role";
          case "role.password_taken" -> "took the password of role";
          case "role.processes_ended" -> "ended sessions without a login in role";
          case "role.settings_reset" -> "reset the settings of role";
          case "role.settings_kept" -> "kept the settings of role";
          case "login.accepted" -> "signed in";
          case "login.refused" -> "could not sign in";
          case "legacy_key.switched_on" -> "switched on legacy key";
          case "legacy_key.switched_off" -> "switched off legacy key";
          case "legacy_key.revoked" -> "revoked legacy key";
          case "user_token.registered" -> "registered user token";
          case "user_token.revoked" -> "revoked user token";
          default -> type + " ·";
        };
    return refused && !type.equals("login.refused") ? "was refused: " + words : words;
  }
}
