package dev.latchkey.database;

import dev.latchkey.rows.Failure;
import java.util.List;
import java.util.Optional;

/** What can go wrong between the console and a database. */
public sealed interface DatabaseFailure extends Failure {

  /** Nobody answers at that name and port. */
  record Unreachable(String place, String details) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "No server answers at %s.".formatted(place);
    }

    @Override
    public String nextStep() {
      return "Check the host name, the port and whether you need a VPN.";
    }

    @Override
    public String code() {
      return "08001";
    }

    @Override
    public boolean passing() {
      return true;
    }
  }

  /** A server answers that it cannot let anybody in at the moment. */
  record NotReady(String place, String code, String details) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "The server at %s is not ready.".formatted(place);
    }

    @Override
    public String nextStep() {
      return "It is starting, stopping, or its gate cannot reach it. Try again in a moment.";
    }
  }

  /** Something answers, but it does not speak PostgreSQL. */
  record NotPostgres(String place, String details) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "The server at %s does not speak PostgreSQL.".formatted(place);
    }

    @Override
    public String nextStep() {
      return "Check the port: 5432 is PostgreSQL's usual one, 6543 a pooler's.";
    }

    @Override
    public String code() {
      return "LK-PROTOCOL";
    }
  }

  /** TLS could not be agreed on, or the certificate is not trusted. */
  record TlsRefused(String place, String details) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "No trusted encrypted connection to %s could be made.".formatted(place);
    }

    @Override
    public String nextStep() {
      return "Choose the server's root certificate in the profile, or another TLS mode.";
    }

    @Override
    public String code() {
      return "LK-TLS";
    }
  }

  /**
   * The sign-in was refused. SQLSTATE 28000 means that the token was checked and refused, 28P01
   * that a password was.
   *
   * @param routine the function of PostgreSQL's source that refused ("auth_failed"), the one part
   *     of its answer that no translation changes; empty from a gate or a pooler
   */
  record SignInRefused(String role, String code, String details, String routine)
      implements DatabaseFailure {
    public SignInRefused(String role, String code, String details) {
      this(role, code, details, "");
    }

    @Override
    public String sentence() {
      return code.equals("28P01")
          ? "The server refused this password for role %s.".formatted(role)
          : "The server refused this token for role %s.".formatted(role);
    }

    @Override
    public String nextStep() {
      return code.equals("28P01")
          ? "Temporary access may be off, or the role may want an ordinary password."
          : "It may have ended, be revoked, or not cover this role or your address. "
              + "An operator sees the reason under Temporary access.";
    }

    @Override
    public boolean endsAccess() {
      return true;
    }
  }

  /** The database does not exist on that server. */
  record NoSuchDatabase(String database, String details) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "The server has no database named %s.".formatted(database);
    }

    @Override
    public String nextStep() {
      return "Check the database name in the profile.";
    }

    @Override
    public String code() {
      return "3D000";
    }
  }

  /** The server takes no more connections. */
  record TooManyConnections(String details) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "The server takes no more connections at the moment.";
    }

    @Override
    public String nextStep() {
      return "Try again in a minute, or end sessions that nobody needs.";
    }

    @Override
    public String code() {
      return "53300";
    }

    @Override
    public boolean passing() {
      return true;
    }
  }

  /** The database has no Latchkey schema. */
  record SchemaMissing(String place) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "The database %s has no Latchkey schema.".formatted(place);
    }

    @Override
    public String nextStep() {
      return "Install it as the database's owner, or ask whoever administers the database.";
    }

    @Override
    public String code() {
      return "LK-SCHEMA-MISSING";
    }
  }

  /** The schema is older than this console needs. */
  record SchemaOlder(int found, int needed) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "The Latchkey schema here is version %d; this console needs version %d."
          .formatted(found, needed);
    }

    @Override
    public String nextStep() {
      return "Upgrade it as the database's owner, or ask whoever administers the database.";
    }

    @Override
    public String code() {
      return "LK-SCHEMA-OLDER";
    }
  }

  /**
   * The schema's tables are this console's, its functions and views are others.
   *
   * @param difference what is told of the two
   */
  record SchemaStale(String difference) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "The Latchkey functions here are not those of this console: %s.".formatted(difference);
    }

    @Override
    public String nextStep() {
      return "Update Latchkey on this desktop if theirs are newer. Else install as the database's owner, or ask whoever administers it.";
    }

    @Override
    public String code() {
      return "LK-SCHEMA-STALE";
    }
  }

  /**
   * The schema is installed, and some of it is gone.
   *
   * @param gone what, as SQL names it
   */
  record SchemaDamaged(String gone) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "The Latchkey schema here is damaged. This is gone: %s.".formatted(gone);
    }

    @Override
    public String nextStep() {
      return "Restore it from a backup, or install again as the database's owner, or ask whoever administers the database.";
    }

    @Override
    public String code() {
      return "LK-SCHEMA-DAMAGED";
    }
  }

  /**
   * Tables are gone, and nobody has agreed that they come back without what they held.
   *
   * @param tables their names, at least one
   */
  record TablesGone(List<String> tables) implements DatabaseFailure {
    public TablesGone {
      tables = List.copyOf(tables);
    }

    @Override
    public String sentence() {
      return "Installing would make tables again that are gone, without what they held: %s."
          .formatted(Sentences.list(tables, tables.size()));
    }

    @Override
    public String nextStep() {
      return "Nothing was changed. Restore them from a backup, or agree that they come back empty.";
    }

    @Override
    public String code() {
      return "LK-TABLES-GONE";
    }
  }

  /** The schema is newer than this console knows. */
  record SchemaNewer(int found, int known) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "The Latchkey schema here is version %d; this console knows versions up to %d."
          .formatted(found, known);
    }

    @Override
    public String nextStep() {
      return "Update Latchkey on this desktop. Nothing was read or changed.";
    }

    @Override
    public String code() {
      return "LK-SCHEMA-NEWER";
    }
  }

  /**
   * Installing or upgrading the schema failed, and the database is as it was.
   *
   * @param sqlState the server's
   * @param message the server's, without its DETAIL
   * @param hint what the server says to do, if it does
   */
  record NotInstalled(String sqlState, String message, Optional<String> hint)
      implements DatabaseFailure {
    @Override
    public String sentence() {
      return "The schema was not installed. " + Sentences.tidy(message);
    }

    @Override
    public String nextStep() {
      return hint.map(Sentences::tidy).orElse("The database is as it was before.");
    }

    @Override
    public String code() {
      return sqlState;
    }
  }

  /**
   * What stands in the place of Latchkey's schema could run with the rights of the superuser who is
   * signed in.
   *
   * @param owner whose it is
   */
  record StrangersSchema(String owner) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "What is in schema latchkey here belongs to %s, who is no superuser and is not Latchkey's owner."
          .formatted(owner);
    }

    @Override
    public String nextStep() {
      return "Nothing of it was run. If %s installed Latchkey, sign in as that role; else look at it and drop it."
          .formatted(owner);
    }

    @Override
    public String code() {
      return "LK-SCHEMA-STRANGE";
    }
  }

  /** The role may not do this. */
  record NotAllowed(String details) implements DatabaseFailure {
    @Override
    public String sentence() {
      return details.isBlank() ? "Your role may not do this." : Sentences.tidy(details);
    }

    @Override
    public String nextStep() {
      return "Ask an operator, or sign in as a role that is a member of latchkey_operator.";
    }

    @Override
    public String code() {
      return "42501";
    }

    @Override
    public boolean deniesReading() {
      return true;
    }
  }

  /** A value was refused; {@code parameter} is the SQL parameter's name where it is told. */
  record InvalidInput(Optional<String> parameter, String message) implements DatabaseFailure {
    @Override
    public String sentence() {
      return Sentences.tidy(message);
    }

    @Override
    public String nextStep() {
      return "Nothing was changed. Correct the value and try again.";
    }

    @Override
    public String code() {
      return "22023";
    }
  }

  /** Somebody else changed it first. */
  record ChangedMeanwhile(String message) implements DatabaseFailure {
    @Override
    public String sentence() {
      return Sentences.tidy(message);
    }

    @Override
    public String nextStep() {
      return "Nothing was changed. Reload to see it as it is now.";
    }

    @Override
    public String code() {
      return "PT409";
    }

    @Override
    public boolean outdates() {
      return true;
    }
  }

  /**
   * Somebody has it in a transaction that he has not finished; the message names him.
   *
   * @param hint the server's, with the call that ends his session, which is kept as it is
   */
  record HeldBySomebody(String message, Optional<String> hint) implements DatabaseFailure {
    @Override
    public String sentence() {
      return Sentences.tidy(message);
    }

    @Override
    public String nextStep() {
      return hint.orElse(
          "Nothing was changed. Try again when that is finished, or end that session first.");
    }

    @Override
    public String code() {
      return "PT423";
    }
  }

  /** A limit was reached. */
  record TooMany(String message) implements DatabaseFailure {
    @Override
    public String sentence() {
      return Sentences.tidy(message);
    }

    @Override
    public String nextStep() {
      return "Wait a moment and try again.";
    }

    @Override
    public String code() {
      return "PT429";
    }
  }

  /** The server itself accepts no changes, whatever the console's write mode is. */
  record ServerReadOnly(String place) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "The server at %s accepts no changes.".formatted(place);
    }

    @Override
    public String nextStep() {
      return "It may be a standby, or be set read-only. Connect to the primary server.";
    }

    @Override
    public String code() {
      return "25006";
    }
  }

  /** The operator stopped it, or the server's time limit did. */
  record Cancelled() implements DatabaseFailure {
    @Override
    public String sentence() {
      return "The query was stopped before it ended.";
    }

    @Override
    public String nextStep() {
      return "Try again, with a narrower filter if it took too long.";
    }

    @Override
    public String code() {
      return "57014";
    }

    @Override
    public boolean passing() {
      return true;
    }
  }

  /** A change was cancelled again and again by somebody else. */
  record CancelledBySomebody(Disturbance disturbance) implements DatabaseFailure {
    @Override
    public String sentence() {
      return disturbance.sentence();
    }

    @Override
    public String nextStep() {
      return "Nothing was changed. End their sessions first, or ask a superuser to do it.";
    }

    @Override
    public String code() {
      return "57014";
    }
  }

  /** The connection broke while something was read; nothing is lost. */
  record ConnectionLost(String place, String details) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "The connection to %s was lost.".formatted(place);
    }

    @Override
    public String nextStep() {
      return "What you see is as it was last read. Retry when the server is back.";
    }

    @Override
    public String code() {
      return "08006";
    }

    @Override
    public boolean passing() {
      return true;
    }
  }

  /** The connection broke while a change ran: it may or may not have been made. */
  record OutcomeUnknown(String place, String details) implements DatabaseFailure {
    @Override
    public String sentence() {
      return "The connection to %s was lost while the change ran.".formatted(place);
    }

    @Override
    public String nextStep() {
      return "It may or may not have been made. Reload to see, before you try again.";
    }

    @Override
    public String code() {
      return "08007";
    }

    @Override
    public boolean outdates() {
      return true;
    }
  }
}
