package dev.latchkey.rows;

import java.util.Optional;

/**
 * A place in a sorted table: a row's value of the sort column, as the database prints it, and its
 * id. The row itself may be gone by the time one reads on from here.
 */
public record Position(Optional<String> value, String id) {}
