import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes the migrations out of {@code src/main/sql}: the files of {@code state} as they are, and
 * those of {@code code}, one behind the other in the order that the file {@code order} names, as
 * one repeatable migration. Its last statement stores the SHA-256 of the text before it in the
 * database, and {@code db/code-version} holds it for the program. {@code db/objects} lists what all
 * of them make, for the program to see what is gone; a test compares it with a fresh installation.
 */
final class AssembleSql {
  private static final String CODE = "R__code.sql";
  private static final String GRANTS = "grants.sql";
  private static final Pattern GRANT = Pattern.compile("^grant [^;]+;", Pattern.MULTILINE);
  private static final Pattern MADE =
      Pattern.compile(
          "^(?<indent>[ ']*)create (or replace |unlogged )?(?<kind>schema|table|view|function) (if not exists )?(?<name>[a-z0-9_.]++)(?!.* -- not everywhere$)",
          Pattern.MULTILINE);
  private static final Pattern TRIGGER =
      Pattern.compile("^create or replace trigger (\\w+)[^;]*? on (\\S+)", Pattern.MULTILINE);

  private final Path source;
  private final Path target;

  private AssembleSql(Path source, Path target) {
    this.source = source;
    this.target = target;
  }

  /**
   * Ends with code 1, naming the files, when {@code order} and the folder differ.
   *
   * @param args the folder of the sources, and that of the classes
   */
  public static void main(String[] args) throws IOException {
    var assembly = new AssembleSql(Path.of(args[0]), Path.of(args[1], "db"));
    List<String> order = assembly.order();
    List<String> problems = assembly.problems(order);
    if (problems.isEmpty()) {
      assembly.write(order);
      return;
    }
    problems.forEach(System.err::println);
    System.exit(1);
  }

  private List<String> order() throws IOException {
    return text(source.resolve("code").resolve("order"))
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .toList();
  }

  private List<String> problems(List<String> order) throws IOException {
    Path code = source.resolve("code");
    var unnamed = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(code)) {
      files
          .filter(Files::isRegularFile)
          .map(file -> code.relativize(file).toString().replace('\\', '/'))
          .filter(file -> !file.equals("order"))
          .forEach(unnamed::add);
    }
    List<String> problems = new ArrayList<>();
    for (String file : order) {
      if (!unnamed.remove(file)) {
        problems.add("code/order names " + file + ", which is not there, or names it twice");
      }
    }
    unnamed.forEach(file -> problems.add("code/order does not name " + file));
    return problems;
  }

  private void write(List<String> order) throws IOException {
    Map<String, String> migrations = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(source.resolve("state"))) {
      for (Path file : files.sorted().toList()) {
        migrations.put(file.getFileName().toString(), text(file));
      }
    }
    String code = code(order);
    String version = sha256(code);
    migrations.put(CODE, code + last(version));

    Path folder = target.resolve("migration");
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (!migrations.containsKey(file.getFileName().toString())) {
          Files.delete(file);
        }
      }
    }
    for (var migration : migrations.entrySet()) {
      writeWhereItDiffers(folder.resolve(migration.getKey()), migration.getValue());
    }
    writeWhereItDiffers(target.resolve("code-version"), version + "\n");
    writeWhereItDiffers(target.resolve("objects"), objects(migrations));
    writeWhereItDiffers(target.resolve("uninstall.sql"), text(source.resolve("uninstall.sql")));
  }

  /**
   * One line each: where it comes from ("code", or the number of the file of tables), what it is,
   * and its name, with the types of a function's arguments. What a file of tables makes inside a
   * block stands in schemas that are the application's: it makes it only where it is missing, and
   * functions count there whatever their arguments are. What only some databases have says so at
   * the end of its first line: "-- not everywhere".
   */
  private static String objects(Map<String, String> migrations) {
    var objects = new TreeSet<String>();
    migrations.forEach(
        (file, text) -> {
          boolean isCode = file.equals(CODE);
          String from = isCode ? "code" : file.substring(1, file.indexOf("__"));
          Matcher made = MADE.matcher(text);
          while (made.find()) {
            boolean isOurs =
                made.group("indent").isEmpty() || isCode && made.group("kind").equals("function");
            String name = made.group("name");
            if (isOurs || !isCode && name.matches("(public|auth)[.].+")) {
              String arguments = text.substring(made.end("name"));
              String types = isOurs && arguments.startsWith("(") ? types(arguments) : "";
              objects.add(from + " " + made.group("kind") + " " + name + types);
            }
          }
          Matcher trigger = TRIGGER.matcher(text);
          while (isCode && trigger.find()) {
            objects.add("code trigger " + trigger.group(2) + " " + trigger.group(1));
          }
        });
    return String.join("\n", objects) + "\n";
  }

  /** The types of a list of arguments that begins with a bracket, as PostgreSQL prints them. */
  private static String types(String text) {
    List<String> arguments = new ArrayList<>();
    var argument = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    for (char next : text.toCharArray()) {
      quoted ^= next == '\'';
      depth += quoted ? 0 : next == '(' ? 1 : next == ')' ? -1 : 0;
      if (depth == 0 || depth == 1 && next == ',' && !quoted) {
        arguments.add(argument.substring(1).strip());
        argument.setLength(0);
      }
      if (depth == 0) {
        break;
      }
      argument.append(next);
    }
    return arguments.stream()
        .filter(one -> !one.isEmpty() && !one.startsWith("out "))
        .map(one -> one.replaceFirst("(?s) (default|=) .*", ""))
        .map(one -> one.replaceFirst("^((in|inout|variadic) )?\\S+\\s+", ""))
        .map(type -> type.replace("timestamptz", "timestamp with time zone"))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private String code(List<String> order) throws IOException {
    var code = new StringBuilder("-- Made by the build out of src/main/sql/code.\n");
    for (String file : order) {
      code.append("\n-- ── code/").append(file).append(" ──\n\n");
      code.append(text(source.resolve("code").resolve(file)).strip()).append('\n');
      if (file.equals(GRANTS)) {
        code.append('\n').append(grants(code));
      }
    }
    return code.toString();
  }

  /** Every privilege that is given outside of a block, for the file that takes all of them. */
  private static String grants(CharSequence code) {
    return GRANT.matcher(code).results().map(MatchResult::group).collect(Collectors.joining("\n"))
        + "\n";
  }

  private static String last(String version) {
    return """

    create or replace function latchkey.code_version() returns text
      language sql immutable parallel safe
      return '%s';
    """
        .formatted(version);
  }

  private static String sha256(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The same text, and so the same version, whatever ends its lines where it was checked out. */
  private static String text(Path file) throws IOException {
    return Files.readString(file).replace("\r\n", "\n");
  }

  private static void writeWhereItDiffers(Path file, String text) throws IOException {
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      Files.writeString(file, text);
    }
  }
}
