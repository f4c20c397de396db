package dev.latchkey.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AuditEventTest {
  @ParameterizedTest
  @CsvSource({
    "key.created, false, Mara created key x",
    "key.scopes_changed, false, Mara changed the scopes of key x",
    "key.revoked, true, Mara was refused: revoked key x",
    "grant.revoked, false, Mara revoked the access of x",
    "login.accepted, false, x signed in",
    "login.refused, true, x could not sign in",
    "something.new, false, Mara something.new · x",
  })
  void eachTypeHasItsSentence(String type, boolean refused, String sentence) {
    assertThat(event(type, refused, Optional.of("x")).sentence()).isEqualTo(sentence);
  }

  @ParameterizedTest
  @CsvSource({"id-1, id-1", "'', user token"})
  void whatHasNoNameIsCalledByItsIdOrItsKind(String id, String title) {
    AuditEvent.Thing thing =
        new AuditEvent.Thing(
            "user_token", Optional.of(id).filter(text -> !text.isEmpty()), Optional.empty());

    assertThat(thing.title()).isEqualTo(title);
  }

  private static AuditEvent event(String type, boolean refused, Optional<String> label) {
    return new AuditEvent(
        "id",
        type,
        Instant.EPOCH,
        new AuditEvent.Actor("1", "member", "Mara"),
        Optional.empty(),
        new AuditEvent.Thing("key", Optional.of("1"), label),
        refused,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "1");
  }
}
