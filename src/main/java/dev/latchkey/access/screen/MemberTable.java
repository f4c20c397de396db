package dev.latchkey.access.screen;

import dev.latchkey.access.Member;
import dev.latchkey.access.MemberColumn;
import dev.latchkey.kit.list.Cells;
import dev.latchkey.kit.list.RowColumn;
import dev.latchkey.kit.list.RowColumn.Trait;
import dev.latchkey.kit.list.RowTable;
import dev.latchkey.task.Tasks;
import dev.latchkey.widget.Tone;
import java.util.List;
import java.util.Optional;

/** The table of members and its columns. */
final class MemberTable {
  private MemberTable() {}

  static RowTable<Member, MemberColumn> of(AccessViewModel model, AccessCells cells, Tasks tasks) {
    AccessColumns<Member, MemberColumn> columns = new AccessColumns<>(cells);
    List<RowColumn<Member, MemberColumn>> all =
        List.of(
            columns
                .member(
                    150, 260, member -> Optional.of(member.person()), member -> !member.isBlocked())
                .sortedBy(MemberColumn.NAME)
                .with(Trait.ALWAYS),
            columns
                .status(
                    110,
                    member -> member.isBlocked() ? "Blocked" : "Active",
                    member -> member.isBlocked() ? Tone.DANGER : Tone.SUCCESS)
                .sortedBy(MemberColumn.STATUS),
            columns
                .number("grants", "Open grants", 60, 96, Member::grants)
                .titled("Grants", "Grants that are or will be in force")
                .sortedBy(MemberColumn.GRANTS),
            columns
                .number("tokens", "Usable tokens", 60, 110, Member::tokens)
                .titled("Tokens", "Tokens that can be used")
                .sortedBy(MemberColumn.TOKENS),
            columns
                .number("sessions", "Sessions", 68, 90, Member::sessions)
                .titled("Sessions", "Sessions that are open now")
                .sortedBy(MemberColumn.SESSIONS),
            columns
                .of(
                    "last_login",
                    "Last login",
                    76,
                    110,
                    cells.when(Member::lastLoginAt, member -> member.sessions() > 0))
                .sortedBy(MemberColumn.LAST_LOGIN),
            columns
                .of(
                    "added",
                    "Added",
                    80,
                    120,
                    Cells.<Member>plain(
                            member -> cells.times().date(member.addedAt()),
                            member ->
                                "Added "
                                    + cells.times().exact(member.addedAt())
                                    + member.addedBy().map(by -> " by " + by).orElse(""))
                        .copying(member -> member.addedAt().toString()))
                .sortedBy(MemberColumn.ADDED)
                .with(Trait.LEFT_OUT_WHEN_TIGHT));
    return new RowTable<>("Members", model.members(), all, AccessLists.WIDTHS, tasks);
  }
}
