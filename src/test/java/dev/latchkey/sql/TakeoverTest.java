package dev.latchkey.sql;

import static dev.latchkey.sql.PublishedDesigns.ACCOUNT;
import static dev.latchkey.sql.PublishedDesigns.OTHER_ACCOUNT;
import static dev.latchkey.sql.PublishedDesigns.OTHER_OWNER;
import static dev.latchkey.sql.PublishedDesigns.OWNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.database.Migrations;
import dev.latchkey.rows.FailureException;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Installing over the published designs: nothing is lost, and their keys go on working. */
@DependsOnMajor("changes to tables that others made, and the codes of their refusals (18)")
final class TakeoverTest {
  /** Its roles are there before any of these tests begins. */
  @RegisterExtension static final TestDatabase MIGRATED = new TestDatabase();

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

  /** Roles belong to the whole server, and the published SQL makes one a member of another. */
  @AfterEach
  void dropDatabase() {
    sql.execute("revoke anon from api_key");
    MIGRATED.dropDatabase(name);
  }

  @Test
  void noKeyAndNoLineOfThePrivateSchemaDesignIsLost() {
    published.privateSchema();
    String key = published.key(ACCOUNT, "Build server");
    published.oddKeys();
    published.lines(published.idOf(key), 3_000);
    List<String> keys = published.keys();
    List<String> lines = published.lines();

    install();

    assertThat(keys).hasSizeGreaterThan(14);
    assertThat(published.keys()).isEqualTo(keys);
    assertThat(lines).hasSize(3_006);
    assertThat(published.linesNow()).isEqualTo(lines);
    assertThat(sql.text("select to_regclass('api_keys_private.api_key_logs_before_latchkey')"))
        .isNull();
    assertThat(sql.number("select sum(calls) from latchkey.usage_hourly"))
        .as("lines that charts count")
        .isEqualTo(3_006);
    assertThat(
            sql.number(
                "select count(*) from api_keys_private.api_key_logs_default where timestamp between"
                    + " '2000-01-01' and '2099-12-31'"))
        .as("lines without a month")
        .isZero();
    assertThat(
            sql.texts(
                "select type || ' ' || after from latchkey.events where type in ('keys.taken_over', 'usage_log.taken_over') order by id"))
        .containsExactly(
            "keys.taken_over {\"keys\": %d, \"revoked\": 2}".formatted(keys.size()),
            "usage_log.taken_over {\"lines\": 3006}");
    install();
    assertThat(published.keys()).isEqualTo(keys);
    assertThat(published.linesNow()).isEqualTo(lines);
  }

  @Test
  void takingOverMakesWhatInstallingMakes() {
    published.privateSchema();
    sql.execute("drop table public.documents");
    install();
    String other = MIGRATED.createDatabase(false);
    try {
      DataSource fresh = MIGRATED.address().dataSource(other, "postgres");
      new PublishedDesigns(Sql.on(fresh)).application();
      new Migrations(fresh).install();
      List<String> wanted = new Catalogue(Sql.on(fresh)).fingerprint();
      List<String> got = new Catalogue(sql).fingerprint();
      assertThat(got.stream().filter(line -> !wanted.contains(line))).as("more").isEmpty();
      assertThat(wanted.stream().filter(line -> !got.contains(line))).as("less").isEmpty();
    } finally {
      MIGRATED.dropDatabase(other);
    }
  }

  @Test
  void whatTheWholeCatalogueAllowsIsWhatASweepAllows() {
    published.privateSchema().ksuid();
    install();
    Catalogue catalogue = new Catalogue(sql);
    assertThat(catalogue.privateTablesReachableBy("anon")).isEmpty();
    assertThat(catalogue.privateTablesReachableBy("authenticated")).isEmpty();
    assertThat(catalogue.privateTablesReachableBy("api_key")).isEmpty();
    assertThat(catalogue.privateTablesWritableBy("service_role")).isEmpty();
    assertThat(catalogue.tablesWithoutRowSecurity()).isEmpty();
    assertThat(catalogue.executableByPublic())
        .as("functions of the application")
        .filteredOn(function -> !ListedFunctions.EVERYBODY.contains(function))
        .containsExactlyInAnyOrder(
            "auth.jwt()",
            "auth.uid()",
            "extensions.uuid_generate_v4()",
            "gen_random_ksuid_microsecond()",
            "has_role_on_account(uuid,character varying)");
    assertThat(sql.truth("select pg_has_role('api_key', 'anon', 'member')")).isFalse();
  }

  @Test
  void aKeyByBcryptTwelveVerifiesAndHasTheNewHashFromThenOn() {
    published.privateSchema();
    String key = published.key(ACCOUNT, "Build server", KeyFixture.READ_ALL, 12);
    UUID id = published.idOf(key);
    install();
    long events = sql.number("select count(*) from latchkey.events");

    assertThat(verify(key)).isEqualTo(valid(id, ACCOUNT));

    assertThat(hashMethod(id)).isEqualTo("sha256");
    assertThat(
            sql.text(
                "select key_hash = encode(sha256(convert_to(?, 'UTF8') || salt), 'hex') and length(salt) = 16 and last4 = right(?, 4)"
                    + " from api_keys_private.api_keys where id = ?",
                key,
                key,
                id))
        .isEqualTo("true");
    assertThat(verify(key)).isEqualTo(valid(id, ACCOUNT));
    assertThat(verify(key + "x")).contains("\"valid\": false");
    assertThat(verify(key.substring(0, key.length() - 1))).contains("\"valid\": false");
    assertThat(sql.text("select last_used_at is not null from latchkey.keys where id = ?", id))
        .isEqualTo("true");
    assertThat(sql.number("select count(*) from latchkey.events")).isEqualTo(events);
  }

  @Test
  void endedKeysAreRefusedAndTheReasonIsLogged() {
    published.privateSchema();
    String inactive = published.key(ACCOUNT, "Inactive");
    String expired = published.key(ACCOUNT, "Expired");
    String disabled = published.key(ACCOUNT, "Disabled");
    String good = published.key(ACCOUNT, "Good");
    sql.execute(
        "update api_keys_private.api_keys set is_active = false where id = ?",
        published.idOf(inactive));
    sql.execute(
        "update api_keys_private.api_keys set expires_at = now() where id = ?",
        published.idOf(expired));
    install();
    sql.rows("select latchkey.disable_api_key(?)", published.idOf(disabled));

    for (String key : List.of(inactive, expired, disabled, good + "x")) {
      assertThat(verify(key)).isEqualTo("{\"error\": \"Invalid API key\", \"valid\": false}");
    }
    assertThat(outcome(inactive)).isEqualTo("revoked");
    assertThat(outcome(expired)).isEqualTo("expired");
    assertThat(outcome(disabled)).isEqualTo("disabled");
    assertThat(outcome(good)).isEqualTo("wrong_secret");
    assertThat(sql.text("select status from latchkey.keys where id = ?", published.idOf(inactive)))
        .isEqualTo("revoked");
  }

  @Test
  void keysThatShareTheirFirstCharactersAreEachFound() {
    published.privateSchema();
    String one = published.key(ACCOUNT, "One");
    String two = one.substring(0, 7) + published.key(OTHER_ACCOUNT, "Two").substring(7);
    sql.execute(
        "update api_keys_private.api_keys set key_prefix = left(?, 7), key_hash = extensions.crypt(?, extensions.gen_salt('bf', 4))"
            + " where name = 'Two'",
        two,
        two);
    install();
    for (int round = 0; round < 2; round++) {
      assertThat(verify(one)).contains("\"valid\": true", ACCOUNT.toString());
      assertThat(verify(two)).contains("\"valid\": true", OTHER_ACCOUNT.toString());
    }
  }

  @Test
  void aKeyWithoutARealHashIsNoKeyAndBreaksNothing() {
    published.privateSchema();
    published.oddKeys();
    install();
    for (String key : List.of("sk_oddA0000000", "sk_oddB0000000", "sk_0000000000", "sk_")) {
      assertThat(verify(key)).contains("\"valid\": false");
    }
  }

  @Test
  void aReadOnlyRequestVerifiesAndWritesNothing() throws SQLException {
    published.privateSchema().ksuid();
    String key = published.key(ACCOUNT, "Build server");
    String ksuidKey = published.ksuidKey(OWNER, "Old client");
    install();
    KeyFixture fixture = new KeyFixture(sql);
    String before = fixture.contents();
    try (Connection connection = database.getConnection()) {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      Sql readOnly = Sql.on(connection);
      assertThat(readOnly.text("select public.verify_api_key(?)", key)).contains("\"valid\": true");
      assertThat(readOnly.text("select public.verify_api_key(?)", key + "x"))
          .contains("\"valid\": false");
      assertThat(readOnly.text("select ksuid_keys.verify_api_key(?)", ksuidKey))
          .isEqualTo(OWNER.toString());
      assertThat(readOnly.text("select ksuid_keys.verify_api_key('x')")).isNull();
      connection.commit();
    }
    assertThat(fixture.contents()).isEqualTo(before);
  }

  @Test
  void theHttpGateTakesKeysOfBothDesigns() {
    published.privateSchema().ksuid();
    String key = published.key(ACCOUNT, "Build server");
    UUID id = published.idOf(key);
    String ksuidKey = published.ksuidKey(OWNER, "Old client");
    install();
    try (ApiRequest request = ApiRequest.open(database, "anon", "{\"role\": \"anon\"}")) {
      for (String header : List.of(key, ksuidKey)) {
        request.sql().execute("set role anon");
        request
            .sql()
            .rows(
                "select set_config('request.headers', json_build_object('apikey', ?::text)::text, false),"
                    + " set_config('request.jwt.claims', '{\"role\": \"anon\"}', false)",
                header);
        assertThat(
                request
                    .sql()
                    .row("select role, claims::jsonb ->> 'sub' as sub from http_gate.admit()"))
            .containsEntry("role", "api_key")
            .containsEntry(
                "sub",
                header.equals(key)
                    ? id.toString()
                    : sql.text(
                        "select id from latchkey.keys where ksuid = ?", header.substring(0, 27)));
      }
    }
  }

  @Test
  void thePublishedPoliciesGoOnWorkingWithoutAnon() {
    published.privateSchema();
    String scopes =
        """
        [{"entity_type": "document", "entity_id": "%s", "action": "read"},
         {"entity_type": "document", "entity_id": "*", "action": "create"}]
        """;
    UUID mine = UUID.randomUUID();
    sql.execute(
        "insert into public.documents (id, account_id, title) values (?, ?, 'Mine'), (?, ?, 'Also mine'), (?, ?, 'Theirs')",
        mine,
        ACCOUNT,
        UUID.randomUUID(),
        ACCOUNT,
        UUID.randomUUID(),
        OTHER_ACCOUNT);
    UUID key = published.idOf(published.key(ACCOUNT, "Reader", scopes.formatted(mine), 4));
    List<String> policies = policies();

    install();

    assertThat(policies()).isEqualTo(policies);
    assertThat(sql.truth("select pg_has_role('api_key', 'anon', 'member')")).isFalse();
    try (ApiRequest request =
        ApiRequest.open(
            database, "api_key", "{\"sub\": \"%s\", \"role\": \"api_key\"}".formatted(key))) {
      assertThat(request.sql().texts("select title from public.documents")).containsExactly("Mine");
      assertThat(request.sql().execute("update public.documents set title = 'x'")).isZero();
      assertThat(request.sql().execute("delete from public.documents")).isZero();
      assertThat(
              request
                  .sql()
                  .execute(
                      "insert into public.documents (account_id, title) values (?, 'New')",
                      ACCOUNT))
          .isOne();
      assertThat(
              catchThrowableOfType(
                      Sql.SqlFailure.class,
                      () ->
                          request
                              .sql()
                              .execute(
                                  "insert into public.documents (account_id, title) values (?, 'New')",
                                  OTHER_ACCOUNT))
                  .sqlState())
          .isEqualTo("42501");
    }
  }

  private List<String> policies() {
    return sql.texts(
        "select p::text from pg_policies as p where tablename = 'documents' order by 1");
  }

  @Test
  void tablesThatReferToKeysGoOnDoingSo() {
    published.privateSchema();
    UUID key = published.idOf(published.key(ACCOUNT, "Build server"));
    sql.execute(
        "create table public.webhooks (key uuid references api_keys_private.api_keys on delete restrict)");
    sql.execute("insert into public.webhooks values (?)", key);
    sql.execute("alter table api_keys_private.api_keys add column team text default 'none'");
    sql.execute("alter table api_keys_private.api_key_logs add column trace text");
    published.lines(key, 1);
    sql.execute("update api_keys_private.api_key_logs set trace = 'kept'");

    install();
    install();

    assertThat(
            catchThrowableOfType(
                    Sql.SqlFailure.class,
                    () -> sql.execute("delete from api_keys_private.api_keys"))
                .sqlState())
        .isIn("23503", "23001");
    assertThat(sql.text("select team from api_keys_private.api_keys where id = ?", key))
        .isEqualTo("none");
    assertThat(sql.texts("select distinct trace from api_keys_private.api_key_logs_published"))
        .containsExactly("kept");
    assertThat(sql.number("select count(*) from latchkey.usage")).isEqualTo(7);
  }

  @Test
  void keysOfTheKsuidDesignAreAdopted() {
    published.ksuid();
    String key = published.ksuidKey(OWNER, "Laptop");
    String other = published.ksuidKey(OTHER_OWNER, "x".repeat(150));
    sql.execute(
        "insert into public.accounts (id, primary_owner_user_id, name, is_personal_account) values (?, ?, 'Bob', true)",
        UUID.randomUUID(),
        OTHER_OWNER);
    sql.execute(
        "insert into public.api_keys values ('not a ksuid', ?, 'Odd', '\\x00', '\\x', 'xxxx')",
        OWNER);
    var rows = published.ksuidRows("public.api_keys");

    install();

    assertThat(published.ksuidRows("api_keys_private.adopted_ksuid_keys")).isEqualTo(rows);
    assertThat(
            sql.texts(
                "select a.name || ' ' || k.kind || ' ' || k.hash_method from latchkey.keys as k join"
                    + " public.accounts as a on a.id = k.account_id order by 1"))
        .containsExactly("Bob scoped sha256-hex-salt", "ada@example.com scoped sha256-hex-salt");
    assertThat(sql.text("select after from latchkey.events where type = 'keys.adopted'"))
        .isEqualTo("{\"found\": 3, \"adopted\": 2, \"accounts_made\": 1}");
    assertThat(ksuidVerify(key)).isEqualTo(OWNER.toString());
    assertThat(ksuidVerify(other)).isEqualTo(OTHER_OWNER.toString());
    UUID id = UUID.fromString(sql.text("select id from latchkey.keys where name = 'Laptop'"));
    assertThat(hashMethod(id)).isEqualTo("sha256");
    assertThat(ksuidVerify(key)).isEqualTo(OWNER.toString());
    assertThat(verify(key)).isEqualTo(valid(id, OWNER));
    assertThat(ksuidVerify(key + "0")).isNull();
    assertThat(ksuidVerify(key.substring(0, 27))).isNull();
    assertThat(sql.text("select to_regclass('public.api_keys')")).isNull();
    assertThat(
            sql.texts(
                "select oid::regprocedure::text from pg_proc where proname = 'verify_api_key' order by 1"))
        .containsExactly(
            "ksuid_keys.verify_api_key(text)",
            "verify_api_key(ksuid_keys.full_key)",
            "verify_api_key(text,inet)");
  }

  @Test
  void keysOfTheKsuidDesignEndWithTheirUser() {
    published.ksuid();
    String key = published.ksuidKey(OWNER, "Laptop");
    install();
    sql.execute("delete from auth.users where id = ?", OWNER);
    assertThat(ksuidVerify(key)).isNull();
    assertThat(sql.text("select status from latchkey.keys where name = 'Laptop'"))
        .isEqualTo("revoked");
  }

  /** As those that were adopted; a key by the other functions ends with its account alone. */
  @Test
  void newKeysOfTheKsuidDesignEndWithTheirUserOnAFreshInstallationToo() {
    install();
    String key = sql.text("select ksuid_keys.create_api_key(?, 'Laptop')", OWNER);
    assertThat(ksuidVerify(key)).isEqualTo(OWNER.toString());
    sql.execute("delete from auth.users where id = ?", OWNER);
    assertThat(ksuidVerify(key)).isNull();
    assertThat(sql.row("select status, revoke_reason from latchkey.keys where name = 'Laptop'"))
        .containsEntry("status", "revoked")
        .containsEntry("revoke_reason", "The user was deleted");

    // A token of the user may still be good for an hour.
    try (ApiRequest request = ApiRequest.open(database, "authenticated", claims(OWNER))) {
      var refused =
          catchThrowableOfType(
              Sql.SqlFailure.class,
              () -> request.sql().text("select ksuid_keys.create_api_key(?, 'Late')", OWNER));
      assertThat(refused.sqlState()).isEqualTo("22023");
      assertThat(refused.getMessage()).startsWith("ERROR: client_id: is no user");
    }
  }

  @Test
  void noneIsMadeThatWouldNotEndWithItsUser() {
    install();
    sql.execute("drop trigger latchkey_revoke_keys on auth.users");
    var refused =
        catchThrowableOfType(
            Sql.SqlFailure.class,
            () -> sql.text("select ksuid_keys.create_api_key(?, 'Laptop')", OWNER));
    assertThat(refused.sqlState()).isEqualTo("55000");
    assertThat(refused.getMessage()).contains("Keys have to end with their user");
    assertThat(sql.number("select count(*) from latchkey.keys")).isZero();

    sql.rows("select latchkey.adopt_ksuid_keys()");
    String key = sql.text("select ksuid_keys.create_api_key(?, 'Laptop')", OWNER);
    sql.execute("delete from auth.users where id = ?", OWNER);
    assertThat(ksuidVerify(key)).isNull();
  }

  @Test
  void aTableOfTheKsuidDesignThatComesLaterIsAdoptedByAnOperator() {
    install();
    published.ksuid();
    String key = published.ksuidKey(OWNER, "Laptop");

    // As a superuser's it would be adopted by an operator who could not read it.
    assertThat(adoptingFails()).isEqualTo("42501");
    giveToOwner();
    assertThat(sql.text("select latchkey.adopt_ksuid_keys()"))
        .isEqualTo("{\"found\": 1, \"adopted\": 1, \"accounts_made\": 1}");
    assertThat(ksuidVerify(key)).isEqualTo(OWNER.toString());
    assertThat(sql.text("select latchkey.adopt_ksuid_keys()"))
        .isEqualTo("{\"found\": 0, \"adopted\": 0, \"accounts_made\": 0}");
  }

  @Test
  void aStrangersTableOrViewIsNotAdopted() {
    install();
    String role = "stranger_" + UUID.randomUUID().toString().replace("-", "");
    sql.execute("create role " + role);
    try {
      published.ksuid();
      String key = published.ksuidKey(OWNER, "Of any account");
      sql.execute("alter table public.api_keys owner to " + role);
      assertThat(adoptingFails()).isEqualTo("42501");
      assertThat(ksuidVerify(key)).isNull();
      assertThat(sql.number("select count(*) from public.api_keys")).isOne();

      // What the view's function does outside of the transaction would stay done: a sequence stands
      // for it.
      sql.execute("alter table public.api_keys rename to strangers_keys");
      sql.execute("create sequence public.calls");
      sql.execute(
          "create function public.trap() returns text language sql volatile as 'select nextval(''public.calls'')::text'");
      sql.execute(
          "create view public.api_keys as select id, client_id, public.trap() as name, secret_hash, salt, last4, created_at"
              + " from public.strangers_keys");
      assertThat(adoptingFails()).isEqualTo("0A000");
      assertThat(sql.truth("select is_called from public.calls")).isFalse();
      sql.execute("drop view public.api_keys");

      sql.execute("alter table public.strangers_keys rename to api_keys");
      giveToOwner();
      assertThat(sql.text("select latchkey.adopt_ksuid_keys()")).contains("\"adopted\": 1");
      assertThat(ksuidVerify(key)).isEqualTo(OWNER.toString());
    } finally {
      sql.execute("drop owned by " + role);
      sql.execute("drop role " + role);
    }
  }

  /** As the refusal says it. */
  private void giveToOwner() {
    String hint =
        catchThrowableOfType(
                Sql.SqlFailure.class, () -> sql.text("select latchkey.adopt_ksuid_keys()"))
            .hint();
    assertThat(hint).startsWith("Look at its rows; if they are yours: alter table public.api_keys");
    sql.execute(
        hint.replace("Look at its rows; if they are yours: ", "")
            .replace(". Nothing was changed.", ""));
  }

  private String adoptingFails() {
    return catchThrowableOfType(
            Sql.SqlFailure.class, () -> sql.text("select latchkey.adopt_ksuid_keys()"))
        .sqlState();
  }

  @Test
  void theFunctionsOfTheKsuidDesignGoOnForTheClient() {
    published.ksuid();
    // The published ids are up to a second ahead.
    String old = "1" + published.ksuidKey(OWNER, "Old").substring(1);
    sql.execute("update public.api_keys set id = left(?, 27)", old);
    install();
    try (ApiRequest request = ApiRequest.open(database, "authenticated", claims(OWNER))) {
      String made = request.sql().text("select ksuid_keys.create_api_key(?, ' New ')", OWNER);
      assertThat(made).matches("[0-9A-Za-z]{59}");
      assertThat(ksuidVerify(made)).isEqualTo(OWNER.toString());
      assertThat(request.sql().texts("select name from ksuid_keys.list_api_keys(?)", OWNER))
          .containsExactly("New", "Old");
      assertThat(
              request
                  .sql()
                  .texts(
                      "select id from ksuid_keys.list_api_keys(?, 1, 0, ?)",
                      OWNER,
                      made.substring(0, 27)))
          .containsExactly(old.substring(0, 27));
      assertThat(request.sql().texts("select name from ksuid_keys.list_api_keys(?, 1, 1)", OWNER))
          .containsExactly("Old");
      for (String call :
          List.of("ksuid_keys.create_api_key(?, 'x')", "ksuid_keys.list_api_keys(?)")) {
        assertThat(
                catchThrowableOfType(
                        Sql.SqlFailure.class,
                        () -> request.sql().rows("select " + call, OTHER_OWNER))
                    .sqlState())
            .isEqualTo("42501");
      }
    }
  }

  @Test
  void bothDesignsAreTakenOverAtOnce() {
    published.privateSchema().ksuid();
    String key = published.key(ACCOUNT, "Build server");
    String ksuidKey = published.ksuidKey(OTHER_OWNER, "Laptop");
    published.lines(published.idOf(key), 10);
    install();
    install();
    assertThat(verify(key)).contains("\"valid\": true", ACCOUNT.toString());
    assertThat(verify(ksuidKey)).contains("\"valid\": true");
    assertThat(ksuidVerify(ksuidKey)).isEqualTo(OTHER_OWNER.toString());
    assertThat(ksuidVerify(key)).isNull();
    assertThat(sql.number("select count(*) from latchkey.keys")).isEqualTo(2);
    assertThat(sql.number("select count(*) from latchkey.usage")).isEqualTo(16);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create view public.active_keys as select id from api_keys_private.api_keys where is_active",
        "create view public.last_lines as select * from api_keys_private.api_key_logs",
        "create function public.scoped_ids(text, text) returns text[] language sql as 'select null::text[]'",
        "alter table api_keys_private.api_keys add column salt text",
        "alter table api_keys_private.api_keys alter column name type varchar(80)",
        "alter table api_keys_private.api_key_logs alter column ip_address type inet using null",
        "create schema audit; create table audit.record_version (id bigint)",
        "create schema latchkey; create view latchkey.keys as select 1",
        "create table api_keys_private.rate_counts (id bigint)",
        "alter table public.accounts drop column slug",
        "alter table public.documents add column key text default public.verify_api_key('x', null::inet)::text"
      })
  void whatCannotBeTakenOverIsToldAndEverythingStaysAsItWas(String change) {
    published.privateSchema().ksuid();
    UUID key = published.idOf(published.key(ACCOUNT, "Build server"));
    published.ksuidKey(OWNER, "Laptop");
    published.lines(key, 5);
    sql.execute(change);
    List<String> before = everything();

    FailureException failure = catchThrowableOfType(FailureException.class, this::install);

    assertThat(failure).isNotNull();
    assertThat(failure.failure().code()).isIn("0A000", "2BP01");
    assertThat(failure.failure().sentence())
        .startsWith("The schema was not installed.")
        .doesNotContain("DETAIL", "$2a$");
    assertThat(everything()).isEqualTo(before);
  }

  @Test
  void aFailureInTheLastFileLeavesEverythingAsItWas() throws SQLException {
    published.privateSchema().ksuid();
    String key = published.key(ACCOUNT, "Build server");
    published.ksuidKey(OWNER, "Laptop");
    published.lines(published.idOf(key), 100);
    sql.execute(
        "create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'No account' using errcode ="
            + " 'XX001'; end $$; create trigger refuse before insert on public.accounts for each row execute function"
            + " public.refuse()");
    List<String> before = everything();

    FailureException failure = catchThrowableOfType(FailureException.class, this::install);

    assertThat(failure.failure().code()).isEqualTo("XX001");
    assertThat(everything()).isEqualTo(before);
    assertThat(sql.truth("select pg_has_role('api_key', 'anon', 'member')")).isTrue();
    try (Connection connection = database.getConnection()) {
      Sql session = Sql.on(connection);
      session.execute("set search_path = public, extensions");
      assertThat(session.text("select public.verify_api_key(?, null::inet)", key))
          .contains("\"valid\": true");
    }
  }

  /** What there is and what is in it. */
  private List<String> everything() {
    List<String> all =
        new ArrayList<>(
            sql.texts(
                """
                select n.nspname || '.' || c.relname || ' ' || c.relkind::text || ' ' || coalesce(c.relacl::text, '') from pg_class as c
                join pg_namespace as n on n.oid = c.relnamespace
                where n.nspname !~ '^(pg_|information_schema)'
                union all
                select p.oid::regprocedure || ' ' || md5(p.prosrc) || ' ' || coalesce(p.proacl::text, '') from pg_proc as p
                where p.pronamespace::regnamespace::text !~ '^(pg_|information_schema|extensions)'
                union all
                select nspname || coalesce(nspacl::text, '') from pg_namespace where nspname !~ '^pg_'
                order by 1
                """));
    all.addAll(sql.texts("select k::text from api_keys_private.api_keys as k order by 1"));
    all.addAll(sql.texts("select l::text from api_keys_private.api_key_logs as l order by 1"));
    all.addAll(sql.texts("select k::text from public.api_keys as k order by 1"));
    return all;
  }

  private void install() {
    new Migrations(database).install();
  }

  private String verify(String key) {
    try (ApiRequest request =
        ApiRequest.open(database, "service_role", "{\"role\": \"service_role\"}")) {
      return request.sql().text("select public.verify_api_key(?)", key);
    }
  }

  private String ksuidVerify(String key) {
    try (ApiRequest request =
        ApiRequest.open(database, "service_role", "{\"role\": \"service_role\"}")) {
      return request.sql().text("select ksuid_keys.verify_api_key(?)", key);
    }
  }

  private static String valid(UUID id, UUID account) {
    return "{\"valid\": true, \"account_id\": \"%s\", \"api_key_id\": \"%s\"}"
        .formatted(account, id);
  }

  private static String claims(UUID user) {
    return "{\"sub\": \"%s\", \"role\": \"authenticated\"}".formatted(user);
  }

  private String hashMethod(UUID id) {
    return sql.text("select hash_method from latchkey.keys where id = ?", id);
  }

  private String outcome(String key) {
    return sql.text("select outcome from latchkey.usage where api_key_id = ?", published.idOf(key));
  }
}
