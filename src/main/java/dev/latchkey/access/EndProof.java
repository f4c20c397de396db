package dev.latchkey.access;

import java.time.Instant;

/**
 * What an audit event says about sessions that were ended.
 *
 * @param left how many were still there when the server looked last
 */
public record EndProof(int ended, int left, Instant checkedAt) {}
