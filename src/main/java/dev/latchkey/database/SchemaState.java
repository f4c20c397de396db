package dev.latchkey.database;

import dev.latchkey.rows.Failure;
import java.util.Optional;

/**
 * What of Latchkey's SQL half a database has, or what there is in its place. Says so in a sentence,
 * and what installing would do.
 */
public sealed interface SchemaState {
  /** The version that this console was made for. */
  int NEEDED = 13;

  /** What was found, in one plain sentence. */
  String sentence();

  /** What installing would do, and what it would leave alone. */
  String plan();

  /** Whether installing would change something and is not refused. */
  boolean installs();

  /** What stands in the way of working with the database; empty when nothing does. */
  Optional<Failure> obstacle(Endpoint endpoint);

  /** By the version alone; what a database without the schema has instead is not told apart. */
  static SchemaState of(int version) {
    if (version == 0) {
      return new Missing();
    }
    if (version < NEEDED) {
      return new Older(version);
    }
    return version > NEEDED ? new Newer(version) : new Current();
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
          The published functions move to schema ksuid_keys: put it first in the search path of what calls them. \
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
          may not call; those of the KSUID design move to schema ksuid_keys: put it first in the search path of what calls \
          them. Role api_key leaves anon and keeps what its policies need."""
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
