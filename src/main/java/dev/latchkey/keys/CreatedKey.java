package dev.latchkey.keys;

import dev.latchkey.token.Secret;
import java.util.UUID;

/**
 * A key that was just made, with the key itself, which is told this once. It comes from the call's
 * own answer: nothing that could fail lies between the commit and showing the secret.
 */
public record CreatedKey(UUID id, NewKey key, Secret secret) {}
