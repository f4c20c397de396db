package dev.latchkey.keys;

import java.time.Instant;
import java.util.Optional;

/**
 * One line of a key's history, from the audit log.
 *
 * @param type what happened, as {@code key.scopes_changed}
 */
public record KeyEvent(
    String id, Instant at, String actor, String type, String outcome, Optional<String> reason) {

  /** {@code Scopes changed}. */
  public String label() {
    String words = type.substring(type.indexOf('.') + 1).replace('_', ' ');
    return words.isEmpty() ? type : Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }
}
