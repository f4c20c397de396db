package dev.latchkey.doctor;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Endpoint;
import dev.latchkey.database.TlsMode;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.Unexpected;
import dev.latchkey.token.TokenShape;
import java.util.Locale;

/**
 * Reads a server's answer to a sign-in. What PostgreSQL answers alike on purpose is told as what
 * cannot be told apart, with what would tell.
 */
final class Refusals {
  private final Patient patient;
  private final Endpoint endpoint;

  Refusals(Patient patient) {
    this.patient = patient;
    this.endpoint = patient.endpoint();
  }

  Finding of(Failure failure) {
    return switch (failure) {
      case DatabaseFailure.SignInRefused refused ->
          refused.code().equals("28P01") ? password(refused) : authorization(refused);
      case DatabaseFailure.NoSuchDatabase _ -> noDatabase(failure);
      case DatabaseFailure.NotAllowed _ -> mayNotConnect(failure);
      case DatabaseFailure.TooManyConnections full -> tooMany(full);
      case DatabaseFailure.NotReady notReady -> notReady(notReady);
      case Unexpected unexpected -> unexpected(unexpected);
      default -> brokeOff(failure);
    };
  }

  /** 42501 at the door is about the database; later it is about the schema. */
  static boolean isAboutDatabase(DatabaseFailure.NotAllowed failure) {
    return failure.details().contains("permission denied for database");
  }

  // ── 28000 ──

  private Finding authorization(DatabaseFailure.SignInRefused refused) {
    String said = refused.details();
    if (said.contains("pg_hba.conf")) {
      return hostBased(said);
    }
    if (refused.routine().equals("InitializeSessionUserId")) {
      return role(said);
    }
    boolean verifier =
        said.startsWith("temporary access refused") || said.startsWith("PAM authentication failed");
    if (verifier) {
      return verifier();
    }
    return Finding.of(
            Cause.REFUSED_OTHERWISE,
            "The server refused the role %s (28000) and did not say that it looked at a token."
                .formatted(endpoint.role()),
            "Its answer is below. Whoever runs the server sees more in its log.")
        .code("28000");
  }

  private Finding verifier() {
    boolean supabase = Supabase.isHost(endpoint);
    Finding finding =
        Finding.of(
                Cause.REFUSED_BY_VERIFIER,
                "The token reached the server's verifier and was refused (28000).",
                supabase
                    ? "Supabase does not say why. Your access may have ended, not cover this role "
                        + "or your address, or the token may be revoked: an owner sees it under "
                        + "Database, Temporary access."
                    : "On purpose it does not say why: ended, not started, revoked, another role "
                        + "or another address look alike. The logins have the reason; "
                        + "an operator can read it.")
            .code("28000");
    return supabase ? finding : finding.with(new Remedy.AskLogins()).sql(loginsQuery());
  }

  /** For an operator to run. The token's public id finds its own refusals among others. */
  private String loginsQuery() {
    return """
    select login.at, login.outcome, login.client_addr, login.email
    from latchkey.logins as login
    where login.role = %s
      and not login.accepted
      and login.at > now() - interval '1 hour'
    order by login.at desc
    limit 10;"""
        .formatted(literal(endpoint.role()));
  }

  private Finding role(String said) {
    boolean missing = said.contains("does not exist");
    boolean noLogin = said.contains("not permitted to log in");
    String sentence =
        missing
            ? "There is no role named %s.".formatted(endpoint.role())
            : noLogin
                ? "The role %s may not log in.".formatted(endpoint.role())
                : "The role %s does not exist or may not log in.".formatted(endpoint.role());
    return Finding.of(
            Cause.ROLE_UNUSABLE,
            sentence,
            noLogin
                ? "Ask an administrator for login on it, or sign in as another role."
                : "Check the user name. An administrator can look which roles there are.")
        .code("28000")
        .with(new Remedy.GoTo("Fix the user name", Field.ROLE))
        .sql(roleQuery());
  }

  private Finding hostBased(String said) {
    boolean rejects = said.contains("rejects");
    boolean clear = said.contains("no encryption");
    Finding finding =
        Finding.of(
                rejects ? Cause.REJECTED_BY_PG_HBA : Cause.NO_PG_HBA_ENTRY,
                rejects
                    ? "The server's pg_hba.conf rejects this role, database or address."
                    : "The server's pg_hba.conf has no line for this role, database and address.",
                clear
                    ? "There may be a line for encrypted connections only. Otherwise an "
                        + "administrator has to add one."
                    : "An administrator has to change it; the server's answer below names what it "
                        + "looked for.")
            .code("28000")
            .sql(
                """
                select line_number, type, database, user_name, address, auth_method
                from pg_hba_file_rules
                order by line_number;""");
    return clear && endpoint.tls() == TlsMode.DISABLE
        ? finding.with(
            new Remedy.Change(
                "Encrypt the connection",
                Field.TLS,
                endpoint.tls().parameter(),
                TlsMode.VERIFY_FULL.parameter()))
        : finding;
  }

  // ── 28P01 ──

  private Finding password(DatabaseFailure.SignInRefused refused) {
    TokenShape shape = patient.shape();
    boolean token =
        shape instanceof TokenShape.Temporary
            || shape instanceof TokenShape.Supabase
            || shape instanceof TokenShape.Jwt;
    if (!token) {
      return Finding.of(
              Cause.PASSWORD_REFUSED,
              "The server refused the password (28P01).",
              "It answers alike whether the password is wrong or has ended, the role has none, or "
                  + "there is no such role. An administrator can look which it is.")
          .code(refused.code())
          .with(new Remedy.GoTo("Go to the token", Field.TOKEN))
          .with(new Remedy.GoTo("Go to the user name", Field.ROLE))
          .sql(roleQuery());
    }
    if (Supabase.isPooler(endpoint)) {
      return Finding.of(
              Cause.REFUSED_BEFORE_VERIFIER,
              "The pooler refused the token (28P01).",
              "It answers alike whether temporary access is off for the project, the token is no "
                  + "good, or it does not cover this role. The project's settings tell which.")
          .code(refused.code());
    }
    return Finding.of(
            Cause.REFUSED_BEFORE_VERIFIER,
            "The server took the token for an ordinary password and refused it (28P01): "
                + "nothing that knows tokens saw it.",
            reasonsBefore())
        .code(refused.code())
        .with(new Remedy.GoTo("Go to the port", Field.PORT))
        .sql(roleQuery());
  }

  private String reasonsBefore() {
    String off = "Temporary access may be off or not installed";
    String clear =
        endpoint.tls() == TlsMode.DISABLE ? ", or asked for only on encrypted connections" : "";
    String way =
        Supabase.isHost(endpoint)
            ? "."
            : ", or this port leads past the gate, straight to the server.";
    return off
        + clear
        + way
        + " The server answers alike in each case; whoever runs it sees the line of pg_hba.conf "
        + "in its log.";
  }

  private String roleQuery() {
    return """
    select rolname, rolcanlogin, rolvaliduntil, rolconnlimit
    from pg_roles
    where rolname = %s;"""
        .formatted(literal(endpoint.role()));
  }

  // ── others ──

  private Finding noDatabase(Failure failure) {
    return Finding.of(Cause.NO_SUCH_DATABASE, failure.sentence(), failure.nextStep())
        .code(failure.code())
        .with(new Remedy.GoTo("Fix the database's name", Field.DATABASE));
  }

  private Finding mayNotConnect(Failure failure) {
    return Finding.of(
            Cause.MAY_NOT_CONNECT,
            "The role %s may not connect to the database %s."
                .formatted(endpoint.role(), endpoint.database()),
            "Its owner can allow it with the SQL below.")
        .code(failure.code())
        .sql(
            "grant connect on database %s to %s;"
                .formatted(identifier(endpoint.database()), identifier(endpoint.role())));
  }

  private Finding tooMany(DatabaseFailure.TooManyConnections full) {
    String said = full.details();
    String sentence =
        said.contains("for role")
            ? "The role %s has as many connections as it may have.".formatted(endpoint.role())
            : said.contains("for database")
                ? "The database %s has as many connections as it may have."
                    .formatted(endpoint.database())
                : said.contains("gate")
                    ? "The gate has as many sessions as it may have."
                    : "The server has as many connections as it may have.";
    return Finding.of(
            Cause.TOO_MANY_CONNECTIONS,
            sentence,
            "Wait a minute, or have sessions ended that nobody needs. The token is not at fault.")
        .code(full.code())
        .sql(
            """
            select usename, application_name, state, count(*)
            from pg_stat_activity
            group by usename, application_name, state
            order by count(*) desc;""");
  }

  private static Finding notReady(DatabaseFailure.NotReady failure) {
    String said = failure.details().toLowerCase(Locale.ROOT);
    Cause cause = Cause.NOT_READY;
    String sentence = failure.sentence();
    if (said.contains("shutting down")) {
      cause = Cause.SHUTTING_DOWN;
      sentence = "The server is shutting down.";
    } else if (said.contains("starting up")
        || said.contains("recovery")
        || said.contains("not yet accepting")) {
      cause = Cause.STARTING_UP;
      sentence = "The server is starting, and lets nobody in yet.";
    } else if (said.contains("cannot be reached")) {
      sentence = "The gate is there, but cannot reach its database.";
    }
    return Finding.of(cause, sentence, "Try again in a moment. The token is not at fault.")
        .code(failure.code());
  }

  private Finding unexpected(Unexpected failure) {
    if (failure.code().equals("55000")) {
      return Finding.of(
              Cause.DATABASE_CLOSED,
              "The database %s takes no connections.".formatted(endpoint.database()),
              "It is a template, or somebody closed it. Enter another database.")
          .code(failure.code())
          .with(new Remedy.GoTo("Fix the database's name", Field.DATABASE));
    }
    return PoolerAnswers.read(failure, endpoint)
        .orElseGet(
            () ->
                Finding.of(
                        Cause.UNEXPECTED,
                        "The server refused with an answer that the doctor does not know.",
                        "It is below; copy the details into a report.")
                    .code(failure.code()));
  }

  private static Finding brokeOff(Failure failure) {
    return Finding.of(
            Cause.BROKE_OFF,
            "The server let the connection go in the middle of the sign-in.",
            "It may have stopped, or what checks the token did not answer in time. "
                + "Whoever runs it sees the reason in its log.")
        .code(failure.code());
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static String identifier(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }
}
