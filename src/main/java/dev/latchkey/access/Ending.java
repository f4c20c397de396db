package dev.latchkey.access;

import java.time.Instant;
import java.util.Optional;

/** Who ended something before its time, when and why; each part as far as it is known. */
public record Ending(Instant at, Optional<String> by, Optional<String> reason) {}
