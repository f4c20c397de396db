package dev.latchkey.audit.screen;

import dev.latchkey.audit.AuditColumn;
import dev.latchkey.audit.AuditEvent;
import dev.latchkey.audit.AuditFilter;
import dev.latchkey.audit.AuditSource;
import dev.latchkey.audit.EventDetails;
import dev.latchkey.kit.WritePermission;
import dev.latchkey.kit.drawer.OpenDetails;
import dev.latchkey.kit.list.Rows;
import dev.latchkey.rows.Counts;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The screen of events: its list, what it can be narrowed to, and the open event. */
public final class AuditViewModel {
  private final Rows<AuditEvent, AuditFilter, AuditColumn, Counts> events;
  private final OpenDetails<String, EventDetails> drawer;
  private final WritePermission permission;
  private final AuditSource source;
  private final Latest reading;
  private final ReadOnlyObjectWrapper<AuditSource.Choices> choices =
      new ReadOnlyObjectWrapper<>(AuditSource.Choices.NONE);

  public AuditViewModel(AuditSource source, Tasks tasks, Clock clock) {
    this.events =
        new Rows<>(
            "events", source.events(), AuditEvent::id, AuditFilter.WEEK, AuditColumn.USUAL, tasks);
    this.drawer =
        new OpenDetails<>(
            tasks,
            "Loading an event",
            "The event is not there any more.",
            source::details,
            known -> known.after().isPresent());
    this.permission = new WritePermission("events", Optional.empty(), tasks, clock);
    this.source = source;
    this.reading = new Latest(tasks);
  }

  public Rows<AuditEvent, AuditFilter, AuditColumn, Counts> events() {
    return events;
  }

  /** The event whose details are open. */
  public OpenDetails<String, EventDetails> drawer() {
    return drawer;
  }

  /** Events are never changed. */
  public WritePermission permission() {
    return permission;
  }

  /** What the menus offer; known after the first load. */
  public ReadOnlyObjectProperty<AuditSource.Choices> choices() {
    return choices.getReadOnlyProperty();
  }

  /** Shows an event at once as the list has it, and then all that is known of it. */
  public void show(AuditEvent event) {
    drawer.show(event.id(), new EventDetails(event, Optional.empty(), Optional.empty()));
  }

  /** Narrows or widens what is shown. */
  public void filter(UnaryOperator<AuditFilter> change) {
    events.adjustFilter(change);
  }

  /** Reads what is shown again. */
  public void reload() {
    drawer.reload();
    events.reload();
    // Without them the menus offer nothing; the rows tell what went wrong, if anything.
    reading.start("Loading who did what", source::choices, choices::set, _ -> {});
  }
}
