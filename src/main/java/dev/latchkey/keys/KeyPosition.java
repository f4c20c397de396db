package dev.latchkey.keys;

import java.util.Optional;
import java.util.UUID;

/**
 * A place in the sorted table: a row's value of the sort column, as the database prints it, and its
 * id. The row itself may be gone by the time one reads on from here.
 */
public record KeyPosition(Optional<String> value, UUID id) {}
