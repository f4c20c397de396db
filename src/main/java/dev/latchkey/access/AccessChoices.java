package dev.latchkey.access;

import dev.latchkey.change.Subject;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What only somebody who changes temporary access asks: what there is to choose from, what would be
 * left afterwards, and what was done. Who can only look has none of it. Everything blocks; for use
 * inside a job.
 */
public interface AccessChoices {
  /** Members for choosing one, by name, those who are not blocked; at most 1,000. */
  List<Member> choosableMembers();

  /** Roles that can be granted. */
  List<String> assignableRoles();

  /** A member's grants that are or will be in force. */
  List<Grant> openGrantsOf(UUID member);

  /** Sessions that are open now, the oldest first. */
  List<LiveSession> sessionsOf(Subject subject);

  /** Why it is not known which sessions are open; empty while it is. */
  Optional<String> whyUnseen();

  /** What would be left without it. */
  AccessAfter after(Subject without);

  /** What the newest audit event about ended sessions of a grant, member or token says. */
  Optional<EndProof> proof(Subject subject);
}
