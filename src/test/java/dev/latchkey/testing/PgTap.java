package dev.latchkey.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * pgTAP as one SQL script: it needs no library, so that a server which has no such extension can
 * run it too.
 *
 * @param script makes pgTAP's functions in the first schema of the search path
 */
public record PgTap(Path script) {
  /** Where the packages of Debian, Fedora, Homebrew and a build from source put extensions. */
  private static final List<String> PLACES =
      List.of(
          "/usr/share/postgresql",
          "/usr/share/pgsql",
          "/opt/homebrew/share",
          "/usr/local/share",
          "/usr/local/pgsql/share");

  private static final Pattern SCRIPT = Pattern.compile("pgtap--[0-9.]+\\.sql");
  private static final int DEPTH = 4;

  /** The newest that is installed on this machine, for whatever major version. */
  public static Optional<PgTap> installed() {
    return PLACES.stream()
        .map(Path::of)
        .filter(Files::isDirectory)
        .flatMap(PgTap::scripts)
        .max(Comparator.comparing(Path::getFileName).thenComparing(Comparator.naturalOrder()))
        .map(PgTap::new);
  }

  /** Makes pgTAP's functions in a schema {@code tap}, for everybody to call. */
  public void installInto(Sql sql) {
    try {
      sql.execute(
          "create schema tap; grant usage on schema tap to public; set search_path = tap;"
              + " set check_function_bodies = off; "
              + Files.readString(script)
              + "; reset search_path");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Stream<Path> scripts(Path place) {
    try (Stream<Path> files =
        Files.find(
            place,
            DEPTH,
            (file, _) ->
                SCRIPT.matcher(file.getFileName().toString()).matches()
                    && file.getParent().endsWith("extension"))) {
      return files.toList().stream();
    } catch (IOException | UncheckedIOException unreadable) {
      return Stream.empty();
    }
  }
}
