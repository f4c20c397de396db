package dev.latchkey.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.latchkey.sandbox.server.ServerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxFolderTest {
  private static final Path HOME = Path.of("/home/mara");

  @TempDir Path temp;

  @Test
  void isWhereEachSystemKeepsTheDataOfPrograms() {
    assertThat(SandboxFolder.standard("Linux", HOME, Map.of()))
        .isEqualTo(HOME.resolve(".local/share/latchkey/sandbox"));
    assertThat(SandboxFolder.standard("Linux", HOME, Map.of("XDG_DATA_HOME", "/data")))
        .isEqualTo(Path.of("/data/latchkey/sandbox"));
    assertThat(
            SandboxFolder.standard("Linux", HOME, Map.of("XDG_DATA_HOME", "relative/is/ignored")))
        .isEqualTo(HOME.resolve(".local/share/latchkey/sandbox"));
    assertThat(SandboxFolder.standard("Mac OS X", HOME, Map.of()))
        .isEqualTo(HOME.resolve("Library/Application Support/Latchkey/sandbox"));
    assertThat(SandboxFolder.standard("Windows 11", HOME, Map.of("LOCALAPPDATA", "/local")))
        .isEqualTo(Path.of("/local/Latchkey/sandbox"));
    assertThat(SandboxFolder.standard("Windows 11", HOME, Map.of()))
        .isEqualTo(HOME.resolve("AppData/Local/Latchkey/sandbox"));
  }

  @Test
  void leavesAFolderAloneThatHoldsSomethingElse() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("letters"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path letter = Files.writeString(folder.resolve("letter.txt"), "Dear Jon");

    assertThatExceptionOfType(SandboxException.class)
        .isThrownBy(() -> SandboxFolder.prepare(folder))
        .withMessageContaining("holds files that are not a sandbox's");
    assertThatExceptionOfType(SandboxException.class).isThrownBy(() -> Sandbox.reset(folder));

    assertThat(letter).hasContent("Dear Jon");
    assertThat(folder).isDirectoryNotContaining(file -> !file.equals(letter));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwxr-xr-x");
  }

  @Test
  void takesAnEmptyFolderAndClosesItToOthers() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("empty"));

    SandboxFolder.prepare(folder);

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
  }

  @Test
  void resetKeepsWhatALinkPointsTo() throws IOException {
    Path outside =
        Files.writeString(
            Files.createDirectory(temp.resolve("outside")).resolve("kept.txt"), "kept");
    SandboxFolder folder = SandboxFolder.prepare(temp.resolve("sandbox"));
    Files.createSymbolicLink(folder.path().resolve("link"), outside.getParent());

    Sandbox.reset(temp.resolve("sandbox"));

    assertThat(folder.path().resolve("link")).doesNotExist();
    assertThat(outside).hasContent("kept");
  }

  @Test
  void takesAStateFileThatCannotBeUnderstoodForNone() throws IOException {
    Path file = temp.resolve("state.json");

    assertThat(SandboxState.read(file)).isEmpty();
    for (String corrupt :
        new String[] {
          "",
          "{",
          "[]",
          "null",
          "{\"pid\":1}",
          "{\"pid\":\"x\",\"gatePort\":54329}",
          "{\"pid\":1,\"gatePort\":99999}",
          "\0\0\0"
        }) {
      Files.writeString(file, corrupt);
      assertThat(SandboxState.read(file)).as(corrupt).isEmpty();
    }
  }

  @Test
  void doesNotJoinAProcessThatIsGone() {
    var address = new ServerAddress(temp, 5432);

    assertThat(SandboxState.ready(ProcessHandle.current().pid(), 54329, address).joinable())
        .isTrue();
    assertThat(SandboxState.ready(2_000_000_000L, 54329, address).joinable()).isFalse();
    assertThat(SandboxState.starting(ProcessHandle.current().pid(), 54329).joinable()).isFalse();
  }
}
