package dev.latchkey.audit.screen;

import dev.latchkey.audit.AuditColumn;
import dev.latchkey.audit.AuditEvent;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.list.Cells;
import dev.latchkey.kit.list.RowColumn;
import dev.latchkey.kit.list.RowColumn.Trait;
import dev.latchkey.kit.list.RowTable;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.List;

/** The table of events and its columns. */
final class AuditTable {
  private static final RowTable.Widths WIDTHS = new RowTable.Widths(900, 620);

  private AuditTable() {}

  static RowTable<AuditEvent, AuditColumn> of(AuditViewModel model, Desk desk) {
    Times times = desk.times();
    List<RowColumn<AuditEvent, AuditColumn>> columns =
        List.of(
            RowColumn.<AuditEvent, AuditColumn>of(
                    "at",
                    "When",
                    88,
                    96,
                    Cells.<AuditEvent>titled(
                            event -> times.clock(event.at()),
                            event -> times.date(event.at()),
                            event -> times.exact(event.at()),
                            (_, label) -> Styles.toggle(label, Styles.MONO, true))
                        .copying(event -> event.at().toString()))
                .sortedBy(AuditColumn.AT)
                .with(Trait.ALWAYS),
            RowColumn.<AuditEvent, AuditColumn>of(
                    "event",
                    "What happened",
                    220,
                    420,
                    Cells.titled(
                        AuditEvent::sentence,
                        AuditTable::below,
                        event -> event.sentence() + "\n" + below(event),
                        (_, _) -> {}))
                .alsoCopies("Type", AuditEvent::type)
                .alsoCopies("Actor", event -> event.actor().id())
                .alsoCopies("Reason", event -> event.reason().orElse(""))
                .sortedBy(AuditColumn.TYPE)
                .with(Trait.ALWAYS),
            RowColumn.<AuditEvent, AuditColumn>of(
                    "object",
                    "Object",
                    110,
                    170,
                    Cells.plain(
                        event -> event.object().title(),
                        event -> event.object().type() + " " + event.object().id().orElse("")))
                .sortedBy(AuditColumn.OBJECT)
                .with(Trait.HIDDEN_AT_FIRST),
            RowColumn.<AuditEvent, AuditColumn>of(
                    "actor",
                    "Who",
                    110,
                    170,
                    Cells.plain(event -> event.actor().name(), event -> event.actor().id()))
                .sortedBy(AuditColumn.ACTOR)
                .with(Trait.HIDDEN_AT_FIRST),
            RowColumn.of(
                "outcome",
                "Outcome",
                88,
                104,
                Cells.<AuditEvent>badge(event -> event.refused() ? "Refused" : "", _ -> Tone.DANGER)
                    .copying(event -> event.refused() ? "refused" : "ok")),
            RowColumn.<AuditEvent, AuditColumn>of(
                    "from",
                    "From",
                    104,
                    150,
                    Cells.titled(
                        event -> event.address().orElse("server"),
                        event -> event.application().orElse(""),
                        event -> event.via().map(how -> "Came in by " + how).orElse(""),
                        (_, label) -> Styles.toggle(label, Styles.MONO, true)))
                .with(Trait.LEFT_OUT_WHEN_TIGHT));
    return new RowTable<>("Events", model.events(), columns, WIDTHS, desk.tasks());
  }

  private static String below(AuditEvent event) {
    return event.type()
        + event.code().map(code -> " · " + code.replace('_', ' ')).orElse("")
        + event.reason().map(reason -> " · " + reason).orElse("");
  }
}
