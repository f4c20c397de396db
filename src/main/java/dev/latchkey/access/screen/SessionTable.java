package dev.latchkey.access.screen;

import dev.latchkey.access.LiveSession;
import dev.latchkey.access.SessionColumn;
import dev.latchkey.kit.list.Cells;
import dev.latchkey.kit.list.RowColumn;
import dev.latchkey.kit.list.RowColumn.Trait;
import dev.latchkey.kit.list.RowTable;
import dev.latchkey.task.Tasks;
import dev.latchkey.widget.Tone;
import java.util.List;
import java.util.Optional;

/** The table of sessions and its columns. */
final class SessionTable {
  private SessionTable() {}

  static RowTable<LiveSession, SessionColumn> of(
      AccessViewModel model, AccessCells cells, Tasks tasks) {
    AccessColumns<LiveSession, SessionColumn> columns = new AccessColumns<>(cells);
    List<RowColumn<LiveSession, SessionColumn>> all =
        List.of(
            columns
                .member(120, 190, LiveSession::member, _ -> true)
                .sortedBy(SessionColumn.MEMBER)
                .with(Trait.ALWAYS),
            columns.role(88, 130, LiveSession::role, _ -> true).sortedBy(SessionColumn.ROLE),
            columns
                .of(
                    "state",
                    "State",
                    112,
                    130,
                    Cells.badge(
                        session ->
                            session.endReason().isPresent() ? "Ending" : session.briefState(),
                        session ->
                            session.endReason().isPresent()
                                ? Tone.DANGER
                                : session.state().orElse("").equals("active")
                                    ? Tone.SUCCESS
                                    : Tone.NEUTRAL))
                .sortedBy(SessionColumn.STATE),
            columns
                .of(
                    "client",
                    "Client",
                    100,
                    170,
                    Cells.titled(
                        session -> session.client().orElse("unknown"),
                        session ->
                            session.application().isBlank()
                                ? session.title()
                                : session.application(),
                        session -> session.title() + " in database " + session.database(),
                        (_, _) -> {}))
                .sortedBy(SessionColumn.CLIENT),
            columns
                .of(
                    "since",
                    "Since",
                    68,
                    90,
                    cells.when(session -> Optional.of(session.since()), _ -> false))
                .sortedBy(SessionColumn.SINCE),
            columns
                .of(
                    "ends",
                    "Ends in",
                    76,
                    96,
                    Cells.<LiveSession>plain(
                            session ->
                                session
                                    .endsAt()
                                    .map(at -> AccessText.left(at, cells.times()))
                                    .orElse("No end"),
                            session -> session.endsAt().map(cells.times()::exact).orElse("No end"))
                        .copying(session -> Cells.exact(session.endsAt())))
                .sortedBy(SessionColumn.ENDS),
            columns
                .of(
                    "query",
                    "Query",
                    120,
                    300,
                    Cells.mono(
                        session -> session.query().map(SessionTable::oneLine).orElse("—"),
                        _ -> true))
                .with(Trait.LEFT_OUT_WHEN_TIGHT));
    return new RowTable<>("Sessions", model.sessions(), all, AccessLists.WIDTHS, tasks);
  }

  private static String oneLine(String query) {
    return query.strip().replaceAll("\\s+", " ");
  }
}
