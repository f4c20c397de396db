package dev.latchkey.database;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns a server's message into a sentence for a screen. */
final class Sentences {
  private static final Pattern PARAMETER = Pattern.compile("^(p_[a-z_0-9.]+): *");

  private Sentences() {}

  /** The SQL parameter that a message of ours names first ({@code p_name: …}). */
  static Optional<String> parameter(String message) {
    Matcher matcher = PARAMETER.matcher(message);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** "a, b and c", or "a, b and 7 more". {@code items} has at least one. */
  static String list(List<String> items, int most) {
    boolean all = items.size() <= most;
    List<String> named = items.subList(0, all ? items.size() - 1 : most);
    String last = all ? items.getLast() : "%d more".formatted(items.size() - most);
    return named.isEmpty() ? last : String.join(", ", named) + " and " + last;
  }

  /** Without the parameter's name, with a capital and a full stop. */
  static String tidy(String message) {
    String text = PARAMETER.matcher(message.strip()).replaceFirst("");
    if (text.isEmpty()) {
      return "The server gave no reason.";
    }
    String capital = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    return capital.endsWith(".") ? capital : capital + ".";
  }
}
