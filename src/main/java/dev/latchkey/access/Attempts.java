package dev.latchkey.access;

import java.util.List;

/**
 * Logins of the last {@link #DAYS} days.
 *
 * @param latest the newest first, at most {@link #SHOWN}
 * @param accepted how many in all
 * @param refused how many in all
 */
public record Attempts(List<Login> latest, long accepted, long refused) {
  public static final int DAYS = 30;
  public static final int SHOWN = 100;

  public static final Attempts NONE = new Attempts(List.of(), 0, 0);

  public Attempts {
    latest = List.copyOf(latest);
  }
}
