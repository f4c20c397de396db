package dev.latchkey.bench;

/**
 * What one client does again and again: draws a number, if asked fetches what belongs to it, and
 * runs the statement that is measured.
 *
 * @param range numbers are drawn evenly from 1 to this, and are {@code :n} in the statements
 * @param fetch a query of one row whose columns the statement may use as {@code :name}; not
 *     measured. Empty for none
 * @param statement in a transaction of its own
 */
record Load(int range, String fetch, String statement) {
  static Load of(String statement) {
    return new Load(1, "", statement);
  }

  static Load drawing(int range, String statement) {
    return new Load(range, "", statement);
  }

  Load fetching(String query) {
    return new Load(range, query, statement);
  }
}
