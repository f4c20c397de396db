import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions.Style;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs google-java-format over every Java file below a folder, in a JVM of its own: the formatter
 * reads Java with the compiler it runs on, and Maven's own Java may be too old for our sources.
 */
final class Format {
  private Format() {}

  /**
   * {@code write} puts files in form; {@code check} ends with code 1 and names those that are not.
   */
  public static void main(String[] args) throws Exception {
    boolean write = args[0].equals("write");
    List<Path> wrong = new ArrayList<>();
    try (var files = Files.walk(Path.of(args[1]))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        if (!format(file, write)) {
          wrong.add(file);
        }
      }
    }
    if (wrong.isEmpty() || write) {
      return;
    }
    System.err.println("Not formatted (mvn -q compile exec:exec@format mends it):");
    wrong.forEach(file -> System.err.println("  " + file));
    System.exit(1);
  }

  private static boolean format(Path file, boolean write) throws IOException {
    String source = Files.readString(file);
    try {
      String tidy =
          new Formatter()
              .formatSource(
                  ImportOrderer.reorderImports(
                      RemoveUnusedImports.removeUnusedImports(source), Style.GOOGLE));
      if (tidy.equals(source)) {
        return true;
      }
      if (write) {
        Files.writeString(file, tidy);
      }
      return false;
    } catch (com.google.googlejavaformat.java.FormatterException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }
}
