package dev.latchkey.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.latchkey.testing.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxCommandTest {
  private static final List<String> FIELDS =
      List.of("url", "host", "port", "database", "role", "token", "socketDir", "adminUrl");

  @TempDir Path temp;

  /** One long story, because each start costs seconds: run, kill, run again, stop. */
  @Test
  void runsUntilInterruptedAndSurvivesBeingKilled() throws Exception {
    Path folder = sandboxWithUnpackedBinaries();
    String port = Integer.toString(FreePort.find());

    Process first = start("sandbox", "--json", "--dir", folder.toString(), "--port", port);
    try (BufferedReader output = first.inputReader()) {
      JsonNode json = new JsonMapper().readTree(output.readLine());
      assertThat(json.properties())
          .extracting(entry -> entry.getKey())
          .containsExactlyElementsOf(FIELDS);
      assertThat(json.path("url").asText())
          .isEqualTo("postgresql://latchkey_admin@127.0.0.1:" + port + "/app");
      assertThat(json.path("token").asText()).hasSize(69).startsWith("jit_");
      assertThat(json.path("url").asText() + json.path("adminUrl").asText())
          .doesNotContain(json.path("token").asText());
      assertThat(signedInAs(json)).isEqualTo("latchkey_admin");

      first.toHandle().destroyForcibly();
      first.waitFor();
      assertThat(output.readLine()).as("one line only").isNull();
    }

    Process second = start("sandbox", "--json", "--dir", folder.toString());
    try (BufferedReader output = second.inputReader()) {
      JsonNode json = new JsonMapper().readTree(output.readLine());
      assertThat(json.path("port").asText()).as("the port is remembered").isEqualTo(port);
      assertThat(signedInAs(json)).isEqualTo("latchkey_admin");
      startedTwiceJoins(folder, json);

      second.destroy();
      second.waitFor();
    }
    assertThat(folder.resolve("server").resolve("data").resolve("postmaster.pid"))
        .as("the server has stopped")
        .doesNotExist();
    assertThat(folder.resolve("state.json")).content().contains("\"ready\" : false");
    Files.delete(folder.resolve("server").resolve("binaries"));
  }

  /** Another process on the same folder enters the same server, and leaves it running. */
  private static void startedTwiceJoins(Path folder, JsonNode running) throws Exception {
    Process another = start("sandbox", "--json", "--dir", folder.toString());
    try (BufferedReader output = another.inputReader()) {
      JsonNode json = new JsonMapper().readTree(output.readLine());
      assertThat(json.path("url")).isEqualTo(running.path("url"));
      assertThat(json.path("token")).as("a token of its own").isNotEqualTo(running.path("token"));
      assertThat(signedInAs(json)).isEqualTo("latchkey_admin");

      another.destroy();
      another.waitFor();
    }
    assertThat(signedInAs(running)).as("the first goes on").isEqualTo("latchkey_admin");
  }

  @Test
  void failsInOneLineWithoutAStackTrace() throws IOException {
    Path letters = Files.createDirectory(temp.resolve("letters"));
    Files.writeString(letters.resolve("letter.txt"), "Dear Jon");

    var foreign = CommandLineRun.of("sandbox", "--dir", letters.toString());
    assertThat(foreign.code()).isEqualTo(1);
    assertThat(foreign.errors())
        .startsWith("latchkey: The folder")
        .contains("not a sandbox's")
        .hasLineCount(1);

    var port =
        CommandLineRun.of("sandbox", "--dir", temp.resolve("none").toString(), "--port", "70000");
    assertThat(port.code()).isEqualTo(1);
    assertThat(port.errors())
        .isEqualToIgnoringNewLines("latchkey: The port must be from 1 to 65535.");
    assertThat(temp.resolve("none")).doesNotExist();
  }

  @Test
  void explainsWhatItDoesNotUnderstand() {
    assertThat(CommandLineRun.of("sandbox", "--port", "many").code()).isEqualTo(2);
    assertThat(CommandLineRun.of("sandbox", "--port", "many").errors())
        .contains("--port")
        .doesNotContain("Exception");
    assertThat(CommandLineRun.of("sand").code()).isEqualTo(2);
    assertThat(CommandLineRun.of().errors()).contains("A command is missing.");
  }

  @Test
  void tellsItsVersionAndHelp() {
    assertThat(CommandLineRun.of("--version").output()).startsWith("latchkey ");
    assertThat(CommandLineRun.of("--version").code()).isZero();
    assertThat(CommandLineRun.of("sandbox", "--help").output())
        .contains("--json", "--reset", "--dir", "--port");
  }

  /** Unpacking takes seconds and is tested elsewhere. */
  private Path sandboxWithUnpackedBinaries() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("sandbox"));
    Files.createFile(folder.resolve("latchkey-sandbox"));
    Path unpacked =
        Files.createDirectories(Path.of("target", "postgres", "binaries").toAbsolutePath());
    Files.createSymbolicLink(
        Files.createDirectory(folder.resolve("server")).resolve("binaries"), unpacked);
    return folder;
  }

  private static Process start(String... arguments) throws IOException {
    return CommandLineRun.program(arguments).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static String signedInAs(JsonNode json) throws Exception {
    var properties = new Properties();
    properties.setProperty("user", json.path("role").asText());
    properties.setProperty("password", json.path("token").asText());
    properties.setProperty("sslmode", "disable");
    String url =
        "jdbc:postgresql://"
            + json.path("host").asText()
            + ":"
            + json.path("port").asText()
            + "/"
            + json.path("database").asText();
    try (Connection connection = DriverManager.getConnection(url, properties);
        var statement = connection.createStatement();
        var row = statement.executeQuery("select latchkey.whoami() ->> 'role'")) {
      row.next();
      return row.getString(1);
    }
  }
}
