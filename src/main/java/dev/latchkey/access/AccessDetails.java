package dev.latchkey.access;

import dev.latchkey.change.Subject;
import java.util.List;

/** What the drawer shows beyond a table's row. */
public sealed interface AccessDetails {
  /** Whose details they are. */
  Subject subject();

  record OfGrant(Grant grant, List<LiveSession> sessions, Attempts attempts)
      implements AccessDetails {
    public OfGrant {
      sessions = List.copyOf(sessions);
    }

    @Override
    public Subject subject() {
      return new Subject.OfGrant(grant.id());
    }
  }

  record OfMember(
      Member member,
      List<Grant> grants,
      List<AccessToken> tokens,
      List<LiveSession> sessions,
      Attempts attempts)
      implements AccessDetails {
    public OfMember {
      grants = List.copyOf(grants);
      tokens = List.copyOf(tokens);
      sessions = List.copyOf(sessions);
    }

    @Override
    public Subject subject() {
      return new Subject.OfMember(member.id());
    }
  }

  record OfToken(AccessToken token, List<LiveSession> sessions, Attempts attempts)
      implements AccessDetails {
    public OfToken {
      sessions = List.copyOf(sessions);
    }

    @Override
    public Subject subject() {
      return new Subject.OfToken(token.id());
    }
  }

  record OfLogin(Login login, List<LiveSession> sessions) implements AccessDetails {
    public OfLogin {
      sessions = List.copyOf(sessions);
    }

    @Override
    public Subject subject() {
      return new Subject.OfLogin(login.id());
    }
  }
}
