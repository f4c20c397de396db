package dev.latchkey.database;

import dev.latchkey.rows.Failure;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of Latchkey's SQL half a database has, or what there is in its place. Says so in a sentence,
 * and what installing would do.
 */
public sealed interface SchemaState {
  /** The version that this console was made for. */
  int NEEDED = 18;

  /** What was found, in one plain sentence. */
  String sentence();

  /** What installing would do, and what it would leave alone. */
  String plan();

  /** Whether installing would change something and is not refused. */
  boolean installs();

  /** What stands in the way of working with the database; empty when nothing does. */
  Optional<Failure> obstacle(Endpoint endpoint);

  /** Tables that are gone and that installing makes again, without any row. */
  default List<String> comeBackEmpty() {
    return List.of();
  }

  /** The database has nothing of it. */
  sealed interface NotInstalled extends SchemaState {
    @Override
    default boolean installs() {
      return true;
    }

    @Override
    default Optional<Failure> obstacle(Endpoint endpoint) {
      return Optional.of(new DatabaseFailure.SchemaMissing(endpoint.place()));
    }
  }

  /** Nothing that Latchkey knows or would touch. */
  record Missing() implements NotInstalled {
    @Override
    public String sentence() {
      return "This database has no Latchkey schema.";
    }

    @Override
    public String plan() {
      return "Installing makes schemas, roles and functions; nothing of yours is touched.";
    }
  }

  /** One or both of the published designs, which installing takes over. */
  sealed interface Published extends NotInstalled {}

  /**
   * API keys in schema api_keys_private with hashes by bcrypt, and their log.
   *
   * @param keys of all states
   * @param lines of the log
   */
  record PrivateSchemaDesign(Count keys, Count lines) implements Published {
    @Override
    public String sentence() {
      return "This database has API keys of the published private-schema design: %s and %s."
          .formatted(keys.of("key", "keys"), lines.of("log line", "log lines"));
    }

    @Override
    public String plan() {
      return """
          Installing takes over every key and log line. The keys go on working and get a fast hash at their first use. \
          The published functions are replaced by those of the same names, which anon may not call; \
          role api_key leaves anon and keeps what its policies need."""
          .strip();
    }
  }

  /**
   * API keys in public.api_keys that are a KSUID followed by a secret.
   *
   * @param keys all of them
   */
  record KsuidDesign(Count keys) implements Published {
    @Override
    public String sentence() {
      return "This database has API keys of the published KSUID design: %s."
          .formatted(keys.of("key", "keys"));
    }

    @Override
    public String plan() {
      return """
          Installing adopts every key into its client's personal account. The keys go on working. \
          The published functions stay where their clients call them, by the names of their arguments. \
          The table stays as api_keys_private.adopted_ksuid_keys, unused."""
          .strip();
    }
  }

  /**
   * Both published designs.
   *
   * @param privateSchema the one in schema api_keys_private
   * @param ksuid the one in schema public
   */
  record BothDesigns(PrivateSchemaDesign privateSchema, KsuidDesign ksuid) implements Published {
    @Override
    public String sentence() {
      return "This database has API keys of both published designs: %s and %s in schema api_keys_private, and %s in public.api_keys."
          .formatted(
              privateSchema.keys().of("key", "keys"),
              privateSchema.lines().of("log line", "log lines"),
              ksuid.keys().of("key", "keys"));
    }

    @Override
    public String plan() {
      return """
          Installing takes over every key and log line, and adopts the keys of public.api_keys into their clients' \
          personal accounts. All go on working. The published functions are replaced by those of the same names, which anon \
          may not call; those of the KSUID design stay beside them, called by the names of their arguments. Role api_key leaves anon and keeps what its policies need."""
          .strip();
    }
  }

  /**
   * Something in the schemas, or by the names, that Latchkey uses, and not known to it.
   *
   * @param what it is, as SQL names it
   */
  record Unknown(String what) implements NotInstalled {
    @Override
    public String sentence() {
      return "This database has something that Latchkey does not know: %s.".formatted(what);
    }

    @Override
    public String plan() {
      return "Installing is refused, so that nothing of yours is replaced. Rename or remove it first.";
    }

    @Override
    public boolean installs() {
      return false;
    }
  }

  /** An earlier version. */
  record Older(int version) implements SchemaState {
    @Override
    public String sentence() {
      return "The Latchkey schema here is version %d; this program needs version %d."
          .formatted(version, NEEDED);
    }

    @Override
    public String plan() {
      return "Installing brings it to version %d. Keys, logs and settings stay.".formatted(NEEDED);
    }

    @Override
    public boolean installs() {
      return true;
    }

    @Override
    public Optional<Failure> obstacle(Endpoint endpoint) {
      return Optional.of(new DatabaseFailure.SchemaOlder(version, NEEDED));
    }
  }

  /** The version that this console was made for. */
  record Current() implements SchemaState {
    @Override
    public String sentence() {
      return "The Latchkey schema here is version %d, which is current.".formatted(NEEDED);
    }

    @Override
    public String plan() {
      return "Installing would change nothing.";
    }

    @Override
    public boolean installs() {
      return false;
    }

    @Override
    public Optional<Failure> obstacle(Endpoint endpoint) {
      return Optional.empty();
    }
  }

  /**
   * The tables are as this console needs them, the functions and views are others. Of two texts
   * with the same tables it cannot be told which is the newer: a release raises the version of the
   * tables for that, if only by a file that changes nothing, so that this is between releases, or
   * made by somebody's own hand.
   *
   * @param found the code's version there; empty where nothing that could be one is told
   * @param needed that of this program
   */
  record Stale(Optional<String> found, String needed) implements SchemaState {
    private static final int ENOUGH = 12;

    @Override
    public String sentence() {
      return "The Latchkey schema here is version %d, but its functions are not those of this program: %s."
          .formatted(NEEDED, difference(found, needed));
    }

    @Override
    public String plan() {
      return """
          Installing replaces them by this program's. Keys, logs and settings stay. Which of the two is newer cannot be \
          told: if it is theirs, update Latchkey on this machine instead."""
          .strip();
    }

    @Override
    public boolean installs() {
      return true;
    }

    @Override
    public Optional<Failure> obstacle(Endpoint endpoint) {
      return Optional.of(new DatabaseFailure.SchemaStale(difference(found, needed)));
    }

    private static String difference(Optional<String> found, String needed) {
      return found
          .map(code -> "code %s instead of %s".formatted(shortened(code), shortened(needed)))
          .orElse("they do not say which they are");
    }

    private static String shortened(String code) {
      return code.substring(0, Math.min(ENOUGH, code.length()));
    }
  }

  /**
   * Latchkey was installed, and what it needs is gone since.
   *
   * @param missing all of it, at least one
   */
  record Damaged(List<SchemaObject> missing) implements SchemaState {
    private static final int MOST_NAMED = 5;

    public Damaged {
      missing = List.copyOf(missing);
    }

    @Override
    public String sentence() {
      return "Latchkey is installed here, but not all of it is there any more: %s."
          .formatted(Sentences.list(gone(), MOST_NAMED));
    }

    @Override
    public String plan() {
      List<String> empty = comeBackEmpty();
      return empty.isEmpty()
          ? "Installing makes it again. Keys, logs and settings stay."
          : """
            Installing makes it again. What the tables held does not come back: they are made empty, with the settings of \
            a new installation. That concerns %s. If there is a backup, restore them from it first."""
              .strip()
              .formatted(Sentences.list(empty, empty.size()));
    }

    @Override
    public List<String> comeBackEmpty() {
      return missing.stream()
          .filter(object -> object.kind() == SchemaObject.Kind.TABLE)
          .map(table -> table.schema() + "." + table.name())
          .sorted()
          .toList();
    }

    @Override
    public boolean installs() {
      return true;
    }

    @Override
    public Optional<Failure> obstacle(Endpoint endpoint) {
      return Optional.of(new DatabaseFailure.SchemaDamaged(Sentences.list(gone(), MOST_NAMED)));
    }

    /** Schemas first, and nothing of what was in them. */
    private List<String> gone() {
      Set<String> schemas =
          missing.stream()
              .filter(object -> object.kind() == SchemaObject.Kind.SCHEMA)
              .map(SchemaObject::name)
              .collect(Collectors.toSet());
      return missing.stream()
          .filter(
              object ->
                  object.kind() == SchemaObject.Kind.SCHEMA || !schemas.contains(object.schema()))
          .sorted(Comparator.comparing(SchemaObject::kind).thenComparing(SchemaObject::toString))
          .map(SchemaObject::toString)
          .toList();
    }
  }

  /** A later version, made by another Latchkey. */
  record Newer(int version) implements SchemaState {
    @Override
    public String sentence() {
      return "The Latchkey schema here is version %d; this program knows versions up to %d."
          .formatted(version, NEEDED);
    }

    @Override
    public String plan() {
      return "Update Latchkey on this machine. This one changes nothing here.";
    }

    @Override
    public boolean installs() {
      return false;
    }

    @Override
    public Optional<Failure> obstacle(Endpoint endpoint) {
      return Optional.of(new DatabaseFailure.SchemaNewer(version, NEEDED));
    }
  }
}
