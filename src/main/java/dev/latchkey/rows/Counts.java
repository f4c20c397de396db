package dev.latchkey.rows;

/**
 * How many rows match a filter, and how many there are.
 *
 * @param shown how many match
 * @param all how many there are without any filter
 */
public record Counts(long shown, long all) implements RowCounts {}
