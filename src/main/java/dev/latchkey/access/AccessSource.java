package dev.latchkey.access;

import dev.latchkey.change.Subject;
import dev.latchkey.rows.RowSource;
import java.util.Optional;
import java.util.UUID;

/**
 * What the screens show, and the changes read again; {@link AccessChoices} is what changing asks
 * besides. Everything blocks; for use inside a job.
 */
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
}
