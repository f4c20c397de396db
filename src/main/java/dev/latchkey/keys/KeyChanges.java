package dev.latchkey.keys;

import dev.latchkey.change.Changes;

/**
 * How keys are changed: the calls, and what runs them. Who has none of these reads only, by type:
 * an auditor offline, for one.
 */
public record KeyChanges(KeyCalls calls, Changes changes) {}
