package dev.latchkey.database;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A change that an operator is about to make.
 *
 * @param summary what will happen, for the head of the review ("Revoke partner-invoices")
 * @param verb the confirming button ("Revoke key")
 * @param done what the status bar says afterwards ("Revoked partner-invoices")
 * @param destructive whether it takes something away for good
 * @param reread reads what was changed again, after the commit, from the call's answer
 */
public record Change<T>(
    String summary, String verb, String done, boolean destructive, Call call, Reread<T> reread) {

  /** Reads the changed row as it now is. Runs away from the JavaFX thread. */
  @FunctionalInterface
  public interface Reread<T> {
    T from(JsonNode answer);
  }
}
