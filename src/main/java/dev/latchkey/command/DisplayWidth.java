package dev.latchkey.command;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How many columns a terminal gives a text: two to the wide characters of Unicode's Standard Annex
 * 11 (Chinese, Japanese and Korean ones, their full-width forms, and pictures), none to marks that
 * stand on the character before them, one to all others.
 *
 * <p>Terminals differ in sequences that Unicode joins to one picture; a skin colour is counted with
 * the person before it, and the joiners of longer sequences are among what {@link TextTable#plain}
 * replaces.
 */
final class DisplayWidth {
  /** First and last of each range of wide characters that are neither ideographs nor pictures. */
  private static final NavigableMap<Integer, Integer> WIDE =
      new TreeMap<>(
          Map.ofEntries(
              // The first letter of a Korean syllable, and whole syllables.
              Map.entry(0x1100, 0x115F),
              Map.entry(0xA960, 0xA97C),
              Map.entry(0xAC00, 0xD7A3),
              // Radicals, punctuation, Kana, Bopomofo, letters in circles and squares.
              Map.entry(0x2E80, 0x303E),
              Map.entry(0x3041, 0x33FF),
              // Signs of the Book of Changes; Yi.
              Map.entry(0x4DC0, 0x4DFF),
              Map.entry(0xA000, 0xA4CF),
              // Punctuation of vertical and of small writing; full-width forms.
              Map.entry(0xFE10, 0xFE19),
              Map.entry(0xFE30, 0xFE6B),
              Map.entry(0xFF01, 0xFF60),
              Map.entry(0xFFE0, 0xFFE6),
              // Marks, components and letters of Tangut, Khitan and old Kana.
              Map.entry(0x16FE0, 0x16FFF),
              Map.entry(0x17000, 0x18DFF),
              Map.entry(0x1AFF0, 0x1B2FF),
              // Squared words, and what is kept for further ideographs.
              Map.entry(0x1F200, 0x1F265),
              Map.entry(0x20000, 0x2FFFD),
              Map.entry(0x30000, 0x3FFFD)));

  /** The letters that continue a Korean syllable are drawn into its first. */
  private static final int MIDDLE_JAMO = 0x1160;

  private static final int LAST_JAMO = 0x11FF;

  private static final int FIRST_FLAG_LETTER = 0x1F1E6;
  private static final int LAST_FLAG_LETTER = 0x1F1FF;

  private DisplayWidth() {}

  /** In columns; for a text on one line. */
  static int of(String text) {
    int width = 0;
    int before = -1;
    for (int character : text.codePoints().toArray()) {
      boolean colours =
          Character.isEmojiModifier(character) && Character.isEmojiModifierBase(before);
      width += colours ? 0 : of(character);
      before = character;
    }
    return width;
  }

  private static int of(int character) {
    if (standsOnAnother(character)) {
      return 0;
    }
    return isWide(character) ? 2 : 1;
  }

  private static boolean standsOnAnother(int character) {
    int type = Character.getType(character);
    return type == Character.NON_SPACING_MARK
        || type == Character.ENCLOSING_MARK
        || character >= MIDDLE_JAMO && character <= LAST_JAMO;
  }

  private static boolean isWide(int character) {
    Map.Entry<Integer, Integer> range = WIDE.floorEntry(character);
    return range != null && character <= range.getValue()
        || Character.isIdeographic(character)
        || Character.isEmojiPresentation(character) && !isFlagLetter(character);
  }

  /** Two of them make a flag, which has two columns. */
  private static boolean isFlagLetter(int character) {
    return character >= FIRST_FLAG_LETTER && character <= LAST_FLAG_LETTER;
  }
}
