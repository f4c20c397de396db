package dev.latchkey.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which functions the roles of requests may call. A new one that somebody may execute has to be
 * written here.
 */
final class ListedFunctions {
  /**
   * Every role of a request asks them, whatever it is; they believe nothing but what the API server
   * says of it.
   */
  static final List<String> EVERYBODY =
      List.of(
          "http_gate.admit()",
          "latchkey_doors.create_api_key_as_user(uuid,text,jsonb,timestamp with time zone)",
          "latchkey_doors.ksuid_create_api_key_as_user(uuid,text)",
          "latchkey_doors.ksuid_list_api_keys_as_user(uuid,integer,integer,text)",
          "latchkey_doors.list_api_keys_as_user(uuid)",
          "latchkey_doors.list_user_tokens_as_user()",
          "latchkey_doors.register_user_token_as_user(text,timestamp with time zone,jsonb)",
          "latchkey_doors.revoke_api_key_as_user(uuid)",
          "latchkey_doors.revoke_user_token_as_user(text)",
          "pre_request()");

  private static final List<String> ANON =
      List.of("auth.jwt()", "auth.uid()", "http_gate.admit()", "pre_request()");
  private static final List<String> AUTHENTICATED =
      List.of(
          "auth.jwt()",
          "auth.uid()",
          "create_api_key(uuid,text,jsonb,timestamp with time zone)",
          "get_api_key_account_id()",
          "has_role_on_account(uuid,text)",
          "has_scope(text,text,text)",
          "has_scope_on_all(text,text)",
          "ksuid_keys.create_api_key(uuid,text)",
          "ksuid_keys.list_api_keys(uuid,integer,integer,text)",
          "list_api_keys(uuid)",
          "list_user_tokens()",
          "pre_request()",
          "register_user_token(text,timestamp with time zone,jsonb)",
          "revoke_api_key(uuid)",
          "revoke_user_token(text)",
          "scoped_ids(text,text)",
          "verify_api_key(text,inet)");
  private static final List<String> SERVICE_ROLE =
      List.of(
          "auth.jwt()",
          "auth.uid()",
          "get_api_key_account_id()",
          "has_role_on_account(uuid,text)",
          "has_scope(text,text,text)",
          "has_scope_on_all(text,text)",
          "ksuid_keys.verify_api_key(text)",
          "log_api_key_usage(uuid,text,text,integer,text,text)",
          "log_api_key_usage_batch(jsonb)",
          "pre_request()",
          "scoped_ids(text,text)",
          "verify_api_key(text,inet)");
  private static final List<String> API_KEY =
      List.of(
          "auth.jwt()",
          "auth.uid()",
          "get_api_key_account_id()",
          "has_scope(text,text,text)",
          "has_scope_on_all(text,text)",
          "ksuid_keys.verify_api_key(text)",
          "pre_request()",
          "scoped_ids(text,text)",
          "verify_api_key(text,inet)");

  private static final Map<String, List<String>> BY_ROLE =
      Map.of(
          "public", EVERYBODY,
          "anon", ANON,
          "authenticated", AUTHENTICATED,
          "service_role", SERVICE_ROLE,
          "api_key", API_KEY,
          "authenticator", EVERYBODY);

  private ListedFunctions() {}

  /** Where the lists and the database differ; empty when all is well. */
  static List<String> differences(Catalogue catalogue) {
    return differences(catalogue, _ -> true);
  }

  /**
   * @param counted leaves out functions that belong to somebody else
   */
  static List<String> differences(Catalogue catalogue, Predicate<String> counted) {
    List<String> differences = new ArrayList<>();
    BY_ROLE.forEach(
        (role, listed) -> {
          List<String> allowed =
              role.equals("public") ? catalogue.executableByPublic() : catalogue.executableBy(role);
          allowed.stream()
              .filter(counted)
              .filter(function -> !EVERYBODY.contains(function))
              .filter(function -> !listed.contains(function))
              .forEach(function -> differences.add(function + " by " + role));
          listed.stream()
              .filter(counted)
              .filter(function -> !allowed.contains(function))
              .forEach(function -> differences.add(function + " not by " + role));
        });
    return differences;
  }
}
