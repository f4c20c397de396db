package dev.latchkey.change;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** What typed texts and times must be; the server has the same rules and the last word. */
public final class TextRules {
  public static final int LONGEST_NAME = 100;
  public static final int LONGEST_NOTE = 500;

  /** Also the marks that turn the direction of writing, which can make a name read otherwise. */
  private static final Pattern CONTROL =
      Pattern.compile(
          "[\\u0000-\\u001F\\u007F-\\u009F\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]");

  private static final Pattern BLANKS_AT_ENDS =
      Pattern.compile("^[\\s\\u00A0\\u3000]+|[\\s\\u00A0\\u3000]+$");

  private TextRules() {}

  /** Without blanks at its ends, as the server stores it. */
  public static String trimmed(String text) {
    return BLANKS_AT_ENDS.matcher(text).replaceAll("");
  }

  /**
   * Names: in one line, not blank.
   *
   * @param missing what to say of a blank one
   */
  public static Optional<String> nameProblem(String name, String missing) {
    String trimmed = trimmed(name);
    if (trimmed.isEmpty()) {
      return Optional.of(missing);
    }
    return tooLong(trimmed, LONGEST_NAME)
        .or(
            () ->
                CONTROL.matcher(trimmed).find()
                    ? Optional.of("A name must not contain control characters.")
                    : Optional.empty());
  }

  /** Descriptions and reasons: optional, line breaks and tabs allowed. */
  public static Optional<String> noteProblem(String note) {
    String trimmed = trimmed(note);
    String flat = trimmed.replaceAll("[\\n\\r\\t]", "");
    return tooLong(trimmed, LONGEST_NOTE)
        .or(
            () ->
                CONTROL.matcher(flat).find()
                    ? Optional.of("This must not contain control characters.")
                    : Optional.empty());
  }

  public static Optional<String> expiryProblem(Instant expiresAt, Instant now) {
    return expiresAt.isAfter(now)
        ? Optional.empty()
        : Optional.of("The expiry must be in the future.");
  }

  private static Optional<String> tooLong(String text, int most) {
    int length = text.codePointCount(0, text.length());
    return length > most
        ? Optional.of("At most %d characters; these are %,d.".formatted(most, length))
        : Optional.empty();
  }
}
