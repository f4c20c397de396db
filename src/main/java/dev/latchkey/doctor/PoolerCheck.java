package dev.latchkey.doctor;

import dev.latchkey.database.Endpoint;
import dev.latchkey.token.TokenShape;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What Supabase's pooler asks of a profile: the project in the user name, and for a token the
 * option that has it checked as one. Sends nothing.
 */
final class PoolerCheck {
  private PoolerCheck() {}

  static Observation look(Patient patient) {
    Endpoint endpoint = patient.endpoint();
    Map<String, String> options = options(endpoint.options());
    if (!endpoint.role().contains(".") && !options.containsKey("reference")) {
      return Observation.failed(
          Finding.of(
                  Cause.POOLER_USER_WITHOUT_REF,
                  "The user name %s lacks the project: the pooler serves many."
                      .formatted(endpoint.role()),
                  "Write it as %s.<project-ref>; the ref is the 20 letters in the project's URL."
                      .formatted(endpoint.role()))
              .with(new Remedy.GoTo("Fix the user name", Field.ROLE)),
          "User name sent to the pooler: " + endpoint.role());
    }
    TokenShape shape = patient.shape();
    boolean token = shape instanceof TokenShape.Supabase || shape instanceof TokenShape.Jwt;
    if (!token) {
      return Observation.of(StepResult.passed("The user name has the project in it."));
    }
    return option(endpoint, options);
  }

  private static Observation option(Endpoint endpoint, Map<String, String> options) {
    String evidence =
        endpoint.options().isBlank() ? "Options: none" : "Options: " + endpoint.options();
    if ("true".equals(options.get("jit"))) {
      return Observation.of(
          StepResult.passed("The user name has the project in it, and the option is set."),
          evidence);
    }
    Remedy set =
        new Remedy.Change(
            "Set the pooler option", Field.OPTIONS, endpoint.options(), with(endpoint.options()));
    if (options.containsKey("jit")) {
      return Observation.failed(
          Finding.of(
                  Cause.POOLER_OPTION_NOT_RECOGNISED,
                  "The pooler does not recognise jit=%s; it takes the token for a password."
                      .formatted(options.get("jit")),
                  "It recognises jit=true only, whatever a guide says.")
              .with(set),
          evidence);
    }
    return Observation.failed(
        Finding.of(
                Cause.POOLER_OPTION_MISSING,
                "The pooler option is missing, so the pooler takes the token for a password.",
                "Set the options to " + Supabase.JIT + ".")
            .with(set),
        evidence);
  }

  /** The options with jit=true in the place of what they say about jit. */
  static String with(String options) {
    String rest = options.replaceAll("(?:-c\\s*|--)jit=\\S*", "").replaceAll("\\s+", " ").strip();
    return rest.isEmpty() ? Supabase.JIT : rest + " " + Supabase.JIT;
  }

  /** {@code -c name=value} and {@code --name=value}, as the pooler reads them. */
  static Map<String, String> options(String text) {
    Map<String, String> found = new LinkedHashMap<>();
    String[] words = text.strip().split("\\s+");
    for (int index = 0; index < words.length; index++) {
      String pair = "";
      if (words[index].equals("-c") && index + 1 < words.length) {
        pair = words[++index];
      } else if (words[index].startsWith("--")) {
        pair = words[index].substring(2);
      }
      int equals = pair.indexOf('=');
      if (equals > 0) {
        found.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return found;
  }
}
