package dev.latchkey.doctor;

import dev.latchkey.database.Database;
import dev.latchkey.token.Ksuid;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Reads in {@code latchkey.logins} why a token was refused. */
public final class PostgresLogins {
  /** A genuine token is known by its public id; of anybody else's only role and time are known. */
  private static final String LAST_REFUSAL =
      """
      select login.outcome, login.at, host(login.client_addr) as address
      from latchkey.logins as login
      left join latchkey.access_tokens as token on token.id = login.token_id
      where not login.accepted
        and login.at > now() - interval '1 hour'
        and case
          when exists (select from latchkey.access_tokens as known where known.ksuid = :ksuid)
            then token.ksuid = :ksuid
          else login.token_id is null and login.role = :role
        end
      order by login.at desc
      limit 1
      """;

  private final Database database;

  /**
   * @param database signed in to as somebody who may read the logins
   */
  public PostgresLogins(Database database) {
    this.database = database;
  }

  /**
   * The last refusal of a token within an hour. Blocks.
   *
   * @param role as which it was tried
   * @param token its public part, of a token of ours
   */
  public LoginReason reason(String role, Optional<Ksuid> token) {
    return database.read(handle -> reason(handle, role, token.map(Ksuid::text).orElse("")));
  }

  private static LoginReason reason(Handle handle, String role, String ksuid) {
    return handle
        .createQuery(LAST_REFUSAL)
        .bind("ksuid", ksuid)
        .bind("role", role)
        .map(
            (row, _) ->
                new LoginReason(
                    Optional.of(row.getString("outcome")),
                    Optional.of(row.getObject("at", OffsetDateTime.class).toInstant()),
                    Optional.ofNullable(row.getString("address"))))
        .findOne()
        .orElseGet(LoginReason::none);
  }
}
