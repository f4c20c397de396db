package dev.latchkey.access;

import dev.latchkey.rows.RowFilter;
import dev.latchkey.token.PublicPart;

/**
 * Which rows of a list to show.
 *
 * @param text in member, role, reason and what else the list names; of a token only its public part
 * @param refusedOnly of logins only those that were refused
 */
public record AccessFilter(String text, boolean refusedOnly) implements RowFilter<AccessFilter> {
  public static final AccessFilter ALL = new AccessFilter("", false);

  public AccessFilter {
    text = PublicPart.of(text);
  }

  @Override
  public AccessFilter withText(String value) {
    return new AccessFilter(value, refusedOnly);
  }

  public AccessFilter withRefusedOnly(boolean value) {
    return new AccessFilter(text, value);
  }
}
