package dev.latchkey.access;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;

/** The policy as it is to be; only what differs from {@code before} is sent. */
public record PolicyEdit(Policy before, Policy wanted) {

  public boolean isEmpty() {
    return before.equals(wanted);
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (!before.longest().equals(wanted.longest())) {
      json.put("max_duration", wanted.longest().map(PolicyEdit::interval).orElse(null));
    }
    if (before.reasonRequired() != wanted.reasonRequired()) {
      json.put("reason_required", wanted.reasonRequired());
    }
    if (!before.reasonPattern().equals(wanted.reasonPattern())) {
      json.put("reason_pattern", wanted.reasonPattern().orElse(null));
    }
    if (before.selfGranting() != wanted.selfGranting()) {
      json.put("self_granting", wanted.selfGranting());
    }
    if (before.networksRequired() != wanted.networksRequired()) {
      json.put("networks_required", wanted.networksRequired());
    }
    return json;
  }

  /** {@code 90 days}, {@code 36 hours}: as people write an interval. */
  private static String interval(Duration duration) {
    if (duration.toSeconds() % Duration.ofDays(1).toSeconds() == 0) {
      return amount(duration.toDays(), "day");
    }
    return duration.toSeconds() % Duration.ofHours(1).toSeconds() == 0
        ? amount(duration.toHours(), "hour")
        : amount(duration.toSeconds(), "second");
  }

  private static String amount(long number, String unit) {
    return "%d %s".formatted(number, number == 1 ? unit : unit + "s");
  }
}
