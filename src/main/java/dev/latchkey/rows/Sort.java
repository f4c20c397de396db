package dev.latchkey.rows;

/**
 * The order of a table. Rows without a value come last in both directions.
 *
 * @param <C> what can be sorted by
 */
public record Sort<C>(C column, boolean ascending) {}
