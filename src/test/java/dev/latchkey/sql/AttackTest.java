package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.sql.KeyFixture.MadeKey;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** What someone with an ordinary login and SQL would try, each against the real functions. */
@DependsOnMajor("the order in which a plan asks a caller's function, a view and a policy")
final class AttackTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);
  private UUID account;
  private MadeKey key;

  /** Mallory may log in, call every function that a request may, and make objects of her own. */
  @BeforeAll
  static void letMalloryIn() {
    DATABASE
        .sql()
        .execute(
            """
            create role sql_test_mallory login;
            grant authenticated, service_role, api_key, latchkey_operator to sql_test_mallory;
            create schema mallory authorization sql_test_mallory;
            """);
  }

  @AfterAll
  static void throwMalloryOut() {
    DATABASE
        .sql()
        .execute(
            "drop schema mallory cascade; drop owned by sql_test_mallory; drop role sql_test_mallory");
  }

  @BeforeEach
  void makeKey() {
    account = fixture.account("Acme");
    key = fixture.key(account);
  }

  @Test
  void functionsOfTheCallerThatComeFirstInHerSearchPathAreNotCalled() throws SQLException {
    try (Connection connection = DATABASE.connectAs("sql_test_mallory")) {
      Sql mallory = Sql.on(connection);
      mallory.execute(
          """
          create or replace function mallory.sha256(bytea) returns bytea language sql as $$ select '\\x00'::pg_catalog.bytea $$;
          create or replace function mallory.crypt(text, text) returns text language sql as $$ select $2 $$;
          create or replace function mallory.digest(bytea, text) returns bytea language sql as $$ select '\\x00'::pg_catalog.bytea $$;
          create or replace function mallory.encode(bytea, text) returns text language sql as $$ select 'same'::pg_catalog.text $$;
          create or replace function mallory.right(text, integer) returns text language sql as $$ select ''::pg_catalog.text $$;
          create or replace function mallory.gen_random_bytes(integer) returns bytea language sql as $$ select '\\x00'::pg_catalog.bytea $$;
          create or replace function mallory.always(text, text) returns boolean language sql as $$ select false $$;
          create operator mallory.<> (leftarg = text, rightarg = text, function = mallory.always);
          set search_path = mallory, pg_catalog;
          """);
      assertThat(mallory.text("select sha256('x'::pg_catalog.bytea)::pg_catalog.text"))
          .as("her function is found first")
          .isEqualTo("\\x00");
      assertThat(mallory.truth("select 'a'::pg_catalog.text <> 'b'::pg_catalog.text")).isFalse();

      assertThat(mallory.text("select public.verify_api_key(?)", otherSecret()))
          .contains("\"valid\": false");
      MadeKey made = new KeyFixture(mallory).key(account);
      assertThat(made.key()).hasSize(68).doesNotContain("0000000000");
      assertThat(fixture.valid(made.key())).isTrue();
    }
  }

  /**
   * The temporary schema is searched first for the names of types, unless a search_path says
   * otherwise: an empty one does not. The first assertion shows that the attack works.
   */
  @Test
  void typesOfTheCallersTemporarySchemaAreNotUsed() throws SQLException {
    sql.execute(
        """
        create or replace function public.careless(p_text text) returns text
        language plpgsql security definer set search_path = ''
        as $$ declare v_text text := p_text; begin return v_text; end $$
        """);
    try (Connection connection = DATABASE.connectAs("sql_test_mallory")) {
      Sql mallory = Sql.on(connection);
      mallory.execute(
          """
          create function pg_temp.seize() returns boolean language plpgsql as $$
          begin
            if current_user <> 'sql_test_mallory' then
              raise exception 'seized as %', current_user using errcode = 'XX999';
            end if;
            return true;
          end $$;
          """);
      for (String type :
          List.of(
              "text",
              "uuid",
              "jsonb",
              "bytea",
              "inet",
              "cidr",
              "name",
              "record",
              "timestamptz",
              "bool",
              "int4",
              "int8",
              "json",
              "date",
              "xid8")) {
        if (!type.equals("record")) {
          mallory.execute(
              "create domain pg_temp.%1$s as pg_catalog.%1$s check (pg_temp.seize())"
                  .formatted(type));
        }
      }

      SqlFailure seized =
          catchThrowableOfType(SqlFailure.class, () -> mallory.text("select public.careless('x')"));
      assertThat(seized.sqlState())
          .as("the attack works on a careless function")
          .isEqualTo("XX999");

      for (String call : everyFunction()) {
        assertThat(attempt(mallory, call)).as(call).isNotEqualTo("XX999");
      }
      for (String call : completeCalls()) {
        assertThat(attempt(mallory, call)).as(call).isEqualTo("00000");
      }
    }
  }

  /** Every function that Mallory may execute, with arguments made up from their types. */
  private List<String> everyFunction() {
    return sql.texts(
        """
        select format('select %s(%s)', p.oid::regproc, coalesce((
          select string_agg(
            case format_type(a.type, null)
              when 'uuid' then format('%L', (select id from latchkey.keys order by created_at desc, id limit 1))
              when 'jsonb' then '''[]'''
              when 'integer' then '200'
              when 'inet' then '''192.0.2.1'''
              when 'interval' then '''1 year'''
              when 'timestamp with time zone' then 'pg_catalog.now() + ''1 day'''
              when 'text' then '''publishable'''
              else 'null'
            end, ', ' order by a.position)
          from unnest(p.proargtypes) with ordinality as a (type, position)), ''))
        from pg_proc as p
        where p.pronamespace in ('public'::regnamespace, 'latchkey'::regnamespace)
          and p.prosecdef and p.proname <> 'careless'
          and has_function_privilege('sql_test_mallory', p.oid, 'execute')
        order by 1
        """);
  }

  /** Calls that succeed, so that every line of the functions runs. */
  private List<String> completeCalls() {
    MadeKey other = fixture.key(account);
    return List.of(
        "select public.create_api_key('%s', 'x', '%s')".formatted(account, KeyFixture.READ_ALL),
        "select latchkey.create_project_key('secret', 'x', null, 'x')",
        "select public.verify_api_key('%s', '192.0.2.1')".formatted(other.key()),
        "select public.verify_api_key('%s')".formatted(otherSecret()),
        "select public.verify_api_key('x')",
        "select public.log_api_key_usage('%s', '/', 'GET', 200, '::1', 'x')".formatted(other.id()),
        "select * from public.list_api_keys('%s')".formatted(account),
        """
        select latchkey.update_api_key('%s', 1,
          '{"name": "y", "scopes": [], "rate_limit": 2, "allowed_cidrs": ["::1"], "expires_at": "2999-01-01"}')
        """
            .formatted(other.id()),
        "select public.verify_api_key('%s', '::1')".formatted(other.key()),
        "select latchkey.disable_api_key('%s')".formatted(other.id()),
        "select latchkey.enable_api_key('%s')".formatted(other.id()),
        "select latchkey.revoke_key('%s', 'x')".formatted(other.id()),
        "select public.revoke_api_key('%s')".formatted(key.id()),
        "select latchkey.maintain_usage_log('1 year')");
  }

  private static String attempt(Sql sql, String call) {
    try {
      sql.execute(call);
      return "00000";
    } catch (SqlFailure failure) {
      return failure.sqlState();
    }
  }

  @Test
  void aRoleCheckThatAnswersNullLetsNobodyIn() {
    String original =
        sql.text(
            "select pg_get_functiondef('public.has_role_on_account(uuid, text)'::regprocedure)");
    try {
      sql.execute(
          "create or replace function public.has_role_on_account(account_id uuid, account_role text"
              + " default null) returns boolean language sql stable as 'select null::boolean'");
      try (ApiRequest request = ApiRequest.user(DATABASE, fixture.member(account))) {
        fixture.assertRefused(
            "42501",
            "Unauthorized",
            () ->
                request
                    .sql()
                    .text(
                        "select public.create_api_key(?, 'x', ?::jsonb)",
                        account,
                        KeyFixture.READ_ALL));
        fixture.assertRefused(
            "42501",
            "Unauthorized",
            () -> request.sql().rows("select * from public.list_api_keys(?)", account));
        fixture.assertRefused(
            "42501",
            "Unauthorized",
            () -> request.sql().text("select public.revoke_api_key(?)", key.id()));
      }
    } finally {
      sql.execute(original);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"anon", "authenticated", "api_key"})
  void logsCannotBeForged(String role) {
    try (ApiRequest request =
        ApiRequest.open(DATABASE, role, "{\"sub\": \"%s\"}".formatted(key.id()))) {
      fixture.assertRefused(
          "42501",
          "permission denied for function log_api_key_usage",
          () ->
              request
                  .sql()
                  .text(
                      "select public.log_api_key_usage(?, '/x', 'GET', 200, null, null)",
                      key.id()));
      fixture.assertRefused(
          "42501",
          "permission denied for schema api_keys_private",
          () ->
              request
                  .sql()
                  .execute(
                      "insert into api_keys_private.api_key_logs (api_key_id, endpoint, method)"
                          + " values (gen_random_uuid(), 'x', 'GET')"));
    }
  }

  @Test
  void serverCodeReadsKeysWithoutHashesAndWritesNothingDirectly() {
    try (ApiRequest request = ApiRequest.service(DATABASE)) {
      assertThat(
              request
                  .sql()
                  .text("select name from api_keys_private.api_keys where id = ?", key.id()))
          .isEqualTo("Build server");
      for (String statement :
          List.of(
              "select * from api_keys_private.api_keys",
              "select key_hash from api_keys_private.api_keys",
              "select salt from api_keys_private.api_keys",
              "update api_keys_private.api_keys set name = 'x'",
              "delete from api_keys_private.api_keys",
              "delete from api_keys_private.api_key_logs",
              "insert into api_keys_private.api_key_logs (api_key_id, endpoint, method) values"
                  + " (gen_random_uuid(), 'x', 'GET')")) {
        fixture.assertRefused("42501", "permission denied", () -> request.sql().execute(statement));
      }
    }
  }

  @Test
  void aFailedWriteShowsNoRow() {
    sql.execute(
        "alter table api_keys_private.api_keys add constraint unforeseen check (name <> 'Boom')");
    try {
      for (String call :
          List.of(
              "select public.create_api_key('%s', 'Boom', '[]')".formatted(account),
              "select latchkey.create_project_key('secret', 'Boom')",
              "select latchkey.update_api_key('%s', 1, '{\"name\": \"Boom\"}')"
                  .formatted(key.id()))) {
        SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> sql.execute(call));
        assertThat(failure.sqlState()).as(call).isEqualTo("23000");
        assertThat(everythingSaid(failure))
            .doesNotContain("Failing row")
            .doesNotContain(
                sql.text("select key_hash from api_keys_private.api_keys where id = ?", key.id()));
      }
    } finally {
      sql.execute("alter table api_keys_private.api_keys drop constraint unforeseen");
    }
  }

  private static String everythingSaid(SqlFailure failure) {
    ServerErrorMessage said = ((PSQLException) failure.getCause()).getServerErrorMessage();
    return String.join(
        " ",
        String.valueOf(said.getMessage()),
        String.valueOf(said.getDetail()),
        String.valueOf(said.getHint()),
        String.valueOf(said.getWhere()),
        String.valueOf(said.getInternalQuery()));
  }

  @Test
  void refusalsOfAVerifierAreAllAlike() {
    MadeKey revoked = fixture.key(account);
    sql.rows("select latchkey.revoke_key(?, 'x')", revoked.id());
    MadeKey disabled = fixture.key(account);
    sql.rows("select latchkey.disable_api_key(?)", disabled.id());
    MadeKey expired = fixture.key(account);
    fixture.expire(expired.id());

    assertThat(
            sql.texts(
                "select distinct public.verify_api_key(t) from unnest(?::text[]) as t",
                "{%s,%s,%s,%s,%s,nonsense}"
                    .formatted(
                        revoked.key(),
                        disabled.key(),
                        expired.key(),
                        otherSecret(),
                        sql.text("select k.key from api_keys_private.generate_key('sk_') as k"))))
        .containsExactly("{\"error\": \"Invalid API key\", \"valid\": false}");
  }

  @Test
  void theKeyItselfIsStoredNowhere() {
    String secret = key.key().substring(30, 62);
    for (Map<String, Object> table :
        sql.rows(
            """
            select c.oid::regclass::text as name from pg_class as c
            where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('api_keys_private', 'audit', 'temporary_access')
            """)) {
      assertThat(
              sql.number(
                  "select count(*) from %s as t where strpos(t::text, ?) > 0"
                      .formatted(table.get("name")),
                  secret))
          .as("rows of " + table.get("name") + " with the secret")
          .isZero();
    }
  }

  @Test
  void apiKeysReadNoKeysAndNoAccounts() {
    try (ApiRequest request = ApiRequest.key(DATABASE, key.id())) {
      for (String statement :
          List.of(
              "select * from latchkey.keys",
              "select * from api_keys_private.api_keys",
              "select * from public.accounts",
              "select * from public.accounts_memberships",
              "select latchkey.actor()")) {
        fixture.assertRefused("42501", "permission denied", () -> request.sql().rows(statement));
      }
    }
  }

  @Test
  void usersReadOnlyTheirOwnAccountsAndMemberships() {
    UUID member = fixture.member(account);
    fixture.member(fixture.account("Other"));
    try (ApiRequest request = ApiRequest.user(DATABASE, member)) {
      assertThat(request.sql().texts("select id from public.accounts"))
          .containsExactly(account.toString());
      assertThat(request.sql().texts("select user_id from public.accounts_memberships"))
          .containsExactly(member.toString());
      fixture.assertRefused(
          "42501",
          "permission denied",
          () ->
              request
                  .sql()
                  .execute(
                      "insert into public.accounts_memberships (user_id, account_id, account_role)"
                          + " values (?, ?, 'owner')",
                      member,
                      account));
    }
  }

  /**
   * A condition is cheaper than the question who reads, and would be asked first if it could. The
   * first assertion shows that it tells what it sees.
   */
  @Test
  void aFunctionInAConditionSeesNoRowThatTheReaderMayNot() throws SQLException {
    sql.rows("select public.log_api_key_usage(?, '/', 'GET', 200, null, null)", key.id());
    sql.rows(
        "select latchkey.create_access_token((latchkey.add_member('ada@attack.example')).user_id,"
            + " 'Laptop', now() + interval '1 hour')");
    try (Connection connection = DATABASE.connect()) {
      connection.setAutoCommit(false);
      Sql session = Sql.on(connection);
      session.execute(
          """
          create function public.tell(p_row text) returns boolean language plpgsql cost 0.000001 as $$
          begin
            raise exception 'seen' using errcode = 'XX998';
          end $$;
          create role sql_test_reader;
          grant usage on schema latchkey to sql_test_reader;
          grant select on all tables in schema latchkey to sql_test_reader;
          grant execute on all functions in schema latchkey to sql_test_reader;
          """);
      List<String> views =
          session.texts(
              "select oid::regclass from pg_class where relkind = 'v' and relnamespace = 'latchkey'::regnamespace");

      List<String> telling =
          views.stream().filter(view -> told(session, view).equals("XX998")).toList();
      session.execute("set session authorization sql_test_reader");
      Map<String, String> told =
          views.stream().collect(Collectors.toMap(view -> view, view -> told(session, view)));
      connection.rollback();

      assertThat(telling)
          .contains(
              "latchkey.keys",
              "latchkey.accounts",
              "latchkey.events",
              "latchkey.usage",
              "latchkey.members",
              "latchkey.access_tokens",
              "latchkey.legacy_keys");
      assertThat(told)
          .hasSizeGreaterThan(14)
          .allSatisfy((_, state) -> assertThat(state).isIn("00000", "42501"));
    }
  }

  private static String told(Sql session, String view) {
    session.execute("savepoint before");
    String state =
        attempt(session, "select * from %s as v where public.tell(v::text)".formatted(view));
    session.execute("rollback to before");
    return state;
  }

  /** The same key with another secret and the right check digits. */
  private String otherSecret() {
    String body = key.key().substring(0, 30) + "0".repeat(32);
    return body + sql.text("select api_keys_private.key_check(?)", body);
  }
}
