package dev.latchkey.bench;

/**
 * One side of a comparison.
 *
 * @param name what it is, as the results call it
 * @param work measures it once
 */
record Side(String name, Work work) {
  /** Does the work of one round and says how fast it was. */
  @FunctionalInterface
  interface Work {
    /** Operations per second: more is better. A side that has a time answers with 1 / seconds. */
    double perSecond() throws Exception;
  }
}
