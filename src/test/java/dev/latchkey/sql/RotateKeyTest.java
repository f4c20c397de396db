package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.sql.KeyFixture.MadeKey;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Replacing a key by another with the same settings, and the grace in which both work. */
final class RotateKeyTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String ROTATE = "select latchkey.rotate_api_key(?, ?::interval)";

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);
  private MadeKey key;

  @BeforeEach
  void makeKey() {
    key = fixture.key(fixture.account("Acme"));
  }

  @Test
  void bothWorkDuringTheGrace() {
    MadeKey next = rotate("2 days");

    assertThat(fixture.valid(key.key())).isTrue();
    assertThat(fixture.valid(next.key())).isTrue();
    assertThat(status(key.id())).isEqualTo("rotating");
    assertThat(status(next.id())).isEqualTo("active");
    assertThat(
            sql.truth(
                "select expires_at between now() + interval '47 hours' and now() + interval '49 hours' from latchkey.keys where id = ?",
                key.id()))
        .isTrue();
  }

  @Test
  void afterTheGraceOnlyTheNewOneWorks() {
    MadeKey next = rotate("0");
    assertThat(fixture.valid(key.key())).isFalse();
    assertThat(fixture.valid(next.key())).isTrue();
    assertThat(status(key.id())).isEqualTo("expired");
  }

  @Test
  void theNewKeyHasTheSettingsOfTheOldAndTheLineageIsKept() {
    sql.row(
        "select latchkey.update_api_key(?, 1, '{\"description\": \"Nightly\", \"rate_limit\": 9, \"allowed_cidrs\": [\"10.0.0.0/8\"],"
            + " \"expires_at\": \"2999-01-01\"}')",
        key.id());
    String settings =
        "select concat_ws('|', kind, account_id, name, description, role, scopes, allowed_cidrs, rate_limit) from latchkey.keys where id = ?";

    MadeKey next = rotate("1 day");

    assertThat(sql.text(settings, next.id())).isEqualTo(sql.text(settings, key.id()));
    assertThat(
            sql.truth(
                "select expires_at = '2999-01-01' from latchkey.keys where id = ?", next.id()))
        .isTrue();
    assertThat(sql.row("select replaces, version from latchkey.keys where id = ?", next.id()))
        .containsEntry("replaces", key.id())
        .containsEntry("version", 1);
    assertThat(sql.row("select replaced_by, version from latchkey.keys where id = ?", key.id()))
        .containsEntry("replaced_by", next.id())
        .containsEntry("version", 3);
  }

  @Test
  void theOldKeysOwnExpiryIsNotMovedOut() {
    sql.row(
        "select latchkey.update_api_key(?, 1, jsonb_build_object('expires_at', now() + interval '1 hour'))",
        key.id());
    String before = sql.text("select expires_at from latchkey.keys where id = ?", key.id());
    rotate("30 days");
    assertThat(sql.text("select expires_at from latchkey.keys where id = ?", key.id()))
        .isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"publishable", "secret"})
  void keysOfTheProjectRotateToo(String kind) {
    key = fixture.projectKey(kind);
    assertThat(rotate("1 hour").key()).startsWith("sb_" + kind + "_");
  }

  @Test
  void eachOfTheTwoKeysHasAnEventAndNoneHasASecret() {
    MadeKey next = rotate("1 day");
    assertThat(
            sql.texts(
                "select type || ' ' || object_id from latchkey.events where object_id in (?, ?) order by id offset 1",
                key.id().toString(),
                next.id().toString()))
        .containsExactly("key.created " + next.id(), "key.rotated " + key.id());
    assertThat(
            sql.row(
                "select before ->> 'replaced_by' as before, after ->> 'replaced_by' as after from latchkey.events where type = 'key.rotated' and object_id = ?",
                key.id().toString()))
        .containsEntry("before", null)
        .containsEntry("after", next.id().toString());
    assertThat(
            sql.number(
                "select count(*) from audit.events where entry::text like '%' || ? || '%'",
                next.key()))
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "select latchkey.revoke_key(?; 'Over'), was revoked",
    "select latchkey.disable_api_key(?), is disabled",
    "select latchkey.rotate_api_key(?; '1 day'), being rotated already"
  })
  void aKeyThatIsOverOrRotatedIsRefused(String ending, String message) {
    sql.row(ending.replace(';', ','), key.id());
    fixture.assertRefused("PT409", message, () -> sql.row(ROTATE, key.id(), "1 day"));
  }

  @Test
  void anExpiredKeyIsRefused() {
    fixture.expire(key.id());
    fixture.assertRefused("PT409", "has expired", () -> sql.row(ROTATE, key.id(), "1 day"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1 second", "366 days", "1000000 years", "-1000000 years"})
  void theGraceHasBounds(String grace) {
    fixture.assertRefused("22023", "p_grace:", () -> sql.row(ROTATE, key.id(), grace));
  }

  @Test
  void theGraceMustBeGivenAndTheKeyKnown() {
    fixture.assertRefused("22023", "p_grace:", () -> sql.row(ROTATE, key.id(), null));
    fixture.assertRefused(
        "PT404", "API key not found", () -> sql.row(ROTATE, UUID.randomUUID(), "1 day"));
  }

  @Test
  void endingTheGraceEndsTheOldKeyNow() {
    MadeKey next = rotate("30 days");
    assertThat(sql.row("select status, version from latchkey.end_grace(?)", key.id()))
        .containsEntry("status", "expired")
        .containsEntry("version", 3);
    assertThat(fixture.valid(key.key())).isFalse();
    assertThat(fixture.valid(next.key())).isTrue();

    long events = fixture.events();
    assertThat(sql.row("select status, version from latchkey.end_grace(?)", key.id()))
        .containsEntry("version", 3);
    assertThat(fixture.events()).isEqualTo(events);
  }

  @Test
  void withoutARotationThereIsNoGraceToEnd() {
    fixture.assertRefused(
        "PT409", "not being rotated", () -> sql.row("select latchkey.end_grace(?)", key.id()));
  }

  @Test
  void onlyOperatorsRotate() throws Exception {
    try (Connection connection = DATABASE.connect()) {
      Sql session = Sql.on(connection);
      session.execute("grant usage on schema latchkey to service_role");
      session.execute(
          "grant execute on function latchkey.rotate_api_key(uuid, interval), latchkey.end_grace(uuid) to service_role");
      try (ApiRequest request = ApiRequest.service(DATABASE)) {
        fixture.assertRefused(
            "42501", "operator", () -> request.sql().row(ROTATE, key.id(), "1 day"));
        fixture.assertRefused(
            "42501", "operator", () -> request.sql().row("select latchkey.end_grace(?)", key.id()));
      } finally {
        session.execute("revoke usage on schema latchkey from service_role");
        session.execute(
            "revoke execute on function latchkey.rotate_api_key(uuid, interval), latchkey.end_grace(uuid) from service_role");
      }
    }
  }

  private MadeKey rotate(String grace) {
    return fixture.made(ROTATE, key.id(), grace);
  }

  private String status(UUID id) {
    return sql.text("select status from latchkey.keys where id = ?", id);
  }
}
