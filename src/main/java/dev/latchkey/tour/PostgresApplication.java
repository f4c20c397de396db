package dev.latchkey.tour;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * What an application's server does with a key: verifies it and logs its use, as service_role. The
 * tour needs it to see that what the console did holds in SQL.
 */
final class PostgresApplication {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Jdbi database;

  /**
   * @param database connects as a role that may become service_role
   */
  PostgresApplication(DataSource database) {
    this.database = Jdbi.create(database);
  }

  /** Whether {@code verify_api_key} accepts the key. */
  boolean accepts(String key) {
    return asService(
        "select (public.verify_api_key(:key) ->> 'valid')::boolean", key, Boolean.class);
  }

  /** The id of a key that is accepted. */
  String idOf(String key) {
    return asService("select public.verify_api_key(:key) ->> 'api_key_id'", key, String.class);
  }

  /** Revokes an access token, as an operator who heard that it is lost. */
  void revokeToken(String token) {
    database.useHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select (latchkey.revoke_access_token(known.id, 'The tour lost it')).status
                    from latchkey.access_tokens as known
                    where known.ksuid = :ksuid
                    """)
                .bind("ksuid", token.substring(4, 31))
                .mapTo(String.class)
                .one());
  }

  /** Whether a member's query that contains {@code part} is under way, soon at the latest. */
  boolean sees(String email, String part) {
    Instant end = Instant.now().plus(PATIENCE);
    while (!isUnderWay(email, part)) {
      if (Instant.now().isAfter(end)) {
        return false;
      }
    }
    return true;
  }

  private boolean isUnderWay(String email, String part) {
    return database.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select count(*) > 0
                    from latchkey.sessions, pg_sleep(0.05)
                    where email = :email and state = 'active' and position(:part in query) > 0
                    """)
                .bind("email", email)
                .bind("part", part)
                .mapTo(Boolean.class)
                .one());
  }

  /** What the audit events tell about a member's access, the oldest first. */
  String accessStory(String email) {
    return database.withHandle(
        handle ->
            handle
                .createQuery(
                    """
                    select string_agg(
                      type
                        || case when type not like 'login.%' then ' by ' || actor_display else '' end
                        || coalesce(' (' || (after ->> 'sessions_ended') || ' ended, '
                          || (after ->> 'sessions_left') || ' left)', ''),
                      ', ' order by id)
                    from latchkey.events
                    where object_label like :email || '%'
                    """)
                .bind("email", email)
                .mapTo(String.class)
                .one());
  }

  /** Logs one call that was made with the key. */
  void logUse(String id, String endpoint, int status) {
    database.useTransaction(
        handle -> {
          handle.execute("set local role service_role");
          handle
              .createQuery(
                  """
                  select public.log_api_key_usage(
                    cast(:id as uuid), :endpoint, 'GET', :status, '198.51.100.24', 'latchkey-tour/1')::text
                  """)
              .bind("id", id)
              .bind("endpoint", endpoint)
              .bind("status", status)
              .mapTo(String.class)
              .one();
        });
  }

  /** How many lines the usage log has for the key. */
  int linesOf(String id) {
    return database.withHandle(
        handle ->
            handle
                .createQuery(
                    "select count(*) from latchkey.usage where api_key_id = cast(:id as uuid)")
                .bind("id", id)
                .mapTo(Integer.class)
                .one());
  }

  /**
   * The SQLSTATE and message with which a key with these scopes is refused; empty when it is not.
   */
  Optional<String> refusal(String scopes) {
    try {
      database.useTransaction(
          handle -> {
            handle
                .createQuery(
                    """
                    select public.create_api_key(
                      (select id from public.accounts order by name limit 1),
                      'refused', cast(:scopes as jsonb))::text
                    """)
                .bind("scopes", scopes)
                .mapTo(String.class)
                .one();
            handle.rollback();
          });
      return Optional.empty();
    } catch (JdbiException exception) {
      return exception.getCause() instanceof SQLException sql
          ? Optional.of(sql.getSQLState() + " " + sql.getMessage().lines().findFirst().orElse(""))
          : Optional.of(String.valueOf(exception.getMessage()));
    }
  }

  private <T> T asService(String query, String key, Class<T> type) {
    return database.inTransaction(
        handle -> {
          handle.execute("set local role service_role");
          return handle.createQuery(query).bind("key", key).mapTo(type).one();
        });
  }
}
