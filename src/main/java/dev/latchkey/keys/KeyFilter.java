package dev.latchkey.keys;

import dev.latchkey.rows.RowFilter;
import dev.latchkey.token.PublicPart;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Which keys to show. Statuses, unused and no use seen widen each other; everything else narrows.
 *
 * @param statuses none stands for all
 * @param unused also working keys that were not seen for {@link ApiKey#UNUSED_DAYS} days
 * @param neverUsed also working keys of which no use was seen
 * @param text in the name, description, account, prefix, last characters, id, KSUID or a scope; of
 *     a key that was pasted whole only its public part
 */
public record KeyFilter(
    Optional<KeyKind> kind,
    Set<KeyStatus> statuses,
    boolean unused,
    boolean neverUsed,
    Optional<UUID> account,
    String text)
    implements RowFilter<KeyFilter> {
  public static final KeyFilter ALL =
      new KeyFilter(Optional.empty(), Set.of(), false, false, Optional.empty(), "");

  public KeyFilter {
    statuses = Set.copyOf(statuses);
    text = PublicPart.of(text);
  }

  /** Whether no status chip is chosen. */
  public boolean anyStatus() {
    return statuses.isEmpty() && !unused && !neverUsed;
  }

  public KeyFilter withKind(Optional<KeyKind> value) {
    return new KeyFilter(value, statuses, unused, neverUsed, account, text);
  }

  public KeyFilter withStatus(KeyStatus status, boolean chosen) {
    Set<KeyStatus> set = EnumSet.noneOf(KeyStatus.class);
    set.addAll(statuses);
    if (chosen) {
      set.add(status);
    } else {
      set.remove(status);
    }
    return new KeyFilter(kind, set, unused, neverUsed, account, text);
  }

  public KeyFilter withUnused(boolean value) {
    return new KeyFilter(kind, statuses, value, neverUsed, account, text);
  }

  public KeyFilter withNeverUsed(boolean value) {
    return new KeyFilter(kind, statuses, unused, value, account, text);
  }

  public KeyFilter withAccount(Optional<UUID> value) {
    return new KeyFilter(kind, statuses, unused, neverUsed, value, text);
  }

  @Override
  public KeyFilter withText(String value) {
    return new KeyFilter(kind, statuses, unused, neverUsed, account, value);
  }
}
