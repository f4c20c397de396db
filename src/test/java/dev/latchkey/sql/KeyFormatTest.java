package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.ksuid.Ksuid;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** KSUIDs, secrets, hashes and check digits, against independent implementations. */
final class KeyFormatTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final String LARGEST_KSUID = "aWgEPTl1tmebfsQzFP4bxwgy80V";

  private final Sql sql = DATABASE.sql();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2015-01-01T00:00:00Z",
        "2026-11-22T13:14:15.000001Z",
        "2026-11-22T13:14:15.499999Z",
        "2026-11-22T13:14:15.999999Z",
        "2082-01-01T00:00:00Z"
      })
  void anotherParserReadsTheTimeOfAKsuidRoundedDown(String at) {
    Instant instant = Instant.parse(at);

    Ksuid ksuid =
        Ksuid.fromString(
            sql.text("select api_keys_private.ksuid(?::timestamptz)", Timestamp.from(instant)));

    assertThat(ksuid.getInstant()).isEqualTo(Instant.ofEpochSecond(instant.getEpochSecond()));
  }

  /** The oracle takes only 20 bytes that are neither led by a zero nor by a set bit. */
  @ParameterizedTest
  @ValueSource(strings = {"2014-05-13T16:53:20Z", "2150-06-19T23:21:35.999999Z"})
  void theFirstAndTheLastSecondFit(String at) {
    Instant instant = Instant.parse(at);

    String ksuid = sql.text("select api_keys_private.ksuid(?::timestamptz)", at);

    BigInteger value = BigInteger.ZERO;
    for (char digit : ksuid.toCharArray()) {
      value = value.multiply(BigInteger.valueOf(62)).add(BigInteger.valueOf(DIGITS.indexOf(digit)));
    }
    assertThat(ksuid).hasSize(27);
    assertThat(value.shiftRight(128))
        .isEqualTo(BigInteger.valueOf(instant.getEpochSecond() - 1_400_000_000L));
    assertThat(value.shiftRight(108).intValue() & 0xFFFFF).isEqualTo(instant.getNano() / 1_000);
  }

  @Test
  void readsTheTimeOfKsuidsMadeElsewhere() {
    List<Ksuid> made =
        List.of(
            Ksuid.newKsuid(),
            Ksuid.fromInstant(Instant.parse("2015-01-01T00:00:00Z")),
            Ksuid.fromInstant(Instant.parse("2038-01-19T03:14:08Z")));

    for (Ksuid ksuid : made) {
      assertThat(
              sql.number(
                  "select extract(epoch from api_keys_private.ksuid_time(?))", ksuid.toString()))
          .isEqualTo(ksuid.getInstant().getEpochSecond());
    }
    assertThat(
            sql.text(
                "select api_keys_private.ksuid_time(?) at time zone 'UTC'",
                "000000000000000000000000000"))
        .startsWith("2014-05-13 16:53:20");
    assertThat(
            sql.text(
                "select extract(epoch from api_keys_private.ksuid_time(?))::bigint", LARGEST_KSUID))
        .isEqualTo(String.valueOf(1_400_000_000L + 0xFFFFFFFFL));
  }

  @Test
  void ksuidsSortByTimeAsTextAndAsBytes() {
    List<String> made =
        sql.texts(
            """
            select api_keys_private.ksuid('2026-11-22 13:00:00+00'::timestamptz + make_interval(secs => i * 0.000001))
            from generate_series(1, 500) as i
            """);

    assertThat(made).isSortedAccordingTo(Comparator.naturalOrder()).doesNotHaveDuplicates();
    assertThat(made.stream().map(Ksuid::fromString).toList())
        .isSortedAccordingTo(Comparator.naturalOrder());
  }

  @Test
  void ksuidsAreNeverAboveTheLargestOne() {
    assertThat(sql.text("select api_keys_private.ksuid('2150-06-19 23:21:35.999999+00')"))
        .hasSize(27)
        .isLessThanOrEqualTo(LARGEST_KSUID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2014-05-13T16:53:19.999999Z", "2150-06-19T23:21:36Z"})
  void aTimeThatNoKsuidCanHoldIsRefused(String at) {
    new KeyFixture(sql)
        .assertRefused(
            "22023", "p_at: ", () -> sql.text("select api_keys_private.ksuid(?::timestamptz)", at));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "2DQEfdqTQdLxyfbbCS1O9CfnVX",
        "2DQEfdqTQdLxyfbbCS1O9CfnVXYZ",
        "2DQEfdqTQdLxyfbbCS1O9CfnVX-",
        "aWgEPTl1tmebfsQzFP4bxwgy80W"
      })
  void whatIsNoKsuidHasNoTime(String text) {
    new KeyFixture(sql)
        .assertRefused(
            "22023", "p_ksuid: ", () -> sql.text("select api_keys_private.ksuid_time(?)", text));
  }

  @ParameterizedTest
  @CsvSource({"sk_, 68", "jit_, 69", "sb_secret_, 75", "sb_publishable_, 80"})
  void aKeyIsPrefixKsuidSecretAndCheckDigits(String prefix, int length) {
    Map<String, Object> made = generated(prefix);
    String key = (String) made.get("key");

    assertThat(key).hasSize(length).startsWith(prefix);
    assertThat(key.substring(prefix.length())).matches("[0-9A-Za-z]{65}");
    assertThat(key.substring(prefix.length(), prefix.length() + 27)).isEqualTo(made.get("ksuid"));
    assertThat(key).endsWith(check(key.substring(0, key.length() - 6)));
    assertThat(key).endsWith((String) made.get("last4"));
  }

  @Test
  void theHashIsOfTheSecretsBytesAndThenTheSalt() {
    Map<String, Object> made = generated("sk_");
    String key = (String) made.get("key");
    byte[] secret = key.substring(30, 62).getBytes(StandardCharsets.UTF_8);
    byte[] salt = (byte[]) made.get("salt");

    assertThat(salt).hasSize(16);
    assertThat((byte[]) made.get("secret_hash"))
        .isEqualTo(sha256(ByteBuffer.allocate(48).put(secret).put(salt).array()));
  }

  @Test
  void theHashDoesNotDependOnHowBytesAreShown() throws Exception {
    try (Connection connection = DATABASE.connect()) {
      Sql session = Sql.on(connection);
      session.execute("set bytea_output = 'escape'");
      assertThat(
              session.truth(
                  "select api_keys_private.hash_secret('pässword', '\\x00ff') ="
                      + " sha256('\\x70c3a47373776f726400ff'::bytea)"))
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sk_", "ünïcode", "sk_3MSt1mPqRn8tbP8frh0o9bbWz0X"})
  void checkDigitsAreTheSameInJava(String body) {
    assertThat(sql.text("select api_keys_private.key_check(?)", body)).isEqualTo(check(body));
  }

  @Test
  void checkDigitsAreTheSameInJavaForManyKeys() {
    List<String> checked =
        sql.texts(
            "select md5(i::text) || api_keys_private.key_check(md5(i::text)) from generate_series(1, 300) as i");

    assertThat(checked).hasSize(300);
    for (String body : checked) {
      assertThat(body.substring(32)).isEqualTo(check(body.substring(0, 32)));
    }
  }

  @Test
  void secretsUseEveryDigitAboutEquallyOften() {
    String digits =
        sql.text(
            "select string_agg(api_keys_private.random_base62(32), '') from generate_series(1,"
                + " 2000)");

    assertThat(digits).hasSize(64_000).matches("[0-9A-Za-z]+");
    for (char digit : DIGITS.toCharArray()) {
      // 1,032 expected, standard deviation 32; with modulo bias the first eight would have 1,250.
      assertThat(digits.chars().filter(c -> c == digit).count())
          .as("occurrences of " + digit)
          .isBetween(840L, 1_190L);
    }
  }

  @Test
  void aKeyIsTakenApartFromItsEnd() {
    for (String prefix : List.of("sk_", "jit_", "sb_secret_", "sb_publishable_")) {
      Map<String, Object> made = generated(prefix);
      String key = (String) made.get("key");

      Map<String, Object> parts = sql.row("select * from api_keys_private.parse_key(?)", key);

      assertThat(parts)
          .containsEntry("prefix", prefix)
          .containsEntry("ksuid", made.get("ksuid"))
          .containsEntry("secret", key.substring(key.length() - 38, key.length() - 6));
    }
  }

  @Test
  void aTypoAnywhereIsNoKey() {
    String key = (String) generated("sk_").get("key");
    var wrong = new HashSet<String>();
    for (int index = 0; index < key.length(); index++) {
      char other = key.charAt(index) == 'x' ? 'y' : 'x';
      wrong.add(key.substring(0, index) + other + key.substring(index + 1));
    }

    assertThat(wrong).hasSize(68).allSatisfy(this::assertNoKey);
  }

  @Test
  void whatIsCutOffOrSurroundedIsNoKey() {
    String key = (String) generated("sk_").get("key");

    assertThat(
            List.of(
                "",
                "sk_",
                key.substring(1),
                key.substring(0, 67),
                key + " ",
                " " + key,
                key + "\n",
                "sk_" + key,
                key.replace("sk_", "SK_"),
                "x".repeat(1_000_000)))
        .allSatisfy(this::assertNoKey);
  }

  @Test
  void anUnknownPrefixIsNoKeyEvenWithTheRightCheckDigits() {
    String body = "pk_" + "0".repeat(59);
    assertNoKey(body + check(body));
  }

  private void assertNoKey(String text) {
    assertThat(sql.row("select * from api_keys_private.parse_key(?)", text).values())
        .as(text)
        .containsOnlyNulls();
  }

  private Map<String, Object> generated(String prefix) {
    return sql.row("select * from api_keys_private.generate_key(?)", prefix);
  }

  private static String check(String body) {
    byte[] hash = sha256(body.getBytes(StandardCharsets.UTF_8));
    BigInteger number = new BigInteger(1, Arrays.copyOf(hash, 4));
    StringBuilder digits = new StringBuilder();
    for (int index = 0; index < 6; index++) {
      BigInteger[] parts = number.divideAndRemainder(BigInteger.valueOf(62));
      digits.insert(0, DIGITS.charAt(parts[1].intValue()));
      number = parts[0];
    }
    return digits.toString();
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }
}
