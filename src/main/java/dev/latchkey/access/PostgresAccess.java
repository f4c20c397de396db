package dev.latchkey.access;

import static dev.latchkey.access.PostgresAccessViews.GRANTS;
import static dev.latchkey.access.PostgresAccessViews.LOGINS;
import static dev.latchkey.access.PostgresAccessViews.MEMBERS;
import static dev.latchkey.access.PostgresAccessViews.SESSIONS;
import static dev.latchkey.access.PostgresAccessViews.TOKENS;

import dev.latchkey.change.Subject;
import dev.latchkey.database.Database;
import dev.latchkey.database.Row;
import dev.latchkey.rows.Counts;
import dev.latchkey.rows.RowSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Temporary access from the views and functions of schema {@code latchkey}. */
public final class PostgresAccess implements AccessSource, AccessChoices {
  private static final String OVERVIEW =
      """
      select
        cast(latchkey.temporary_access_state() as text) as state,
        cast(latchkey.whoami() as text) as who,
        (select count(*) from latchkey.members) as members,
        (
          select count(*)
          from latchkey.grants as g
          where g.status in ('active', 'expiring', 'scheduled')
        ) as grants,
        cast(latchkey.temporary_access_state() ->> 'live_sessions' as integer) as sessions
      """;

  private static final String PROOF =
      """
      select cast(e.after as text) as after
      from latchkey.events as e
      where e.object_type = :type
        and e.object_id = :id
        and jsonb_exists(e.after, 'sessions_ended')
      order by e.occurred_at desc, e.id desc
      limit 1
      """;

  private static final String AFTER =
      """
      select cast(latchkey.access_after(
        p_without_grant => cast(:grant as uuid),
        p_without_member => cast(:member as uuid),
        p_without_token => cast(:token as uuid)) as text) as after
      """;

  private static final String GRANTS_OF =
      """
      where g.user_id = :id
      order by g.status in ('expired', 'revoked'), g.expires_at, g.id
      limit 200
      """;

  private static final String OPEN_GRANTS_OF =
      """
      where g.user_id = :id
        and g.status in ('active', 'expiring', 'scheduled')
      """;

  private static final String TOKENS_OF =
      """
      where t.user_id = :id
      order by t.status in ('expired', 'revoked'), t.expires_at, t.id
      limit 200
      """;

  private static final String CHOOSABLE_MEMBERS =
      """
      where m.blocked_at is null
      order by lower(m.display_name), m.user_id
      limit 1000
      """;

  private final Database database;

  public PostgresAccess(Database database) {
    this.database = database;
  }

  @Override
  public AccessOverview overview() {
    return database.read(
        handle ->
            handle.createQuery(OVERVIEW).map(Row.reading(PostgresAccessRows::overview)).one());
  }

  @Override
  public RowSource<Grant, AccessFilter, GrantColumn, Counts> grants() {
    return PostgresAccessViews.grants(database);
  }

  @Override
  public RowSource<Member, AccessFilter, MemberColumn, Counts> members() {
    return PostgresAccessViews.members(database);
  }

  @Override
  public RowSource<AccessToken, AccessFilter, TokenColumn, Counts> tokens() {
    return PostgresAccessViews.tokens(database);
  }

  @Override
  public RowSource<LiveSession, AccessFilter, SessionColumn, Counts> sessions() {
    return PostgresAccessViews.sessions(database);
  }

  @Override
  public RowSource<Login, AccessFilter, LoginColumn, Counts> logins() {
    return PostgresAccessViews.logins(database);
  }

  @Override
  public Optional<AccessDetails> details(Subject subject) {
    return database.read(
        handle ->
            switch (subject) {
              case Subject.OfGrant(UUID id) ->
                  GRANTS
                      .byId(handle, id)
                      .map(
                          grant ->
                              new AccessDetails.OfGrant(
                                  grant, sessions(handle, subject), attempts(handle, grant)));
              case Subject.OfMember(UUID id) ->
                  MEMBERS
                      .byId(handle, id)
                      .map(
                          member ->
                              new AccessDetails.OfMember(
                                  member,
                                  GRANTS.rows(handle, GRANTS_OF, of(id)),
                                  TOKENS.rows(handle, TOKENS_OF, of(id)),
                                  sessions(handle, subject),
                                  attempts(handle, "l.user_id = :id", of(id))));
              case Subject.OfToken(UUID id) ->
                  TOKENS
                      .byId(handle, id)
                      .map(
                          token ->
                              new AccessDetails.OfToken(
                                  token,
                                  sessions(handle, subject),
                                  attempts(handle, "l.token_id = :id", of(id))));
              case Subject.OfLogin(String id) ->
                  LOGINS
                      .byId(handle, id)
                      .map(login -> new AccessDetails.OfLogin(login, sessions(handle, subject)));
              case Subject.OfAll _ -> Optional.empty();
            });
  }

  /** Those by the grant, and those for its role that were refused before a grant was looked at. */
  private static Attempts attempts(Handle handle, Grant grant) {
    return attempts(
        handle,
        "l.user_id = :id and (l.grant_id = :grant or (l.role = :role and l.grant_id is null))",
        query ->
            query
                .bind("id", grant.member().id())
                .bind("grant", grant.id())
                .bind("role", grant.role()));
  }

  private static Attempts attempts(Handle handle, String condition, UnaryOperator<Query> values) {
    String recent =
        "where %s and l.at > now() - make_interval(days => %d)".formatted(condition, Attempts.DAYS);
    return new Attempts(
        LOGINS.rows(
            handle,
            "%s\norder by l.at desc, l.id desc\nlimit %d".formatted(recent, Attempts.SHOWN),
            values),
        count(handle, recent + " and l.accepted", values),
        count(handle, recent + " and not l.accepted", values));
  }

  private static long count(Handle handle, String rest, UnaryOperator<Query> values) {
    return values
        .apply(handle.createQuery("select count(*) from %s %s".formatted(LOGINS.view(), rest)))
        .mapTo(Long.class)
        .one();
  }

  private static UnaryOperator<Query> of(UUID id) {
    return query -> query.bind("id", id);
  }

  @Override
  public Optional<Grant> grant(UUID id) {
    return database.read(handle -> GRANTS.byId(handle, id));
  }

  @Override
  public Optional<Member> member(UUID id) {
    return database.read(handle -> MEMBERS.byId(handle, id));
  }

  @Override
  public Optional<AccessToken> token(UUID id) {
    return database.read(handle -> TOKENS.byId(handle, id));
  }

  @Override
  public List<Grant> openGrantsOf(UUID member) {
    return database.read(handle -> GRANTS.rows(handle, OPEN_GRANTS_OF, of(member)));
  }

  @Override
  public List<LiveSession> sessionsOf(Subject subject) {
    return database.read(handle -> sessions(handle, subject));
  }

  private static List<LiveSession> sessions(Handle handle, Subject subject) {
    String condition =
        switch (subject) {
          case Subject.OfGrant _ -> "s.grant_id = cast(:id as uuid)";
          case Subject.OfMember _ -> "s.user_id = cast(:id as uuid)";
          case Subject.OfToken _ -> "s.token_id = cast(:id as uuid)";
          case Subject.OfLogin _ -> "s.login_id = :id";
          case Subject.OfAll _ -> "cast(:id as text) is null";
        };
    return SESSIONS.rows(
        handle,
        "where %s\norder by s.backend_start, s.pid".formatted(condition),
        query -> query.bind("id", id(subject).orElse(null)));
  }

  @Override
  public Optional<String> whyUnseen() {
    return database.read(
        handle ->
            handle
                .createQuery("select latchkey.temporary_access_state() ->> 'not_known' as why")
                .map(Row.reading(row -> row.note("why")))
                .one());
  }

  @Override
  public List<Member> choosableMembers() {
    return database.read(
        handle -> MEMBERS.rows(handle, CHOOSABLE_MEMBERS, UnaryOperator.identity()));
  }

  @Override
  public List<String> assignableRoles() {
    return database.read(
        handle ->
            handle
                .createQuery("select r.role from latchkey.assignable_roles() as r (role)")
                .mapTo(String.class)
                .list());
  }

  @Override
  public Optional<EndProof> proof(Subject subject) {
    String type =
        switch (subject) {
          case Subject.OfGrant _ -> "grant";
          case Subject.OfMember _ -> "member";
          case Subject.OfToken _ -> "token";
          case Subject.OfLogin _ -> "login";
          case Subject.OfAll _ -> "setting";
        };
    return database.read(
        handle ->
            handle
                .createQuery(PROOF)
                .bind("type", type)
                .bind("id", id(subject).orElse("temporary_access"))
                .map(Row.reading(PostgresAccessRows::proof))
                .findOne());
  }

  @Override
  public AccessAfter after(Subject without) {
    Optional<String> id = id(without);
    return database.read(
        handle ->
            handle
                .createQuery(AFTER)
                .bind("grant", without instanceof Subject.OfGrant ? id.orElse(null) : null)
                .bind("member", without instanceof Subject.OfMember ? id.orElse(null) : null)
                .bind("token", without instanceof Subject.OfToken ? id.orElse(null) : null)
                .map(Row.reading(PostgresAccessRows::after))
                .one());
  }

  private static Optional<String> id(Subject subject) {
    return switch (subject) {
      case Subject.OfGrant(UUID id) -> Optional.of(id.toString());
      case Subject.OfMember(UUID id) -> Optional.of(id.toString());
      case Subject.OfToken(UUID id) -> Optional.of(id.toString());
      case Subject.OfLogin(String id) -> Optional.of(id);
      case Subject.OfAll _ -> Optional.empty();
    };
  }
}
