package dev.latchkey.access;

import dev.latchkey.change.Subject;
import dev.latchkey.rows.RowSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** How the feature reads. Everything blocks; for use inside a job. */
public interface AccessSource {
  AccessOverview overview();

  RowSource<Grant, AccessFilter, GrantColumn, AccessCounts> grants();

  RowSource<Member, AccessFilter, MemberColumn, AccessCounts> members();

  RowSource<AccessToken, AccessFilter, TokenColumn, AccessCounts> tokens();

  RowSource<LiveSession, AccessFilter, SessionColumn, AccessCounts> sessions();

  RowSource<Login, AccessFilter, LoginColumn, AccessCounts> logins();

  /** Everything about one grant, member, token or login as it is now. */
  Optional<AccessDetails> details(Subject subject);

  Optional<Grant> grant(UUID id);

  Optional<Member> member(UUID id);

  Optional<AccessToken> token(UUID id);

  /** A member's grants that are or will be in force. */
  List<Grant> openGrantsOf(UUID member);

  /** Sessions that are open now, the oldest first. */
  List<LiveSession> sessionsOf(Subject subject);

  /** Members for choosing one, by name, those who are not blocked; at most 1,000. */
  List<Member> choosableMembers();

  /** Roles that can be granted. */
  List<String> assignableRoles();

  /** What the newest audit event about ended sessions of a grant, member or token says. */
  Optional<EndProof> proof(Subject subject);

  /** What would be left without it. */
  AccessAfter after(Subject without);
}
