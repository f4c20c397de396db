package dev.latchkey.access;

import dev.latchkey.rows.RowFilter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which rows of a list to show.
 *
 * @param text in member, role, reason and what else the list names
 * @param refusedOnly of logins only those that were refused
 */
public record AccessFilter(String text, boolean refusedOnly) implements RowFilter<AccessFilter> {
  private static final Pattern WHOLE_TOKEN =
      Pattern.compile("jit_(?<ksuid>[0-9A-Za-z]{27})[0-9A-Za-z]+");

  public static final AccessFilter ALL = new AccessFilter("", false);

  public AccessFilter {
    text = withoutSecret(text.strip());
  }

  /** A token that was pasted whole is cut to its id, so that its secret part goes nowhere. */
  private static String withoutSecret(String text) {
    Matcher token = WHOLE_TOKEN.matcher(text);
    return token.matches() ? token.group("ksuid") : text;
  }

  @Override
  public AccessFilter withText(String value) {
    return new AccessFilter(value, refusedOnly);
  }

  public AccessFilter withRefusedOnly(boolean value) {
    return new AccessFilter(text, value);
  }
}
