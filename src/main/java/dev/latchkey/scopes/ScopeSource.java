package dev.latchkey.scopes;

/** How the scopes editor reads. Blocks; for use inside a job. */
@FunctionalInterface
public interface ScopeSource {
  /** What existing keys use. */
  ScopeVocabulary vocabulary();
}
