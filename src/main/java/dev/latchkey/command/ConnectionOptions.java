package dev.latchkey.command;

import dev.latchkey.change.Environment;
import dev.latchkey.connect.ConnectionText;
import dev.latchkey.database.Endpoint;
import dev.latchkey.database.SchemaInstallation;
import dev.latchkey.database.Session;
import dev.latchkey.database.SignIn;
import dev.latchkey.database.TlsMode;
import dev.latchkey.doctor.Patient;
import dev.latchkey.token.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/**
 * Where the database is and how one enters it. The token is never an argument: every user of the
 * machine can read those.
 */
final class ConnectionOptions {
  private static final int LONGEST_TOKEN = 65_536;

  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--url",
      required = true,
      paramLabel = "URL",
      description = {
        "postgresql://role@host:port/database, without a password.",
        "The token or password is taken from --token-file, else from LATCHKEY_TOKEN or PGPASSWORD, else it is asked for."
      })
  private String url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "A file whose first line is the token; - is standard input.")
  private Optional<Path> tokenFile;

  @Option(
      names = "--tls",
      paramLabel = "MODE",
      description =
          "verify-full, verify-ca, require or disable. Without it: as the URL says, else verify-full, or disable on this machine.")
  private Optional<String> tls;

  @Option(
      names = "--root-cert",
      paramLabel = "FILE",
      description = "Certificates to trust, instead of the system's.")
  private Optional<Path> rootCertificate;

  /** Signs in once; the caller closes the session's database. */
  Session signIn() {
    Endpoint endpoint = endpoint();
    try (Secret token = token()) {
      return new SignIn().into(endpoint, Environment.DEVELOPMENT, token);
    }
  }

  /** For the schema, which {@link #signIn} expects to be there; the caller closes it. */
  SchemaInstallation installation() {
    Endpoint endpoint = endpoint();
    try (Secret token = token()) {
      return new SchemaInstallation(endpoint, token);
    }
  }

  /** For the doctor: the token as it was given, or none where nobody gives one; to be closed. */
  Patient patient() {
    Endpoint endpoint = endpoint();
    Optional<Secret> given = given();
    if (given.isEmpty() && Keyboard.isThere()) {
      given =
          Optional.of(Keyboard.secret("Token (none to look at the way there only): "))
              .filter(token -> !token.isEmpty());
    }
    return given
        .map(token -> new Patient(endpoint, token, Optional.empty()))
        .orElseGet(() -> Patient.withoutToken(endpoint));
  }

  private Endpoint endpoint() {
    return switch (ConnectionText.of(url)) {
      case ConnectionText.Empty() -> throw wrong("--url is empty.");
      case ConnectionText.Wrong(String sentence) -> throw wrong("--url: " + sentence);
      case ConnectionText.Found found -> endpoint(found);
    };
  }

  private Endpoint endpoint(ConnectionText.Found found) {
    if (found.password().isPresent()) {
      found.password().get().close();
      throw wrong(
          "--url holds a password, which everybody on this machine could read. Put it into --token-file or LATCHKEY_TOKEN.");
    }
    String role = found.role().orElseThrow(() -> wrong("--url names no role."));
    TlsMode usual = Endpoint.isLoopback(found.host()) ? TlsMode.DISABLE : TlsMode.VERIFY_FULL;
    return new Endpoint(
        found.host(),
        found.port().orElse(5432),
        found.database().orElse(role),
        role,
        tls.map(this::mode).or(found::tls).orElse(usual),
        rootCertificate.or(found::rootCertificate),
        found.options().orElse(""));
  }

  private TlsMode mode(String name) {
    return Arrays.stream(TlsMode.values())
        .filter(mode -> mode.parameter().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                wrong(
                    "--tls must be "
                        + Arrays.stream(TlsMode.values())
                            .map(TlsMode::parameter)
                            .collect(Collectors.joining(", "))
                        + "."));
  }

  private Secret token() {
    Secret token = given().orElseGet(this::asked);
    if (token.isEmpty()) {
      throw wrong("The token is empty.");
    }
    return token;
  }

  private Optional<Secret> given() {
    return tokenFile.map(this::fromFile).or(ConnectionOptions::fromEnvironment);
  }

  private Secret fromFile(Path file) {
    try (BufferedReader lines =
        file.toString().equals("-")
            ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
            : Files.newBufferedReader(file)) {
      try (Secret line = firstLine(lines)) {
        return line.trimmed();
      }
    } catch (IOException unreadable) {
      throw wrong("--token-file: " + file + " cannot be read.");
    }
  }

  private Secret firstLine(Reader text) throws IOException {
    char[] line = new char[LONGEST_TOKEN];
    try {
      int length = 0;
      for (int next = text.read(); next >= 0 && next != '\n'; next = text.read()) {
        if (length == line.length) {
          throw wrong("--token-file: the first line is too long for a token.");
        }
        line[length++] = (char) next;
      }
      return Secret.of(CharBuffer.wrap(line, 0, length));
    } finally {
      Arrays.fill(line, '\0');
    }
  }

  private static Optional<Secret> fromEnvironment() {
    return Optional.ofNullable(System.getenv("LATCHKEY_TOKEN"))
        .or(() -> Optional.ofNullable(System.getenv("PGPASSWORD")))
        .filter(text -> !text.isBlank())
        .map(Secret::of);
  }

  private Secret asked() {
    if (!Keyboard.isThere()) {
      throw wrong("There is no token: set LATCHKEY_TOKEN, or give a --token-file.");
    }
    return Keyboard.secret("Token: ");
  }

  private ParameterException wrong(String sentence) {
    return new ParameterException(command.commandLine(), sentence);
  }
}
