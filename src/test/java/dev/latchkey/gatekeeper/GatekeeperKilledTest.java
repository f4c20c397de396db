package dev.latchkey.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Install and uninstall are killed before each single command that changes something; afterwards
 * both of them succeed. The scripts are the real ones, with a folder of other programs before their
 * search path: each of these kills the script when its turn has come, else does what it is asked.
 */
final class GatekeeperKilledTest {
  @RegisterExtension static final GatekeptServer SERVER = GatekeptServer.bare();

  private static final List<String> PROGRAMS =
      List.of("mkdir", "cp", "mv", "install", "chmod", "sync", "rm", "rmdir", "runuser");

  /** The scripts have fewer; beyond that the test would go on for ever. */
  private static final int MOST = 200;

  private static Path folder;
  private static String hba;
  private static String ident;

  @BeforeAll
  static void makeKillers() throws IOException {
    folder = Files.createTempDirectory(Path.of("/root"), "latchkey-killed-");
    DebianServer.must(List.of("cp", "-r", DebianServer.INSTALLER.toString(), scripts().toString()));
    Path library = scripts().resolve("lib.sh");
    String path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin\n";
    assertThat(Files.readString(library)).contains(path);
    Files.writeString(
        library,
        Files.readString(library)
            .replace(path, path.replace("=", "=" + folder.resolve("killers") + ":")));
    Files.createDirectory(folder.resolve("killers"));
    for (String program : PROGRAMS) {
      Path killer = folder.resolve("killers").resolve(program);
      Files.writeString(
          killer,
          """
          #!/bin/sh
          PATH=/usr/sbin:/usr/bin:/sbin:/bin
          victim=$(cat '%1$s/victim')
          # Nothing counts before the first change.
          case "$0 $*" in */mkdir*/var/lib/latchkey* | */rm*-enforce*) echo yes >'%1$s/begun' ;; esac
          if [ -e '%1$s/begun' ]; then
              step=$(($(cat '%1$s/step') + 1))
              echo $step >'%1$s/step'
              echo "$step ${0##*/} $*" >>'%1$s/done'
              if [ $step = "$(cat '%1$s/fatal')" ]; then
                  kill -KILL "$victim"
                  exit 1
              fi
          fi
          exec "${0##*/}" "$@"
          """
              .formatted(folder));
      DebianServer.must(List.of("chmod", "755", killer.toString()));
    }
    for (String script : List.of("install", "uninstall")) {
      Path real = scripts().resolve(script);
      Files.writeString(
          real,
          Files.readString(real)
              .replaceFirst("\nset -eu\n", "\nset -eu\necho \\$\\$ >'" + folder + "/victim'\n"));
    }
    hba = Files.readString(SERVER.server().hbaFile());
    ident = Files.readString(SERVER.server().identFile());
  }

  @AfterAll
  static void removeKillers() {
    if (folder != null) {
      DebianServer.must(List.of("rm", "-rf", folder.toString()));
    }
  }

  @BeforeEach
  @AfterEach
  void untouched() throws IOException {
    assertUntouched("before and after");
  }

  /** Each state that a kill leaves is installed over once, and uninstalled at once another time. */
  @Test
  void whateverAKilledInstallLeftIsInstalledOverAndUninstalled() throws Exception {
    Map<List<String>, Integer> installedOver = new HashMap<>();
    Set<List<String>> uninstalled = new HashSet<>();
    int steps = 0;
    while (killed(++steps, GatekeeperKilledTest::install)) {
      List<String> left = left();
      if (installedOver.putIfAbsent(left, steps) == null) {
        good(SERVER.server().install(SERVER.service(), units()), steps);
      } else {
        uninstalled.add(left);
      }
      clear(steps);
    }
    assertThat(steps).as("steps that were tried").isGreaterThan(25);
    assertThat(installedOver).as("states that a kill left").hasSizeGreaterThan(10);
    SERVER.signIn(GatekeptServer.ROLE, SERVER.access().token());
    assertThat(SERVER.lastOutcome()).isEqualTo("accepted");
    good(SERVER.server().uninstall(SERVER.service()), steps);

    installedOver.keySet().removeAll(uninstalled);
    for (int step : installedOver.values()) {
      assertThat(killed(step, GatekeeperKilledTest::install)).isTrue();
      clear(step);
    }
  }

  @Test
  void aKilledUninstallIsFinishedByAnother() throws IOException {
    int steps = 0;
    good(SERVER.server().install(SERVER.service(), units()), 0);
    while (killed(++steps, GatekeeperKilledTest::uninstall)) {
      if (steps % 2 == 0) {
        good(SERVER.server().install(SERVER.service(), units()), steps);
      }
      clear(steps);
      good(SERVER.server().install(SERVER.service(), units()), steps);
    }
    assertThat(steps).as("steps that were tried").isGreaterThan(8);
  }

  // ── Steps ─────────────────────────────────────────────────────────────────────────────────────

  /** Whether the script was killed; else it came to its end, and succeeded. */
  private static boolean killed(int fatal, Supplier<Program.Outcome> script) throws IOException {
    assertThat(fatal).as("steps").isLessThan(MOST);
    Files.deleteIfExists(folder.resolve("begun"));
    Files.writeString(folder.resolve("step"), "0\n");
    Files.writeString(folder.resolve("done"), "");
    Files.writeString(folder.resolve("fatal"), fatal + "\n");
    Program.Outcome outcome = script.get();
    boolean reached = Integer.parseInt(Files.readString(folder.resolve("step")).strip()) >= fatal;
    assertThat(outcome.exitCode()).as(outcome.output()).isEqualTo(reached ? 137 : 0);
    return reached;
  }

  private static Program.Outcome install() {
    return SERVER.server().installFrom(scripts(), SERVER.service(), units());
  }

  private static Program.Outcome uninstall() {
    return SERVER.server().uninstallFrom(scripts(), SERVER.service());
  }

  private static Path scripts() {
    return folder.resolve("gatekeeper");
  }

  private static String[] units() {
    try {
      return new String[] {"--unit-dir", SERVER.server().units().toString()};
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static void clear(int step) throws IOException {
    if (leftSomething()) {
      good(SERVER.server().uninstall(SERVER.service()), step);
    }
    assertUntouched("killed in step " + step);
  }

  /** All that there is to go on with; after two kills that left the same, the same follows. */
  private static List<String> left() throws IOException {
    List<String> all = new ArrayList<>();
    for (Path place : places()) {
      if (Files.exists(place)) {
        all.add(
            DebianServer.must(
                List.of(
                    "find",
                    place.toString(),
                    "-printf",
                    "%p %M %u\\n",
                    "-type",
                    "f",
                    "-exec",
                    "sha256sum",
                    "{}",
                    ";")));
      }
    }
    all.addAll(
        SERVER
            .sql()
            .texts(
                """
                select role.rolname || role.rolcanlogin || coalesce(array_agg(granted.roleid::regrole)::text, '')
                from pg_roles as role
                left join pg_auth_members as granted on granted.member = role.oid
                where role.rolname like 'latchkey%'
                group by role.rolname, role.rolcanlogin
                order by 1
                """));
    return all;
  }

  private static boolean leftSomething() {
    return Files.exists(DebianServer.state(SERVER.service()))
        || Files.exists(DebianServer.unfinishedState(SERVER.service()));
  }

  private static String good(Program.Outcome outcome, int step) throws IOException {
    assertThat(outcome.good())
        .as("after a kill in step %d:%n%s%n%s", step, done(), outcome.output())
        .isTrue();
    return outcome.output();
  }

  private static String done() throws IOException {
    Path done = folder.resolve("done");
    return Files.exists(done) ? Files.readString(done) : "";
  }

  private static void assertUntouched(String when) throws IOException {
    assertThat(Files.readString(SERVER.server().hbaFile())).as(when).isEqualTo(hba);
    assertThat(Files.readString(SERVER.server().identFile())).as(when).isEqualTo(ident);
    for (Path file : ours()) {
      assertThat(file).as(when).doesNotExist();
    }
    assertThat(SERVER.server().units()).as(when).isEmptyDirectory();
    assertThat(
            SERVER
                .sql()
                .number("select count(*) from pg_roles where rolname = 'latchkey_gatekeeper_pam'"))
        .as(when)
        .isZero();
  }

  /** What is there only while something is installed, or about to be. */
  private static List<Path> ours() {
    return List.of(
        DebianServer.pamFile(SERVER.service()),
        beside(DebianServer.pamFile(SERVER.service())),
        SERVER.helper().getParent(),
        DebianServer.state(SERVER.service()),
        DebianServer.unfinishedState(SERVER.service()),
        beside(SERVER.server().hbaFile()),
        beside(SERVER.server().identFile()));
  }

  /** Everything that the scripts write to. */
  private static List<Path> places() throws IOException {
    List<Path> places = new ArrayList<>(ours());
    places.add(SERVER.server().hbaFile());
    places.add(SERVER.server().identFile());
    places.add(SERVER.server().units());
    return places;
  }

  private static Path beside(Path file) {
    return file.resolveSibling(file.getFileName() + ".latchkey-new");
  }
}
