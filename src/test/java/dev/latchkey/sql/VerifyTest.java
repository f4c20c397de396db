package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.sql.KeyFixture.MadeKey;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** verify_api_key: its one refusal, and what is recorded of each outcome. */
final class VerifyTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String REFUSED = "{\"error\": \"Invalid API key\", \"valid\": false}";

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);
  private UUID account;
  private MadeKey key;

  @BeforeEach
  void makeKey() {
    account = fixture.account("Acme");
    key = fixture.key(account);
  }

  @Test
  void aGoodKeyAnswersWithItsIdAndAccount() {
    assertThat(verify(key.key()))
        .isEqualTo(
            "{\"valid\": true, \"account_id\": \"%s\", \"api_key_id\": \"%s\"}"
                .formatted(account, key.id()));
    assertThat(outcomes()).isEmpty();
  }

  @Test
  void serverCodeMayAsk() {
    try (ApiRequest request = ApiRequest.service(DATABASE)) {
      assertThat(request.sql().text("select public.verify_api_key(?)", key.key()))
          .contains("\"valid\": true");
    }
  }

  @Test
  void aWrongSecretIsRefusedAndLogged() {
    assertThat(verify(otherSecret())).isEqualTo(REFUSED);
    assertThat(outcomes()).containsExactly("wrong_secret");
  }

  /** Who knows a key's id, which is no secret, must not be able to fill the log. */
  @Test
  void aFloodOfWrongSecretsIsCountedAndLeavesFewLines() throws SQLException {
    String wrong = otherSecret();
    try (Connection connection = DATABASE.connect()) {
      // One transaction is one minute or two, one backend in any case.
      Sql.on(connection)
          .rows("select public.verify_api_key(?) from generate_series(1, 500)", wrong);
    }
    assertThat(outcomes()).hasSizeBetween(20, 60).containsOnly("wrong_secret");
    assertThat(refused()).isEqualTo(500);

    sql.execute(
        "update api_keys_private.refused_key_counts set minute = minute - interval '1 hour'");
    sql.rows("select latchkey.maintain_usage_log()");

    assertThat(refused()).as("after adding up").isEqualTo(500);
    assertThat(
            sql.texts(
                "select distinct backend from api_keys_private.refused_key_counts where api_key_id = ?",
                key.id()))
        .containsExactly("0");
  }

  @ParameterizedTest
  @CsvSource({
    "select latchkey.revoke_key(?; 'Over'), revoked",
    "select latchkey.disable_api_key(?), disabled",
    "update api_keys_private.api_keys set expires_at = now() where id = ?, expired"
  })
  void anEndedKeyIsRefusedWithoutSayingWhyAndLoggedWithTheReason(String ending, String outcome) {
    sql.execute(ending.replace(';', ','), key.id());
    assertThat(verify(key.key())).isEqualTo(REFUSED);
    assertThat(outcomes()).containsExactly(outcome);
  }

  @Test
  void whatIsNoKeyIsCountedByTheMinuteAndNotLogged() {
    long before = unknown();
    String unknown =
        sql.text("select made.key from api_keys_private.generate_key('sk_') as made (key)");

    assertThat(List.of(unknown, "", "sk_", "x".repeat(100_000), key.key() + " "))
        .allSatisfy(text -> assertThat(verify(text)).isEqualTo(REFUSED));
    assertThat(verify(null)).isEqualTo(REFUSED);

    assertThat(unknown() - before).isEqualTo(6);
    assertThat(outcomes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"publishable", "secret"})
  void aKeyOfTheProjectProvesNoAccount(String kind) {
    assertThat(verify(fixture.projectKey(kind).key())).isEqualTo(REFUSED);
  }

  @Test
  void aKeyOfAnotherKindIsNotThisOneEvenWithItsSecret() {
    String body = "jit_" + key.key().substring(3, 62);
    assertThat(verify(body + sql.text("select api_keys_private.key_check(?)", body)))
        .isEqualTo(REFUSED);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.2.3, true",
    "11.1.2.3, false",
    "::ffff:10.1.2.3, true",
    "::ffff:11.1.2.3, false",
    "192.0.2.7, true",
    "::ffff:192.0.2.7, true",
    "2001:db8::7, true",
    "2001:db9::7, false"
  })
  void networksAreHonouredWhereTheCallerPassesAnAddress(String address, boolean valid) {
    sql.row(
        "select latchkey.update_api_key(?, 1, '{\"allowed_cidrs\": [\"10.0.0.0/8\","
            + " \"2001:db8::/32\", \"::ffff:192.0.2.0/120\"]}')",
        key.id());

    assertThat(sql.text("select public.verify_api_key(?, ?::inet)", key.key(), address))
        .contains("\"valid\": " + valid);
    assertThat(outcomes()).hasSize(valid ? 0 : 1).allMatch("forbidden_ip"::equals);
    assertThat(verify(key.key())).contains("\"valid\": true");
  }

  @Test
  void aRateLimitHoldsPerMinuteAcrossSessions() {
    sql.row("select latchkey.update_api_key(?, 1, '{\"rate_limit\": 3}')", key.id());
    assertThat(
            sql.texts(
                "select public.verify_api_key(?) ->> 'valid' from generate_series(1, 3)",
                key.key()))
        .containsOnly("true");

    // Another session's uses, in this minute and in the one that may begin meanwhile.
    sql.execute(
        """
        insert into api_keys_private.rate_counts (api_key_id, minute, backend, uses)
        select ?, date_trunc('minute', now()) + make_interval(mins => i), -1, 3 from generate_series(0, 1) as i
        """,
        key.id());

    assertThat(verify(key.key())).isEqualTo(REFUSED);
    assertThat(outcomes()).containsExactly("rate_limited");
    assertThat(sql.text("select status_code from latchkey.usage where api_key_id = ?", key.id()))
        .isEqualTo("429");
  }

  @Test
  void inARepeatableReadTransactionLoggingAfterAUseElsewhereIsNoFailure() throws Exception {
    try (Connection connection = DATABASE.connect()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      Sql session = Sql.on(connection);
      session.number("select count(*) from latchkey.keys");
      verify(key.key());

      assertThat(session.text("select public.log_api_key_usage(?, '/a', 'GET')", key.id()))
          .contains("\"success\": true");
      connection.commit();
    }
  }

  /** It would not see that the key was revoked meanwhile; settled keys are no exception. */
  @Test
  void anOldSnapshotIsRefused() throws Exception {
    verify(key.key());
    try (Connection connection = DATABASE.connect()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setAutoCommit(false);
      Sql session = Sql.on(connection);
      session.number("select count(*) from latchkey.keys");
      sql.row("select latchkey.revoke_key(?, 'leaked')", key.id());

      fixture.assertRefused(
          "25001",
          "READ COMMITTED",
          () -> session.text("select public.verify_api_key(?)", key.key()));
      connection.rollback();
    }
  }

  @Test
  void inAReadOnlyTransactionItAnswersAndWritesNothing() throws Exception {
    String before = fixture.contents();
    try (Connection connection = DATABASE.connect()) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      Sql readOnly = Sql.on(connection);

      assertThat(readOnly.text("select public.verify_api_key(?)", key.key()))
          .contains("\"valid\": true");
      assertThat(readOnly.text("select public.verify_api_key(?)", otherSecret()))
          .isEqualTo(REFUSED);
      assertThat(readOnly.text("select public.verify_api_key('x')")).isEqualTo(REFUSED);
      connection.commit();
    }
    assertThat(fixture.contents()).isEqualTo(before);
  }

  @Test
  void lastUseMovesForwardAtMostOnceAMinute() {
    sql.text("select public.verify_api_key(?, '192.0.2.7')", key.key());
    String first = lastUsed();
    verify(key.key());
    assertThat(lastUsed()).isEqualTo(first);
    assertThat(sql.text("select last_used_from from latchkey.keys where id = ?", key.id()))
        .isEqualTo("192.0.2.7");

    sql.execute(
        "update api_keys_private.api_keys set last_used_at = now() + interval '1 hour' where id ="
            + " ?",
        key.id());
    String ahead = lastUsed();
    verify(key.key());
    assertThat(lastUsed()).isEqualTo(ahead);

    sql.execute(
        "update api_keys_private.api_keys set last_used_at = now() - interval '61 seconds' where id"
            + " = ?",
        key.id());
    String stale = lastUsed();
    verify(key.key());
    assertThat(lastUsed()).isGreaterThan(stale);
  }

  @Test
  void useIsNoChangeOfTheKey() {
    verify(key.key());
    assertThat(sql.number("select version from latchkey.keys where id = ?", key.id())).isEqualTo(1);
    assertThat(
            sql.number(
                "select count(*) from latchkey.events where object_id = ?", key.id().toString()))
        .isEqualTo(1);
  }

  @Test
  void aFailedUseIsNoUse() {
    verify(otherSecret());
    assertThat(lastUsed()).isEqualTo("null");
  }

  @Test
  void neverWaitsForSomeoneWhoHoldsTheKeysRow() throws Exception {
    try (Connection holder = DATABASE.connect();
        Connection verifier = DATABASE.connect()) {
      holder.setAutoCommit(false);
      Sql.on(holder)
          .row("select id from api_keys_private.api_keys where id = ? for update", key.id());
      Sql sql = Sql.on(verifier);
      sql.execute("set lock_timeout = '1ms'");

      assertThat(sql.text("select public.verify_api_key(?)", key.key()))
          .contains("\"valid\": true");
      assertThat(sql.text("select public.log_api_key_usage(?, '/x', 'GET', 200)", key.id()))
          .contains("\"success\": true");
      holder.rollback();
    }
  }

  @Test
  void countingUnknownKeysNeverWaitsForOtherSessions() throws Exception {
    try (Connection holder = DATABASE.connect();
        Connection verifier = DATABASE.connect()) {
      holder.setAutoCommit(false);
      Sql.on(holder).text("select public.verify_api_key('x')");
      Sql sql = Sql.on(verifier);
      sql.execute("set lock_timeout = '1ms'");

      assertThat(sql.text("select public.verify_api_key('x')")).isEqualTo(REFUSED);
      holder.rollback();
    }
  }

  /** The same key with another secret and the right check digits. */
  private String otherSecret() {
    String body = key.key().substring(0, 30) + "0".repeat(32);
    return body + sql.text("select api_keys_private.key_check(?)", body);
  }

  private String verify(String text) {
    return sql.text("select public.verify_api_key(?)", text);
  }

  private List<String> outcomes() {
    return sql.texts("select outcome from latchkey.usage where api_key_id = ?", key.id());
  }

  private long unknown() {
    return sql.number("select coalesce(sum(attempts), 0) from latchkey.unknown_keys");
  }

  private long refused() {
    return sql.number(
        "select coalesce(sum(attempts), 0) from latchkey.refused_keys where api_key_id = ?",
        key.id());
  }

  private String lastUsed() {
    return String.valueOf(
        sql.text("select last_used_at::text from latchkey.keys where id = ?", key.id()));
  }
}
