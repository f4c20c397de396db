package dev.latchkey.access;

import java.util.UUID;

/** A member's name, as every list shows it. */
public record Person(UUID id, String name, String email) {
  private static final int LONGEST = 60;

  /** The name for the title of a dialog and for sentences, cut where it is longer than a name. */
  public String called() {
    return name.length() <= LONGEST ? name : name.substring(0, LONGEST) + "…";
  }

  /** The first letters of the first and last name, for a round badge. */
  public String initials() {
    String[] words = name.isBlank() ? new String[] {email} : name.strip().split("\\s+");
    String first = letter(words[0]);
    return words.length == 1 ? first : first + letter(words[words.length - 1]);
  }

  private static String letter(String word) {
    return word.isEmpty() ? "" : Character.toString(Character.toUpperCase(word.codePointAt(0)));
  }
}
