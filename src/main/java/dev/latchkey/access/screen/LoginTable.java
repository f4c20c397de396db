package dev.latchkey.access.screen;

import dev.latchkey.access.Login;
import dev.latchkey.access.LoginColumn;
import dev.latchkey.kit.list.Cells;
import dev.latchkey.kit.list.RowColumn;
import dev.latchkey.kit.list.RowColumn.Trait;
import dev.latchkey.kit.list.RowTable;
import dev.latchkey.task.Tasks;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.List;

/** The table of logins and its columns. */
final class LoginTable {
  private LoginTable() {}

  static RowTable<Login, LoginColumn> of(AccessViewModel model, AccessCells cells, Tasks tasks) {
    AccessColumns<Login, LoginColumn> columns = new AccessColumns<>(cells);
    List<RowColumn<Login, LoginColumn>> all =
        List.of(
            columns
                .of(
                    "at",
                    "When",
                    100,
                    130,
                    Cells.<Login>text(
                            login -> cells.times().moment(login.at()),
                            login -> cells.times().exact(login.at()),
                            Styles.MONO)
                        .copying(login -> login.at().toString()))
                .sortedBy(LoginColumn.AT)
                .with(Trait.ALWAYS),
            columns
                .of(
                    "outcome",
                    "Outcome",
                    88,
                    104,
                    Cells.badge(
                        login -> login.outcome().isAccepted() ? "Accepted" : "Refused",
                        login -> login.outcome().isAccepted() ? Tone.SUCCESS : Tone.DANGER))
                .sortedBy(LoginColumn.OUTCOME),
            columns.member(120, 190, Login::member, _ -> true).sortedBy(LoginColumn.MEMBER),
            columns.role(88, 130, Login::role, _ -> true).sortedBy(LoginColumn.ROLE),
            columns
                .of(
                    "client",
                    "Address",
                    96,
                    130,
                    Cells.mono(login -> login.client().orElse("unknown"), _ -> true))
                .sortedBy(LoginColumn.CLIENT),
            columns.of(
                "reason",
                "Reason or end",
                130,
                300,
                Cells.plain(LoginTable::story, login -> login.outcome().advice())));
    return new RowTable<>("Logins", model.logins(), all, AccessLists.WIDTHS, tasks);
  }

  /** Why it was refused; of an accepted one, how it ended. */
  private static String story(Login login) {
    if (!login.outcome().isAccepted()) {
      return login.outcome().reason(login.role());
    }
    return login.ending().orElse(login.pid().isPresent() ? "open" : "not attached yet");
  }
}
