package dev.latchkey.access;

import dev.latchkey.token.Secret;
import java.util.UUID;

/**
 * A token that was just made, with the token itself, which is told this once. It comes from the
 * call's own answer: nothing that could fail lies between the commit and showing the secret.
 */
public record CreatedToken(UUID id, NewToken token, Secret secret) {}
