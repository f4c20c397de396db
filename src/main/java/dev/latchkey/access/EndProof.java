package dev.latchkey.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.database.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;

/**
 * What an audit event says about sessions that were ended. Unknown is not zero: where the server
 * could not see sessions, there are no numbers, and it says why.
 *
 * @param ended how many were; empty where nobody can tell
 * @param left how many were still there when the server looked last; empty where nobody can tell
 * @param why why there are no numbers, or why some are left
 * @param found what else the act came upon in the roles, a sentence each
 */
public record EndProof(
    OptionalInt ended,
    OptionalInt left,
    Optional<String> why,
    List<String> found,
    Instant checkedAt) {
  public EndProof {
    found = List.copyOf(found);
  }

  /**
   * @param event what a call answers, or the state after it in its event
   */
  static EndProof of(JsonNode event) {
    return new EndProof(
        number(event, "sessions_ended"),
        number(event, "sessions_left"),
        text(event, "not_known").or(() -> text(event, "not_ended")),
        found(event),
        OffsetDateTime.parse(event.path("checked_at").asText()).toInstant());
  }

  /** {@code 2 sessions ended, 0 left}, or that this is not known and why. */
  public String sentence() {
    String reason = why.map(told -> ": " + told).orElse("");
    if (ended.isEmpty() || left.isEmpty()) {
      return "How many sessions ended or are left is not known" + reason;
    }
    return "%s ended, %,d left%s".formatted(sessions(ended.getAsInt()), left.getAsInt(), reason);
  }

  /** Whether the server saw that nobody is left. */
  public boolean provesTheEnd() {
    return left.isPresent() && left.getAsInt() == 0;
  }

  private static List<String> found(JsonNode event) {
    List<String> found = new ArrayList<>();
    if (event.path("processes_ended").isNumber()) {
      found.add(
          "Without a login in the same role: %s ended, %,d left: %s."
              .formatted(
                  sessions(event.path("processes_ended").asInt()),
                  event.path("processes_left").asInt(),
                  listed(event, "processes")));
    }
    each(event, "passwords_taken", "The password of role %s was taken.", found);
    each(event, "passwords_left", "Role %s has a password that could not be taken now.", found);
    each(event, "passwords_not_known", "Whether role %s has a password is not known.", found);
    each(event, "settings_changed", "Settings were changed in role %s.", found);
    return found;
  }

  private static void each(JsonNode event, String field, String sentence, List<String> found) {
    if (event.path(field).isArray() && !event.path(field).isEmpty()) {
      found.add(sentence.formatted(listed(event, field)));
    }
  }

  private static String listed(JsonNode event, String field) {
    return Row.marked(
        String.join(
            "; ",
            StreamSupport.stream(event.path(field).spliterator(), false)
                .map(JsonNode::asText)
                .toList()));
  }

  private static OptionalInt number(JsonNode event, String field) {
    JsonNode value = event.path(field);
    return value.isNumber() ? OptionalInt.of(value.asInt()) : OptionalInt.empty();
  }

  private static Optional<String> text(JsonNode event, String field) {
    return Optional.ofNullable(event.path(field).textValue()).map(Row::marked);
  }

  private static String sessions(int count) {
    return count == 1 ? "1 session" : "%,d sessions".formatted(count);
  }
}
