package dev.latchkey.database;

import java.util.Locale;
import java.util.Optional;

/**
 * One thing that installing makes, and that has to be there afterwards.
 *
 * @param file the number of the file of tables that makes it; 0 when the code does
 * @param schema its own name for a schema
 * @param name of the schema, table, view or function; for a trigger, of its table
 * @param detail the types of a function's arguments, as PostgreSQL prints them, or none where those
 *     do not matter; the name of a trigger; none for others
 */
public record SchemaObject(
    int file, Kind kind, String schema, String name, Optional<String> detail) {
  /** What it can be. */
  public enum Kind {
    SCHEMA,
    TABLE,
    VIEW,
    FUNCTION,
    TRIGGER;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What says which tables there are. */
  static final SchemaObject VERSION = of("code function latchkey.schema_version()");

  /** The files up to this one make, in other words, what V1 to V8 made. */
  private static final int LAST_REPLACING = 13;

  private static final int LAST_REPLACED = 8;

  /** A line of the list that the build makes: where it comes from, its kind, its name, the rest. */
  static SchemaObject of(String line) {
    String[] parts = line.split(" ", 3);
    Kind kind = Kind.valueOf(parts[1].toUpperCase(Locale.ROOT));
    int file = parts[0].equals("code") ? 0 : Integer.parseInt(parts[0]);
    if (kind == Kind.SCHEMA) {
      return new SchemaObject(file, kind, parts[2], parts[2], Optional.empty());
    }
    int dot = parts[2].indexOf('.');
    String schema = parts[2].substring(0, dot);
    String rest = parts[2].substring(dot + 1);
    int end = rest.indexOf(kind == Kind.TRIGGER ? ' ' : '(');
    return end < 0
        ? new SchemaObject(file, kind, schema, rest, Optional.empty())
        : new SchemaObject(
            file,
            kind,
            schema,
            rest.substring(0, end),
            Optional.of(rest.substring(end + 1).replaceFirst("[)]$", "")));
  }

  /** Whether a database with that version of the tables has it, whichever functions it has. */
  boolean isOfTables(int version) {
    boolean replaced = version == LAST_REPLACED && file <= LAST_REPLACING;
    return file > 0 && (file <= version || replaced);
  }

  /** What it is found by in the catalogue; types without their schemas. */
  String key() {
    return switch (kind) {
      case SCHEMA, TABLE, VIEW -> toString();
      case FUNCTION ->
          "function %s.%s%s".formatted(schema, name, detail.map(SchemaObject::bare).orElse(""));
      case TRIGGER -> "trigger %s.%s %s".formatted(schema, name, detail.orElse(""));
    };
  }

  private static String bare(String types) {
    return "(" + types.replaceAll("[a-z_]+[.]", "") + ")";
  }

  /** As SQL names it: "view latchkey.keys". */
  @Override
  public String toString() {
    return switch (kind) {
      case SCHEMA -> "schema " + name;
      case TABLE, VIEW -> "%s %s.%s".formatted(kind.word(), schema, name);
      case FUNCTION ->
          "function %s.%s%s".formatted(schema, name, detail.map("(%s)"::formatted).orElse("()"));
      case TRIGGER -> "trigger %s on %s.%s".formatted(detail.orElse(""), schema, name);
    };
  }
}
