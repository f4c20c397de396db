package dev.latchkey.gatekeeper;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Installing, installing again, refusing what is not ours, and taking it away to the last byte. */
final class GatekeeperInstallTest {
  @RegisterExtension static final GatekeptServer SERVER = GatekeptServer.bare();

  /** Without an end of its last line, and with a comment where the first block goes. */
  private static final String HBA = "# first\n\n" + GatekeptServer.HBA.strip();

  private String ident;

  @BeforeEach
  void fresh() throws IOException {
    SERVER.server().writeHba(HBA);
    ident = Files.readString(SERVER.server().identFile());
  }

  @AfterEach
  void asBefore() throws IOException {
    if (Files.exists(DebianServer.state(SERVER.service()))) {
      good(SERVER.server().uninstall(SERVER.service()));
    }
    assertUntouched();
    SERVER.server().writeHba(GatekeptServer.HBA);
  }

  @Test
  void installsTwiceAndLeavesNoByteBehind() throws Exception {
    good(install());
    String hba = Files.readString(SERVER.server().hbaFile());
    assertThat(hba).startsWith("# first\n\n# Comment of the administrator.\n# Latchkey gatekeeper");
    assertThat(good(install())).contains("nothing was changed");
    assertThat(Files.readString(SERVER.server().hbaFile())).isEqualTo(hba);
    for (Path file :
        List.of(
            SERVER.helper(), SERVER.helper().getParent(), DebianServer.pamFile(SERVER.service()))) {
      assertThat(Files.getOwner(file).getName()).isEqualTo("root");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .doesNotMatch("....w....|.......w.");
    }
    assertThat(Files.getOwner(SERVER.server().hbaFile()).getName()).isEqualTo("postgres");
    good(SERVER.server().uninstall(SERVER.service()));
    assertUntouched();
    assertThat(SERVER.server().uninstall(SERVER.service()).output())
        .contains("no gatekeeper of service");
  }

  /** Read by systemd's own reader, which also looks for the helper; nothing is started. */
  @Test
  void systemdUnderstandsTheUnits() throws IOException {
    Assumptions.assumeTrue(
        Files.exists(Path.of("/usr/bin/systemd-analyze")),
        "systemd-analyze is missing: install Debian's systemd");
    good(install());
    String unit = SERVER.server().units().resolve(SERVER.service() + "-enforce").toString();
    Program.Outcome verified =
        Program.run(
            List.of("systemd-analyze", "verify", "--man=no", unit + ".timer", unit + ".service"));
    assertThat(good(verified)).isEmpty();
  }

  @Test
  void otherOptionsTakeThePlaceOfTheOld() throws Exception {
    good(install());
    SERVER.role("gatekept_boss2", "login password 'boss'");
    good(install("--roles", GatekeptServer.ROLE, "--administrators", "gatekept_boss2"));
    assertThat(Files.readString(SERVER.server().hbaFile()))
        .containsOnlyOnce("pamservice=")
        .contains("hostssl  all  \"gatekept_support\"  all  pam")
        .contains("hostssl  all  \"gatekept_boss2\"  all  scram-sha-256");
    SERVER.signIn(GatekeptServer.ROLE, SERVER.access().token());
    assertThat(SERVER.lastOutcome()).isEqualTo("accepted");
    assertThat(SERVER.sqlState("gatekept_boss2", "boss", "verify-full")).isEmpty();
  }

  @Test
  void aDryRunTouchesNothing() throws IOException {
    assertThat(good(install("--dry-run")))
        .contains("Nothing was changed", "pam pamservice=" + SERVER.service(), "create role");
    assertUntouched();
  }

  @Test
  void refusesAFileThatIsNotOurs() throws IOException {
    Path pam = DebianServer.pamFile(SERVER.service());
    Files.writeString(pam, "# the administrator's own\n");
    assertThat(bad(install())).contains(pam + " is there and not ours");
    assertThat(Files.readString(pam)).isEqualTo("# the administrator's own\n");
    Files.delete(pam);
    Files.createSymbolicLink(pam, Path.of("/nonexistent"));
    assertThat(bad(install())).contains("not ours");
    Files.delete(pam);
  }

  @Test
  void refusesLinesAndARoleThatAreNotOurs() {
    SERVER.server().writeHba("local all latchkey_gatekeeper peer\n" + HBA);
    assertThat(bad(install())).contains("not of service");
    SERVER.server().writeHba(HBA);
    SERVER.sql().execute("create role latchkey_gatekeeper_pam");
    assertThat(bad(install())).contains("role latchkey_gatekeeper_pam is there already");
    SERVER.sql().execute("drop role latchkey_gatekeeper_pam");
  }

  @Test
  void refusesAnHbaThatWouldNeverAskForAToken() {
    SERVER.server().writeHba(HBA + "\nhost all all 0.0.0.0/0 scram-sha-256\n");
    assertThat(bad(install())).contains("takes every sign-in over TCP", "--roles");
    SERVER.server().writeHba(HBA);
  }

  @Test
  void refusesLinksAndFoldersThatOthersCanWrite() throws Exception {
    Path hba = SERVER.server().hbaFile();
    Path real = hba.resolveSibling("real_hba.conf");
    Files.move(hba, real);
    Files.createSymbolicLink(hba, Path.of("/etc/shadow"));
    assertThat(bad(install())).contains("symbolic link");
    Files.move(real, hba, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Path open = Files.createTempDirectory("latchkey-open-");
    assertThat(bad(install("--lib-dir", open.resolve("lib").toString())))
        .contains("/tmp can be written to");
    Files.delete(open);
  }

  @Test
  void refusesWhatIsNoNameOrNoServer() {
    for (String[] options :
        List.of(
            new String[] {"--service", "../shadow"},
            new String[] {"--service", "a b"},
            new String[] {"--database", "app\" trust"},
            new String[] {"--roles", "all,support"},
            new String[] {"--roles", "support\nhost all all all trust"},
            new String[] {"--roles", "no_such_role"},
            new String[] {"--administrators", "all"},
            new String[] {"--superuser", GatekeptServer.ROLE},
            new String[] {"--data", "/tmp"},
            new String[] {"--database", "postgres"},
            new String[] {"--frobnicate"})) {
      bad(install(options));
    }
  }

  @Test
  void removesNothingWhenSomebodyAlteredIt() throws IOException {
    good(install());
    Path pam = DebianServer.pamFile(SERVER.service());
    String pamText = Files.readString(pam);
    Files.writeString(pam, pamText.replace("required  pam_permit", "optional  pam_permit"));
    assertThat(bad(SERVER.server().uninstall(SERVER.service())))
        .contains(pam + " is not as install wrote it", "nothing was removed");
    assertThat(bad(install())).contains("was altered");
    Files.writeString(pam, pamText);

    String hba = Files.readString(SERVER.server().hbaFile());
    SERVER
        .server()
        .writeHba(hba.replace("hostssl  all  all  all  pam", "host  all  all  all  pam"));
    assertThat(bad(SERVER.server().uninstall(SERVER.service())))
        .contains("lines are not as install");
    assertThat(SERVER.helper()).exists();
    SERVER.server().writeHba(hba);
  }

  @Test
  void linesOfOthersStay() throws IOException {
    good(install());
    String hba = Files.readString(SERVER.server().hbaFile());
    SERVER.server().writeHba(hba + "host all all 192.0.2.0/24 reject\n");
    good(SERVER.server().uninstall(SERVER.service()));
    assertThat(Files.readString(SERVER.server().hbaFile()))
        .isEqualTo(HBA + "host all all 192.0.2.0/24 reject\n");
    SERVER.server().writeHba(HBA);
  }

  // ── The helper by itself ──────────────────────────────────────────────────────────────────────

  @Test
  void theEnvironmentCannotMisleadTheHelper() throws Exception {
    good(install());
    String token = SERVER.access().token();
    Path folder = Files.createTempDirectory("latchkey-hostile-");
    Files.writeString(folder.resolve(".psqlrc"), "\\! touch " + GatekeptServer.MARK + "\n");
    Files.writeString(
        folder.resolve("Socket.pm"), "system 'touch " + GatekeptServer.MARK + "'; 1;\n");
    Map<String, String> hostile =
        Map.ofEntries(
            Map.entry("HOME", folder.toString()),
            Map.entry("PATH", folder + ":/usr/sbin:/usr/bin:/bin"),
            Map.entry("PERL5LIB", folder.toString()),
            Map.entry("PERL5OPT", "-I" + folder),
            Map.entry("PGSERVICEFILE", folder.resolve("service").toString()),
            Map.entry("PGHOST", "192.0.2.1"),
            Map.entry("PGOPTIONS", "-c log_statement=all"),
            Map.entry("PAM_TYPE", "auth"),
            Map.entry("PAM_USER", GatekeptServer.ROLE),
            Map.entry("PAM_RHOST", "127.0.0.1'; select 1"));
    assertThat(ask(hostile, token).exitCode()).isZero();
    assertThat(
            SERVER.sql().text("select client_addr from latchkey.logins order by at desc limit 1"))
        .as("an address that is none is not recorded")
        .isNull();
    assertThat(GatekeptServer.MARK).doesNotExist();
    for (Path file : List.of(folder.resolve(".psqlrc"), folder.resolve("Socket.pm"), folder)) {
      Files.delete(file);
    }
  }

  @Test
  void theHelperRefusesWhatIsNoQuestion() throws Exception {
    good(install());
    String token = SERVER.access().token();
    Map<String, String> question = Map.of("PAM_TYPE", "auth", "PAM_USER", GatekeptServer.ROLE);
    assertThat(ask(Map.of("PAM_TYPE", "account", "PAM_USER", GatekeptServer.ROLE), token).good())
        .isFalse();
    assertThat(ask(Map.of(), token).good()).isFalse();
    assertThat(ask(question, "").good()).isFalse();
    var closed = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <&-", "sh"));
    closed.addAll(helper());
    assertThat(Program.run(closed, question, new byte[0]).good()).as("closed stdin").isFalse();
    assertThat(ask(question, token + "\0").good()).isTrue();
  }

  @Test
  void theHelperTellsATokenOnlyToAServerOfItsOwnOsUser() throws Exception {
    good(install());
    Program.Outcome asRoot =
        Program.run(
            List.of(
                SERVER.helper().toString(),
                "check",
                SERVER.server().socket().toString(),
                DebianServer.DATABASE));
    assertThat(asRoot.exitCode()).isEqualTo(2);
    assertThat(asRoot.output()).contains("not that of a server of our own OS user");
  }

  @Test
  void aHelperThatIsEndedLetsNobodyIn() throws Exception {
    good(install());
    for (String signal : List.of("TERM", "HUP", "INT", "ALRM", "KILL")) {
      Process helper =
          Program.start(helper(), Map.of("PAM_TYPE", "auth", "PAM_USER", GatekeptServer.ROLE));
      while (helper.descendants().findFirst().isEmpty()) {
        Thread.sleep(5);
      }
      long pid = helper.descendants().findFirst().orElseThrow().pid();
      DebianServer.must(List.of("kill", "-" + signal, Long.toString(pid)));
      assertThat(Program.outcome(helper, new byte[0]).good()).as(signal).isFalse();
    }
  }

  /**
   * Anyone may give his own role a password, and clients fall back to no TLS by themselves: the
   * administrator's line for connections without TLS let him in, also after his grant had ended.
   */
  @Test
  void aPasswordOfANamedRoleGetsNobodyInWithoutTls() {
    String output = good(install("--roles", GatekeptServer.ROLE));
    assertThat(output)
        .contains(
            "over TLS only: gatekept_support",
            "let the roles in as well:",
            "  gatekept_support: line 13 (local all all peer)")
        .doesNotContain("hostnossl all all 127");
    GatekeptServer.Access access = SERVER.access();
    SERVER.sql().execute("alter role gatekept_support password 'back again'");
    try {
      assertThat(SERVER.sqlState(GatekeptServer.ROLE, "back again", "disable")).isEqualTo("28000");
      assertThat(SERVER.sqlState(GatekeptServer.ROLE, "back again", "prefer")).isEqualTo("28000");
      assertThat(SERVER.sqlState(GatekeptServer.ROLE, access.token(), "verify-full")).isEmpty();
    } finally {
      SERVER.sql().execute("alter role gatekept_support password null");
    }
  }

  @Test
  void aPasswordBackdoorThroughAnEarlierLineIsNamedAndClosedByRevoking() throws Exception {
    assertThat(good(install("--dry-run")))
        .contains("  gatekept_support: line 8 (hostnossl all all 127.0.0.1 scram-sha-256)");
    assertThat(good(install()))
        .contains("Without a token", "  gatekept_support: line")
        .doesNotContain("  postgres: line", "latchkey_gatekeeper_pam: line");
    GatekeptServer.Access access = SERVER.access();
    try (Connection session = SERVER.connect(access)) {
      Sql.on(session).execute("alter role gatekept_support password 'back again'");
    }
    var source =
        SERVER.server().dataSource(DebianServer.DATABASE, GatekeptServer.ROLE, "back again");
    source.setSslMode("disable");
    try (Connection backdoor = source.getConnection()) {
      SERVER.sql().rows("select latchkey.revoke_grant(?::uuid, 'test')", access.grantId());
      assertThat(backdoor.isValid(5)).isFalse();
    }
    assertThat(
            SERVER
                .sql()
                .text(
                    "select after::text from latchkey.events where type = 'grant.revoked' and object_id = ?",
                    access.grantId()))
        .contains(
            "\"processes_ended\": 1",
            "gatekept_support from 127.0.0.1 since",
            "\"passwords_taken\": [\"gatekept_support\"]");
    assertThat(SERVER.sqlState(GatekeptServer.ROLE, "back again", "disable")).isEqualTo("28P01");
  }

  // ── Steps ─────────────────────────────────────────────────────────────────────────────────────

  private static List<String> helper() {
    return DebianServer.asPostgres(
        SERVER.helper().toString(), SERVER.server().socket().toString(), DebianServer.DATABASE);
  }

  private static Program.Outcome ask(Map<String, String> environment, String password) {
    return Program.run(helper(), environment, TlsClient.bytes(password));
  }

  private static Program.Outcome install(String... options) {
    try {
      var all = new ArrayList<>(List.of("--unit-dir", SERVER.server().units().toString()));
      all.addAll(Arrays.asList(options));
      return SERVER.server().install(SERVER.service(), all.toArray(String[]::new));
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private static String good(Program.Outcome outcome) {
    assertThat(outcome.good()).as(outcome.output()).isTrue();
    return outcome.output();
  }

  private static String bad(Program.Outcome outcome) {
    assertThat(outcome.good()).as(outcome.output()).isFalse();
    return outcome.output();
  }

  private void assertUntouched() throws IOException {
    assertThat(Files.readString(SERVER.server().hbaFile())).isEqualTo(HBA);
    assertThat(Files.readString(SERVER.server().identFile())).isEqualTo(ident);
    assertThat(DebianServer.pamFile(SERVER.service())).doesNotExist();
    assertThat(SERVER.helper().getParent()).doesNotExist();
    assertThat(DebianServer.state(SERVER.service())).doesNotExist();
    assertThat(
            SERVER
                .sql()
                .number("select count(*) from pg_roles where rolname = 'latchkey_gatekeeper_pam'"))
        .isZero();
  }
}
