package dev.latchkey.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Install and uninstall, killed before any single command that changes something. The scripts are
 * the real ones, with a folder of other programs before their search path: each of these kills the
 * script when its turn has come, else does what it is asked.
 */
final class KilledScripts implements AutoCloseable {
  private static final List<String> PROGRAMS =
      List.of("mkdir", "cp", "mv", "install", "chmod", "sync", "rm", "rmdir", "runuser");

  /** The scripts have fewer; beyond that the test would go on for ever. */
  private static final int MOST = 200;

  private final GatekeptServer server;
  private final Path folder;
  private final String hba;
  private final String ident;

  KilledScripts(GatekeptServer server) throws IOException {
    this.server = server;
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
    hba = Files.readString(server.server().hbaFile());
    ident = Files.readString(server.server().identFile());
  }

  @Override
  public void close() {
    DebianServer.must(List.of("rm", "-rf", folder.toString()));
  }

  /** Whether the script was killed; else it came to its end, and succeeded. */
  boolean killed(int fatal, Supplier<Program.Outcome> script) throws IOException {
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

  Program.Outcome install() {
    return server.server().installFrom(scripts(), server.service(), units());
  }

  Program.Outcome uninstall() {
    return server.server().uninstallFrom(scripts(), server.service());
  }

  private Path scripts() {
    return folder.resolve("gatekeeper");
  }

  String[] units() {
    try {
      return new String[] {"--unit-dir", server.server().units().toString()};
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  void clear(int step) throws IOException {
    if (leftSomething()) {
      good(server.server().uninstall(server.service()), step);
    }
    assertUntouched("killed in step " + step);
  }

  /** All that there is to go on with; after two kills that left the same, the same follows. */
  List<String> left() throws IOException {
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
        server
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

  private boolean leftSomething() {
    return Files.exists(DebianServer.state(server.service()))
        || Files.exists(DebianServer.unfinishedState(server.service()));
  }

  String good(Program.Outcome outcome, int step) throws IOException {
    assertThat(outcome.good())
        .as("after a kill in step %d:%n%s%n%s", step, done(), outcome.output())
        .isTrue();
    return outcome.output();
  }

  private String done() throws IOException {
    Path done = folder.resolve("done");
    return Files.exists(done) ? Files.readString(done) : "";
  }

  void assertUntouched(String when) throws IOException {
    assertThat(Files.readString(server.server().hbaFile())).as(when).isEqualTo(hba);
    assertThat(Files.readString(server.server().identFile())).as(when).isEqualTo(ident);
    for (Path file : ours()) {
      assertThat(file).as(when).doesNotExist();
    }
    assertThat(server.server().units()).as(when).isEmptyDirectory();
    assertThat(
            server
                .sql()
                .number("select count(*) from pg_roles where rolname = 'latchkey_gatekeeper_pam'"))
        .as(when)
        .isZero();
  }

  /** What is there only while something is installed, or about to be. */
  private List<Path> ours() {
    return List.of(
        DebianServer.pamFile(server.service()),
        beside(DebianServer.pamFile(server.service())),
        server.helper().getParent(),
        DebianServer.state(server.service()),
        DebianServer.unfinishedState(server.service()),
        beside(server.server().hbaFile()),
        beside(server.server().identFile()));
  }

  /** Everything that the scripts write to. */
  private List<Path> places() throws IOException {
    List<Path> places = new ArrayList<>(ours());
    places.add(server.server().hbaFile());
    places.add(server.server().identFile());
    places.add(server.server().units());
    return places;
  }

  private static Path beside(Path file) {
    return file.resolveSibling(file.getFileName() + ".latchkey-new");
  }
}
