package dev.latchkey.audit;

import java.time.Instant;
import java.util.Optional;

/**
 * One event of the audit log: who did what to which thing, from where, and whether it was let.
 *
 * @param id a KSUID: sorts by time
 * @param type what happened, as {@code key.scopes_changed}
 * @param via how the actor came in: {@code direct}, {@code api}, or a login of temporary access
 * @param refused whether it was refused, with {@code code} as the reason in short
 * @param address where it came from; empty for the server itself
 */
public record AuditEvent(
    String id,
    String type,
    Instant at,
    Actor actor,
    Optional<String> via,
    Thing object,
    boolean refused,
    Optional<String> code,
    Optional<String> reason,
    Optional<String> address,
    Optional<String> application,
    String transaction) {

  /** Who did it. */
  public record Actor(String id, String type, String name) {}

  /**
   * What it was done to.
   *
   * @param label its name then
   */
  public record Thing(String type, Optional<String> id, Optional<String> label) {
    /** Its name, otherwise its id, otherwise what kind of thing it is. */
    public String title() {
      return label.or(() -> id).orElse(type.replace('_', ' '));
    }
  }

  /**
   * {@code Mara changed the scopes of key partner-invoices}. A login is told of the person who
   * came, not of the gate that let him in.
   */
  public String sentence() {
    if (type.startsWith("login.")) {
      return object.title() + " " + EventWords.of(type, refused);
    }
    return actor.name() + " " + EventWords.of(type, refused) + " " + object.title();
  }
}
