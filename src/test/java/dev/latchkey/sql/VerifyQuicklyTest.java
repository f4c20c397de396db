package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.sql.KeyFixture.MadeKey;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The quick way of verify_api_key and the slow one answer and record the same. */
final class VerifyQuicklyTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  /** One use of a string as a key, while the key is in a state; nothing of it stays. */
  private record Call(UUID key, String state, String string, String address, boolean readOnly) {
    String answer(Connection connection, String function) throws SQLException {
      Sql session = Sql.on(connection);
      session.execute("update api_keys_private.api_keys set " + state + " where id = ?", key);
      if (readOnly) {
        session.execute("set transaction read only");
      }
      String answer = session.text("select " + function + "(?, ?::inet)", string, address);
      String recorded = session.text(RECORDED);
      connection.rollback();
      return answer + " " + recorded;
    }
  }

  /** What a key's row may be like, as what an update sets. */
  private static final List<String> STATES =
      List.of(
          "last_used_at = null",
          "last_used_at = now()",
          "last_used_at = now() - interval '2 minutes'",
          "last_used_at = now(), expires_at = now() + interval '1 hour'",
          "last_used_at = now(), expires_at = now() - interval '1 second'",
          "last_used_at = now(), disabled_at = now()",
          "last_used_at = now(), revoked_at = now()",
          "last_used_at = now(), allowed_cidrs = '{192.0.2.0/24}'",
          "last_used_at = now(), rate_limit = 1",
          "last_used_at = now(), rate_limit = 1000",
          "last_used_at = now(), key_digest = null",
          "last_used_at = now(), kind = 'secret', role = 'service_role', account_id = null",
          "last_used_at = now(), prefix = 'jit_'");

  private static final String RECORDED =
      """
      select concat_ws(' ',
        (select string_agg(l.outcome, ',' order by l.outcome) from api_keys_private.api_key_logs as l),
        (select sum(c.attempts) from api_keys_private.refused_key_counts as c),
        (select sum(c.attempts) from api_keys_private.unknown_key_counts as c),
        (select sum(c.uses) from api_keys_private.rate_counts as c),
        (select string_agg((k.last_used_at > now() - interval '1 minute')::text || coalesce(host(k.last_used_from), ''), ',' order by k.id)
          from api_keys_private.api_keys as k))
      """;

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bothWaysAnswerAndRecordTheSame(boolean readOnly) throws SQLException {
    UUID account = fixture.account("Acme");
    MadeKey key = fixture.key(account);
    fixture.key(account);
    Map<String, String> strings = strings(key.key());
    List<String> differences = new ArrayList<>();
    int compared = 0;
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      for (String state : STATES) {
        for (Map.Entry<String, String> string : strings.entrySet()) {
          for (String address : new String[] {"192.0.2.1", "198.51.100.1", null}) {
            Call call = new Call(key.id(), state, string.getValue(), address, readOnly);
            String quick = call.answer(connection, "public.verify_api_key");
            String slow = call.answer(connection, "api_keys_private.verify_slowly");
            compared++;
            if (!quick.equals(slow)) {
              differences.add("%s, %s: %s / %s".formatted(string.getKey(), call, quick, slow));
            }
          }
        }
      }
    }
    assertThat(differences).isEmpty();
    assertThat(compared).isGreaterThan(300);
  }

  @Test
  void aKeyOfBeforeLearnsItsDigestAtItsFirstGoodUseAndNoOther() {
    MadeKey key = fixture.key(fixture.account("Acme"));
    sql.execute("update api_keys_private.api_keys set key_digest = null where id = ?", key.id());

    fixture.valid(key.key().substring(0, 40) + "0".repeat(28));
    assertThat(digest(key)).isNull();
    assertThat(fixture.valid(key.key())).isTrue();
    assertThat(digest(key))
        .isEqualTo(
            sql.text(
                "select encode(sha256(convert_to(?, 'UTF8') || salt), 'hex') from api_keys_private.api_keys where id = ?",
                key.key(),
                key.id()));
    assertThat(fixture.valid(key.key())).isTrue();
  }

  private String digest(MadeKey key) {
    return sql.text(
        "select encode(key_digest, 'hex') from api_keys_private.api_keys where id = ?", key.id());
  }

  /** What comes as a key, by what is the matter with it. */
  private Map<String, String> strings(String key) {
    String body = key.substring(0, 62);
    Map<String, String> strings = new TreeMap<>();
    strings.put("right", key);
    strings.put("wrong secret", checked(key.substring(0, 30) + "x".repeat(32)));
    strings.put("unknown id before", checked("sk_1" + body.substring(4)));
    strings.put("unknown id after", checked("sk_Z" + body.substring(4)));
    strings.put("wrong check digits", body + (key.endsWith("000000") ? "111111" : "000000"));
    strings.put("cut off", key.substring(0, 67));
    strings.put("longer", key + "0");
    strings.put("no letter", key.substring(0, 67) + "é");
    strings.put("another prefix", "jit" + key.substring(3));
    strings.put("of the project", "sb_secret_" + key.substring(3));
    strings.put("blank", "");
    strings.put("old shape", "sk_" + "a".repeat(40));
    return strings;
  }

  private String checked(String body) {
    return body + sql.text("select api_keys_private.key_check(?)", body);
  }
}
