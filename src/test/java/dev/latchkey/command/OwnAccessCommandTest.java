package dev.latchkey.command;

import static dev.latchkey.command.CommandLineRun.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.command.GateRoom.Access;
import dev.latchkey.gate.Gate;
import dev.latchkey.testing.SoleOperator;
import dev.latchkey.testing.TestDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Operators who came in by temporary access and end access on the command line. */
final class OwnAccessCommandTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String ROLE = "own_access_operator";
  private static final String OWN =
      "This ends your own access: your sessions end, and you cannot sign in again by it.";

  @TempDir static Path folder;
  private static GateRoom room;
  private static Gate gate;

  /** Each way in which one can end one's own access here, and the name it is asked by. */
  enum Way {
    GRANT,
    MEMBER,
    TOKEN;

    String[] of(Access access) {
      return switch (this) {
        case GRANT -> new String[] {"access", "revoke", access.grantId(), "--reason", "done"};
        case MEMBER -> new String[] {"access", "freeze", access.email(), "--reason", "done"};
        case TOKEN -> new String[] {"token", "revoke", access.tokenId(), "--reason", "done"};
      };
    }

    String name(Access access) {
      return switch (this) {
        case GRANT -> ROLE;
        case MEMBER -> access.email();
        case TOKEN -> "laptop";
      };
    }
  }

  @BeforeAll
  static void open() throws IOException {
    room = new GateRoom(DATABASE, ROLE, folder);
    gate = room.gate(Optional.empty());
    room.access();
  }

  @AfterAll
  static void close() {
    room.close();
  }

  @ParameterizedTest
  @EnumSource
  void onesOwnAccessEndsByNameOnly(Way way) throws IOException {
    Access own = room.access();

    for (String[] without : new String[][] {{}, {"--end-own-access", "something else"}}) {
      CommandLineRun refused = run(own, with(without, way.of(own)));
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.output()).isEmpty();
      assertThat(refused.errors().lines())
          .containsExactly(
              "latchkey: LK-LOCKOUT: " + OWN,
              "          Nothing was changed. To do it all the same, give --end-own-access and the name: "
                  + way.name(own));
    }
    assertThat(run(own, "access", "list").output()).contains(own.grantId());

    String[] named = {"--end-own-access", way.name(own)};
    CommandLineRun done = run(own, with(named, way.of(own)));
    assertThat(done.code()).as(done.errors()).isZero();
    assertThat(done.output()).matches("(Revoked|Froze) .*\\R");
    CommandLineRun after = run(own, "access", "list");
    assertThat(after.code()).isEqualTo(1);
    assertThat(after.errors()).startsWith("latchkey: 28000: The server refused this token");
  }

  @Test
  void othersAccessNeedsNoName() throws IOException {
    Access other = room.access();
    CommandLineRun run = run(room.access(), Way.GRANT.of(other));
    assertThat(run.code()).as(run.errors()).isZero();
    assertThat(run.output())
        .isEqualToIgnoringNewLines(
            "Revoked %s as %s (%s): 0 sessions ended, 0 left."
                .formatted(other.email().split("@")[0], ROLE, other.email()));
  }

  @ParameterizedTest
  @EnumSource
  void theLastOperatorsAccessDoesNotEndByAnyName(Way way) throws IOException {
    Access own = room.access();
    try (var _ = new SoleOperator(DATABASE.sql(), ROLE)) {
      room.sql()
          .rows(
              "select latchkey.block_member(user_id, 'away') from latchkey.members where user_id <> ?::uuid and blocked_at is null",
              own.memberId());
      String[] named = {"--end-own-access", way.name(own)};
      CommandLineRun refused = run(own, with(named, way.of(own)));
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.errors().lines())
          .containsExactly(
              "latchkey: LK-LOCKOUT: This would end the last operator's access: nobody could manage keys or access any more.",
              "          Nothing was changed. Another operator can do it without locking anybody out.");
      assertThat(run(own, "access", "list").output()).contains(own.grantId());
    } finally {
      room.sql()
          .rows(
              "select latchkey.unblock_member(user_id, 'back') from latchkey.members where blocked_at is not null and block_reason = 'away'");
    }
  }

  @Test
  void aDryRunShowsTheCallAndWhatItWouldEnd() throws IOException {
    Access own = room.access();
    CommandLineRun dry = run(own, with(new String[] {"--dry-run"}, Way.GRANT.of(own)));
    assertThat(dry.code()).isZero();
    assertThat(dry.output()).startsWith("select to_jsonb(answer) from latchkey.revoke_grant(");
    assertThat(dry.errors()).isEqualToIgnoringNewLines("latchkey: " + OWN);
    assertThat(run(own, "access", "list").output()).contains(own.grantId());
  }

  /** What is typed goes to a real terminal, which shows what the program does not hide. */
  @Test
  void aTerminalHidesTheTokenAndAsksForTheName() throws Exception {
    assumeTrue(
        Files.isExecutable(Path.of("/usr/bin/script"))
            && System.getProperty("os.name").equals("Linux"),
        "Needs the terminal of util-linux's script.");
    Access own = room.access();
    String[] at = {"--url", room.url(gate)};
    String[] command = with(at, Way.GRANT.of(own));

    String declined = typed(1, command, "Token: ", own.token(), "to go on: ", "yes");
    assertThat(declined).contains(OWN, "Nothing was changed.").doesNotContain(own.token());
    assertThat(run(own, "access", "list").output()).contains(own.grantId());

    String agreed = typed(0, command, "Token: ", own.token(), "to go on: ", ROLE);
    assertThat(agreed)
        .contains("Type %s to go on: %s".formatted(ROLE, ROLE), "(%s): ".formatted(own.email()))
        .doesNotContain(own.token());
    assertThat(run(own, "access", "list").code()).isEqualTo(1);
  }

  /**
   * Types each answer once its question is on the screen.
   *
   * @return the whole screen
   */
  private static String typed(int code, String[] command, String... talk) throws Exception {
    Process terminal = CommandLineRun.programInTerminal(command).start();
    var screen = new StringBuilder();
    for (int index = 0; index < talk.length; index += 2) {
      readUntil(terminal.getInputStream(), screen, talk[index]);
      terminal.getOutputStream().write((talk[index + 1] + "\n").getBytes(StandardCharsets.UTF_8));
      terminal.getOutputStream().flush();
    }
    screen.append(new String(terminal.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    assertThat(terminal.waitFor()).as(screen.toString()).isEqualTo(code);
    return screen.toString();
  }

  private static void readUntil(InputStream from, StringBuilder screen, String wanted)
      throws IOException {
    while (screen.indexOf(wanted) < 0) {
      int next = from.read();
      assertThat(next).as("the end, before %s: %s", wanted, screen).isNotNegative();
      screen.append((char) next);
    }
  }

  private static CommandLineRun run(Access access, String... arguments) {
    String[] at = {"--url", room.url(gate), "--token-file", access.file().toString()};
    return CommandLineRun.of(with(at, arguments));
  }
}
