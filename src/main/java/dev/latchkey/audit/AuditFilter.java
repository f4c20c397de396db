package dev.latchkey.audit;

import dev.latchkey.rows.RowFilter;
import java.time.Duration;
import java.util.Optional;

/**
 * Which events to show; everything narrows.
 *
 * @param actor by id
 * @param object the thing that it was done to, by type and id
 * @param type what happened
 * @param refused whether only what was refused, or only what was let; empty for both
 * @param text in the names, ids, reason, type, code, address or application
 */
public record AuditFilter(
    Period period,
    Optional<AuditEvent.Actor> actor,
    Optional<AuditEvent.Thing> object,
    Optional<String> type,
    Optional<Boolean> refused,
    String text)
    implements RowFilter<AuditFilter> {

  /** How far back, from now. */
  public enum Period {
    DAY("24 h", Optional.of(Duration.ofDays(1))),
    WEEK("7 days", Optional.of(Duration.ofDays(7))),
    QUARTER("90 days", Optional.of(Duration.ofDays(90))),
    ALL("All", Optional.empty());

    private final String label;
    private final Optional<Duration> length;

    Period(String label, Optional<Duration> length) {
      this.label = label;
      this.length = length;
    }

    public String label() {
      return label;
    }

    /** Empty for everything. */
    public Optional<Duration> length() {
      return length;
    }
  }

  public static final AuditFilter WEEK =
      new AuditFilter(
          Period.WEEK, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), "");

  public AuditFilter {
    text = text.strip();
  }

  @Override
  public AuditFilter withText(String value) {
    return new AuditFilter(period, actor, object, type, refused, value);
  }

  public AuditFilter within(Period value) {
    return new AuditFilter(value, actor, object, type, refused, text);
  }

  public AuditFilter by(Optional<AuditEvent.Actor> value) {
    return new AuditFilter(period, value, object, type, refused, text);
  }

  public AuditFilter about(Optional<AuditEvent.Thing> value) {
    return new AuditFilter(period, actor, value, type, refused, text);
  }

  public AuditFilter ofType(Optional<String> value) {
    return new AuditFilter(period, actor, object, value, refused, text);
  }

  public AuditFilter refused(Optional<Boolean> value) {
    return new AuditFilter(period, actor, object, type, value, text);
  }
}
