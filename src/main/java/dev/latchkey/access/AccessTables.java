package dev.latchkey.access;

import dev.latchkey.task.Tasks;
import dev.latchkey.widget.Drawn;
import dev.latchkey.widget.RowColumn;
import dev.latchkey.widget.RowColumn.Trait;
import dev.latchkey.widget.RowTable;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The tables of the lists and their columns. */
final class AccessTables {
  private static final RowTable.Widths WIDTHS = new RowTable.Widths(980, 640);

  private final AccessViewModel model;
  private final AccessCells cells;
  private final Tasks tasks;

  AccessTables(AccessViewModel model, AccessCells cells, Tasks tasks) {
    this.model = model;
    this.cells = cells;
    this.tasks = tasks;
  }

  RowTable<?, ?> of(AccessList list) {
    RowTable<?, ?> table =
        switch (list) {
          case GRANTS -> grants();
          case MEMBERS -> members();
          case TOKENS -> tokens();
          case SESSIONS -> sessions();
          case LOGINS -> logins();
        };
    table.setId(list.plural() + "-table");
    return table;
  }

  private RowTable<Grant, GrantColumn> grants() {
    List<RowColumn<Grant, GrantColumn>> columns =
        List.of(
            RowColumn.<Grant, GrantColumn>of(
                    "member",
                    "Member",
                    104,
                    190,
                    cells.member(
                        grant -> Optional.of(grant.member()), grant -> grant.status().isOpen()))
                .sortedBy(GrantColumn.MEMBER)
                .with(Trait.ALWAYS),
            RowColumn.<Grant, GrantColumn>of(
                    "role",
                    "Role",
                    80,
                    140,
                    cells.mono(Grant::role, grant -> grant.status().isOpen()))
                .sortedBy(GrantColumn.ROLE),
            RowColumn.<Grant, GrantColumn>of(
                    "status",
                    "Status",
                    88,
                    104,
                    cells.badge(
                        grant -> grant.status().label(), grant -> AccessText.tone(grant.status())))
                .sortedBy(GrantColumn.STATUS),
            RowColumn.<Grant, GrantColumn>of("expires", "Expires", 84, 110, cells.expires())
                .sortedBy(GrantColumn.EXPIRES),
            RowColumn.<Grant, GrantColumn>of(
                    "networks",
                    "Networks",
                    118,
                    180,
                    cells.networks(Grant::networks, grant -> grant.status().isOpen()))
                .with(Trait.LEFT_OUT_WHEN_TIGHT),
            RowColumn.<Grant, GrantColumn>of("reason", "Reason", 70, 190, cells.reason())
                .sortedBy(GrantColumn.REASON),
            RowColumn.<Grant, GrantColumn>of(
                    "last_login",
                    "Last login",
                    48,
                    92,
                    cells.when(Grant::lastLoginAt, grant -> grant.sessions() > 0))
                .titled("Login", "Last login")
                .sortedBy(GrantColumn.LAST_LOGIN),
            RowColumn.<Grant, GrantColumn>of(
                    "sessions", "Sessions", 52, 84, cells.number(Grant::sessions))
                .titled("Open", "Sessions that are open now")
                .sortedBy(GrantColumn.SESSIONS)
                .with(Trait.RIGHT));
    return new RowTable<>(
        "Grants",
        model.grants(),
        columns,
        grant ->
            List.of(
                grant.member().name(),
                grant.member().email(),
                grant.role(),
                grant.status().label(),
                grant.startsAt().toString(),
                grant.expiresAt().map(Instant::toString).orElse(""),
                String.join(" ", grant.networks()),
                grant.reason().orElse(""),
                grant.lastLoginAt().map(Instant::toString).orElse(""),
                Integer.toString(grant.sessions()),
                grant.id().toString()),
        WIDTHS,
        tasks);
  }

  private RowTable<Member, MemberColumn> members() {
    List<RowColumn<Member, MemberColumn>> columns =
        List.of(
            RowColumn.<Member, MemberColumn>of(
                    "member",
                    "Member",
                    150,
                    260,
                    cells.member(
                        member -> Optional.of(member.person()), member -> !member.isBlocked()))
                .sortedBy(MemberColumn.NAME)
                .with(Trait.ALWAYS),
            RowColumn.<Member, MemberColumn>of(
                    "status",
                    "Status",
                    88,
                    110,
                    cells.badge(
                        member -> member.isBlocked() ? "Blocked" : "Active",
                        member -> member.isBlocked() ? Tone.DANGER : Tone.SUCCESS))
                .sortedBy(MemberColumn.STATUS),
            RowColumn.<Member, MemberColumn>of(
                    "grants", "Open grants", 60, 96, cells.number(Member::grants))
                .titled("Grants", "Grants that are or will be in force")
                .sortedBy(MemberColumn.GRANTS)
                .with(Trait.RIGHT),
            RowColumn.<Member, MemberColumn>of(
                    "tokens", "Usable tokens", 60, 110, cells.number(Member::tokens))
                .titled("Tokens", "Tokens that can be used")
                .sortedBy(MemberColumn.TOKENS)
                .with(Trait.RIGHT),
            RowColumn.<Member, MemberColumn>of(
                    "sessions", "Sessions", 68, 90, cells.number(Member::sessions))
                .titled("Sessions", "Sessions that are open now")
                .sortedBy(MemberColumn.SESSIONS)
                .with(Trait.RIGHT),
            RowColumn.<Member, MemberColumn>of(
                    "last_login",
                    "Last login",
                    76,
                    110,
                    cells.when(Member::lastLoginAt, member -> member.sessions() > 0))
                .sortedBy(MemberColumn.LAST_LOGIN),
            RowColumn.<Member, MemberColumn>of(
                    "added",
                    "Added",
                    80,
                    120,
                    cells.plain(
                        member -> cells.times().date(member.addedAt()),
                        member ->
                            "Added "
                                + cells.times().exact(member.addedAt())
                                + member.addedBy().map(by -> " by " + by).orElse("")))
                .sortedBy(MemberColumn.ADDED)
                .with(Trait.LEFT_OUT_WHEN_TIGHT));
    return new RowTable<>(
        "Members",
        model.members(),
        columns,
        member ->
            List.of(
                member.person().name(),
                member.person().email(),
                member.isBlocked() ? "blocked" : "active",
                Integer.toString(member.grants()),
                Integer.toString(member.tokens()),
                Integer.toString(member.sessions()),
                member.id().toString()),
        WIDTHS,
        tasks);
  }

  private RowTable<AccessToken, TokenColumn> tokens() {
    List<RowColumn<AccessToken, TokenColumn>> columns =
        List.of(
            RowColumn.<AccessToken, TokenColumn>of(
                    "token",
                    "Token",
                    132,
                    200,
                    cells.titled(
                        AccessToken::name,
                        AccessToken::shortToken,
                        token -> token.status().works(),
                        token -> token.name() + "\nid " + token.id()))
                .sortedBy(TokenColumn.NAME)
                .with(Trait.ALWAYS),
            RowColumn.<AccessToken, TokenColumn>of(
                    "member",
                    "Member",
                    112,
                    190,
                    cells.member(
                        token -> Optional.of(token.member()), token -> token.status().works()))
                .sortedBy(TokenColumn.MEMBER),
            RowColumn.<AccessToken, TokenColumn>of(
                    "status",
                    "Status",
                    88,
                    104,
                    cells.badge(
                        token -> token.status().label(), token -> AccessText.tone(token.status())))
                .sortedBy(TokenColumn.STATUS),
            RowColumn.<AccessToken, TokenColumn>of(
                "roles",
                "Roles",
                96,
                150,
                cells.mono(
                    token ->
                        token.roles().map(roles -> String.join(" ", roles)).orElse("all granted"),
                    token -> token.status().works())),
            RowColumn.<AccessToken, TokenColumn>of(
                    "networks",
                    "Networks",
                    104,
                    160,
                    cells.networks(AccessToken::networks, _ -> false))
                .with(Trait.LEFT_OUT_WHEN_TIGHT),
            RowColumn.<AccessToken, TokenColumn>of(
                    "last_used",
                    "Last used",
                    68,
                    92,
                    cells.when(AccessToken::lastUsedAt, _ -> false))
                .sortedBy(TokenColumn.LAST_USED),
            RowColumn.<AccessToken, TokenColumn>of(
                    "expires",
                    "Expires",
                    72,
                    100,
                    cells.plain(
                        token -> token.expiresAt().map(cells.times()::shortDate).orElse("Never"),
                        token ->
                            token
                                .expiresAt()
                                .map(at -> "Expires " + cells.times().exact(at))
                                .orElse("No expiry")))
                .sortedBy(TokenColumn.EXPIRES));
    return new RowTable<>(
        "Tokens",
        model.tokens(),
        columns,
        token ->
            List.of(
                token.name(),
                token.member().email(),
                token.shortToken(),
                token.status().label(),
                token.expiresAt().map(Instant::toString).orElse(""),
                token.id().toString()),
        WIDTHS,
        tasks);
  }

  private RowTable<LiveSession, SessionColumn> sessions() {
    List<RowColumn<LiveSession, SessionColumn>> columns =
        List.of(
            RowColumn.<LiveSession, SessionColumn>of(
                    "member", "Member", 120, 190, cells.member(LiveSession::member, _ -> true))
                .sortedBy(SessionColumn.MEMBER)
                .with(Trait.ALWAYS),
            RowColumn.<LiveSession, SessionColumn>of(
                    "role", "Role", 88, 130, cells.mono(LiveSession::role, _ -> true))
                .sortedBy(SessionColumn.ROLE),
            RowColumn.<LiveSession, SessionColumn>of(
                    "state",
                    "State",
                    112,
                    130,
                    cells.badge(
                        session ->
                            session.endReason().isPresent() ? "Ending" : session.briefState(),
                        session ->
                            session.endReason().isPresent()
                                ? Tone.DANGER
                                : session.state().orElse("").equals("active")
                                    ? Tone.SUCCESS
                                    : Tone.NEUTRAL))
                .sortedBy(SessionColumn.STATE),
            RowColumn.<LiveSession, SessionColumn>of(
                    "client",
                    "Client",
                    100,
                    170,
                    cells.titled(
                        session -> session.client().orElse("unknown"),
                        session ->
                            session.application().isBlank()
                                ? session.title()
                                : session.application(),
                        _ -> true,
                        session -> session.title() + " in database " + session.database()))
                .sortedBy(SessionColumn.CLIENT),
            RowColumn.<LiveSession, SessionColumn>of(
                    "since",
                    "Since",
                    68,
                    90,
                    cells.when(session -> Optional.of(session.since()), _ -> false))
                .sortedBy(SessionColumn.SINCE),
            RowColumn.<LiveSession, SessionColumn>of(
                    "ends",
                    "Ends in",
                    76,
                    96,
                    cells.plain(
                        session ->
                            session
                                .endsAt()
                                .map(at -> AccessText.left(at, cells.times()))
                                .orElse("No end"),
                        session -> session.endsAt().map(cells.times()::exact).orElse("No end")))
                .sortedBy(SessionColumn.ENDS),
            RowColumn.<LiveSession, SessionColumn>of(
                    "query",
                    "Query",
                    120,
                    300,
                    cells.mono(
                        session -> session.query().map(AccessTables::oneLine).orElse("—"),
                        _ -> true))
                .with(Trait.LEFT_OUT_WHEN_TIGHT));
    return new RowTable<>(
        "Sessions",
        model.sessions(),
        columns,
        session ->
            List.of(
                session.who(),
                session.role(),
                Integer.toString(session.pid()),
                session.client().orElse(""),
                session.application(),
                session.since().toString(),
                session.loginId()),
        WIDTHS,
        tasks);
  }

  private RowTable<Login, LoginColumn> logins() {
    List<RowColumn<Login, LoginColumn>> columns =
        List.of(
            RowColumn.<Login, LoginColumn>of(
                    "at",
                    "When",
                    100,
                    130,
                    Drawn.text(
                        login -> cells.times().moment(login.at()),
                        login -> cells.times().exact(login.at()),
                        Styles.MONO))
                .sortedBy(LoginColumn.AT)
                .with(Trait.ALWAYS),
            RowColumn.<Login, LoginColumn>of(
                    "outcome",
                    "Outcome",
                    88,
                    104,
                    cells.badge(
                        login -> login.outcome().isAccepted() ? "Accepted" : "Refused",
                        login -> login.outcome().isAccepted() ? Tone.SUCCESS : Tone.DANGER))
                .sortedBy(LoginColumn.OUTCOME),
            RowColumn.<Login, LoginColumn>of(
                    "member", "Member", 120, 190, cells.member(Login::member, _ -> true))
                .sortedBy(LoginColumn.MEMBER),
            RowColumn.<Login, LoginColumn>of(
                    "role", "Role", 88, 130, cells.mono(Login::role, _ -> true))
                .sortedBy(LoginColumn.ROLE),
            RowColumn.<Login, LoginColumn>of(
                    "client",
                    "Address",
                    96,
                    130,
                    cells.mono(login -> login.client().orElse("unknown"), _ -> true))
                .sortedBy(LoginColumn.CLIENT),
            RowColumn.<Login, LoginColumn>of(
                "reason",
                "Reason or end",
                130,
                300,
                cells.plain(AccessTables::story, login -> login.outcome().advice())));
    return new RowTable<>(
        "Logins",
        model.logins(),
        columns,
        login ->
            List.of(
                login.at().toString(),
                login.outcome().sql(),
                login.member().map(Person::email).orElse(""),
                login.role(),
                login.client().orElse(""),
                login.endedWhy().orElse(""),
                login.id()),
        WIDTHS,
        tasks);
  }

  /** Why it was refused; of an accepted one, how it ended. */
  static String story(Login login) {
    if (!login.outcome().isAccepted()) {
      return login.outcome().reason(login.role());
    }
    return login.ending().orElse(login.pid().isPresent() ? "open" : "not attached yet");
  }

  private static String oneLine(String query) {
    return query.strip().replaceAll("\\s+", " ");
  }
}
