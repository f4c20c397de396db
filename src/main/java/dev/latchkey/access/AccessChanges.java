package dev.latchkey.access;

import dev.latchkey.change.Changes;

/**
 * How temporary access is changed: the calls, what their forms ask, and what runs them. Who has
 * none of these reads only, by type: an auditor offline, for one.
 */
public record AccessChanges(AccessCalls calls, AccessChoices choices, Changes changes) {}
