package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.sql.Sweep.Rule;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.SqlFiles;
import dev.latchkey.testing.TestDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sweep finds nothing here, and each of its rules finds what breaks it. */
@DependsOnMajor("the whole catalogue")
final class SweepTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  /**
   * Something that breaks a rule.
   *
   * @param sql makes it; what it makes is rolled back
   * @param found the name under which the sweep has to tell it
   */
  record Offender(Rule rule, String sql, String found) {}

  @Test
  void nothingIsFound() {
    List<String> findings = new Sweep(DATABASE.sql()).findings();
    System.out.printf(
        "Security sweep of PostgreSQL %s: %d rules, %d findings%n",
        DATABASE.sql().text("show server_version"), Rule.values().length, findings.size());
    assertThat(findings).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("offenders")
  void whatBreaksARuleIsFound(Offender offender) throws SQLException {
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      Sql sql = Sql.on(connection);
      sql.execute(offender.sql());
      assertThat(offender.rule().offenders(sql)).contains(offender.found());
      connection.rollback();
    }
  }

  @Test
  void everyRuleCanFail() {
    Set<Rule> broken = offenders().stream().map(Offender::rule).collect(Collectors.toSet());
    assertThat(broken).isEqualTo(EnumSet.allOf(Rule.class));
  }

  @Test
  void everyConstraintInTheMigrationsHasANameOfItsOwn() {
    Pattern constraint =
        Pattern.compile(
            "\\b(primary key|foreign key *\\(|references [a-z_.]+ *\\(|(unique|check) *\\()");
    Pattern other =
        Pattern.compile("^((add )?constraint|create unique|--|')|with check \\(|^references");
    List<String> unnamed = new ArrayList<>();
    for (Path file : SqlFiles.all()) {
      SqlFiles.content(file)
          .lines()
          .map(String::strip)
          .filter(line -> constraint.matcher(line).find() && !other.matcher(line).find())
          .forEach(unnamed::add);
    }
    assertThat(unnamed).isEmpty();
  }

  static List<Offender> offenders() {
    return List.of(
        new Offender(
            Rule.DEFINERS_HAVE_THE_FIXED_SEARCH_PATH,
            "create function public.f() returns int language sql security definer as 'select 1'",
            "f()"),
        new Offender(
            Rule.DEFINERS_HAVE_THE_FIXED_SEARCH_PATH,
            """
            create function latchkey.f() returns int language sql security definer
              set search_path = '' as 'select 1'
            """,
            "latchkey.f()"),
        new Offender(
            Rule.DEFINERS_HAVE_THE_FIXED_SEARCH_PATH,
            """
            create schema new_one;
            create function new_one.f() returns int language sql security definer
              set search_path = pg_catalog, public, pg_temp as 'select 1'
            """,
            "new_one.f()"),
        new Offender(
            Rule.DEFINERS_ARE_DOORS,
            """
            create function latchkey.f() returns int language sql security definer
              set search_path = pg_catalog, pg_temp as 'select 1';
            revoke all on function latchkey.f() from public
            """,
            "latchkey.f()"),
        new Offender(
            Rule.FUNCTIONS_ARE_OF_TRUSTED_LANGUAGES_AND_HIDE_NO_LEAK,
            "create function latchkey.f(float8) returns float8 language internal as 'dsqrt'",
            "latchkey.f(double precision)"),
        new Offender(
            Rule.FUNCTIONS_ARE_OF_TRUSTED_LANGUAGES_AND_HIDE_NO_LEAK,
            "create function latchkey.f() returns int language sql leakproof as 'select 1'",
            "latchkey.f()"),
        new Offender(
            Rule.FUNCTIONS_ARE_FOR_THOSE_WHO_ARE_LISTED,
            "create function public.f() returns int language sql as 'select 1'",
            "f() by public"),
        new Offender(
            Rule.FUNCTIONS_ARE_FOR_THOSE_WHO_ARE_LISTED,
            "grant execute on function latchkey.revoke_key(uuid, text) to anon",
            "latchkey.revoke_key(uuid,text) by anon"),
        new Offender(
            Rule.FUNCTIONS_ARE_FOR_THOSE_WHO_ARE_LISTED,
            "revoke execute on function public.verify_api_key(text, inet) from service_role",
            "verify_api_key(text,inet) not by service_role"),
        new Offender(
            Rule.AUDITORS_WRITE_NOTHING,
            "grant execute on function latchkey.revoke_key(uuid, text) to latchkey_auditor",
            "latchkey.revoke_key(uuid,text)"),
        new Offender(
            Rule.PRIVATE_RELATIONS_ARE_GRANTED_TO_NOBODY_BUT_READERS_OF_KEYS,
            "create role sql_test_crew; grant select on audit.events to sql_test_crew",
            "audit.events: SELECT to sql_test_crew"),
        new Offender(
            Rule.PRIVATE_RELATIONS_ARE_GRANTED_TO_NOBODY_BUT_READERS_OF_KEYS,
            "grant select (key_hash) on api_keys_private.api_keys to service_role",
            "api_keys_private.api_keys.key_hash: SELECT to service_role"),
        new Offender(
            Rule.PRIVATE_RELATIONS_ARE_GRANTED_TO_NOBODY_BUT_READERS_OF_KEYS,
            "grant select on temporary_access.tokens to public",
            "temporary_access.tokens: SELECT to -"),
        new Offender(
            Rule.PRIVATE_RELATIONS_ARE_OUT_OF_REACH,
            "grant update (reason) on temporary_access.grants to authenticated",
            "temporary_access.grants by authenticated"),
        new Offender(
            Rule.PRIVATE_RELATIONS_ARE_OUT_OF_REACH,
            "grant pg_read_all_data to latchkey_auditor",
            "api_keys_private.api_keys by latchkey_auditor"),
        new Offender(
            Rule.PRIVATE_RELATIONS_ARE_OUT_OF_REACH,
            "create sequence audit.numbers; grant usage on sequence audit.numbers to anon",
            "audit.numbers by anon"),
        new Offender(
            Rule.PRIVATE_RELATIONS_ARE_OUT_OF_REACH,
            "create materialized view audit.copy as select 1 as one; grant select on audit.copy to"
                + " api_key",
            "audit.copy by api_key"),
        new Offender(
            Rule.SERVER_CODE_READS_KEYS_BUT_NO_HASH_AND_WRITES_NOTHING,
            "grant select on api_keys_private.api_keys to service_role",
            "api_keys_private.api_keys.salt"),
        new Offender(
            Rule.SERVER_CODE_READS_KEYS_BUT_NO_HASH_AND_WRITES_NOTHING,
            "revoke select (name) on api_keys_private.api_keys from service_role",
            "api_keys_private.api_keys.name is not read"),
        new Offender(
            Rule.SERVER_CODE_READS_KEYS_BUT_NO_HASH_AND_WRITES_NOTHING,
            "grant insert (endpoint) on api_keys_private.api_key_logs to service_role",
            "api_keys_private.api_key_logs"),
        new Offender(
            Rule.VIEWS_ARE_READ_BY_OPERATORS_AND_AUDITORS_ONLY,
            "grant select (email) on latchkey.members to latchkey_gatekeeper",
            "latchkey.members.email: SELECT to latchkey_gatekeeper"),
        new Offender(
            Rule.VIEWS_ARE_READ_BY_OPERATORS_AND_AUDITORS_ONLY,
            "grant insert on latchkey.events to latchkey_operator",
            "latchkey.events: INSERT to latchkey_operator"),
        new Offender(
            Rule.VIEWS_OVER_TABLES_ASK_WHO_READS,
            "create view latchkey.careless as select name from api_keys_private.api_keys",
            "latchkey.careless"),
        new Offender(
            Rule.VIEWS_USE_THEIR_OWNERS_RIGHTS,
            "alter view latchkey.keys set (security_invoker = on)",
            "latchkey.keys"),
        new Offender(
            Rule.NOTHING_THAT_CAN_BE_READ_HAS_A_HASH,
            "create view latchkey.hashes as select key_hash as innocent from"
                + " api_keys_private.api_keys",
            "latchkey.hashes reads api_keys.key_hash"),
        new Offender(
            Rule.NOTHING_THAT_CAN_BE_READ_HAS_A_HASH,
            "create table public.notes (secret_note text)",
            "public.notes.secret_note"),
        new Offender(
            Rule.NOTHING_THAT_CAN_BE_READ_HAS_A_HASH,
            """
            create function latchkey.row() returns api_keys_private.api_keys
              language sql as 'select * from api_keys_private.api_keys limit 1';
            grant execute on function latchkey.row() to latchkey_operator
            """,
            "latchkey.\"row\"() returns salt"),
        new Offender(
            Rule.NOTHING_THAT_CAN_BE_READ_HAS_A_HASH,
            """
            create function latchkey.row_array() returns api_keys_private.api_keys[]
              language sql as 'select array_agg(k) from api_keys_private.api_keys as k'
            """,
            "latchkey.row_array() returns key_hash"),
        new Offender(
            Rule.NOTHING_THAT_CAN_BE_READ_HAS_A_HASH,
            """
            create function latchkey.t() returns table (id uuid, token_hash text)
              language sql as 'select null::uuid, null::text'
            """,
            "latchkey.t() returns token_hash"),
        new Offender(
            Rule.TABLES_HAVE_ROW_SECURITY,
            "create table audit.notes (id int primary key)",
            "audit.notes"),
        new Offender(
            Rule.TABLES_HAVE_ROW_SECURITY,
            """
            create table api_keys_private.api_key_logs_by_hand
              partition of api_keys_private.api_key_logs for values from ('1999-01-01') to ('1999-02-01')
            """,
            "api_keys_private.api_key_logs_by_hand"),
        new Offender(
            Rule.SCHEMAS_ARE_OPEN_TO_THOSE_WHO_NEED_THEM,
            "grant usage on schema audit to authenticated",
            "audit: USAGE to authenticated"),
        new Offender(
            Rule.SCHEMAS_ARE_OPEN_TO_THOSE_WHO_NEED_THEM,
            "grant create on schema latchkey to latchkey_operator",
            "latchkey: CREATE to latchkey_operator"),
        new Offender(
            Rule.SCHEMAS_ARE_OPEN_TO_THOSE_WHO_NEED_THEM,
            "grant create on schema public to public",
            "public: CREATE to anon"),
        new Offender(
            Rule.SCHEMAS_ARE_OPEN_TO_THOSE_WHO_NEED_THEM,
            "revoke usage on schema latchkey from latchkey_auditor",
            "latchkey: no USAGE to latchkey_auditor"),
        new Offender(
            Rule.EVERYTHING_BELONGS_TO_ONE_OWNER_WHO_IS_NO_CALLER,
            "alter table temporary_access.members owner to service_role",
            "temporary_access.members"),
        new Offender(
            Rule.EVERYTHING_BELONGS_TO_ONE_OWNER_WHO_IS_NO_CALLER,
            "alter function latchkey.whoami() owner to latchkey_operator",
            "latchkey.whoami()"),
        new Offender(
            Rule.EVERYTHING_BELONGS_TO_ONE_OWNER_WHO_IS_NO_CALLER,
            "alter schema latchkey owner to authenticator",
            "authenticator"),
        new Offender(
            Rule.EVERYTHING_BELONGS_TO_ONE_OWNER_WHO_IS_NO_CALLER,
            "alter schema latchkey owner to postgres",
            "postgres"),
        new Offender(
            Rule.EVERYTHING_BELONGS_TO_ONE_OWNER_WHO_IS_NO_CALLER,
            "grant execute on function api_keys_private.set_pre_request(text) to latchkey_operator",
            "api_keys_private.set_pre_request(text)"),
        new Offender(
            Rule.EVERYTHING_BELONGS_TO_ONE_OWNER_WHO_IS_NO_CALLER,
            "grant execute on function temporary_access.take_from_role(text, boolean, jsonb) to latchkey_gatekeeper",
            "temporary_access.take_from_role(text,boolean,jsonb)"),
        new Offender(
            Rule.NOBODY_IS_A_MEMBER_OF_MORE_THAN_AUTHENTICATOR_IS,
            "grant anon to api_key",
            "api_key is a member of anon"),
        new Offender(
            Rule.NOBODY_IS_A_MEMBER_OF_MORE_THAN_AUTHENTICATOR_IS,
            "create role sql_test_crew; grant sql_test_crew to authenticated",
            "authenticated is a member of sql_test_crew"),
        new Offender(
            Rule.NOBODY_IS_A_MEMBER_OF_MORE_THAN_AUTHENTICATOR_IS,
            "grant service_role to anon",
            "anon is a member of service_role"),
        new Offender(
            Rule.NOBODY_IS_A_MEMBER_OF_MORE_THAN_AUTHENTICATOR_IS,
            "create role sql_test_crew; grant latchkey_owner to sql_test_crew",
            "sql_test_crew is a member of latchkey_owner"),
        new Offender(
            Rule.NOBODY_IS_A_MEMBER_OF_MORE_THAN_AUTHENTICATOR_IS,
            "grant anon to authenticator with admin option",
            "authenticator is a member of anon"),
        new Offender(
            Rule.ROLES_HAVE_JUST_THE_ATTRIBUTES_THEY_NEED,
            "alter role api_key bypassrls",
            "api_key"),
        new Offender(
            Rule.ROLES_HAVE_JUST_THE_ATTRIBUTES_THEY_NEED,
            "alter role service_role login",
            "service_role"),
        new Offender(
            Rule.ROLES_HAVE_JUST_THE_ATTRIBUTES_THEY_NEED,
            "alter role service_role nobypassrls",
            "service_role"),
        new Offender(
            Rule.ROLES_HAVE_JUST_THE_ATTRIBUTES_THEY_NEED,
            "alter role authenticator inherit",
            "authenticator"),
        new Offender(
            Rule.NOTHING_IS_GRANTED_BEFORE_IT_IS_MADE,
            "alter default privileges in schema audit grant select on tables to anon",
            "r for audit: {anon=r/postgres}"),
        new Offender(
            Rule.NOBODY_MAY_PASS_ON_WHAT_HE_WAS_GRANTED,
            "grant select on latchkey.keys to latchkey_auditor with grant option",
            "latchkey.keys"),
        new Offender(
            Rule.NOBODY_MAY_PASS_ON_WHAT_HE_WAS_GRANTED,
            "grant execute on function latchkey.whoami() to latchkey_auditor with grant option",
            "latchkey.whoami()"),
        new Offender(
            Rule.EVERYTHING_IS_DESCRIBED,
            "create function latchkey.f() returns int language sql as 'select 1'",
            "latchkey.f()"),
        new Offender(
            Rule.EVERYTHING_IS_DESCRIBED, "comment on view latchkey.keys is null", "latchkey.keys"),
        new Offender(
            Rule.EVERYTHING_IS_DESCRIBED,
            "create policy nobody on audit.events for select using (false)",
            "nobody"));
  }
}
