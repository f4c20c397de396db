package dev.latchkey.database;

import java.util.Optional;

/** Looks at a call for harm to the operator's own access before it runs. */
@FunctionalInterface
public interface SafetyCheck {
  /** Why the call must not run, in a sentence; empty when nothing speaks against it. */
  Optional<String> objection(Call call);
}
