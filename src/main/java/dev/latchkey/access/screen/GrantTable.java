package dev.latchkey.access.screen;

import dev.latchkey.access.Grant;
import dev.latchkey.access.GrantColumn;
import dev.latchkey.kit.list.RowColumn;
import dev.latchkey.kit.list.RowColumn.Trait;
import dev.latchkey.kit.list.RowTable;
import dev.latchkey.task.Tasks;
import java.util.List;
import java.util.Optional;

/** The table of grants and its columns. */
final class GrantTable {
  private GrantTable() {}

  static RowTable<Grant, GrantColumn> of(AccessViewModel model, AccessCells cells, Tasks tasks) {
    AccessColumns<Grant, GrantColumn> columns = new AccessColumns<>(cells);
    List<RowColumn<Grant, GrantColumn>> all =
        List.of(
            columns
                .member(
                    104,
                    190,
                    grant -> Optional.of(grant.member()),
                    grant -> grant.status().isOpen())
                .sortedBy(GrantColumn.MEMBER)
                .with(Trait.ALWAYS),
            columns
                .role(80, 140, Grant::role, grant -> grant.status().isOpen())
                .sortedBy(GrantColumn.ROLE),
            columns
                .status(
                    104, grant -> grant.status().label(), grant -> AccessText.tone(grant.status()))
                .sortedBy(GrantColumn.STATUS),
            columns
                .of("expires", "Expires", 84, 110, cells.expires())
                .sortedBy(GrantColumn.EXPIRES),
            columns.networks(118, 180, Grant::networks, grant -> grant.status().isOpen()),
            columns.of("reason", "Reason", 70, 190, cells.reason()).sortedBy(GrantColumn.REASON),
            columns
                .of(
                    "last_login",
                    "Last login",
                    48,
                    92,
                    cells.when(Grant::lastLoginAt, grant -> grant.sessions() > 0))
                .titled("Login", "Last login")
                .sortedBy(GrantColumn.LAST_LOGIN),
            columns
                .number("sessions", "Sessions", 52, 84, Grant::sessions)
                .titled("Open", "Sessions that are open now")
                .sortedBy(GrantColumn.SESSIONS));
    return new RowTable<>("Grants", model.grants(), all, AccessLists.WIDTHS, tasks);
  }
}
