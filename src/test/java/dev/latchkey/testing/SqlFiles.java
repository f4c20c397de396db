package dev.latchkey.testing;

import dev.latchkey.database.Migrations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The files of the SQL half, as the build has put them together, and those of before. */
public final class SqlFiles {
  private SqlFiles() {}

  /** All of them in the order in which they run: tables by their versions, then the code. */
  public static List<Path> all() {
    return in(built("/db/migration"));
  }

  /** Functions, views, triggers and privileges, in one text. */
  public static Path code() {
    return built("/db/migration/R__code.sql");
  }

  /** V1 to V8, which databases were made by before. */
  public static List<Path> earlier() {
    return in(earlierFolder());
  }

  /** Where those are. */
  public static Path earlierFolder() {
    return Path.of("src", "test", "resources", "dev", "latchkey", "sql", "v1-v8");
  }

  /** What {@code latchkey.code_version()} has to answer, as the program knows it. */
  public static String codeVersion() {
    return content(built("/db/code-version")).strip();
  }

  public static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** The number in a file's name; the code has none and is last. */
  public static int version(Path file) {
    String name = file.getFileName().toString();
    return name.startsWith("V")
        ? Integer.parseInt(name.substring(1, name.indexOf("__")))
        : Integer.MAX_VALUE;
  }

  private static List<Path> in(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted(Comparator.comparingInt(SqlFiles::version)).toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Path built(String resource) {
    try {
      return Path.of(Migrations.class.getResource(resource).toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
