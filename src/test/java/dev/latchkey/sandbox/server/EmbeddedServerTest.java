package dev.latchkey.sandbox.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.latchkey.sandbox.SandboxException;
import dev.latchkey.testing.Sql;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedServerTest {
  private static final Path BINARIES = Path.of("target", "postgres", "binaries").toAbsolutePath();

  @TempDir Path temp;

  @Test
  void keepsItsDataFromOneStartToTheNext() {
    try (EmbeddedServer server = start(temp.resolve("server"))) {
      sql(server).execute("create table kept (word text); insert into kept values ('yes')");
    }
    try (EmbeddedServer server = start(temp.resolve("server"))) {
      assertThat(server.adopted()).isFalse();
      assertThat(sql(server).text("select word from kept")).isEqualTo("yes");
    }
  }

  @Test
  void isOpenToNobodyButItsOwner() throws IOException {
    try (EmbeddedServer server = start(temp.resolve("server"))) {
      assertThat(
              PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("server"))))
          .isEqualTo("rwx------");
      assertThat(sql(server).text("show listen_addresses")).isEmpty();
      assertThat(sql(server).texts("select type || ' ' || auth_method from pg_hba_file_rules"))
          .containsExactly("local trust");
    }
  }

  @Test
  void writesToTheDiskUnlessItIsForTests() throws IOException {
    Path data = Files.createDirectories(temp.resolve("data"));

    ServerConfiguration.write(data, temp.resolve("socket"), true);
    assertThat(data.resolve("postgresql.conf"))
        .content()
        .contains("fsync = on")
        .doesNotContain("= off\nfull");

    ServerConfiguration.write(data, temp.resolve("socket"), false);
    assertThat(data.resolve("postgresql.conf")).content().contains("fsync = off");
  }

  @Test
  void leavesNoProcessBehindWhenClosed() {
    EmbeddedServer server = start(temp.resolve("server"));
    PostmasterFile postmaster = postmaster(temp.resolve("server"));
    server.close();
    server.close();

    assertThat(postmaster.life(temp.resolve("server").resolve("data")))
        .isEqualTo(PostmasterFile.Life.GONE);
    assertThat(server.address().socket()).doesNotExist();
  }

  @Test
  void adoptsTheServerOfAKilledProcess() throws Exception {
    ServerChild.startAndKill(temp.resolve("server"), BINARIES);
    PostmasterFile postmaster = postmaster(temp.resolve("server"));

    try (EmbeddedServer server = start(temp.resolve("server"))) {
      assertThat(server.adopted()).isTrue();
      assertThat(postmaster(temp.resolve("server"))).isEqualTo(postmaster);
      assertThat(sql(server).number("select 1")).isEqualTo(1);
    }
    assertThat(postmaster.life(temp.resolve("server").resolve("data")))
        .isEqualTo(PostmasterFile.Life.GONE);
  }

  @Test
  void recoversFromAKilledServer() throws Exception {
    try (EmbeddedServer server = start(temp.resolve("server"))) {
      sql(server).execute("create table kept as select 'yes' as word");
      ProcessHandle.of(postmaster(temp.resolve("server")).pid()).orElseThrow().destroyForcibly();
      awaitEnd(server);
    }
    try (EmbeddedServer server = start(temp.resolve("server"))) {
      assertThat(sql(server).text("select word from kept")).isEqualTo("yes");
    }
  }

  @Test
  void takesAProcessNumberThatNowBelongsToAnotherProgramForStale() throws IOException {
    start(temp.resolve("server")).close();
    Path data = temp.resolve("server").resolve("data");
    Files.writeString(
        data.resolve("postmaster.pid"),
        ProcessHandle.current().pid() + "\n" + data + "\n1\n5432\n/nowhere\n\n1 1\nready\n");

    try (EmbeddedServer server = start(temp.resolve("server"))) {
      assertThat(server.adopted()).isFalse();
    }
  }

  @Test
  void closesItsDataAgainAfterACopyHasOpenedIt() throws IOException {
    start(temp.resolve("server")).close();
    Path data = temp.resolve("server").resolve("data");
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));

    try (EmbeddedServer server = start(temp.resolve("server"))) {
      assertThat(server.running()).isTrue();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void takesAnUnreadableProcessFileForStale() throws IOException {
    start(temp.resolve("server")).close();
    Files.writeString(temp.resolve("server").resolve("data").resolve("postmaster.pid"), "\0\0\0");

    try (EmbeddedServer server = start(temp.resolve("server"))) {
      assertThat(server.running()).isTrue();
    }
  }

  @Test
  void refusesAFolderThatIsInUse() {
    try (EmbeddedServer server = start(temp.resolve("server"))) {
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(() -> start(temp.resolve("server")))
          .withMessageContaining("in use");
      assertThat(sql(server).number("select 1")).isEqualTo(1);
    }
  }

  @Test
  void worksInAFolderWithBlanksQuotesAndUmlauts() {
    assumeTrue(
        Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder().canEncode('ü'),
        "this locale has no such file names");
    try (EmbeddedServer server = start(temp.resolve("Müller's & Söhne, (new)"))) {
      assertThat(sql(server).number("select 1")).isEqualTo(1);
      assertThat(server.address().uri("app", "postgres"))
          .contains("M%C3%BCller%27s%20%26%20S%C3%B6hne");
    }
  }

  @Test
  void putsTheSocketElsewhereWhereThePathIsTooLong() {
    Path folder = temp.resolve("deep".repeat(20)).resolve("deeper".repeat(20));
    EmbeddedServer server = start(folder);
    Path sockets = server.address().socketFolder();
    try (server) {
      assertThat(sql(server).number("select 1")).isEqualTo(1);
      assertThat(sockets).isNotEqualTo(folder.resolve("socket")).isDirectory();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sockets)))
          .isEqualTo("rwx------");
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
    assertThat(sockets).doesNotExist();
  }

  @Test
  void refusesAPathThatAShellWouldInterpret() {
    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> start(temp.resolve("$(touch owned)")))
        .withMessageContaining("a character that PostgreSQL's programs cannot handle");
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void saysWhenAFileIsInTheWay() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "not a folder");

    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> start(file))
        .withMessageContaining("a file of that name is in the way");
    assertThat(file).hasContent("not a folder");
  }

  @Test
  void saysWhenTheFolderCannotBeWritten() {
    Path kernel = Path.of("/proc/latchkey");
    assumeTrue(
        Files.isDirectory(kernel.getParent()), "a place where nobody, root included, may write");

    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> start(kernel))
        .withMessageContaining("cannot be used");
  }

  @Test
  void ignoresWhatAnInterruptedFirstStartHasLeft() throws IOException {
    Path binaries = temp.resolve("binaries");
    Files.createDirectories(binaries.resolve("unpacking-1").resolve("bin"));
    Path half = Files.createDirectories(temp.resolve("server").resolve("data.unfinished"));
    Files.writeString(half.resolve("PG_VERSION"), "17\n");

    try (EmbeddedServer server =
        EmbeddedServer.start(ServerSettings.fleeting(temp.resolve("server"), binaries))) {
      assertThat(sql(server).number("select 1")).isEqualTo(1);
      assertThat(half).doesNotExist();
    }
  }

  @Test
  void saysThatRootNeedsANamespaceWhereThatIsForbidden() {
    var binaries = ServerBinaries.unpack(BINARIES, ServerArchive.carried());
    var forbidden = new ServerPrograms(binaries, temp, List.of("false"));
    var missing = new ServerPrograms(binaries, temp, List.of("no-such-program"));

    for (ServerPrograms programs : List.of(forbidden, missing)) {
      assertThatExceptionOfType(SandboxException.class)
          .isThrownBy(programs::requireUsableAccount)
          .withMessageContaining("PostgreSQL refuses to run as root")
          .withMessageContaining("Start Latchkey as an ordinary user.");
    }
  }

  @Test
  void refusesAFolderOfSomebodyElse() throws IOException {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root can give a folder away");
    Path folder = Files.createDirectory(temp.resolve("theirs"));
    Files.setAttribute(folder, "unix:uid", 65534);

    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> start(folder))
        .withMessageContaining("it belongs to another user");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesDataOfAnotherMajorVersion() throws IOException {
    start(temp.resolve("server")).close();
    Files.writeString(temp.resolve("server").resolve("data").resolve("PG_VERSION"), "12\n");

    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> start(temp.resolve("server")))
        .withMessageContaining("made by PostgreSQL 12");
  }

  @Test
  void saysWhyAServerDoesNotStart() throws IOException {
    start(temp.resolve("server")).close();
    Files.delete(temp.resolve("server").resolve("data").resolve("global").resolve("pg_control"));

    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> start(temp.resolve("server")))
        .withMessageContaining("The server did not start")
        .withMessageContaining("server.log");
  }

  private static EmbeddedServer start(Path folder) {
    return EmbeddedServer.start(ServerSettings.fleeting(folder, BINARIES));
  }

  private static Sql sql(EmbeddedServer server) {
    return Sql.on(server.address().dataSource("postgres", "postgres"));
  }

  private static void awaitEnd(EmbeddedServer server) throws InterruptedException {
    while (server.running()) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  private static PostmasterFile postmaster(Path folder) {
    return PostmasterFile.read(folder.resolve("data")).orElseThrow();
  }
}
