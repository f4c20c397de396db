package dev.latchkey.token;

import java.util.OptionalInt;

/** White space in what was copied, as {@link String#strip} understands it. */
final class Blanks {
  private Blanks() {}

  /** The part without white space around it; not a copy. */
  static CharSequence trimmed(CharSequence text) {
    int begin = 0;
    int end = text.length();
    while (begin < end && Character.isWhitespace(text.charAt(begin))) {
      begin++;
    }
    while (end > begin && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    return text.subSequence(begin, end);
  }

  /** Where the first one is, from 0. */
  static OptionalInt first(CharSequence text) {
    for (int index = 0; index < text.length(); index++) {
      if (Character.isWhitespace(text.charAt(index))) {
        return OptionalInt.of(index);
      }
    }
    return OptionalInt.empty();
  }
}
