package dev.latchkey.access;

import dev.latchkey.change.Subject;
import dev.latchkey.rows.Counts;
import dev.latchkey.rows.RowSource;
import java.util.Optional;
import java.util.UUID;

/**
 * What the screens show, and the changes read again; {@link AccessChoices} is what changing asks
 * besides. Everything blocks; for use inside a job.
 */
public interface AccessSource {
  /** Rows of a list are counted up to here and one more. */
  long MOST_COUNTED = 10_000;

  AccessOverview overview();

  RowSource<Grant, AccessFilter, GrantColumn, Counts> grants();

  RowSource<Member, AccessFilter, MemberColumn, Counts> members();

  RowSource<AccessToken, AccessFilter, TokenColumn, Counts> tokens();

  RowSource<LiveSession, AccessFilter, SessionColumn, Counts> sessions();

  RowSource<Login, AccessFilter, LoginColumn, Counts> logins();

  /** Everything about one grant, member, token or login as it is now. */
  Optional<AccessDetails> details(Subject subject);

  Optional<Grant> grant(UUID id);

  Optional<Member> member(UUID id);

  Optional<AccessToken> token(UUID id);
}
