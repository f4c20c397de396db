package dev.latchkey.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a database that this program installed in has. The build reads it out of the SQL that the
 * program carries, so that it cannot be forgotten when a function is added, and a test compares it
 * with what a fresh installation makes, so that nothing is read wrongly.
 *
 * @param code what {@code latchkey.code_version()} answers: the SHA-256, in hex, of the text that
 *     made the functions
 * @param objects schemas, tables, views, functions and triggers. Columns, indexes, constraints,
 *     policies, privileges and roles are not among them: whoever changed those had a reason, or
 *     finds out by a clear message of PostgreSQL's
 */
public record SchemaNeeds(String code, List<SchemaObject> objects) {
  /** Of this program. */
  public static SchemaNeeds ofThisProgram() {
    return new SchemaNeeds(
        read("/db/code-version").strip(),
        read("/db/objects").lines().map(SchemaObject::of).toList());
  }

  private static String read(String name) {
    try (InputStream resource = SchemaNeeds.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IOException("missing resource " + name);
      }
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }
}
