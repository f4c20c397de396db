package dev.latchkey.keys;

import java.time.LocalDate;

/** The calls with one key on one day (UTC), by outcome. */
public record UsageDay(LocalDate day, long ok, long clientErrors, long denied, long serverErrors) {
  public long calls() {
    return ok + clientErrors + denied + serverErrors;
  }
}
