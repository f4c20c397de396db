package dev.latchkey.command;

import dev.latchkey.access.AccessCalls;
import dev.latchkey.access.AccessSource;
import dev.latchkey.access.AccessToken;
import dev.latchkey.access.Grant;
import dev.latchkey.access.Member;
import dev.latchkey.access.Person;
import dev.latchkey.rows.FailureException;
import dev.latchkey.rows.Gone;
import java.util.UUID;

/** The window's changes, and what the words of a command line stand for. */
record Requests(AccessCalls calls, AccessSource source, PostgresLists lists) {
  /**
   * @param member an e-mail address or a user id
   */
  Person member(String member) {
    return lists
        .member(member)
        .flatMap(source::member)
        .map(Member::person)
        .orElseThrow(() -> missing("Member"));
  }

  Grant grant(UUID id) {
    return source.grant(id).orElseThrow(() -> missing("Grant"));
  }

  AccessToken token(UUID id) {
    return source.token(id).orElseThrow(() -> missing("Access token"));
  }

  private static FailureException missing(String what) {
    return new FailureException(new Gone(what + " not found."));
  }
}
