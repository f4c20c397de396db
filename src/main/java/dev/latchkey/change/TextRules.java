package dev.latchkey.change;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/** What typed texts and times must be; the server has the same rules and the last word. */
public final class TextRules {
  public static final int LONGEST_NAME = 100;
  public static final int LONGEST_NOTE = 500;

  /** What a name may begin or end with and nobody means: every blank that there is. */
  private static final String BLANK =
      "\\u0009-\\u000D\\u0020\\u0085\\u00A0\\u1680\\u2000-\\u200A\\u2028\\u2029\\u202F\\u205F\\u2800\\u3000";

  /**
   * Nobody sees these: soft hyphens, fillers, blanks of width zero, byte order marks, tags. For the
   * brackets of a regular expression.
   */
  public static final String INVISIBLE =
      "\\u00AD\\u034F\\u115F\\u1160\\u17B4\\u17B5\\u180B-\\u180F\\u200B\\u2060-\\u2065\\u206A-\\u206F\\u3164\\uFEFF\\uFFA0\\uFFF0-\\uFFFB"
          + "\\x{1BCA0}-\\x{1BCA3}\\x{1D173}-\\x{1D17A}\\x{E0000}-\\x{E0FFF}";

  /**
   * Also the marks that turn the direction of writing, and what makes two names look alike. Joiners
   * and variation selectors are letters' and signs' business elsewhere, and nobody's behind Latin,
   * or at the end.
   */
  private static final Pattern CONTROL =
      Pattern.compile(
          "[\\u0000-\\u001F\\u007F-\\u009F\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069]"
              + ("|[" + INVISIBLE + "]")
              + "|(?:^|[\\u0000-\\u024F])[\\u200C\\u200D\\uFE00-\\uFE0F]|[\\u200C\\u200D]\\z");

  private static final Pattern AT_ENDS =
      Pattern.compile("^[%1$s]+|[%1$s]+\\z".formatted(BLANK + INVISIBLE + "\\u200C\\u200D"));

  private TextRules() {}

  /** Without blanks and what nobody sees at its ends, as the server stores it. */
  public static String trimmed(String text) {
    return AT_ENDS.matcher(text).replaceAll("");
  }

  /** Whether a text has something in it that no text of one line may have. */
  public static boolean isHidden(String text) {
    return CONTROL.matcher(text).find();
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
                isHidden(trimmed)
                    ? Optional.of("A name must not contain control characters or invisible ones.")
                    : Optional.empty());
  }

  /** Descriptions and reasons: optional, line breaks and tabs allowed. */
  public static Optional<String> noteProblem(String note) {
    String trimmed = trimmed(note);
    String flat = trimmed.replaceAll("[\\n\\r\\t]", " ");
    return tooLong(trimmed, LONGEST_NOTE)
        .or(
            () ->
                isHidden(flat)
                    ? Optional.of("This must not contain control characters or invisible ones.")
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
