package dev.latchkey.keys;

import java.util.UUID;

/** Who owns scoped keys. */
public record Account(UUID id, String name) {}
