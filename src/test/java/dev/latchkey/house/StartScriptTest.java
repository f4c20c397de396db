package dev.latchkey.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The start script with Javas that only say which one was chosen and with what. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is for a POSIX shell")
final class StartScriptTest {
  @TempDir Path folder;

  private Path script;

  @BeforeEach
  void install() throws IOException {
    Path bin = Files.createDirectories(folder.resolve("a place with blanks").resolve("bin"));
    script = Files.copy(Path.of("src/main/bin/latchkey"), bin.resolve("latchkey"));
    Files.createDirectories(bin.resolveSibling("lib"));
  }

  @Test
  void takesTheJavaOfJavaHome() throws Exception {
    Path home = java("mine", "25.0.3");

    Run run = run(Map.of("JAVA_HOME", home.toString()), "sandbox", "two words");

    assertThat(run.output()).startsWith("mine --enable-native-access=ALL-UNNAMED -cp ");
    assertThat(run.output())
        .contains("/a place with blanks/lib/* dev.latchkey.Main sandbox two words");
    assertThat(run.code()).isZero();
  }

  @Test
  void passesOverAJavaThatIsTooOld() throws Exception {
    Path old = java("old", "17.0.15");
    Path onPath = java("path", "26-ea");

    Run run =
        run(Map.of("JAVA_HOME", old.toString(), "PATH", onPath.resolve("bin") + ":/usr/bin:/bin"));

    assertThat(run.output()).startsWith("path ");
  }

  @Test
  void followsTheLinkThatItWasStartedBy() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("lk"), script);
    Path home = java("mine", "25");

    Run run = run(link, Map.of("JAVA_HOME", home.toString()));

    assertThat(run.output()).contains("/a place with blanks/lib/*");
  }

  @Test
  void saysClearlyThatThereIsNone() throws Exception {
    String text =
        Files.readString(script)
            .replaceAll("(?m)for home in (.|\\n)*?; do", "for home in /none; do");
    Files.writeString(script, text);

    Run run = run(Map.of("JAVA_HOME", java("old", "21.0.1").toString(), "PATH", "/usr/bin:/bin"));

    assumeTrue(run.code() != 0, "a Java that is new enough is in /usr/bin, and rightly taken");
    assertThat(run.code()).isEqualTo(78);
    assertThat(run.output())
        .contains("Latchkey needs Java 25 or newer and found none.")
        .contains("Install a JDK 25, or set JAVA_HOME to its folder.");
  }

  private Path java(String name, String version) throws IOException {
    Path home = folder.resolve(name);
    Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho " + name + " \"$@\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private Run run(Map<String, String> environment, String... arguments) throws Exception {
    return run(script, environment, arguments);
  }

  private static Run run(Path start, Map<String, String> environment, String... arguments)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().addAll(List.of("sh", start.toString()));
    builder.command().addAll(List.of(arguments));
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/bin:/bin");
    builder.environment().put("HOME", "/nonexistent");
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Run(process.exitValue(), output);
  }

  private record Run(int code, String output) {}
}
