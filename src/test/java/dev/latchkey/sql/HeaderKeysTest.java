package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A key in x-api-key, beside one in apikey that a platform's gateway judges; and tokens that were
 * signed for a key.
 */
final class HeaderKeysTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String PLATFORM_PUBLISHABLE =
      "sb_publishable_0123456789abc_efghijAB_0-1234ab";
  private static final String PLATFORM_SECRET = "sb_secret_0123456789abc_efghijAB_0-1234ab";

  private static Connection operator;
  private static Connection apiServer;
  private static Sql sql;
  private static HttpGateFixture fixture;

  @BeforeAll
  static void makeDocuments() throws SQLException {
    operator = DATABASE.connect();
    apiServer = DATABASE.connect();
    sql = Sql.on(operator);
    fixture = HttpGateFixture.make(sql);
  }

  @AfterAll
  static void dropRole() throws SQLException {
    apiServer.close();
    fixture.dropRole();
    operator.close();
  }

  @BeforeEach
  void switchLegacyKeysOn() {
    fixture.resetLegacyKeys();
  }

  @ParameterizedTest(name = "x-api-key {0} {1}, apikey {2} {3} -> {4}")
  @CsvSource({
    "scoped, active, none, -, api_key 3",
    "scoped, revoked, none, -, api_key_invalid",
    "secret, active, none, -, service_role 7",
    "publishable, active, none, -, anon 1",
    "scoped, active, publishable, active, api_key 3",
    "scoped, active, publishable, revoked, api_key 3",
    "scoped, active, secret, active, api_key 3",
    "scoped, revoked, secret, active, api_key_invalid",
    "scoped, disabled, scoped, active, api_key_invalid",
    "publishable, active, secret, active, anon 1",
  })
  void theKeyInXApiKeyWins(
      String kind, String state, String otherKind, String otherState, String expected) {
    String other = fixture.apiKey(otherKind, otherState);
    for (String method : List.of("GET", "POST")) {
      HttpCall call = HttpCall.of(method).with("x-api-key", fixture.apiKey(kind, state));
      call = other.isEmpty() ? call : call.apiKey(other);
      assertThat(answer(call)).as(method).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PLATFORM_PUBLISHABLE, PLATFORM_SECRET})
  void aPlatformsKeyInApikeyIsNoneOfOursAndNoRefusal(String platform) {
    HttpCall call = HttpCall.of("GET").apiKey(platform);
    assertThat(answer(call)).as("its gateway has judged it").isEqualTo("anon 1");
    assertThat(answer(call.token(fixture.claims("user")))).isEqualTo("authenticated 2");
    assertThat(answer(call.with("x-api-key", fixture.apiKey("scoped", "active"))))
        .isEqualTo("api_key 3");
    assertThat(answer(call.with("x-api-key", fixture.apiKey("scoped", "expired"))))
        .isEqualTo("api_key_invalid");
    assertThat(answer(HttpCall.of("GET").with("x-api-key", platform)))
        .as("where nobody has judged it")
        .isEqualTo("api_key_invalid");
  }

  /** Nor one of ours that was cut off, nor anything else that only begins like a platform's. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        PLATFORM_PUBLISHABLE + "c",
        "sb_publishable_0123456789abc_efghijABC0-1234ab",
        "sb_secret_0123456789abc_efghijAB_0-1234a",
        "sb_secret_0123456789abc efghijAB_0-1234ab",
        "sb_public_0123456789abc_efghijAB_0-1234ab"
      })
  void whatIsNoPlatformsKeyIsRefused(String key) {
    assertThat(answer(HttpCall.of("GET").apiKey(key))).isEqualTo("api_key_invalid");
  }

  @Test
  void aLegacyKeyBesideAKeyIsRefusedOnceItIsOff() {
    String legacy = HttpCall.jwt(HttpGateFixture.legacy("anon", Instant.now().getEpochSecond()));
    HttpCall call =
        HttpCall.of("GET").apiKey(legacy).with("x-api-key", fixture.apiKey("scoped", "active"));
    assertThat(answer(call)).isEqualTo("api_key 3");
    sql.row("select latchkey.switch_legacy_key('anon', false)");
    assertThat(answer(call)).isEqualTo("legacy_key_off");
  }

  @ParameterizedTest
  @CsvSource({
    "active, api_key 3",
    "enabled, api_key 3",
    "revoked, api_key_invalid",
    "disabled, api_key_invalid",
    "expired, api_key_invalid"
  })
  void aTokenThatWasSignedForAKeyEndsWithIt(String state, String expected) {
    String key = fixture.apiKey("scoped", state);
    String id = sql.text("select id from latchkey.keys where ksuid = left(right(?, 65), 27)", key);
    assertThat(answer(HttpCall.of("GET").token(signedFor(id)))).isEqualTo(expected);
    assertThat(answer(HttpCall.of("POST").token(signedFor(id.toUpperCase(Locale.ROOT)))))
        .isEqualTo(expected);
  }

  @Test
  void aTokenThatWasSignedForNoScopedKeyIsRefused() {
    String secret = fixture.apiKey("secret", "active");
    String id =
        sql.text("select id from latchkey.keys where ksuid = left(right(?, 65), 27)", secret);
    for (String sub : List.of(id, UUID.randomUUID().toString(), "x", "")) {
      assertThat(answer(HttpCall.of("GET").token(signedFor(sub))))
          .as(sub)
          .isEqualTo("api_key_invalid");
    }
  }

  private static String signedFor(String sub) {
    long now = Instant.now().getEpochSecond();
    return "{\"role\": \"api_key\", \"sub\": \"%s\", \"iat\": %d, \"exp\": %d}"
        .formatted(sub, now, now + 3600);
  }

  /** The role of the request and how many documents it sees; the code where it is refused. */
  private static String answer(HttpCall call) {
    try {
      return call.run(
          apiServer,
          request ->
              request.text(
                  "select current_user || ' ' || (select count(*) from public.documents)"));
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    } catch (SqlFailure failure) {
      assertThat(failure.sqlState()).as(failure.getMessage()).isEqualTo("PGRST");
      assertThat(failure.getMessage()).contains("\"status\":401");
      return failure.getMessage().replaceAll("(?s)^.*\"code\":\"([a-z_]+)\".*$", "$1");
    }
  }
}
