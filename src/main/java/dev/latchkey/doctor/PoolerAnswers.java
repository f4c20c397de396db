package dev.latchkey.doctor;

import dev.latchkey.database.Endpoint;
import dev.latchkey.rows.Unexpected;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what Supabase's pooler answers: SQLSTATE XX000 and a word in brackets, as the errors of
 * Supavisor's source have it ({@code lib/supavisor/errors}).
 */
final class PoolerAnswers {
  private static final Pattern WORD = Pattern.compile("^\\((E[A-Z]+)\\)");

  private PoolerAnswers() {}

  static Optional<Finding> read(Unexpected failure, Endpoint endpoint) {
    Matcher word = WORD.matcher(failure.details());
    if (word.find()) {
      return Optional.of(of(word.group(1), endpoint).code(failure.code() + " " + word.group(1)));
    }
    boolean older = failure.details().contains("Tenant or user not found");
    return older ? Optional.of(of("ENOTFOUND", endpoint).code(failure.code())) : Optional.empty();
  }

  private static Finding of(String word, Endpoint endpoint) {
    return switch (word) {
      case "ENOIDENTIFIER" ->
          Finding.of(
                  Cause.POOLER_USER_WITHOUT_REF,
                  "The pooler cannot tell which project is meant: the user name %s lacks it."
                      .formatted(endpoint.role()),
                  "Write it as %s.<project-ref>.".formatted(endpoint.role()))
              .with(new Remedy.GoTo("Fix the user name", Field.ROLE));
      case "ENOTFOUND" ->
          Finding.of(
                  Cause.POOLER_TENANT_UNKNOWN,
                  "The pooler knows no project and user of the name %s.".formatted(endpoint.role()),
                  "Check the ref after the dot, that the project is awake, and that the host is "
                      + "the pooler of its region.")
              .with(new Remedy.GoTo("Fix the user name", Field.ROLE))
              .with(new Remedy.GoTo("Fix the host", Field.HOST));
      case "EADDRNOTALLOWED" ->
          Finding.of(
              Cause.POOLER_ADDRESS_NOT_ALLOWED,
              "The project does not let this machine's address in.",
              "An owner can add it under the project's network restrictions.");
      case "ESSLREQUIRED" ->
          Finding.of(
                  Cause.POOLER_WANTS_TLS,
                  "The pooler checks tokens only on encrypted connections.",
                  "Set the TLS mode to verify-full.")
              .with(
                  new Remedy.Change(
                      "Encrypt the connection",
                      Field.TLS,
                      endpoint.tls().parameter(),
                      "verify-full"));
      case "EJITREQUESTFAILED" ->
          Finding.of(
              Cause.POOLER_VERIFIER_UNREACHABLE,
              "The pooler could not reach what checks tokens.",
              "Try again in a few minutes. The token was not judged, so it may be good.");
      case "EMAXCONN", "EMAXCONNSESSION", "EMAXPOOLSREACHED", "ECHECKOUTTIMEOUT" ->
          Finding.of(
              Cause.POOLER_FULL,
              "The pooler has no free connection.",
              "Wait a minute, end sessions that nobody needs, or raise the pool's size. "
                  + "The token is not at fault.");
      case "ECIRCUITBREAKER" ->
          Finding.of(
              Cause.POOLER_BLOCKS,
              "The pooler lets nobody in from here for a while, after too many failures.",
              "Wait two minutes before the next attempt; each failure in between counts.");
      default ->
          Finding.of(
              Cause.POOLER_REFUSED,
              "The pooler refused with %s.".formatted(word),
              "Its answer is below; Supabase's documentation explains the word.");
    };
  }
}
