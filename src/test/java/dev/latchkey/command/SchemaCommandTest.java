package dev.latchkey.command;

import static dev.latchkey.command.CommandLineRun.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.Migrations;
import dev.latchkey.database.SchemaState;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.SqlFiles;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestDoor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code schema} says of every state a database can be in, and what it does about it. */
final class SchemaCommandTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private static final String GUEST = "schema_command_guest";
  private static final String CURRENT =
      "The Latchkey schema here is version %d, which is current.".formatted(SchemaState.NEEDED);

  @TempDir static Path temp;
  private static TestDoor door;
  private static Path tokenFile;

  private String name;
  private Sql sql;

  @BeforeAll
  static void open() throws Exception {
    door = TestDoor.to(SERVER);
    tokenFile = Files.writeString(temp.resolve("token"), "any\n");
    SERVER.sql().execute("create role " + GUEST + " login createrole");
  }

  @AfterAll
  static void close() {
    door.close();
    SERVER.sql().execute("drop role " + GUEST);
  }

  @AfterEach
  void drop() {
    SERVER.dropDatabase(name);
  }

  @Test
  void anEmptyDatabase() {
    database(false);
    says(check(), 0, "This database has no Latchkey schema.", "This role may install.");
    says(install(), 0, CURRENT);
    says(check(), 0, CURRENT, "Installing would change nothing.");
    says(install(), 0, CURRENT, "Installing would change nothing.");
  }

  @Test
  void whatTheEarlierFilesMade() {
    database(false);
    SqlFiles.earlier().forEach(file -> sql.execute(SqlFiles.content(file)));
    says(
        check(),
        0,
        "The Latchkey schema here is version 8; this program needs version %d."
            .formatted(SchemaState.NEEDED),
        "Keys, logs and settings stay.");
    says(install(), 0, CURRENT);
  }

  @Test
  void aFunctionIsGone() {
    database(true);
    sql.execute("drop function latchkey.revoke_key(uuid, text)");
    says(
        check(),
        0,
        "not all of it is there any more: function latchkey.revoke_key(uuid, text).",
        "Installing makes it again. Keys, logs and settings stay.",
        "This role may install.");
    says(install(), 0, CURRENT);
    says(check(), 0, CURRENT);
  }

  @Test
  void theFunctionsAreOthers() {
    database(true);
    sql.execute(
        "create or replace function latchkey.code_version() returns text language sql immutable parallel safe return '%s'"
            .formatted("0".repeat(64)));
    says(
        check(),
        0,
        "its functions are not those of this program: code 000000000000 instead of "
            + SqlFiles.codeVersion().substring(0, 12),
        "if it is theirs, update Latchkey on this machine instead.");
    says(install(), 0, CURRENT);
  }

  @Test
  void aSchemaIsGoneAndItsTablesComeBackEmptyOnlyWhenThatIsSaid() {
    database(true);
    sql.execute("drop schema temporary_access cascade");
    says(
        check(),
        0,
        "not all of it is there any more: schema temporary_access, ",
        "What the tables held does not come back",
        "temporary_access.grants, temporary_access.logins, temporary_access.members, temporary_access.noise,"
            + " temporary_access.role_settings, temporary_access.roles_to_clear, temporary_access.settings and temporary_access.tokens");
    CommandLineRun refused = install();
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.output()).isEmpty();
    assertThat(refused.errors())
        .contains("temporary_access.grants")
        .endsWith(
            "Nothing was changed. To have them back empty, give --make-empty-tables."
                + System.lineSeparator());
    assertThat(sql.truth("select to_regnamespace('temporary_access') is null")).isTrue();

    says(install("--make-empty-tables"), 0, CURRENT);
    assertThat(sql.number("select count(*) from temporary_access.grants")).isZero();
  }

  /** Somebody at the terminal is asked, and anything but the word leaves it as it is. */
  @ParameterizedTest
  @CsvSource({"yes, 1", "empty, 0"})
  void inATerminalItIsAsked(String typed, int code) throws Exception {
    database(true);
    sql.execute("drop table temporary_access.noise cascade");
    Process process =
        CommandLineRun.programInTerminal(with(at("postgres"), "schema", "install")).start();
    process.getOutputStream().write((typed + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    String screen = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(screen).isTrue();
    assertThat(screen).contains("temporary_access.noise", "Type empty to go on: ");
    assertThat(process.exitValue()).as(screen).isEqualTo(code);
    assertThat(sql.truth("select to_regclass('temporary_access.noise') is not null"))
        .isEqualTo(code == 0);
  }

  @Test
  void aNewerVersion() {
    database(true);
    sql.execute(
        "create or replace function latchkey.schema_version() returns integer language sql immutable parallel safe return 99");
    says(
        check(),
        0,
        "The Latchkey schema here is version 99; this program knows versions up to %d."
            .formatted(SchemaState.NEEDED),
        "Update Latchkey on this machine. This one changes nothing here.");
    CommandLineRun refused = install("--make-empty-tables");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.errors()).contains("version 99");
    assertThat(sql.number("select latchkey.schema_version()")).isEqualTo(99);
  }

  @Test
  void whoMayNotInstallIsToldSo() {
    database(true);
    sql.execute("drop function latchkey.revoke_key(uuid, text)");
    sql.execute("grant usage on schema latchkey to " + GUEST);
    sql.execute("grant latchkey_operator to " + GUEST);
    sql.execute("grant create on database " + name + " to " + GUEST);
    says(
        CommandLineRun.of(with(at(GUEST), "schema", "check")),
        0,
        "function latchkey.revoke_key(uuid, text)",
        "This role may not install: it needs CREATEROLE, CREATE on the database, and to own the schemas of Latchkey");
    CommandLineRun refused = CommandLineRun.of(with(at(GUEST), "schema", "install"));
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.errors()).contains("42501: The schema was not installed.");
  }

  @Test
  void printsWhatTakesItAwayWithoutAnyConnection() {
    database(false);
    CommandLineRun printed = CommandLineRun.of("schema", "print", "--uninstall");
    assertThat(printed.code()).isZero();
    assertThat(printed.output().strip()).isEqualTo(Migrations.removal().strip());
    assertThat(printed.output()).startsWith("-- Takes Latchkey out of a database.");
  }

  private void database(boolean migrated) {
    name = SERVER.createDatabase(migrated);
    sql = Sql.on(SERVER.address().dataSource(name, "postgres"));
  }

  private CommandLineRun check() {
    return CommandLineRun.of(with(at("postgres"), "schema", "check"));
  }

  private CommandLineRun install(String... more) {
    return CommandLineRun.of(with(more, with(at("postgres"), "schema", "install")));
  }

  private String[] at(String role) {
    String url =
        "postgresql://%s@127.0.0.1:%d/%s".formatted(role, door.endpoint(SERVER, role).port(), name);
    return new String[] {"--url", url, "--token-file", tokenFile.toString()};
  }

  private static void says(CommandLineRun run, int code, String... sentences) {
    assertThat(run.code()).as(run.errors()).isEqualTo(code);
    assertThat(run.output()).contains(sentences);
  }
}
