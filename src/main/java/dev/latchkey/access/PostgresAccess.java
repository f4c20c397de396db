package dev.latchkey.access;

import dev.latchkey.access.PostgresAccessList.By;
import dev.latchkey.database.Database;
import dev.latchkey.widget.RowSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Temporary access from the views and functions of schema {@code latchkey}. */
public final class PostgresAccess implements AccessSource {
  private static final String GRANT =
      """
      g.id, g.user_id, g.email, g.display_name, g.role, g.status, g.starts_at, g.expires_at,
        cast(g.allowed_cidrs as text[]) as allowed_cidrs, g.reason, g.granted_at,
        coalesce((select m.display_name from latchkey.members as m where m.user_id = g.granted_by),
          g.granted_by_name) as granted_by_name,
        g.extension_count, g.revoked_at,
        coalesce((select m.display_name from latchkey.members as m where m.user_id = g.revoked_by),
          g.revoked_by_name) as revoked_by_name,
        g.revoke_reason, g.last_login_at, host(g.last_login_from) as last_login_from, g.session_count\
      """;
  private static final String GRANTS = "latchkey.grants as g";

  private static final String MEMBER =
      """
      m.user_id, m.email, m.display_name, m.created_at, m.created_by_name, m.blocked_at,
        m.block_reason, m.grant_count, m.token_count, m.session_count, m.last_login_at\
      """;
  private static final String MEMBERS = "latchkey.members as m";

  private static final String TOKEN =
      """
      t.id, t.ksuid, t.user_id, t.email, t.display_name, t.name, t.prefix, t.last4, t.status,
        t.expires_at, t.roles, cast(t.allowed_cidrs as text[]) as allowed_cidrs, t.created_at,
        t.created_by_name, t.last_used_at, host(t.last_used_from) as last_used_from, t.revoked_at,
        t.revoked_by_name, t.revoke_reason\
      """;
  private static final String TOKENS = "latchkey.access_tokens as t";

  private static final String SESSION =
      """
      s.login_id as id, s.pid, s.backend_start, s.role, s.database, s.user_id, s.email,
        s.display_name, s.grant_id, s.token_id, s.token_name, host(s.client_addr) as client_addr,
        s.application_name, s.state, s.query, s.ends_at, s.end_reason\
      """;
  private static final String SESSIONS = "latchkey.sessions as s";

  private static final String LOGIN =
      """
      l.id, l.at, l.role, host(l.client_addr) as client_addr, l.outcome, l.user_id, l.email,
        l.display_name, l.token_name, l.grant_id, l.backend_pid, l.ended_at, l.ended_why\
      """;
  private static final String LOGINS = "latchkey.logins as l";

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
        (select count(*) from latchkey.sessions) as sessions
      """;

  private static final String PROOF =
      """
      select
        cast(e.after ->> 'sessions_ended' as integer) as sessions_ended,
        cast(e.after ->> 'sessions_left' as integer) as sessions_left,
        cast(e.after ->> 'checked_at' as timestamptz) as checked_at
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

  private final Database database;

  public PostgresAccess(Database database) {
    this.database = database;
  }

  @Override
  public AccessOverview overview() {
    return database.read(
        handle -> handle.createQuery(OVERVIEW).map(PostgresAccessRows::overview).one());
  }

  @Override
  public RowSource<Grant, AccessFilter, GrantColumn, AccessCounts> grants() {
    return list(
        GRANT,
        GRANTS,
        found("g.display_name, g.email, g.role, g.reason, g.id::text"),
        "g.id",
        "uuid",
        column ->
            switch (column) {
              case MEMBER -> new By("lower(g.display_name)", "text");
              case ROLE -> new By("g.role", "text");
              case STATUS ->
                  new By(
                      "array_position(array['expiring', 'active', 'scheduled', 'expired',"
                          + " 'revoked'], g.status)",
                      "integer");
              // The soonest end first, then what has yet to start, then what has no end; what is
              // over comes last, the latest first.
              case EXPIRES ->
                  new By(
                      "case when g.status in ('expired', 'revoked') then 4e11 - extract(epoch from"
                          + " coalesce(g.revoked_at, g.expires_at)) when g.status = 'scheduled'"
                          + " then 1e11 + extract(epoch from g.starts_at) when g.expires_at is"
                          + " null then 2e11 + extract(epoch from g.granted_at) else"
                          + " extract(epoch from g.expires_at) end",
                      "numeric");
              case REASON -> new By("lower(g.reason)", "text");
              case LAST_LOGIN -> new By("g.last_login_at", "timestamptz");
              case SESSIONS -> new By("g.session_count", "bigint");
            },
        PostgresAccessRows::grant);
  }

  @Override
  public RowSource<Member, AccessFilter, MemberColumn, AccessCounts> members() {
    return list(
        MEMBER,
        MEMBERS,
        found("m.display_name, m.email, m.block_reason, m.user_id::text"),
        "m.user_id",
        "uuid",
        column ->
            switch (column) {
              case NAME -> new By("lower(m.display_name)", "text");
              case STATUS -> new By("m.status", "text");
              case GRANTS -> new By("m.grant_count", "bigint");
              case TOKENS -> new By("m.token_count", "bigint");
              case SESSIONS -> new By("m.session_count", "bigint");
              case LAST_LOGIN -> new By("m.last_login_at", "timestamptz");
              case ADDED -> new By("m.created_at", "timestamptz");
            },
        PostgresAccessRows::member);
  }

  @Override
  public RowSource<AccessToken, AccessFilter, TokenColumn, AccessCounts> tokens() {
    return list(
        TOKEN,
        TOKENS,
        found(
            "t.name, t.display_name, t.email, t.ksuid, t.last4, array_to_string(t.roles, ' '),"
                + " t.revoke_reason, t.id::text"),
        "t.id",
        "uuid",
        column ->
            switch (column) {
              case NAME -> new By("lower(t.name)", "text");
              case MEMBER -> new By("lower(t.display_name)", "text");
              case STATUS ->
                  new By(
                      "array_position(array['expiring', 'active', 'expired', 'revoked'], t.status)",
                      "integer");
              case LAST_USED -> new By("t.last_used_at", "timestamptz");
              // What is over comes last, the latest first.
              case EXPIRES ->
                  new By(
                      "case when t.status in ('expired', 'revoked') then 4e11 - extract(epoch from"
                          + " coalesce(t.revoked_at, t.expires_at)) else extract(epoch from"
                          + " coalesce(t.expires_at, timestamptz '5000-01-01 00:00:00Z')) end",
                      "numeric");
              case CREATED -> new By("t.created_at", "timestamptz");
            },
        PostgresAccessRows::token);
  }

  @Override
  public RowSource<LiveSession, AccessFilter, SessionColumn, AccessCounts> sessions() {
    return list(
        SESSION,
        SESSIONS,
        found(
            "s.display_name, s.email, s.role, s.application_name, host(s.client_addr),"
                + " s.pid::text, s.token_name, s.query"),
        "s.login_id",
        "text",
        column ->
            switch (column) {
              case MEMBER -> new By("lower(s.display_name)", "text");
              case ROLE -> new By("s.role", "text");
              case STATE -> new By("s.state", "text");
              case CLIENT -> new By("s.client_addr", "inet");
              case SINCE -> new By("s.backend_start", "timestamptz");
              case ENDS -> new By("s.ends_at", "timestamptz");
            },
        PostgresAccessRows::session);
  }

  @Override
  public RowSource<Login, AccessFilter, LoginColumn, AccessCounts> logins() {
    return list(
        LOGIN,
        LOGINS,
        found(
            "l.display_name, l.email, l.role, host(l.client_addr), replace(l.outcome, '_', ' '),"
                + " l.token_name"),
        "l.id",
        "text",
        column ->
            switch (column) {
              case AT -> new By("l.at", "timestamptz");
              case MEMBER -> new By("lower(l.display_name)", "text");
              case ROLE -> new By("l.role", "text");
              case OUTCOME -> new By("l.outcome", "text");
              case CLIENT -> new By("l.client_addr", "inet");
            },
        PostgresAccessRows::login);
  }

  private <T, C> PostgresAccessList<T, C> list(
      String columns,
      String view,
      String matches,
      String id,
      String idType,
      Function<C, By> order,
      RowMapper<T> mapper) {
    return new PostgresAccessList<>(database, columns, view, matches, id, idType, order, mapper);
  }

  private static String found(String columns) {
    return ":text = '' or strpos(lower(concat_ws(' ', %s) collate \"default\"), lower(:text)) > 0"
        .formatted(columns);
  }

  @Override
  public Optional<AccessDetails> details(Subject subject) {
    return database.read(
        handle ->
            switch (subject) {
              case Subject.OfGrant(UUID id) ->
                  grant(handle, id)
                      .map(
                          grant ->
                              new AccessDetails.OfGrant(
                                  grant, sessions(handle, subject), attempts(handle, grant)));
              case Subject.OfMember(UUID id) ->
                  member(handle, id)
                      .map(
                          member ->
                              new AccessDetails.OfMember(
                                  member,
                                  grantsOf(handle, id),
                                  tokensOf(handle, id),
                                  sessions(handle, subject),
                                  attempts(handle, "l.user_id = :id", id)));
              case Subject.OfToken(UUID id) ->
                  token(handle, id)
                      .map(
                          token ->
                              new AccessDetails.OfToken(
                                  token,
                                  sessions(handle, subject),
                                  attempts(handle, "l.token_id = :id", id)));
              case Subject.OfLogin(String id) ->
                  handle
                      .createQuery(select(LOGIN, LOGINS, "l.id = :id"))
                      .bind("id", id)
                      .map(PostgresAccessRows::login)
                      .findOne()
                      .map(login -> new AccessDetails.OfLogin(login, sessions(handle, subject)));
              case Subject.OfAll _ -> Optional.empty();
            });
  }

  /** Those by the grant, and those for its role that were refused before a grant was looked at. */
  private static Attempts attempts(Handle handle, Grant grant) {
    String condition =
        "l.user_id = :id and (l.grant_id = :grant or (l.role = :role and l.grant_id is null))";
    return new Attempts(
        handle
            .createQuery(latest(condition))
            .bind("id", grant.member().id())
            .bind("grant", grant.id())
            .bind("role", grant.role())
            .map(PostgresAccessRows::login)
            .list(),
        count(handle, condition, grant, true),
        count(handle, condition, grant, false));
  }

  private static long count(Handle handle, String condition, Grant grant, boolean accepted) {
    return handle
        .createQuery(counting(condition, accepted))
        .bind("id", grant.member().id())
        .bind("grant", grant.id())
        .bind("role", grant.role())
        .mapTo(Long.class)
        .one();
  }

  private static Attempts attempts(Handle handle, String condition, UUID id) {
    return new Attempts(
        handle.createQuery(latest(condition)).bind("id", id).map(PostgresAccessRows::login).list(),
        handle.createQuery(counting(condition, true)).bind("id", id).mapTo(Long.class).one(),
        handle.createQuery(counting(condition, false)).bind("id", id).mapTo(Long.class).one());
  }

  private static String latest(String condition) {
    return select(LOGIN, LOGINS, recent(condition))
        + "order by l.at desc, l.id desc\nlimit "
        + Attempts.SHOWN;
  }

  private static String counting(String condition, boolean accepted) {
    return "select count(*) from latchkey.logins as l where %s and %s l.accepted"
        .formatted(recent(condition), accepted ? "" : "not");
  }

  private static String recent(String condition) {
    return "%s and l.at > now() - make_interval(days => %d)".formatted(condition, Attempts.DAYS);
  }

  private static List<Grant> grantsOf(Handle handle, UUID member) {
    return handle
        .createQuery(
            select(GRANT, GRANTS, "g.user_id = :id")
                + "order by g.status in ('expired', 'revoked'), g.expires_at, g.id\nlimit 200")
        .bind("id", member)
        .map(PostgresAccessRows::grant)
        .list();
  }

  private static List<AccessToken> tokensOf(Handle handle, UUID member) {
    return handle
        .createQuery(
            select(TOKEN, TOKENS, "t.user_id = :id")
                + "order by t.status in ('expired', 'revoked'), t.expires_at, t.id\nlimit 200")
        .bind("id", member)
        .map(PostgresAccessRows::token)
        .list();
  }

  @Override
  public Optional<Grant> grant(UUID id) {
    return database.read(handle -> grant(handle, id));
  }

  private static Optional<Grant> grant(Handle handle, UUID id) {
    return handle
        .createQuery(select(GRANT, GRANTS, "g.id = :id"))
        .bind("id", id)
        .map(PostgresAccessRows::grant)
        .findOne();
  }

  @Override
  public Optional<Member> member(UUID id) {
    return database.read(handle -> member(handle, id));
  }

  private static Optional<Member> member(Handle handle, UUID id) {
    return handle
        .createQuery(select(MEMBER, MEMBERS, "m.user_id = :id"))
        .bind("id", id)
        .map(PostgresAccessRows::member)
        .findOne();
  }

  @Override
  public Optional<AccessToken> token(UUID id) {
    return database.read(handle -> token(handle, id));
  }

  private static Optional<AccessToken> token(Handle handle, UUID id) {
    return handle
        .createQuery(select(TOKEN, TOKENS, "t.id = :id"))
        .bind("id", id)
        .map(PostgresAccessRows::token)
        .findOne();
  }

  @Override
  public List<Grant> openGrantsOf(UUID member) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    select(
                        GRANT,
                        GRANTS,
                        "g.user_id = :id and g.status in ('active', 'expiring', 'scheduled')"))
                .bind("id", member)
                .map(PostgresAccessRows::grant)
                .list());
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
    return handle
        .createQuery(select(SESSION, SESSIONS, condition) + "order by s.backend_start, s.pid")
        .bind("id", id(subject).orElse(null))
        .map(PostgresAccessRows::session)
        .list();
  }

  @Override
  public List<Member> choosableMembers() {
    return database.read(
        handle ->
            handle
                .createQuery(
                    select(MEMBER, MEMBERS, "m.blocked_at is null")
                        + "order by lower(m.display_name), m.user_id\nlimit 1000")
                .map(PostgresAccessRows::member)
                .list());
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
                .map(PostgresAccessRows::proof)
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
                .map(PostgresAccessRows::after)
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

  private static String select(String columns, String view, String condition) {
    return "select\n  %s\nfrom %s\nwhere %s\n".formatted(columns, view, condition);
  }
}
