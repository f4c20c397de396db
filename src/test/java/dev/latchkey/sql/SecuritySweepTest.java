package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who may do what, read from the catalogue and compared with a list: a new function that somebody
 * may execute has to be written here.
 */
final class SecuritySweepTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  static final List<String> ANON =
      List.of("auth.jwt()", "auth.uid()", "http_gate.admit()", "pre_request()");
  static final List<String> AUTHENTICATED =
      List.of(
          "auth.jwt()",
          "auth.uid()",
          "create_api_key(uuid,text,jsonb,timestamp with time zone)",
          "get_api_key_account_id()",
          "has_role_on_account(uuid,text)",
          "has_scope(text,text,text)",
          "has_scope_on_all(text,text)",
          "http_gate.admit()",
          "ksuid_keys.create_api_key(uuid,text)",
          "ksuid_keys.list_api_keys(uuid,integer,integer,text)",
          "list_api_keys(uuid)",
          "list_user_tokens()",
          "pre_request()",
          "register_user_token(text,timestamp with time zone,jsonb)",
          "revoke_api_key(uuid)",
          "revoke_user_token(text)",
          "scoped_ids(text,text)");
  static final List<String> SERVICE_ROLE =
      List.of(
          "auth.jwt()",
          "auth.uid()",
          "get_api_key_account_id()",
          "has_role_on_account(uuid,text)",
          "has_scope(text,text,text)",
          "has_scope_on_all(text,text)",
          "http_gate.admit()",
          "ksuid_keys.verify_api_key(text)",
          "log_api_key_usage(uuid,text,text,integer,text,text)",
          "log_api_key_usage_batch(jsonb)",
          "pre_request()",
          "scoped_ids(text,text)",
          "verify_api_key(text,inet)");
  static final List<String> API_KEY =
      List.of(
          "auth.jwt()",
          "auth.uid()",
          "get_api_key_account_id()",
          "has_scope(text,text,text)",
          "has_scope_on_all(text,text)",
          "http_gate.admit()",
          "ksuid_keys.verify_api_key(text)",
          "pre_request()",
          "scoped_ids(text,text)",
          "verify_api_key(text,inet)");

  /** Every role of a request asks them, whatever it is; they answer only the API server. */
  static final List<String> EVERYBODY = List.of("http_gate.admit()", "pre_request()");

  private final Catalogue catalogue = new Catalogue(DATABASE.sql());

  @Test
  void onlyTheGateForHttpIsExecutableByEverybody() {
    assertThat(catalogue.executableByPublic()).isEqualTo(EVERYBODY);
  }

  @Test
  void theRolesOfRequestsMayExecuteWhatIsListedHere() {
    assertRequestRolesMayExecuteOnlyWhatIsListed(catalogue);
  }

  static void assertRequestRolesMayExecuteOnlyWhatIsListed(Catalogue catalogue) {
    assertRequestRolesMayExecuteOnlyWhatIsListed(catalogue, _ -> true);
  }

  /**
   * @param counted leaves out functions that belong to somebody else
   */
  static void assertRequestRolesMayExecuteOnlyWhatIsListed(
      Catalogue catalogue, Predicate<String> counted) {
    Map.of(
            "anon", ANON,
            "authenticated", AUTHENTICATED,
            "service_role", SERVICE_ROLE,
            "api_key", API_KEY,
            "authenticator", EVERYBODY)
        .forEach(
            (role, listed) ->
                assertThat(catalogue.executableBy(role).stream().filter(counted))
                    .as(role)
                    .isEqualTo(listed.stream().filter(counted).toList()));
  }

  @Test
  void everyDefinerFunctionHasTheFixedSearchPath() {
    assertThat(catalogue.definersWithoutFixedSearchPath()).isEmpty();
  }

  @Test
  void auditorsMayExecuteNothingElseThatWrites() {
    assertThat(catalogue.volatileForAuditors()).isEqualTo(EVERYBODY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anon",
        "authenticated",
        "authenticator",
        "api_key",
        "latchkey_operator",
        "latchkey_auditor",
        "latchkey_gatekeeper"
      })
  void noTableOfAPrivateSchemaIsReachable(String role) {
    assertThat(catalogue.privateTablesReachableBy(role)).isEmpty();
  }

  @Test
  void serverCodeReadsKeysButNoHashAndLogsAndWritesNothing() {
    assertThat(catalogue.privateTablesWritableBy("service_role")).isEmpty();
    assertThat(catalogue.privateTablesReachableBy("service_role"))
        .containsExactly("api_keys_private.api_key_logs", "api_keys_private.api_keys");
    assertThat(catalogue.privateColumnsReadableBy("service_role"))
        .contains("api_keys_private.api_keys.name", "api_keys_private.api_key_logs.endpoint")
        .doesNotContain("api_keys_private.api_keys.key_hash", "api_keys_private.api_keys.salt");
  }

  @Test
  void everyTableHasRowSecurity() {
    assertThat(catalogue.tablesWithoutRowSecurity()).isEmpty();
  }

  @Test
  void noViewHasAHash() {
    assertThat(catalogue.viewsOverHashes()).isEmpty();
  }

  @Test
  void viewsAreForOperatorsAndAuditorsToRead() {
    assertThat(catalogue.viewPrivileges())
        .containsExactly("latchkey_auditor SELECT", "latchkey_operator SELECT");
  }

  @Test
  void schemasAreForThoseWhoNeedThem() {
    assertThat(catalogue.schemasUsableBy("anon")).containsExactly("http_gate");
    assertThat(catalogue.schemasUsableBy("authenticated"))
        .containsExactly("http_gate", "ksuid_keys");
    assertThat(catalogue.schemasUsableBy("api_key")).containsExactly("http_gate", "ksuid_keys");
    assertThat(catalogue.schemasUsableBy("authenticator")).containsExactly("http_gate");
    assertThat(catalogue.schemasUsableBy("service_role"))
        .containsExactly("api_keys_private", "http_gate", "ksuid_keys");
    assertThat(catalogue.schemasUsableBy("latchkey_operator"))
        .containsExactly("http_gate", "ksuid_keys", "latchkey");
    assertThat(catalogue.schemasUsableBy("latchkey_auditor"))
        .containsExactly("http_gate", "latchkey");
    assertThat(catalogue.schemasUsableBy("latchkey_gatekeeper"))
        .containsExactly("http_gate", "latchkey", "temporary_access");
  }

  @Test
  void rolesAreAsWeakAsTheyShouldBe() {
    assertThat(
            DATABASE
                .sql()
                .texts(
                    """
                    select rolname from pg_roles
                    where rolname in ('anon', 'authenticated', 'service_role', 'authenticator', 'api_key', 'latchkey_operator',
                        'latchkey_auditor', 'latchkey_gatekeeper')
                      and not rolsuper and not rolcreaterole and not rolcreatedb and not rolreplication
                      and rolbypassrls = (rolname = 'service_role')
                    """))
        .hasSize(8);
    assertThat(
            DATABASE
                .sql()
                .texts(
                    "select roleid::regrole::text from pg_auth_members where member ="
                        + " 'api_key'::regrole"))
        .isEmpty();
    assertThat(
            DATABASE
                .sql()
                .truth("select not rolinherit from pg_roles where rolname =" + " 'authenticator'"))
        .isTrue();
  }

  @Test
  void everythingIsDescribed() {
    assertThat(catalogue.uncommented()).isEmpty();
  }
}
