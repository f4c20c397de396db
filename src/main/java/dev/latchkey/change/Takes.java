package dev.latchkey.change;

import java.util.Optional;

/**
 * What a change takes away. A revocation takes something for good and somebody's access; switching
 * off takes access that can be given back.
 *
 * @param forGood whether it cannot be undone
 * @param access whose way in it closes, for the check that nobody locks himself out
 */
public record Takes(boolean forGood, Optional<AccessLoss> access) {
  /** For what only adds, or can be undone. */
  public static final Takes NOTHING = new Takes(false, Optional.empty());

  /** For what ends something for good that nobody enters by. */
  public static final Takes FOR_GOOD = new Takes(true, Optional.empty());

  /** Closes every way in that {@code subject} gives, until it is opened again. */
  public static Takes accessOf(Subject subject) {
    return new Takes(false, Optional.of(new AccessLoss.Whole(subject)));
  }

  /** Closes every way in that {@code subject} gives, for good. */
  public static Takes accessForGoodOf(Subject subject) {
    return new Takes(true, Optional.of(new AccessLoss.Whole(subject)));
  }
}
