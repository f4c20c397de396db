package dev.latchkey.command;

import static dev.latchkey.command.CommandLineRun.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.FreePort;
import dev.latchkey.testing.SqlFiles;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestDoor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real command line against a real server. */
class AccessCommandTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();
  @RegisterExtension static final TestDatabase EMPTY = TestDatabase.empty();

  private static final String OPERATOR = "command_operator";
  private static final String PASSWORD = "correct horse battery staple";
  private static final String MEMBER = "anna@command.example";

  @TempDir static Path temp;

  private static TestDoor door;
  private static Path tokenFile;

  @BeforeAll
  static void open() throws Exception {
    door = TestDoor.to(SERVER);
    tokenFile = Files.writeString(temp.resolve("token"), PASSWORD + "\n");
    SERVER
        .sql()
        .execute(
            """
            create role command_operator login in role latchkey_operator;
            create role command_reader login;
            """);
    SERVER.sql().rows("select latchkey.set_temporary_access('enabled')");
    SERVER.sql().rows("select latchkey.add_member(?)", MEMBER);
  }

  @AfterAll
  static void close() {
    door.close();
    SERVER.sql().execute("drop role command_operator; drop role command_reader");
  }

  @Test
  void grantsExtendsListsAndRevokes() {
    CommandLineRun granted =
        run(
            "access",
            "grant",
            "--member",
            MEMBER,
            "--role",
            "command_reader",
            "--until",
            "1h",
            "--network",
            "10.0.0.0/8",
            "--network",
            "2001:db8::/32",
            "--reason",
            "Ticket '1'; --",
            "--json");
    assertThat(granted.errors()).isEmpty();
    assertThat(granted.output()).hasLineCount(1).contains("\"status\":\"active\"");
    String id = granted.output().replaceAll("(?s).*?\"id\":\"([-0-9a-f]{36})\".*", "$1");
    assertThat(
            SERVER
                .sql()
                .text(
                    "select reason || ' ' || allowed_cidrs::text from latchkey.grants where id = ?::uuid",
                    id))
        .isEqualTo("Ticket '1'; -- {10.0.0.0/8,2001:db8::/32}");

    assertThat(run("access", "list").output().lines())
        .hasSize(2)
        .first()
        .asString()
        .contains("email", "role", "expires at", "networks");
    assertThat(run("access", "extend", id, "--until", "2h", "--reason", "more").output())
        .startsWith("Extended anna as command_reader (%s) until ".formatted(MEMBER));

    CommandLineRun dry = run("access", "revoke", id, "--reason", "done", "--dry-run");
    assertThat(dry.output())
        .isEqualToIgnoringNewLines(
            "select to_jsonb(answer) from latchkey.revoke_grant(  p_grant_id => '%s'::uuid,  p_reason => 'done'::text) as answer;"
                .formatted(id));
    assertThat(run("access", "list").output()).contains(id);
    assertThat(run("access", "revoke", id, "--reason", "done").output())
        .isEqualToIgnoringNewLines(
            "Revoked anna as command_reader (%s): 0 sessions ended, 0 left.".formatted(MEMBER));
    assertThat(run("access", "list").output()).isEmpty();
    assertThat(run("access", "list", "--all").output()).contains("revoked");

    CommandLineRun again = run("access", "revoke", id, "--reason", "done");
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.errors())
        .isEqualToIgnoringNewLines(
            "latchkey: PT409: The grant is revoked already.          Nothing was changed. Reload to see it as it is now.");
  }

  /** It said that 0 sessions are left. */
  @Test
  void whatTheServerCannotSeeIsNotKnownAndAFinding() {
    String id =
        SERVER
            .sql()
            .text(
                """
                select g.id from latchkey.members as m
                cross join lateral latchkey.grant_access(m.user_id, 'command_reader', now() + interval '1 h', p_reason => 'x') as g
                where m.email = ?
                """,
                MEMBER);
    SERVER.sql().execute("revoke pg_read_all_stats from latchkey_owner");
    try {
      assertThat(run("access", "revoke", id, "--reason", "done").output())
          .isEqualToIgnoringNewLines(
              "Revoked anna as command_reader (%s): How many sessions ended or are left is not known: latchkey_owner, the owner of Latchkey's functions, may not see the sessions of other roles."
                  .formatted(MEMBER));
      assertThat(run("access", "findings").output())
          .contains("high", "latchkey_owner", "grant pg_read_all_stats, pg_signal_backend");
      assertThat(run("access", "findings", "--json").output())
          .contains("\"object\":\"latchkey_owner\"");
    } finally {
      SERVER.sql().execute("grant pg_read_all_stats to latchkey_owner");
    }
    assertThat(run("access", "findings").output()).isEmpty();
  }

  @Test
  void aTokenStandsAloneOnItsLineAndNowhereElse() {
    CommandLineRun made =
        run(
            "token",
            "create",
            "--member",
            MEMBER,
            "--name",
            "CI \"job\"",
            "--until",
            "7d",
            "--role",
            "command_reader",
            "--role",
            "odd \"role\\",
            "--network",
            "192.0.2.7");
    assertThat(made.errors()).isEmpty();
    assertThat(made.output().strip()).matches("jit_[0-9A-Za-z]{65}");
    String secret = made.output().strip().substring(31, 63);
    assertThat(
            SERVER
                .sql()
                .text("select roles::text from latchkey.access_tokens where name = 'CI \"job\"'"))
        .isEqualTo("{command_reader,\"odd \\\"role\\\\\"}");

    CommandLineRun listed = run("token", "list");
    assertThat(listed.output()).contains("CI \"job\"", "jit_…").doesNotContain(secret);
    String id = listed.output().lines().skip(1).findFirst().orElseThrow().split(" ")[0];
    assertThat(run("token", "revoke", id, "--reason", "lost").output())
        .isEqualToIgnoringNewLines("Revoked CI \"job\" of anna (" + MEMBER + ").");
    assertThat(run("token", "list").output()).doesNotContain("CI");
  }

  /** The functions let no such name in; a server that is not ours may have one. */
  @Test
  void aMembersNameDoesNotSteerTheTerminal() {
    String member =
        SERVER.sql().text("select user_id from latchkey.add_member('eve@command.example')");
    SERVER
        .sql()
        .execute(
            "update temporary_access.members set display_name = ?, email = ? where user_id = ?::uuid",
            "Eve\u001b[1A\u202e\u009b2J",
            "eve\u001b[2J\u202emoc@command.example",
            member);
    String[] rest = {"--role", "command_reader", "--until", "1h", "--reason", "x"};

    String granted = run(with(rest, "access", "grant", "--member", member)).output();
    String listed = run("access", "list").output();

    assertThat(granted)
        .startsWith(
            "Granted access to Eve�[1A��2J as command_reader (eve�[2J�moc@command.example)");
    assertThat(listed).contains("eve�[2J�moc@").doesNotContain("\u001b", "\u202e");
    String id = granted.strip().replaceAll("(?s).*([-0-9a-f]{36})\\.$", "$1");
    assertThat(run("access", "revoke", id, "--reason", "x").output())
        .contains("Revoked Eve�[1A��2J as", "eve�[2J�moc@")
        .doesNotContain("\u001b", "\u202e", "\u009b");
    assertThat(run("access", "list", "--all", "--json").output())
        .contains("eve\\u001B[2J\\u202emoc@")
        .doesNotContain("\u001b", "\u202e");
  }

  @Test
  void takesTheTokenFromTheEnvironmentOfTheProgram() throws Exception {
    ProcessBuilder builder =
        CommandLineRun.program("token", "list", "--json", "--url", url(SERVER, OPERATOR));
    builder.environment().put("LATCHKEY_TOKEN", PASSWORD);
    Process child = builder.start();
    String arguments = child.info().commandLine().orElse("");
    String errors = new String(child.getErrorStream().readAllBytes());
    assertThat(child.waitFor()).as(errors).isZero();
    assertThat(arguments + errors).doesNotContain(PASSWORD);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          access grant --member nobody@x.example --role command_reader --until 1h --reason x | 1 | latchkey: PT404: Member not found.
          access grant --member anna@command.example --role postgres --until 1h --reason x | 1 | latchkey: 22023: Is not a role that can be granted.
          access grant --member anna@command.example --role command_reader --until 91d --reason x | 1 | latchkey: 22023: At most 90 days
          access grant --member anna@command.example --role command_reader --until 1h | 1 | latchkey: 22023: A reason is required.
          access grant --member anna@command.example --role command_reader --until soon --reason x | 2 | must be a time from now
          access grant --member anna@command.example --role command_reader --until 2030-01-01T00:00:00 --reason x | 2 | must be a time from now
          access grant --member anna@command.example --role command_reader --until 1h --network 10.0.0.1/8 --reason x | 2 | 10.0.0.1/8 has bits beyond /8; the network is 10.0.0.0/8.
          access grant --member anna@command.example --role command_reader --until 1h --network 10.0.0.0/33 --reason x | 2 | 10.0.0.0/33 is no network.
          access grant --member anna@command.example --role command_reader --until 1h --network {0.0.0.0/0 --reason x | 2 | {0.0.0.0/0 is no network.
          access revoke not-an-id | 2 | GRANT-ID
          access freeze nobody@x.example | 1 | latchkey: PT404: Member not found.
          access | 2 | One of extend, findings, freeze, grant, list and revoke is missing.
          token | 2 | One of create, list and revoke is missing.
          """)
  void saysInPlainWordsWhatIsWrong(String arguments, int code, String message) {
    CommandLineRun outcome = run(arguments.split(" "));
    assertThat(outcome.code()).as(outcome.errors()).isEqualTo(code);
    assertThat(outcome.errors()).contains(message).doesNotContain("Exception", PASSWORD);
    assertThat(outcome.output()).isEmpty();
  }

  @Test
  void refusesAPasswordInTheUrlWithoutShowingIt() {
    CommandLineRun outcome =
        CommandLineRun.of("access", "list", "--url", "postgresql://me:hunter2@127.0.0.1:5432/app");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.errors()).contains("--url holds a password").doesNotContain("hunter2");
  }

  @Test
  void checksAndInstallsTheSchema() {
    try (TestDoor empty = TestDoor.to(EMPTY)) {
      String url =
          "postgresql://postgres@127.0.0.1:%d/%s"
              .formatted(empty.endpoint(EMPTY, "x").port(), EMPTY.name());
      String[] at = {"--url", url, "--token-file", tokenFile.toString()};
      assertThat(CommandLineRun.of(with(at, "schema", "check")).output())
          .contains("This database has no Latchkey schema.", "This role may install.");
      assertThat(CommandLineRun.of(with(at, "schema", "check")).output())
          .contains("no Latchkey schema");
      assertThat(CommandLineRun.of(with(at, "schema", "install")).output())
          .contains("which is current.");
      assertThat(CommandLineRun.of(with(at, "schema", "install")).output())
          .contains("Installing would change nothing.");
      assertThat(CommandLineRun.of(with(at, "schema", "check")).output())
          .contains("Installing would change nothing.");
    }
  }

  @Test
  void printsTheSchemaWithoutAnyConnection() {
    CommandLineRun printed = CommandLineRun.of("schema", "print");

    assertThat(printed.code()).as(printed.errors()).isZero();
    int end = 0;
    List<Path> files = SqlFiles.all();
    assertThat(files).hasSizeGreaterThan(4).last().isEqualTo(SqlFiles.code());
    for (Path file : files) {
      String wanted = "-- " + file.getFileName() + "\n" + SqlFiles.content(file);
      int start = printed.output().indexOf(wanted, end);
      assertThat(start).as("where %s begins", file).isNotNegative();
      end = start + wanted.length();
    }
  }

  @Test
  void saysWhatToDoBelowWhatIsWrong() throws Exception {
    int port = FreePort.find();
    CommandLineRun outcome =
        CommandLineRun.of(
            "token",
            "list",
            "--url",
            "postgresql://me@127.0.0.1:%d/app".formatted(port),
            "--token-file",
            tokenFile.toString());
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.errors().lines())
        .containsExactly(
            "latchkey: 08001: No server answers at 127.0.0.1:%d/app.".formatted(port),
            "          Check the host name, the port and whether you need a VPN.");
  }

  /** Its input and output are no terminal, so that nothing can be typed unseen. */
  @Test
  void asksForNoTokenWhereEverybodyWouldSeeIt() throws Exception {
    ProcessBuilder builder =
        CommandLineRun.program("token", "list", "--url", url(SERVER, OPERATOR));
    Process child = builder.start();
    child.getOutputStream().close();
    String errors = new String(child.getErrorStream().readAllBytes());
    assertThat(child.waitFor()).isEqualTo(2);
    assertThat(errors)
        .startsWith("There is no token: set LATCHKEY_TOKEN, or give a --token-file.")
        .doesNotContain("Exception");
  }

  private static CommandLineRun run(String... arguments) {
    boolean command = arguments.length > 1;
    return CommandLineRun.of(
        command
            ? with(
                new String[] {"--url", url(SERVER, OPERATOR), "--token-file", tokenFile.toString()},
                arguments)
            : arguments);
  }

  private static String url(TestDatabase database, String role) {
    return "postgresql://%s@127.0.0.1:%d/%s"
        .formatted(role, door.endpoint(database, role).port(), database.name());
  }
}
