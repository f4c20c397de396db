package dev.latchkey.sql;

import static dev.latchkey.sql.PublishedDesigns.OTHER_OWNER;
import static dev.latchkey.sql.PublishedDesigns.OWNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.database.Migrations;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.TestDatabase;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clients of the published KSUID design go on calling its functions where they were. */
@DependsOnMajor("which of several functions of one name a call means; who may make a domain")
final class KsuidClientsTest {
  @RegisterExtension static final TestDatabase MIGRATED = new TestDatabase();

  private static final String OFFERED =
      "select p.oid::regprocedure::text from pg_proc as p where p.pronamespace = 'public'::regnamespace"
          + " and p.proargnames[1] in ('client_id', 'full_key') order by 1";

  private String name;
  private DataSource database;
  private Sql sql;
  private PublishedDesigns published;

  @BeforeEach
  void makeDatabase() {
    name = MIGRATED.createDatabase(false);
    database = MIGRATED.address().dataSource(name, "postgres");
    sql = MIGRATED.sqlIn(name);
    published = new PublishedDesigns(sql).application();
  }

  @AfterEach
  void dropDatabase() {
    sql.execute("revoke anon from api_key");
    MIGRATED.dropDatabase(name);
  }

  @Test
  void theyAreOfferedInPublicOnlyWhereTheDesignWasTakenOver() {
    install();
    assertThat(sql.texts(OFFERED)).as("never there").isEmpty();
    published.ksuid();
    published.ksuidKey(OWNER, "Laptop");
    giveToOwner();

    sql.rows("select latchkey.adopt_ksuid_keys()");

    List<String> offered =
        List.of(
            "create_api_key(uuid,text)",
            "list_api_keys(ksuid_keys.client_id,integer,integer)",
            "verify_api_key(ksuid_keys.full_key)");
    assertThat(sql.texts(OFFERED)).isEqualTo(offered);
    String owners =
        "select string_agg(distinct p.proowner::regrole::text, ' ') from pg_proc as p where p.proargnames[1] in ('client_id', 'full_key')";
    assertThat(sql.text(owners)).isEqualTo("latchkey_owner");
    sql.execute("drop function public.verify_api_key(ksuid_keys.full_key)");
    sql.execute("drop table api_keys_private.adopted_ksuid_keys");
    sql.execute(Migrations.script());
    assertThat(sql.texts(OFFERED)).as("after installing again").isEqualTo(offered);
    assertThat(sql.text(owners)).isEqualTo("latchkey_owner");
  }

  @Test
  void installingOverItOffersThem() {
    published.privateSchema().ksuid();
    install();
    assertThat(sql.texts(OFFERED)).hasSize(3);
    assertThat(
            sql.text(
                "select string_agg(t.typowner::regrole::text, ' ') from pg_type as t where t.typtype = 'd' and t.typnamespace = 'ksuid_keys'::regnamespace"))
        .isEqualTo("latchkey_owner latchkey_owner");
  }

  /** An earlier Latchkey adopted the keys and offered the functions in ksuid_keys alone. */
  @Test
  void anEarlierTakeoverIsKnownByItsEvent() {
    published.ksuid();
    install();
    sql.execute(
        "drop function public.create_api_key(uuid, text), public.verify_api_key(ksuid_keys.full_key),"
            + " public.list_api_keys(ksuid_keys.client_id, integer, integer)");
    sql.execute("drop table api_keys_private.taken_over_designs");
    sql.execute(
        "create or replace function latchkey.schema_version() returns integer language sql immutable parallel safe return 14");
    sql.execute("delete from latchkey.schema_history where version = '17'");

    install();

    assertThat(sql.texts(OFFERED)).hasSize(3);
    assertThat(sql.number("select count(*) from api_keys_private.taken_over_designs")).isEqualTo(1);
  }

  @Test
  void serviceRoleMakesAndListsKeysOfAnyClientAsPublished() {
    published.ksuid();
    install();
    try (ApiRequest request = service()) {
      String key =
          request
              .sql()
              .text("select public.create_api_key(client_id => ?, key_name => 'Phone')", OWNER);
      assertThat(
              request
                  .sql()
                  .texts(
                      "select name from public.list_api_keys(client_id => ?, limit_count => 5, offset_count => 0)",
                      OWNER))
          .containsExactly("Phone");
      assertThat(request.sql().text("select public.verify_api_key(full_key => ?)", key))
          .isEqualTo(OWNER.toString());
      assertThat(request.sql().text("select public.verify_api_key(full_key => ?)", key + "x"))
          .isNull();
    }
    assertThat(
            sql.text(
                "select actor_display || ' ' || type from latchkey.events where type = 'key.created'"))
        .isEqualTo("service_role key.created");
  }

  @Test
  void aUserHasThemForHimselfAlone() {
    published.ksuid();
    install();
    try (ApiRequest request =
        ApiRequest.open(
            database,
            "authenticated",
            "{\"sub\": \"%s\", \"role\": \"authenticated\"}".formatted(OWNER))) {
      request
          .sql()
          .rows("select public.create_api_key(client_id => ?, key_name => 'Phone')", OWNER);
      assertThat(
              request.sql().texts("select name from public.list_api_keys(client_id => ?)", OWNER))
          .containsExactly("Phone");
      for (String call :
          List.of(
              "public.create_api_key(client_id => ?, key_name => 'x')",
              "public.list_api_keys(client_id => ?)",
              "latchkey_doors.ksuid_create_api_key_as_service(?, 'x')",
              "latchkey_doors.ksuid_list_api_keys_as_service(?, 1, 0, null)")) {
        assertThat(refused(request.sql(), "select " + call, OTHER_OWNER))
            .as(call)
            .isEqualTo("42501");
      }
      assertThat(refused(request.sql(), "select public.verify_api_key(full_key => ?)", "x"))
          .isEqualTo("42501");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"anon", "api_key"})
  void nobodyElseMayMakeOrListKeys(String role) {
    published.ksuid();
    install();
    try (ApiRequest request =
        ApiRequest.open(database, role, "{\"role\": \"%s\"}".formatted(role))) {
      for (String call :
          List.of(
              "public.create_api_key(client_id => gen_random_uuid(), key_name => 'x')",
              "public.list_api_keys(client_id => gen_random_uuid())")) {
        assertThat(refused(request.sql(), "select " + call)).as(call).isEqualTo("42501");
      }
    }
  }

  /** Of whatever type a driver sends the key as. */
  @ParameterizedTest
  @ValueSource(
      strings = {"'x'", "'x'::text", "'x'::varchar", "'x'::varchar(80)", "'x'::char(80)", "null"})
  void callsByPositionMeanTheOtherDesign(String key) {
    published.ksuid();
    install();
    assertThat(sql.text("select pg_typeof(public.verify_api_key(" + key + "))")).isEqualTo("jsonb");
  }

  @Test
  void keysAreListedByPositionAsInTheOtherDesignButForALiteralWithoutAType() {
    published.ksuid();
    install();
    assertThat(sql.rows("select * from public.list_api_keys(?::uuid)", UUID.randomUUID()))
        .isEmpty();
    assertThat(
            sql.texts("select pg_get_function_result('public.list_api_keys(uuid)'::regprocedure)")
                .getFirst())
        .contains("is_active");
    assertThat(
            refused(
                sql, "select * from public.list_api_keys('00000000-0000-4000-8000-00000000000a')"))
        .isEqualTo("42725");
  }

  @Test
  void keysWhoseHashWasMendedAsBytesVerify() {
    published.ksuid();
    String key = published.ksuidKey(OWNER, "Mended");
    sql.execute(
        "update public.api_keys set secret_hash = extensions.digest(convert_to(substr(?, 28), 'UTF8') || salt, 'sha256')",
        key);
    install();

    String wrong = key.substring(0, key.length() - 1) + (key.endsWith("0") ? "1" : "0");
    assertThat(ksuidVerify(wrong)).isNull();
    assertThat(ksuidVerify(key)).isEqualTo(OWNER.toString());
    assertThat(sql.text("select hash_method from latchkey.keys")).isEqualTo("sha256");
    assertThat(ksuidVerify(key)).isEqualTo(OWNER.toString());
    assertThat(ksuidVerify(wrong)).isNull();
  }

  /** The text's hash counts for keys that may have it, and for no key of ours. */
  @Test
  void aKeyWithTheNewHashIsNotAlsoOneOfTheOldHash() {
    published.ksuid();
    String key = published.ksuidKey(OWNER, "Laptop");
    install();
    sql.execute("update api_keys_private.api_keys set hash_method = 'sha256'");
    assertThat(ksuidVerify(key)).isNull();
  }

  @Test
  void eachKeyThatIsTakenOverHasItsEvent() {
    published.privateSchema().ksuid();
    published.key(PublishedDesigns.ACCOUNT, "Build server");
    published.oddKeys();
    published.ksuidKey(OWNER, "Laptop");
    install();
    install();

    assertThat(sql.number("select count(*) from latchkey.events where type = 'key.taken_over'"))
        .isEqualTo(sql.number("select count(*) from latchkey.keys"))
        .isGreaterThan(15);
    assertThat(
            sql.texts(
                "select k.name from latchkey.keys as k where not exists (select from latchkey.events as e where e.object_id = k.id::text)"))
        .isEmpty();
    assertThat(
            sql.text(
                "select after ->> 'last4' from latchkey.events where type = 'key.taken_over' and object_label = 'Laptop'"))
        .hasSize(4);
    assertThat(sql.number("select count(*) from latchkey.events where after::text ~ 'hash|salt'"))
        .isZero();
  }

  /** A superuser's table would be adopted by an operator who could not read it. */
  private void giveToOwner() {
    String hint =
        catchThrowableOfType(SqlFailure.class, () -> sql.rows("select latchkey.adopt_ksuid_keys()"))
            .hint();
    sql.execute(
        hint.replace("Look at its rows; if they are yours: ", "")
            .replace(". Nothing was changed.", ""));
  }

  private void install() {
    new Migrations(database).install();
  }

  private ApiRequest service() {
    return ApiRequest.open(database, "service_role", "{\"role\": \"service_role\"}");
  }

  private String ksuidVerify(String key) {
    try (ApiRequest request = service()) {
      return request.sql().text("select public.verify_api_key(full_key => ?)", key);
    }
  }

  private static String refused(Sql sql, String call, Object... values) {
    return catchThrowableOfType(SqlFailure.class, () -> sql.rows(call, values)).sqlState();
  }
}
