package dev.latchkey.sql;

import static dev.latchkey.sql.PublishedDesigns.ACCOUNT;
import static dev.latchkey.sql.PublishedDesigns.OWNER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Migrations;
import dev.latchkey.database.SchemaState;
import dev.latchkey.rows.FailureException;
import dev.latchkey.sandbox.server.EmbeddedServer;
import dev.latchkey.testing.DependsOnMajor;
import dev.latchkey.testing.PgTap;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Installing as Supabase's postgres would: by a role that is no superuser, where schemas auth and
 * extensions belong to others. On a server of its own, because on the shared one the roles were
 * made by a superuser.
 */
@DependsOnMajor("what a role with CREATEROLE may do, and membership by whom (16)")
final class PlatformInstallTest {
  @TempDir static Path folder;

  private static EmbeddedServer server;
  private static int databases;

  private DataSource superuser;
  private DataSource owner;
  private Sql sql;
  private PublishedDesigns published;

  @BeforeAll
  static void start() throws IOException {
    server = EmbeddedServer.start(TestPostgres.ofThisRun().settings(folder.resolve("server")));
    postgres().execute(PublishedDesigns.read("platform-roles.sql"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Sql postgres() {
    return Sql.on(server.address().dataSource("postgres", "postgres"));
  }

  @BeforeEach
  void makeDatabase() {
    String name = "project_" + ++databases;
    postgres().execute("create database " + name + " owner project_owner");
    superuser = server.address().dataSource(name, "postgres");
    owner = server.address().dataSource(name, "project_owner");
    sql = Sql.on(superuser);
    sql.execute(PublishedDesigns.read("platform-database.sql"));
    published = new PublishedDesigns(Sql.on(owner));
  }

  /** As the platform's test command and its SQL editor run it: by no superuser. */
  @Test
  void theSuiteOfThePublishedDesignPassesForItsOwner() throws IOException, SQLException {
    install();
    Optional<PgTap> pgTap = PgTap.installed();
    assumeTrue(pgTap.isPresent(), "pgTAP is not installed on this machine");
    pgTap.get().installInto(sql);
    try (Connection connection = owner.getConnection()) {
      TapFile.run(
          connection, Files.readString(Path.of("src", "test", "sql", "published_suite.sql")));
      assertThat(
              Sql.on(connection)
                  .truth("select rolsuper from pg_roles where rolname = session_user"))
          .isFalse();
    }
  }

  @Test
  void anEmptyProjectIsInstalledTwice() {
    String before = ofThePlatform();
    install();
    List<String> first = new Catalogue(sql).fingerprint();
    install();
    Sql.on(owner).execute(Migrations.script());

    assertThat(new Catalogue(sql).fingerprint()).isEqualTo(first);
    assertThat(ofThePlatform()).as("functions of the platform").isEqualTo(before);
    Catalogue catalogue = new Catalogue(sql);
    assertThat(ListedFunctions.differences(catalogue, function -> !function.startsWith("auth.")))
        .isEmpty();
    assertThat(catalogue.definersWithoutFixedSearchPath()).isEmpty();
    assertThat(catalogue.privateTablesReachableBy("anon")).isEmpty();
    assertThat(catalogue.privateTablesReachableBy("authenticated")).isEmpty();
    assertThat(catalogue.privateTablesWritableBy("service_role")).isEmpty();
    assertThat(catalogue.viewPrivileges())
        .containsExactly("latchkey_auditor SELECT", "latchkey_operator SELECT");
    assertThat(
            sql.texts(
                "select distinct rolname from pg_proc as p join pg_roles as r on r.oid = p.proowner where pronamespace in"
                    + " ('latchkey'::regnamespace, 'api_keys_private'::regnamespace, 'public'::regnamespace)"))
        .containsExactly("project_owner");
  }

  @Test
  void aMemberMakesAKeyAndItsScopesAreHonoured() {
    install();
    published.people();
    KeyFixture.MadeKey made;
    try (ApiRequest request =
        ApiRequest.open(
            superuser,
            "authenticated",
            "{\"sub\": \"%s\", \"role\": \"authenticated\"}".formatted(OWNER))) {
      made = new KeyFixture(request.sql()).key(ACCOUNT);
    }
    try (ApiRequest request =
        ApiRequest.open(superuser, "service_role", "{\"role\": \"service_role\"}")) {
      assertThat(new KeyFixture(request.sql()).valid(made.key())).isTrue();
    }
    try (ApiRequest request =
        ApiRequest.open(superuser, "api_key", "{\"sub\": \"%s\"}".formatted(made.id()))) {
      assertThat(request.sql().truth("select public.has_scope('document', 'x', 'read')")).isTrue();
      assertThat(request.sql().text("select public.get_api_key_account_id()"))
          .isEqualTo(ACCOUNT.toString());
    }
  }

  @Test
  void bothPublishedDesignsAreTakenOverByTheirOwner() {
    published.application().privateSchema().ksuid();
    assertThat(sql.truth("select pg_has_role('api_key', 'anon', 'member')")).isTrue();
    String key = published.key(ACCOUNT, "Build server");
    UUID id = published.idOf(key);
    published.oddKeys();
    published.lines(id, 200);
    String ksuidKey = published.ksuidKey(OWNER, "Laptop");
    List<String> keys = new PublishedDesigns(sql).keys();
    List<String> lines = new PublishedDesigns(sql).lines();
    assertThat(new Migrations(owner).check()).isInstanceOf(SchemaState.BothDesigns.class);

    install();
    install();

    assertThat(new Migrations(owner).check()).isEqualTo(new SchemaState.Current());
    assertThat(sql.truth("select pg_has_role('api_key', 'anon', 'member')")).isFalse();
    assertThat(new PublishedDesigns(sql).linesNow()).isEqualTo(lines);
    assertThat(sql.number("select count(*) from latchkey.keys")).isEqualTo(keys.size() + 1);
    try (ApiRequest request =
        ApiRequest.open(superuser, "service_role", "{\"role\": \"service_role\"}")) {
      assertThat(request.sql().text("select public.verify_api_key(?)", key))
          .contains("\"valid\": true", id.toString());
      assertThat(request.sql().text("select ksuid_keys.verify_api_key(?)", ksuidKey))
          .isEqualTo(OWNER.toString());
    }
    try (ApiRequest request =
        ApiRequest.open(superuser, "api_key", "{\"sub\": \"%s\"}".formatted(id))) {
      assertThat(request.sql().texts("select title from public.documents")).isEmpty();
    }
    Sql.on(superuser).execute("delete from auth.users where id = ?", OWNER);
    assertThat(sql.texts("select status from latchkey.keys where name = 'Laptop'"))
        .containsExactly("revoked");
  }

  /**
   * Where the installer may put no trigger on the platform's users, the rest is installed all the
   * same.
   */
  @Test
  void withoutATriggerOnUsersOnlyKeysThatWouldNotEndAreRefused() {
    sql.execute("revoke trigger on auth.users from project_owner");
    install();
    published.people();
    var refused =
        catchThrowableOfType(
            Sql.SqlFailure.class,
            () -> sql.text("select ksuid_keys.create_api_key(?, 'Laptop')", OWNER));
    assertThat(refused.sqlState()).isEqualTo("55000");
    sql.execute("grant trigger on auth.users to project_owner");
    sql.rows("select latchkey.adopt_ksuid_keys()");
    assertThat(sql.text("select ksuid_keys.create_api_key(?, 'Laptop')", OWNER)).hasSize(59);
  }

  /** On 16 and later a role ends only the memberships that it gave, or its own roles did. */
  @Test
  void aMembershipThatASuperuserGaveIsEndedOrSaidToBeLeft() {
    install();
    sql.execute("grant anon to api_key");
    boolean strict = sql.number("select current_setting('server_version_num')::integer") >= 160_000;
    try {
      Sql.on(owner).execute(Migrations.script());
      assertThat(strict).as("server that lets any such role end it").isFalse();
    } catch (Sql.SqlFailure failure) {
      assertThat(strict).as(failure.getMessage()).isTrue();
      assertThat(failure.sqlState()).isEqualTo("42501");
      assertThat(failure.getMessage())
          .contains(
              "Role api_key is a member of anon", "revoke anon from api_key granted by postgres");
    } finally {
      sql.execute("revoke anon from api_key");
    }
  }

  @Test
  void whoOwnsNothingHereIsRefusedAndChangesNothing() {
    published.application().privateSchema();
    postgres()
        .execute(
            "do $$ begin if to_regrole('other_owner') is null then create role other_owner login createrole; end if; end $$");
    sql.execute(
        "grant create on database %s to other_owner"
            .formatted(sql.text("select current_database()")));
    List<String> before = new Catalogue(sql).fingerprint();

    FailureException refused =
        catchThrowableOfType(
            FailureException.class,
            () ->
                new Migrations(
                        server
                            .address()
                            .dataSource(sql.text("select current_database()"), "other_owner"))
                    .install());

    assertThat(refused.failure()).isInstanceOf(DatabaseFailure.NotInstalled.class);
    assertThat(refused.failure().code()).isEqualTo("42501");
    assertThat(new Catalogue(sql).fingerprint()).isEqualTo(before);
  }

  private void install() {
    new Migrations(owner).install();
  }

  private String ofThePlatform() {
    return sql.text(
        "select string_agg(p.oid::text || pg_get_functiondef(p.oid) || p.proowner || coalesce(p.proacl::text, ''), '' order by p.oid)"
            + " from pg_proc as p where p.pronamespace in ('auth'::regnamespace, 'extensions'::regnamespace) and p.prokind = 'f'");
  }
}
