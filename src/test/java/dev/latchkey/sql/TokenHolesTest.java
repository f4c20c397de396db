package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.TestDatabase;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of users that passed the gate for HTTP for ever. */
final class TokenHolesTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);
  private final UUID user = UUID.randomUUID();

  @BeforeEach
  void makeUser() {
    sql.execute(
        """
        create table if not exists auth.users (id uuid primary key, deleted_at timestamptz, banned_until timestamptz);
        grant select, trigger on auth.users to latchkey_owner;
        """);
    sql.execute("insert into auth.users (id) values (?)", user);
  }

  @AfterEach
  void refuseUnregistered() {
    sql.row("select latchkey.allow_unregistered_tokens(null)");
    sql.execute("drop table auth.users");
  }

  /** The lifetimes in seconds, or none at all: nothing says that such a token ends. */
  @ParameterizedTest
  @ValueSource(strings = {", \"iat\": %d, \"exp\": %d", ", \"iat\": %d", ", \"exp\": %2$d", ""})
  void aTokenOfAUserThatLivesLongAndWasNotRegisteredIsRefused(String times) {
    String claims = unregistered("authenticated", times);

    assertThat(answer(claims)).isEqualTo("token_invalid");
    sql.row("select latchkey.allow_unregistered_tokens(now() + interval '30 days')");
    assertThat(answer(claims)).as("in the transition").isEqualTo("authenticated");
    sql.row("select latchkey.allow_unregistered_tokens(null)");
    assertThat(answer(claims)).isEqualTo("token_invalid");
  }

  @Test
  void aTokenOfAnotherRoleOfUsersIsTheSame() {
    sql.execute("create role sql_test_token_role; grant sql_test_token_role to authenticator");
    try {
      assertThat(answer(unregistered("sql_test_token_role", ", \"exp\": %2$d")))
          .isEqualTo("token_invalid");
    } finally {
      sql.execute("drop role sql_test_token_role");
    }
  }

  @Test
  void theTransitionIsDatedAndSeenAndEndsByItself() {
    sql.row("select latchkey.allow_unregistered_tokens(now() + interval '1 hour')");
    assertThat(
            sql.row(
                "select unregistered_tokens_until > now() as is_dated, unregistered_tokens_by_name as by from latchkey.http_gate"))
        .containsEntry("is_dated", true)
        .containsEntry("by", "postgres");
    assertThat(
            sql.number(
                "select count(*) from latchkey.events where type = 'http_gate.unregistered_allowed'"))
        .isPositive();

    sql.execute("update api_keys_private.token_transition set unregistered_until = now()");
    assertThat(answer(unregistered("authenticated", ""))).isEqualTo("token_invalid");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "now() + interval '367 days'",
        "'infinity'",
        "'-infinity'",
        "now() - interval '1 second'"
      })
  void noTransitionIsForEver(String until) {
    fixture.assertRefused(
        "22023",
        "p_until: must be within the next 366 days",
        () -> sql.row("select latchkey.allow_unregistered_tokens(%s)".formatted(until)));
  }

  @Test
  void onlyOperatorsLetThemIn() {
    try (ApiRequest request = ApiRequest.user(DATABASE, user)) {
      fixture.assertRefused(
          "42501",
          "permission denied",
          () ->
              request
                  .sql()
                  .row("select latchkey.allow_unregistered_tokens(now() + interval '1 day')"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete from auth.users where id = ?",
        "update auth.users set deleted_at = now() where id = ?",
        "update auth.users set banned_until = now() + interval '1 day' where id = ?"
      })
  void theTokensOfAUserWhoIsGoneAreRefused(String ending) {
    String registered =
        sql.text(
            "select public.register_user_token('Laptop', now() + interval '1 year', jsonb_build_object('sub', ?::text))",
            user.toString());
    assertThat(answer(registered)).isEqualTo("authenticated");
    sql.row("select latchkey.allow_unregistered_tokens(now() + interval '1 day')");

    sql.execute(ending, user);

    assertThat(answer(registered)).isEqualTo("token_invalid");
    assertThat(answer(unregistered("authenticated", ""))).isEqualTo("token_invalid");
    fixture.assertRefused(
        "PT404",
        "User not found",
        () ->
            sql.text(
                "select public.register_user_token('CI', now() + interval '1 year', jsonb_build_object('sub', ?::text))",
                user.toString()));
  }

  /** A key's own token lives as long as the key. */
  @Test
  void theLongTokenOfAKeyEndsWithTheKey() {
    UUID key = fixture.key(fixture.account("Acme")).id();
    String claims = "{\"sub\": \"%s\", \"role\": \"api_key\"}".formatted(key);
    assertThat(answer(claims)).isEqualTo("api_key");

    sql.row("select latchkey.revoke_key(?, 'Over')", key);
    assertThat(answer(claims)).isEqualTo("token_invalid");
    assertThat(answer("{\"sub\": \"nobody\", \"role\": \"api_key\"}")).isEqualTo("token_invalid");
    assertThat(answer("{\"sub\": \"nobody\", \"role\": \"authenticated\"}"))
        .isEqualTo("token_invalid");
  }

  private String unregistered(String role, String times) {
    long now = Instant.now().getEpochSecond();
    return ("{\"sub\": \"" + user + "\", \"role\": \"" + role + "\"" + times + "}")
        .formatted(now, now + 86_402);
  }

  /** The role of the request, or the code of its refusal. */
  private static String answer(String claims) {
    try {
      return HttpCall.of("GET")
          .token(claims)
          .run(DATABASE, request -> request.text("select current_user"));
    } catch (SqlFailure failure) {
      assertThat(failure.sqlState()).as(failure.getMessage()).isEqualTo("PGRST");
      return catchCode(failure.getMessage());
    }
  }

  private static String catchCode(String message) {
    return message.replaceAll("(?s).*\"code\":\"(\\w+)\".*", "$1");
  }
}
