package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.latchkey.sql.KeyFixture.MadeKey;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** create_api_key, list_api_keys and revoke_api_key, as applications know them. */
final class AccountKeysTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String CREATE = "select public.create_api_key(?, ?, ?::jsonb)";
  private static final String CREATE_NOT_ALLOWED =
      "Unauthorized: You do not have permission to create API keys for this account";
  private static final String LIST_NOT_ALLOWED =
      "Unauthorized: You do not have permission to view API keys for this account";
  private static final String REVOKE_NOT_ALLOWED =
      "Unauthorized: You do not have permission to revoke API keys for this account";

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);
  private UUID account;
  private UUID member;

  @BeforeEach
  void makeAccount() {
    account = fixture.account("Acme");
    member = fixture.member(account);
  }

  @Test
  void createAnswersWithExactlyThePublishedFields() throws Exception {
    JsonNode made =
        new ObjectMapper()
            .readTree(
                sql.text(
                    "select public.create_api_key(?, '  CI  ', ?::jsonb, now() + interval '1 day')",
                    account,
                    KeyFixture.READ_ALL));

    assertThat(made.properties().stream().map(Map.Entry::getKey))
        .containsExactlyInAnyOrder(
            "id", "name", "key", "key_prefix", "account_id", "scopes", "expires_at", "created_at");
    assertThat(made.get("name").asText()).isEqualTo("CI");
    assertThat(made.get("key").asText())
        .matches("sk_[0-9A-Za-z]{65}")
        .startsWith(made.get("key_prefix").asText());
    assertThat(made.get("key_prefix").asText()).hasSize(7);
    assertThat(made.get("account_id").asText()).isEqualTo(account.toString());
    assertThat(made.get("scopes")).hasSize(1);
    assertThat(made.get("expires_at").isTextual()).isTrue();
    assertThat(made.get("created_at").isTextual()).isTrue();
  }

  @Test
  void argumentsHaveThePublishedNamesAndDefaults() {
    assertThat(
            sql.texts(
                """
                select p.proname || '(' || pg_get_function_arguments(p.oid) || ') ' || pg_get_function_result(p.oid)
                from pg_proc as p
                where p.pronamespace = 'public'::regnamespace
                  and p.proname in ('create_api_key', 'list_api_keys', 'revoke_api_key', 'verify_api_key', 'log_api_key_usage',
                    'has_scope', 'get_api_key_account_id', 'has_scope_on_all', 'scoped_ids')
                order by 1
                """))
        .containsExactly(
            "create_api_key(p_account_id uuid, p_name text, p_scopes jsonb, p_expires_at timestamp"
                + " with time zone DEFAULT NULL::timestamp with time zone) jsonb",
            "get_api_key_account_id() uuid",
            "has_scope(p_entity_type text, p_entity_id text, p_action text) boolean",
            "has_scope_on_all(p_entity_type text, p_action text) boolean",
            "list_api_keys(p_account_id uuid) TABLE(id uuid, name text, key_prefix text, scopes"
                + " jsonb, expires_at timestamp with time zone, created_at timestamp with time"
                + " zone, last_used_at timestamp with time zone, is_active boolean, created_by"
                + " uuid)",
            "log_api_key_usage(p_api_key_id uuid, p_endpoint text, p_method text, p_status_code"
                + " integer DEFAULT NULL::integer, p_ip_address text DEFAULT NULL::text,"
                + " p_user_agent text DEFAULT NULL::text) jsonb",
            "revoke_api_key(p_api_key_id uuid) boolean",
            "scoped_ids(p_entity_type text, p_action text) text[]",
            "verify_api_key(p_api_key text, p_client_ip inet DEFAULT NULL::inet) jsonb");
  }

  @Test
  void aMemberOfTheAccountMayCreateListAndRevoke() {
    try (ApiRequest request = ApiRequest.user(DATABASE, member)) {
      MadeKey key = new KeyFixture(request.sql()).key(account);

      assertThat(request.sql().row("select * from public.list_api_keys(?)", account))
          .containsEntry("id", key.id())
          .containsEntry("created_by", member)
          .containsEntry("is_active", true);
      assertThat(request.sql().truth("select public.revoke_api_key(?)", key.id())).isTrue();
      assertThat(request.sql().row("select * from public.list_api_keys(?)", account))
          .containsEntry("is_active", false);
      assertThat(fixture.valid(key.key())).isFalse();
    }
  }

  @Test
  void aMemberOfAnotherAccountMayNothing() {
    UUID stranger = fixture.member(fixture.account("Other"));
    MadeKey key = fixture.key(account);

    try (ApiRequest request = ApiRequest.user(DATABASE, stranger)) {
      assertNothingAllowed(request, key);
    }
  }

  @Test
  void aTokenWithoutAUserMayNothing() {
    MadeKey key = fixture.key(account);

    try (ApiRequest request = ApiRequest.open(DATABASE, "authenticated", "{}")) {
      assertNothingAllowed(request, key);
    }
  }

  private void assertNothingAllowed(ApiRequest request, MadeKey key) {
    fixture.assertRefused(
        "42501",
        CREATE_NOT_ALLOWED,
        () -> request.sql().text(CREATE, account, "x", KeyFixture.READ_ALL));
    fixture.assertRefused(
        "42501",
        LIST_NOT_ALLOWED,
        () -> request.sql().rows("select * from public.list_api_keys(?)", account));
    fixture.assertRefused(
        "42501",
        REVOKE_NOT_ALLOWED,
        () -> request.sql().text("select public.revoke_api_key(?)", key.id()));
    assertThat(fixture.valid(key.key())).isTrue();
  }

  @Test
  void authorizationComesBeforeValidation() {
    try (ApiRequest request = ApiRequest.user(DATABASE, UUID.randomUUID())) {
      fixture.assertRefused(
          "42501", CREATE_NOT_ALLOWED, () -> request.sql().text(CREATE, account, "", "{}"));
      fixture.assertRefused(
          "42501", CREATE_NOT_ALLOWED, () -> request.sql().text(CREATE, null, "", "{}"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"anon", "service_role", "api_key"})
  void otherRolesMayNotEvenCall(String role) {
    try (ApiRequest request =
        ApiRequest.open(DATABASE, role, "{\"sub\": \"%s\"}".formatted(member))) {
      fixture.assertRefused(
          "42501",
          "permission denied for function create_api_key",
          () -> request.sql().text(CREATE, account, "x", KeyFixture.READ_ALL));
      fixture.assertRefused(
          "42501",
          "permission denied for function list_api_keys",
          () -> request.sql().rows("select * from public.list_api_keys(?)", account));
      fixture.assertRefused(
          "42501",
          "permission denied for function revoke_api_key",
          () -> request.sql().text("select public.revoke_api_key(?)", account));
    }
  }

  @Test
  void listShowsTheAccountsKeysNewestFirst() {
    List<UUID> made =
        Stream.generate(() -> fixture.key(account)).limit(5).map(MadeKey::id).toList();
    fixture.key(fixture.account("Other"));

    assertThat(
            sql.texts("select id from public.list_api_keys(?)", account).stream()
                .map(UUID::fromString))
        .containsExactlyElementsOf(made.reversed());
  }

  @Test
  void anUnknownKeyCannotBeRevoked() {
    fixture.assertRefused(
        "PT404",
        "API key not found",
        () -> sql.text("select public.revoke_api_key(?)", UUID.randomUUID()));
  }

  @Test
  void revokingARevokedKeySaysFalseAndWritesNothing() {
    MadeKey key = fixture.key(account);
    sql.text("select public.revoke_api_key(?)", key.id());
    String before = fixture.contents();

    assertThat(sql.truth("select public.revoke_api_key(?)", key.id())).isFalse();
    assertThat(fixture.contents()).isEqualTo(before);
  }

  @Test
  void keysOfADeletedAccountAreRevokedAndStayAsEvidence() {
    MadeKey key = fixture.key(account);

    sql.execute("delete from public.accounts where id = ?", account);

    assertThat(fixture.valid(key.key())).isFalse();
    assertThat(sql.row("select status, revoke_reason from latchkey.keys where id = ?", key.id()))
        .containsEntry("status", "revoked")
        .containsEntry("revoke_reason", "The account was deleted");
    assertThat(
            sql.text(
                "select type from latchkey.events where object_id = ? order by id desc limit 1",
                key.id().toString()))
        .isEqualTo("key.revoked");
  }

  @Test
  void anOperatorCannotMakeAKeyForAnAccountThatIsNotThere() {
    fixture.assertRefused(
        "PT404",
        "Account not found",
        () -> sql.text(CREATE, UUID.randomUUID(), "x", KeyFixture.READ_ALL));
    fixture.assertRefused(
        "PT404", "Account not found", () -> sql.text(CREATE, null, "x", KeyFixture.READ_ALL));
  }

  static Stream<Arguments> badNames() {
    return Stream.of(
        Arguments.of(null, "p_name: must not be blank"),
        Arguments.of("", "p_name: must not be blank"),
        Arguments.of(" \t\n\u00a0\u3000", "p_name: must not be blank"),
        Arguments.of("x".repeat(101), "p_name: must have at most 100 characters, has 101"),
        Arguments.of("a\nb", "p_name: must not contain control characters"),
        Arguments.of("a\u0007b", "p_name: must not contain control characters"),
        Arguments.of("a\u009bb", "p_name: must not contain control characters"),
        Arguments.of("a\u202eb", "p_name: must not contain control characters"));
  }

  @ParameterizedTest
  @MethodSource("badNames")
  void aBadNameIsRefused(String name, String message) {
    fixture.assertRefused(
        "22023", message, () -> sql.text(CREATE, account, name, KeyFixture.READ_ALL));
  }

  @Test
  void aNameOfOneHundredCharactersIsTakenWhateverTheyAre() {
    String name = "\ud83d\udd11".repeat(100);
    fixture.made(CREATE, account, "  " + name + "\n", KeyFixture.READ_ALL);
    assertThat(sql.texts("select name from public.list_api_keys(?)", account))
        .containsExactly(name);
  }

  static Stream<Arguments> badScopes() {
    return Stream.of(
        Arguments.of(null, "p_scopes: must be an array of scopes"),
        Arguments.of("null", "p_scopes: must be an array of scopes"),
        Arguments.of("{}", "p_scopes: must be an array of scopes"),
        Arguments.of("\"*\"", "p_scopes: must be an array of scopes"),
        Arguments.of("[\"*\"]", "p_scopes: entry 1 must be an object"),
        Arguments.of("[null]", "p_scopes: entry 1 must be an object"),
        Arguments.of("[[]]", "p_scopes: entry 1 must be an object"),
        Arguments.of("[{}]", "p_scopes: entry 1 lacks entity_type"),
        Arguments.of(
            "[{\"entity_type\": \"a\", \"entity_id\": \"*\"}]", "p_scopes: entry 1 lacks action"),
        Arguments.of(
            "[{\"entity_type\": \"a\", \"action\": \"read\"}]",
            "p_scopes: entry 1 lacks entity_id"),
        Arguments.of(
            "[" + scope("a", "*", "read") + ", {\"entity_id\": \"*\", \"action\": \"read\"}]",
            "p_scopes: entry 2 lacks entity_type"),
        Arguments.of(
            "[{\"entity_type\": \"a\", \"entity_id\": \"*\", \"action\": \"read\", \"effect\":"
                + " \"deny\"}]",
            "p_scopes: entry 1 must have no other field than entity_type, entity_id and action"),
        Arguments.of(
            "[" + scope(" ", "*", "read") + "]",
            "p_scopes: entity_type of entry 1 must be a text that is not blank"),
        Arguments.of(
            "[{\"entity_type\": \"a\", \"entity_id\": 7, \"action\": \"read\"}]",
            "p_scopes: entity_id of entry 1 must be a text that is not blank"),
        Arguments.of(
            "[{\"entity_type\": null, \"entity_id\": \"*\", \"action\": \"read\"}]",
            "p_scopes: entity_type of entry 1 must be a text that is not blank"),
        Arguments.of(
            "[" + scope("a", "x".repeat(201), "read") + "]",
            "p_scopes: entity_id of entry 1 must have at most 200 characters"),
        Arguments.of(
            "[" + scope("a", "*", "re\\u0007ad") + "]",
            "p_scopes: action of entry 1 must not contain control characters"),
        Arguments.of(scopes(1001), "p_scopes: must have at most 1,000 entries, has 1,001"));
  }

  @ParameterizedTest
  @MethodSource("badScopes")
  void badScopesAreRefused(String scopes, String message) {
    fixture.assertRefused("22023", message, () -> sql.text(CREATE, account, "x", scopes));
  }

  @Test
  void aThousandScopesAreTaken() {
    MadeKey key = fixture.key(account, scopes(1000));
    assertThat(sql.number("select scope_count from latchkey.keys where id = ?", key.id()))
        .isEqualTo(1000);
  }

  @Test
  void duplicateScopesAreRemovedAndANullIdMeansAll() {
    MadeKey key =
        fixture.key(
            account,
            """
            [{"entity_type": "b", "entity_id": "*", "action": "read"},
             {"entity_type": "a", "entity_id": "7", "action": "read"},
             {"action": "read", "entity_id": null, "entity_type": "b"},
             {"entity_type": "a", "entity_id": "7", "action": "read"}]
            """);

    assertThat(
            sql.text(
                "select scopes = ?::jsonb from latchkey.keys where id = ?",
                "[" + scope("b", "*", "read") + "," + scope("a", "7", "read") + "]",
                key.id()))
        .isEqualTo("true");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "now(), p_expires_at: must be in the future",
        "now() - interval '1 second', p_expires_at: must be in the future",
        "'-infinity', p_expires_at: must be in the future",
        "'infinity', p_expires_at: must be a date"
      })
  void anExpiryThatIsNotInTheFutureIsRefused(String expiry, String message) {
    fixture.assertRefused(
        "22023",
        message,
        () ->
            sql.text(
                "select public.create_api_key(?, 'x', ?::jsonb, " + expiry + ")",
                account,
                KeyFixture.READ_ALL));
  }

  private static String scope(String type, String id, String action) {
    return "{\"entity_type\": \"%s\", \"entity_id\": \"%s\", \"action\": \"%s\"}"
        .formatted(type, id, action);
  }

  private static String scopes(int count) {
    return Stream.iterate(1, number -> number + 1)
        .limit(count)
        .map(number -> scope("document", String.valueOf(number), "read"))
        .toList()
        .toString();
  }
}
