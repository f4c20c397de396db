package dev.latchkey.access;

import dev.latchkey.change.Subject;
import java.util.Optional;

/**
 * What an act that ends sessions left behind.
 *
 * @param proof as the server counted it; empty where it told nothing
 */
public record Ended(Subject subject, Optional<EndProof> proof) {}
