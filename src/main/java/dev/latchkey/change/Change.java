package dev.latchkey.change;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A change that an operator is about to make.
 *
 * @param summary what will happen, for the head of the review ("Revoke partner-invoices")
 * @param verb the confirming button ("Revoke key")
 * @param done what the status bar says afterwards ("Revoked partner-invoices")
 * @param takes what it takes away
 * @param request what runs, and is shown before
 * @param reread reads what was changed again, afterwards, from the request's answer
 */
public record Change<T>(
    String summary, String verb, String done, Takes takes, Request request, Reread<T> reread) {

  /** Reads the changed row as it now is. Runs away from the JavaFX thread. */
  @FunctionalInterface
  public interface Reread<T> {
    T from(JsonNode answer);
  }
}
