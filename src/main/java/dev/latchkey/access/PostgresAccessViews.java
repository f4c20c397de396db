package dev.latchkey.access;

import dev.latchkey.database.Database;
import dev.latchkey.database.ViewList;
import dev.latchkey.database.ViewQuery;
import dev.latchkey.database.ViewQuery.By;
import dev.latchkey.rows.Counts;
import dev.latchkey.rows.RowSource;
import java.util.OptionalLong;
import java.util.function.Function;

/** The views of temporary access: their columns, what a filter looks into, and how they sort. */
final class PostgresAccessViews {
  static final ViewQuery<Grant> GRANTS =
      new ViewQuery<>(
          """
          g.id, g.user_id, g.email, g.display_name, g.role, g.status, g.starts_at, g.expires_at,
            cast(g.allowed_cidrs as text[]) as allowed_cidrs, g.reason, g.granted_at,
            coalesce((select m.display_name from latchkey.members as m where m.user_id = g.granted_by),
              g.granted_by_name) as granted_by_name,
            g.extension_count, g.revoked_at,
            coalesce((select m.display_name from latchkey.members as m where m.user_id = g.revoked_by),
              g.revoked_by_name) as revoked_by_name,
            g.revoke_reason, g.last_login_at, host(g.last_login_from) as last_login_from, g.session_count\
          """,
          "latchkey.grants as g",
          "g.id",
          "uuid",
          PostgresAccessRows::grant);

  static final ViewQuery<Member> MEMBERS =
      new ViewQuery<>(
          """
          m.user_id, m.email, m.display_name, m.created_at, m.created_by_name, m.blocked_at,
            m.block_reason, m.grant_count, m.token_count, m.session_count, m.last_login_at\
          """,
          "latchkey.members as m",
          "m.user_id",
          "uuid",
          PostgresAccessRows::member);

  static final ViewQuery<AccessToken> TOKENS =
      new ViewQuery<>(
          """
          t.id, t.ksuid, t.user_id, t.email, t.display_name, t.name, t.prefix, t.last4, t.status,
            t.expires_at, t.roles, cast(t.allowed_cidrs as text[]) as allowed_cidrs, t.created_at,
            t.created_by_name, t.last_used_at, host(t.last_used_from) as last_used_from, t.revoked_at,
            t.revoked_by_name, t.revoke_reason\
          """,
          "latchkey.access_tokens as t",
          "t.id",
          "uuid",
          PostgresAccessRows::token);

  static final ViewQuery<LiveSession> SESSIONS =
      new ViewQuery<>(
          """
          s.login_id as id, s.pid, s.backend_start, s.role, s.database, s.user_id, s.email,
            s.display_name, s.grant_id, s.token_id, s.token_name, host(s.client_addr) as client_addr,
            s.application_name, s.state, s.query, s.ends_at, s.end_reason\
          """,
          "latchkey.sessions as s",
          "s.login_id",
          "text",
          PostgresAccessRows::session);

  static final ViewQuery<Login> LOGINS =
      new ViewQuery<>(
          """
          l.id, l.at, l.role, host(l.client_addr) as client_addr, l.outcome, l.user_id, l.email,
            l.display_name, l.token_name, l.grant_id, l.backend_pid, l.ended_at, l.ended_why\
          """,
          "latchkey.logins as l",
          "l.id",
          "text",
          PostgresAccessRows::login);

  private PostgresAccessViews() {}

  static RowSource<Grant, AccessFilter, GrantColumn, Counts> grants(Database database) {
    return list(
        database,
        GRANTS,
        "g.display_name, g.email, g.role, g.reason, g.id::text",
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
                      """
                      case
                        when g.status in ('expired', 'revoked')
                          then 4e11 - extract(epoch from coalesce(g.revoked_at, g.expires_at))
                        when g.status = 'scheduled' then 1e11 + extract(epoch from g.starts_at)
                        when g.expires_at is null then 2e11 + extract(epoch from g.granted_at)
                        else extract(epoch from g.expires_at)
                      end\
                      """,
                      "numeric");
              case REASON -> new By("lower(g.reason)", "text");
              case LAST_LOGIN -> new By("g.last_login_at", "timestamptz");
              case SESSIONS -> new By("g.session_count", "bigint");
            });
  }

  static RowSource<Member, AccessFilter, MemberColumn, Counts> members(Database database) {
    return list(
        database,
        MEMBERS,
        "m.display_name, m.email, m.block_reason, m.user_id::text",
        column ->
            switch (column) {
              case NAME -> new By("lower(m.display_name)", "text");
              case STATUS -> new By("m.status", "text");
              case GRANTS -> new By("m.grant_count", "bigint");
              case TOKENS -> new By("m.token_count", "bigint");
              case SESSIONS -> new By("m.session_count", "bigint");
              case LAST_LOGIN -> new By("m.last_login_at", "timestamptz");
              case ADDED -> new By("m.created_at", "timestamptz");
            });
  }

  static RowSource<AccessToken, AccessFilter, TokenColumn, Counts> tokens(Database database) {
    return list(
        database,
        TOKENS,
        "t.name, t.display_name, t.email, t.ksuid, t.last4, array_to_string(t.roles, ' '),"
            + " t.revoke_reason, t.id::text",
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
                      """
                      case
                        when t.status in ('expired', 'revoked')
                          then 4e11 - extract(epoch from coalesce(t.revoked_at, t.expires_at))
                        else extract(epoch from
                          coalesce(t.expires_at, timestamptz '5000-01-01 00:00:00Z'))
                      end\
                      """,
                      "numeric");
              case CREATED -> new By("t.created_at", "timestamptz");
            });
  }

  static RowSource<LiveSession, AccessFilter, SessionColumn, Counts> sessions(Database database) {
    return list(
        database,
        SESSIONS,
        "s.display_name, s.email, s.role, s.application_name, host(s.client_addr),"
            + " s.pid::text, s.token_name, s.query",
        column ->
            switch (column) {
              case MEMBER -> new By("lower(s.display_name)", "text");
              case ROLE -> new By("s.role", "text");
              case STATE -> new By("s.state", "text");
              case CLIENT -> new By("s.client_addr", "inet");
              case SINCE -> new By("s.backend_start", "timestamptz");
              case ENDS -> new By("s.ends_at", "timestamptz");
            });
  }

  static RowSource<Login, AccessFilter, LoginColumn, Counts> logins(Database database) {
    return list(
        database,
        LOGINS,
        "l.display_name, l.email, l.role, host(l.client_addr), replace(l.outcome, '_', ' '),"
            + " l.token_name",
        column ->
            switch (column) {
              case AT -> new By("l.at", "timestamptz");
              case MEMBER -> new By("lower(l.display_name)", "text");
              case ROLE -> new By("l.role", "text");
              case OUTCOME -> new By("l.outcome", "text");
              case CLIENT -> new By("l.client_addr", "inet");
            });
  }

  private static <T, C> RowSource<T, AccessFilter, C, Counts> list(
      Database database, ViewQuery<T> view, String searched, Function<C, By> order) {
    String found =
        "(:text = '' or strpos(lower(concat_ws(' ', %s) collate \"default\"), lower(:text)) > 0)"
            .formatted(searched);
    return new ViewList<>(
        database,
        view,
        filter -> filter.refusedOnly() ? found + " and not l.accepted" : found,
        (query, filter) -> query.bind("text", filter.text()),
        order,
        OptionalLong.of(AccessSource.MOST_COUNTED));
  }
}
