package dev.latchkey.access.screen;

import dev.latchkey.access.AccessToken;
import dev.latchkey.access.TokenColumn;
import dev.latchkey.kit.list.Cells;
import dev.latchkey.kit.list.RowColumn;
import dev.latchkey.kit.list.RowColumn.Trait;
import dev.latchkey.kit.list.RowTable;
import dev.latchkey.task.Tasks;
import java.util.List;
import java.util.Optional;

/** The table of tokens and its columns. */
final class TokenTable {
  private TokenTable() {}

  static RowTable<AccessToken, TokenColumn> of(
      AccessViewModel model, AccessCells cells, Tasks tasks) {
    AccessColumns<AccessToken, TokenColumn> columns = new AccessColumns<>(cells);
    List<RowColumn<AccessToken, TokenColumn>> all =
        List.of(
            columns
                .of(
                    "token",
                    "Token",
                    132,
                    200,
                    Cells.titled(
                        AccessToken::name,
                        AccessToken::shortToken,
                        token -> token.name() + "\nid " + token.id(),
                        AccessCells.unless(token -> token.status().works())))
                .sortedBy(TokenColumn.NAME)
                .with(Trait.ALWAYS),
            columns
                .member(
                    112, 190, token -> Optional.of(token.member()), token -> token.status().works())
                .sortedBy(TokenColumn.MEMBER),
            columns
                .status(
                    104, token -> token.status().label(), token -> AccessText.tone(token.status()))
                .sortedBy(TokenColumn.STATUS),
            columns.of(
                "roles",
                "Roles",
                96,
                150,
                Cells.mono(
                    token ->
                        token.roles().map(roles -> String.join(" ", roles)).orElse("all granted"),
                    token -> token.status().works())),
            columns.networks(104, 160, AccessToken::networks, _ -> false),
            columns
                .of(
                    "last_used",
                    "Last used",
                    68,
                    92,
                    cells.when(AccessToken::lastUsedAt, _ -> false))
                .sortedBy(TokenColumn.LAST_USED),
            columns
                .of(
                    "expires",
                    "Expires",
                    72,
                    100,
                    Cells.<AccessToken>plain(
                            token ->
                                token.expiresAt().map(cells.times()::shortDate).orElse("Never"),
                            token ->
                                token
                                    .expiresAt()
                                    .map(at -> "Expires " + cells.times().exact(at))
                                    .orElse("No expiry"))
                        .copying(token -> Cells.exact(token.expiresAt())))
                .sortedBy(TokenColumn.EXPIRES));
    return new RowTable<>("Tokens", model.tokens(), all, AccessLists.WIDTHS, tasks);
  }
}
