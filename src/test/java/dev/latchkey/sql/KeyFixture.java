package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Accounts, members and keys for a test, made through the real functions as superuser. */
record KeyFixture(Sql sql) {
  static final String READ_ALL =
      """
      [{"entity_type": "document", "entity_id": "*", "action": "read"}]\
      """;

  /** A key as it was shown, once. */
  record MadeKey(UUID id, String key) {}

  UUID account(String name) {
    return UUID.fromString(
        sql.text("insert into public.accounts (name) values (?) returning id", name));
  }

  /** A user who belongs to the account. */
  UUID member(UUID account) {
    UUID user = UUID.randomUUID();
    sql.execute(
        "insert into public.accounts_memberships (user_id, account_id, account_role) values (?, ?,"
            + " 'owner')",
        user,
        account);
    return user;
  }

  MadeKey key(UUID account) {
    return key(account, READ_ALL);
  }

  MadeKey key(UUID account, String scopes) {
    return made("select public.create_api_key(?, 'Build server', ?::jsonb)", account, scopes);
  }

  MadeKey projectKey(String kind) {
    return made("select latchkey.create_project_key(?, 'Project')", kind);
  }

  /** The key that a creating function answers with. */
  MadeKey made(String creating, Object... parameters) {
    var row =
        sql.row(
            "select (made ->> 'id')::uuid as id, made ->> 'key' as key from ("
                + creating
                + ") as made (made)",
            parameters);
    return new MadeKey((UUID) row.get("id"), (String) row.get("key"));
  }

  /** Lets the key expire a moment ago, as time would. */
  void expire(UUID key) {
    sql.execute(
        "update api_keys_private.api_keys set expires_at = now() - interval '1 second' where id ="
            + " ?",
        key);
  }

  boolean valid(String key) {
    return sql.truth("select (public.verify_api_key(?) ->> 'valid')::boolean", key);
  }

  long events() {
    return sql.number("select count(*) from audit.events");
  }

  /** How much there is, so that a test can say that nothing was written. */
  String contents() {
    return sql.text(
        """
        select concat_ws(' ',
          (select count(*) from audit.events),
          (select count(*) from api_keys_private.api_key_logs),
          (select md5(coalesce(string_agg(k::text, '|' order by k.id), '')) from api_keys_private.api_keys as k))
        """);
  }

  /** Asserts that the call is refused so, and that neither key, event nor log line was written. */
  void assertRefused(String sqlState, String message, ThrowingCallable call) {
    String before = contents();
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, call);

    assertThat(failure).as("a refusal").isNotNull();
    assertThat(failure.sqlState()).as(failure.getMessage()).isEqualTo(sqlState);
    assertThat(failure.getMessage()).contains(message);
    assertThat(contents()).as("what is stored").isEqualTo(before);
  }
}
