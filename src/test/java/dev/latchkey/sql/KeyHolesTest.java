package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.sql.KeyFixture.MadeKey;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that outlived what should have ended them, and changes that an open transaction put off. */
@DependsOnMajor("what a lock and its holder look like")
final class KeyHolesTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);
  private UUID account;
  private MadeKey key;

  @BeforeEach
  void makeKey() {
    account = fixture.account("Acme");
    key = fixture.key(account);
  }

  @AfterEach
  void usualLimit() {
    sql.row("select latchkey.set_keys_per_account(1000)");
  }

  // ── Held by an open transaction ───────────────────────────────────────────────────────────────

  @ParameterizedTest
  @ValueSource(
      strings = {
        "select public.revoke_api_key(?)",
        "select latchkey.revoke_key(?, 'Over')",
        "select latchkey.disable_api_key(?)",
        "select latchkey.enable_api_key(?)",
        "select latchkey.end_grace(?)",
        "select latchkey.rotate_api_key(?, interval '1 day')",
        "select latchkey.update_api_key(?, 1, '{}')"
      })
  void whoVerifiedAKeyInAnOpenTransactionIsNamedAndNotWaitedForWithoutEnd(String call)
      throws SQLException {
    try (Connection open = DATABASE.connect();
        Connection other = DATABASE.connect()) {
      open.setAutoCommit(false);
      assertThat(new KeyFixture(Sql.on(open)).valid(key.key())).isTrue();
      int holder = (int) Sql.on(open).number("select pg_backend_pid()");
      Sql operator = Sql.on(other);
      operator.execute("set lock_timeout = '300ms'; set statement_timeout = '8s'");

      SqlFailure failure =
          catchThrowableOfType(SqlFailure.class, () -> operator.row(call, key.id()));

      assertThat(failure.sqlState()).isEqualTo("PT423");
      assertThat(failure.getMessage()).contains("postgres (process %d)".formatted(holder));
      assertThat(operator.text("show lock_timeout")).isEqualTo("300ms");
      open.rollback();
    }
  }

  /** Without a lock_timeout of the caller's it is 5 seconds, and nobody's wait is endless. */
  @Test
  void whoSetsNoLimitWaitsFiveSeconds() throws SQLException {
    try (Connection open = DATABASE.connect();
        Connection other = DATABASE.connect()) {
      open.setAutoCommit(false);
      assertThat(new KeyFixture(Sql.on(open)).valid(key.key())).isTrue();
      Sql operator = Sql.on(other);
      operator.execute("set statement_timeout = '30s'");

      SqlFailure failure =
          catchThrowableOfType(
              SqlFailure.class, () -> operator.row("select public.revoke_api_key(?)", key.id()));

      assertThat(failure.sqlState()).isEqualTo("PT423");
      open.rollback();
    }
  }

  @Test
  void aUserIsToldThatItIsHeldAndNotByWhom() throws SQLException {
    UUID member = fixture.member(account);
    try (Connection open = DATABASE.connect();
        ApiRequest request = ApiRequest.user(DATABASE, member)) {
      open.setAutoCommit(false);
      assertThat(new KeyFixture(Sql.on(open)).valid(key.key())).isTrue();
      request.sql().execute("set lock_timeout = '300ms'; set statement_timeout = '8s'");

      SqlFailure failure =
          catchThrowableOfType(
              SqlFailure.class,
              () -> request.sql().row("select public.revoke_api_key(?)", key.id()));

      assertThat(failure.sqlState()).isEqualTo("PT423");
      assertThat(failure.getMessage()).doesNotContain("process").doesNotContain("postgres");
      open.rollback();
    }
  }

  @Test
  void aTokenALegacyKeyAndTheGateAreNotWaitedForWithoutEndEither() throws SQLException {
    String jti =
        sql.text(
            "select public.register_user_token('CI', now() + interval '1 year', jsonb_build_object('sub', gen_random_uuid())) ->> 'jti'");
    assertHeld(
        "update api_keys_private.user_tokens set name = name",
        "select public.revoke_user_token('%s')".formatted(jti));
    assertHeld(
        "update api_keys_private.legacy_keys set name = name",
        "select latchkey.switch_legacy_key('anon', false)");
    assertHeld(
        "update api_keys_private.http_gate_settings set only_row = true",
        "select latchkey.switch_http_gate(true)");
    assertHeld(
        "update api_keys_private.key_settings set only_row = true",
        "select latchkey.set_keys_per_account(7)");
  }

  private static void assertHeld(String holding, String call) throws SQLException {
    try (Connection open = DATABASE.connect();
        Connection other = DATABASE.connect()) {
      open.setAutoCommit(false);
      Sql.on(open).execute(holding);
      Sql operator = Sql.on(other);
      operator.execute("set lock_timeout = '300ms'; set statement_timeout = '8s'");

      SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> operator.row(call));

      assertThat(failure).as(call).isNotNull();
      assertThat(failure.sqlState()).as(failure.getMessage()).isEqualTo("PT423");
      assertThat(failure.getMessage()).contains("(process ");
      open.rollback();
    }
  }

  // ── Accounts that go ──────────────────────────────────────────────────────────────────────────

  /** The deletion is first and not committed: whoever makes a key waits, and finds no account. */
  @Test
  void noKeyIsMadeForAnAccountThatIsBeingDeleted() throws Exception {
    try (Connection deleting = DATABASE.connect();
        Connection making = DATABASE.connect()) {
      deleting.setAutoCommit(false);
      Sql.on(deleting).execute("delete from public.accounts where id = ?", account);
      CompletableFuture<SqlFailure> made =
          CompletableFuture.supplyAsync(
              () ->
                  catchThrowableOfType(
                      SqlFailure.class, () -> new KeyFixture(Sql.on(making)).key(account)));
      awaitWaiting(making);
      deleting.commit();

      SqlFailure failure = made.get(20, TimeUnit.SECONDS);
      assertThat(failure).as("a refusal").isNotNull();
      assertThat(failure.sqlState()).isEqualTo("PT404");
      assertThat(liveKeys()).isZero();
    }
  }

  /** The key is first and not committed: the deletion waits, and revokes it too. */
  @ParameterizedTest
  @ValueSource(strings = {"delete from public.accounts", "truncate public.accounts cascade"})
  void aKeyThatWasMadeAtThatMomentEndsWithTheAccount(String deletion) throws Exception {
    try (Connection deleting = DATABASE.connect();
        Connection making = DATABASE.connect()) {
      making.setAutoCommit(false);
      MadeKey late = new KeyFixture(Sql.on(making)).key(account);
      CompletableFuture<Void> deleted =
          CompletableFuture.runAsync(() -> Sql.on(deleting).execute(deletion));
      awaitWaiting(deleting);
      making.commit();
      deleted.get(20, TimeUnit.SECONDS);

      assertThat(fixture.valid(late.key())).isFalse();
      assertThat(liveKeys()).isZero();
    }
  }

  @Test
  void aKeyThatIsRotatedWhileItsAccountIsDeletedHasNoSuccessor() throws Exception {
    try (Connection deleting = DATABASE.connect();
        Connection rotating = DATABASE.connect()) {
      rotating.setAutoCommit(false);
      MadeKey successor =
          new KeyFixture(Sql.on(rotating))
              .made("select latchkey.rotate_api_key(?, interval '1 day')", key.id());
      CompletableFuture<Void> deleted =
          CompletableFuture.runAsync(
              () -> Sql.on(deleting).execute("delete from public.accounts where id = ?", account));
      awaitWaiting(deleting);
      rotating.commit();
      deleted.get(20, TimeUnit.SECONDS);

      assertThat(fixture.valid(successor.key())).isFalse();
      assertThat(liveKeys()).isZero();
    }
  }

  @Test
  void anAccountIsNotDeletedUnderASnapshotThatHidesItsKeys() throws SQLException {
    try (Connection deleting = DATABASE.connect()) {
      Sql old = oldSnapshot(deleting);
      fixture.assertRefused(
          "25001",
          "READ COMMITTED",
          () -> old.execute("delete from public.accounts where id = ?", account));
      deleting.rollback();
    }
  }

  @Test
  void truncatingAccountsRevokesEveryKeyOfThem() {
    sql.execute("truncate public.accounts cascade");

    assertThat(fixture.valid(key.key())).isFalse();
    assertThat(sql.text("select revoke_reason from latchkey.keys where id = ?", key.id()))
        .isEqualTo("The account was deleted");
    assertThat(
            sql.number(
                "select count(*) from audit.events where type = 'key.revoked' and object_id = ?",
                key.id().toString()))
        .isOne();
  }

  private long liveKeys() {
    return sql.number(
        "select count(*) from api_keys_private.api_keys where account_id = ? and revoked_at is null",
        account);
  }

  private void awaitWaiting(Connection waiting) throws SQLException, InterruptedException {
    int pid = waiting.unwrap(org.postgresql.PGConnection.class).getBackendPID();
    for (int tries = 0; tries < 500; tries++) {
      if (sql.truth(
          "select exists (select from pg_stat_activity where pid = ? and wait_event_type = 'Lock')",
          pid)) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("did not wait");
  }

  // ── Old snapshots ─────────────────────────────────────────────────────────────────────────────

  @ParameterizedTest
  @ValueSource(strings = {"repeatable read", "serializable"})
  void noKeyIsVerifiedUnderASnapshotThatMayBeOlderThanItsRevocation(String isolation)
      throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Sql old = oldSnapshot(connection);
      old.execute("rollback; begin isolation level " + isolation);
      old.number("select count(*) from public.accounts");
      sql.row("select latchkey.revoke_key(?, 'Over')", key.id());

      SqlFailure failure =
          catchThrowableOfType(
              SqlFailure.class, () -> old.row("select public.verify_api_key(?)", key.key()));

      assertThat(failure).as("a refusal").isNotNull();
      assertThat(failure.sqlState()).isEqualTo("25001");
      assertThat(failure.getMessage()).contains("READ COMMITTED").doesNotContain(key.key());
      connection.rollback();
    }
  }

  @Test
  void theGateForHttpAdmitsNobodyUnderSuchASnapshot() throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      Sql old = Sql.on(connection);
      old.execute("set default_transaction_isolation = 'repeatable read'");
      SqlFailure failure =
          catchThrowableOfType(
              SqlFailure.class,
              () -> HttpCall.of("GET").apiKey(key.key()).run(connection, Sql::toString));
      assertThat(failure).as("a refusal").isNotNull();
      assertThat(failure.sqlState()).isEqualTo("25001");
    }
  }

  @Test
  void noTwoGrantsOverlapByWayOfAnOldSnapshot() throws SQLException {
    sql.execute("create role sql_test_overlap login");
    try (Connection connection = DATABASE.connect()) {
      String member =
          sql.text("select user_id from latchkey.add_member('ada@example.com', 'Ada', null)");
      String grant =
          "select latchkey.grant_access('%s', 'sql_test_overlap', now() + interval '1 day', null, null, 'Why')"
              .formatted(member);
      Sql old = oldSnapshot(connection);
      sql.row(grant);

      SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> old.row(grant));

      assertThat(failure).as("a refusal").isNotNull();
      assertThat(failure.sqlState()).isEqualTo("25001");
      connection.rollback();
    } finally {
      sql.execute("drop role sql_test_overlap");
    }
  }

  private static Sql oldSnapshot(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    Sql old = Sql.on(connection);
    old.number("select count(*) from public.accounts");
    return old;
  }

  // ── How many keys ─────────────────────────────────────────────────────────────────────────────

  @Test
  void anAccountHasAsManyKeysAsItMayAndNoMore() {
    assertThat(sql.number("select keys_per_account from latchkey.key_settings")).isEqualTo(1000);
    sql.row("select latchkey.set_keys_per_account(2)");
    MadeKey second = fixture.key(account);
    fixture.assertRefused("PT429", "has 2 keys", () -> fixture.key(account));

    sql.row("select latchkey.rotate_api_key(?, interval '0')", second.id());
    sql.row("select latchkey.revoke_key(?, 'Over')", key.id());
    assertThat(fixture.key(account).id()).as("what ended does not count").isNotNull();
  }

  @Test
  void onlyAnOperatorChangesTheLimitAndTheLogHasIt() {
    UUID member = fixture.member(account);
    try (ApiRequest request = ApiRequest.user(DATABASE, member)) {
      fixture.assertRefused(
          "42501",
          "permission denied",
          () -> request.sql().row("select latchkey.set_keys_per_account(1)"));
    }
    for (String wrong : new String[] {"0", "null", "1000001"}) {
      fixture.assertRefused(
          "22023",
          "p_most: must be from 1 to 1,000,000",
          () -> sql.row("select latchkey.set_keys_per_account(" + wrong + ")"));
    }
    long events = fixture.events();
    sql.row("select latchkey.set_keys_per_account(500)");
    sql.row("select latchkey.set_keys_per_account(500)");
    assertThat(fixture.events()).isEqualTo(events + 1);
    assertThat(sql.row("select keys_per_account, changed_by_name from latchkey.key_settings"))
        .containsEntry("keys_per_account", 500)
        .containsEntry("changed_by_name", "postgres");
  }
}
