package dev.latchkey.audit;

import dev.latchkey.rows.RowCounts;

/** How many events match the filter, and how many there are. */
public record AuditCounts(long shown, long all) implements RowCounts {}
