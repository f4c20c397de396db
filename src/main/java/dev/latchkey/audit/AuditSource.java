package dev.latchkey.audit;

import dev.latchkey.rows.Counts;
import dev.latchkey.rows.RowSource;
import java.util.List;
import java.util.Optional;

/** How the feature reads. Everything blocks; for use inside a job. */
public interface AuditSource {
  RowSource<AuditEvent, AuditFilter, AuditColumn, Counts> events();

  Optional<EventDetails> details(String id);

  /** Who has done something, by name, and what has happened, for choosing; at most 200 of each. */
  Choices choices();

  /** What events can be narrowed to. */
  record Choices(List<AuditEvent.Actor> actors, List<String> types) {
    public static final Choices NONE = new Choices(List.of(), List.of());
  }
}
