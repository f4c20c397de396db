package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Long-lived tokens of users: registered here, signed elsewhere, revoked here. */
final class UserTokensTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String REGISTER =
      "select public.register_user_token(?, ?::timestamptz, ?::jsonb)";
  private static final String SOON = "2030-01-02T03:04:05.678Z";

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);
  private final UUID user = UUID.randomUUID();

  @BeforeAll
  static void makeRoles() {
    DATABASE
        .sql()
        .execute(
            """
            create role user_token_clerk login;
            create role user_token_tenant;
            grant user_token_tenant to authenticator;
            """);
  }

  @AfterAll
  static void dropRoles() {
    DATABASE.sql().execute("drop role user_token_clerk, user_token_tenant");
  }

  @BeforeEach
  void forgetTokens() {
    sql.execute("delete from api_keys_private.user_tokens");
  }

  @Test
  void aSignedInUserGetsTheClaimsToSign() {
    try (ApiRequest request = ApiRequest.user(DATABASE, user)) {
      String claims =
          request.sql().text(REGISTER, " Laptop ", SOON, "{\"email\": \"ada@example.com\"}");

      assertThat(
              sql.row(
                  """
                  select c ->> 'sub' as sub, c ->> 'role' as role, c ->> 'email' as email, (c ->> 'exp')::bigint as exp,
                    abs((c ->> 'iat')::bigint - extract(epoch from now())) < 60 as is_now,
                    api_keys_private.ksuid_time(c ->> 'jti') is not null as is_ksuid,
                    (select count(*)::integer from jsonb_object_keys(c)) as fields
                  from cast(? as jsonb) as c
                  """,
                  claims))
          .containsEntry("sub", user.toString())
          .containsEntry("role", "authenticated")
          .containsEntry("email", "ada@example.com")
          .containsEntry("exp", 1_893_553_445L)
          .containsEntry("is_now", true)
          .containsEntry("is_ksuid", true)
          .containsEntry("fields", 6);
    }
    assertThat(sql.row("select name, status, created_by_name from latchkey.user_tokens"))
        .containsEntry("name", "Laptop")
        .containsEntry("status", "active")
        .containsEntry("created_by_name", "ada@example.com");
    assertThat(sql.row("select type, actor_id from latchkey.events order by id desc limit 1"))
        .containsEntry("type", "user_token.registered")
        .containsEntry("actor_id", user.toString());
  }

  @Test
  void aUserCannotHaveMoreSignedThanTheSignInSays() {
    try (ApiRequest request = ApiRequest.user(DATABASE, user)) {
      for (String claims :
          new String[] {
            "{\"email\": \"boss@example.com\"}",
            "{\"app_metadata\": {\"admin\": true}}",
            "{\"sub\": \"00000000-0000-4000-8000-000000000000\"}",
            "{\"role\": \"service_role\"}",
            "{\"aal\": null}"
          }) {
        fixture.assertRefused(
            "22023", "p_claims: ", () -> request.sql().text(REGISTER, "Laptop", SOON, claims));
      }
    }
  }

  @Test
  void anOperatorNamesTheUserAndMayNameARoleAndAnyClaim() {
    assertThat(
            sql.row(
                """
                select c ->> 'sub' as sub, c ->> 'role' as role, c ->> 'tenant' as tenant
                from public.register_user_token('Robot', '2030-01-01', jsonb_build_object(
                  'sub', ?::text, 'role', 'user_token_tenant', 'tenant', 'acme')) as c
                """,
                user.toString()))
        .containsEntry("sub", user.toString())
        .containsEntry("role", "user_token_tenant")
        .containsEntry("tenant", "acme");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "service_role",
        "anon",
        "api_key",
        "authenticator",
        "postgres",
        "latchkey_operator",
        "nobody",
        ""
      })
  void aTokenNeverHasARoleThatPoliciesDoNotHoldFor(String role) {
    fixture.assertRefused(
        "22023",
        "p_claims: role",
        () ->
            sql.text(
                REGISTER,
                "Robot",
                SOON,
                "{\"sub\": \"%s\", \"role\": \"%s\"}".formatted(user, role)));
  }

  @ParameterizedTest
  @CsvSource({
    "'', 2030-01-01, {}, p_name:",
    "X, , {}, p_expires_at: must be given",
    "X, 2020-01-01, {}, p_expires_at: must be in the future",
    "X, infinity, {}, p_expires_at:",
    "X, 2999-01-01, {}, p_expires_at: must be within",
    "X, 2030-01-01, , p_claims: must be an object",
    "X, 2030-01-01, [], p_claims: must be an object",
    "X, 2030-01-01, {}, p_claims: sub",
    "X, 2030-01-01, '{\"sub\": \"me\"}', p_claims: sub",
    "X, 2030-01-01, '{\"jti\": \"x\"}', 'p_claims: jti, iat'",
    "X, 2030-01-01, '{\"exp\": 1}', 'p_claims: jti, iat'"
  })
  void badInputIsNamedAndNothingIsWritten(
      String name, String until, String claims, String message) {
    fixture.assertRefused("22023", message, () -> sql.text(REGISTER, name, until, claims));
    assertThat(sql.number("select count(*) from api_keys_private.user_tokens")).isZero();
  }

  @Test
  void aUserTokenCannotMakeAnotherOneButMayRevokeItself() {
    String claims = register(user);
    try (ApiRequest request = ApiRequest.open(DATABASE, "authenticated", claims)) {
      fixture.assertRefused(
          "42501", "cannot make another", () -> request.sql().text(REGISTER, "Copy", SOON, "{}"));
      assertThat(request.sql().truth("select public.revoke_user_token(?::jsonb ->> 'jti')", claims))
          .isTrue();
    }
  }

  @Test
  void aUserListsAndRevokesOnlyTheirOwn() {
    String mine = jti(register(user));
    String theirs = jti(register(UUID.randomUUID()));
    try (ApiRequest request = ApiRequest.user(DATABASE, user)) {
      assertThat(request.sql().texts("select jti from public.list_user_tokens()"))
          .containsExactly(mine);
      fixture.assertRefused(
          "PT404",
          "Token not found",
          () -> request.sql().truth("select public.revoke_user_token(?)", theirs));

      assertThat(request.sql().truth("select public.revoke_user_token(?)", mine)).isTrue();
      long events = fixture.events();
      assertThat(request.sql().truth("select public.revoke_user_token(?)", mine)).isFalse();
      assertThat(fixture.events()).isEqualTo(events);
    }
    assertThat(sql.texts("select jti || is_active from public.list_user_tokens()"))
        .containsExactly(theirs + "true", mine + "false");
    assertThat(
            sql.row(
                "select type, object_id, before ->> 'revoked_at' as before, after ->> 'revoked_at' is"
                    + " not null as after from latchkey.events order by id desc limit 1"))
        .containsEntry("type", "user_token.revoked")
        .containsEntry("object_id", mine)
        .containsEntry("before", null)
        .containsEntry("after", true);
    assertThat(sql.text("select status from latchkey.user_tokens where jti = ?", mine))
        .isEqualTo("revoked");
  }

  @Test
  void aHundredTokensAreEnoughForOneUser() {
    sql.rows(
        """
        select public.register_user_token('T' || i, '2030-01-01', jsonb_build_object('sub', ?::text))
        from generate_series(1, 100) as i
        """,
        user.toString());
    try (ApiRequest request = ApiRequest.user(DATABASE, user)) {
      fixture.assertRefused(
          "PT429", "100 tokens", () -> request.sql().text(REGISTER, "More", SOON, "{}"));
      sql.row("select public.revoke_user_token(jti) from latchkey.user_tokens limit 1");
      assertThat(request.sql().text(REGISTER, "More", SOON, "{}")).contains("jti");
    }
  }

  @Test
  void whoIsNoUserIsRefused() throws Exception {
    String jti = jti(register(user));
    sql.execute(
        "grant execute on all functions in schema public to anon, service_role, api_key, user_token_clerk");
    try (ApiRequest anonymous = ApiRequest.anonymous(DATABASE);
        ApiRequest service =
            ApiRequest.open(DATABASE, "service_role", "{\"sub\": \"%s\"}".formatted(user));
        ApiRequest key = ApiRequest.key(DATABASE, user);
        var clerk = DATABASE.connectAs("user_token_clerk")) {
      Sql.on(clerk)
          .row(
              "select set_config('request.jwt.claims', ?, false)",
              "{\"sub\": \"%s\"}".formatted(user));
      for (Sql session : new Sql[] {anonymous.sql(), service.sql(), key.sql(), Sql.on(clerk)}) {
        fixture.assertRefused("42501", "Only", () -> session.text(REGISTER, "X", SOON, "{}"));
        fixture.assertRefused(
            "42501", "Only", () -> session.rows("select * from public.list_user_tokens()"));
        fixture.assertRefused(
            "42501", "Only", () -> session.truth("select public.revoke_user_token(?)", jti));
      }
    } finally {
      sql.execute(
          "revoke execute on all functions in schema public from anon, service_role, api_key, user_token_clerk");
    }
  }

  private String register(UUID owner) {
    return sql.text(REGISTER, "Laptop", SOON, "{\"sub\": \"%s\"}".formatted(owner));
  }

  private String jti(String claims) {
    return sql.text("select ?::jsonb ->> 'jti'", claims);
  }
}
