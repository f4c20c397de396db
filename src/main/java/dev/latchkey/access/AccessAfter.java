package dev.latchkey.access;

import java.time.Instant;
import java.util.Optional;

/**
 * What would be left without a grant, member or token, as the server works it out.
 *
 * @param ownAccess whether who asks could still sign in
 * @param operatorsLeft members who could sign in as operators
 */
public record AccessAfter(boolean ownAccess, Optional<Instant> ownEndsAt, int operatorsLeft) {}
