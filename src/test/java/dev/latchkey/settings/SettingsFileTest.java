package dev.latchkey.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsFileTest {
  @TempDir Path folder;

  @Test
  void whatIsSavedIsLoaded() throws IOException {
    file().save("grün");
    assertThat(file().load().value()).contains("grün");
    assertThat(file().load().problem()).isEmpty();
  }

  @Test
  void aMissingFileIsNoProblem() {
    assertThat(file().load().value()).isEmpty();
    assertThat(file().load().problem()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "\"unfinished", "{\"other\": 1}", "\u0000\u0001", "[[[["})
  void aDamagedFileIsKeptAsideAndTold(String content) throws IOException {
    Files.writeString(path(), content);
    SettingsFile.Loaded<String> loaded = file().load();
    assertThat(loaded.value()).isEmpty();
    assertThat(loaded.problem()).get().asString().contains("damaged", "settings.json.broken");
    assertThat(folder.resolve("settings.json.broken")).content().isEqualTo(content);
    assertThat(path()).doesNotExist();
  }

  @Test
  void aSecondDamagedFileDoesNotOverwriteTheFirst() throws IOException {
    Files.writeString(path(), "{one");
    file().load();
    Files.writeString(path(), "{two");
    file().load();
    assertThat(folder.resolve("settings.json.broken")).content().isEqualTo("{one");
    assertThat(folder.resolve("settings.json.broken-2")).content().isEqualTo("{two");
  }

  @Test
  void bytesThatAreNoTextAreADamagedFile() throws IOException {
    Files.write(path(), new byte[] {(byte) 0xff, (byte) 0xfe, 0x22});
    assertThat(file().load().problem()).isPresent();
  }

  @Test
  void aFileThatCannotBeReplacedIsToldAndNothingIsLeftBehind() throws IOException {
    Files.createDirectories(path().resolve("in-the-way"));
    assertThatThrownBy(() -> file().save("x")).isInstanceOf(IOException.class);
    try (var left = Files.list(folder)) {
      assertThat(left).containsExactly(path());
    }
  }

  @Test
  void onlyTheAccountMayReadIt() throws IOException {
    file().save("x");
    assertThat(Files.getPosixFilePermissions(path()))
        .containsExactlyInAnyOrder(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  }

  @Test
  void everySystemHasItsUsualFolder() {
    Path home = Path.of("/home/me");
    assertThat(SettingsFolder.standard("Linux", home, Map.of()))
        .isEqualTo(Path.of("/home/me/.config/latchkey"));
    assertThat(SettingsFolder.standard("Linux", home, Map.of("XDG_CONFIG_HOME", "/elsewhere")))
        .isEqualTo(Path.of("/elsewhere/latchkey"));
    assertThat(SettingsFolder.standard("Linux", home, Map.of("XDG_CONFIG_HOME", "relative")))
        .isEqualTo(Path.of("/home/me/.config/latchkey"));
    assertThat(SettingsFolder.standard("Mac OS X", home, Map.of()))
        .isEqualTo(Path.of("/home/me/Library/Application Support/Latchkey"));
  }

  private Path path() {
    return folder.resolve("settings.json");
  }

  private SettingsFile<String> file() {
    return new SettingsFile<>(
        path(),
        node -> {
          if (!node.isTextual()) {
            throw new IllegalArgumentException("no text");
          }
          return node.asText();
        },
        TextNode::new);
  }
}
