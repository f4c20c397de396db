package dev.latchkey.sql;

import static dev.latchkey.sql.TemporaryAccessFixture.READER;
import static dev.latchkey.sql.TemporaryAccessFixture.WRITER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.TestDatabase;
import java.util.UUID;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemporaryAccessMemberTest {
  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final TemporaryAccessFixture access = new TemporaryAccessFixture(database);

  @Test
  void addsAMember() {
    UUID userId = UUID.randomUUID();
    var member =
        access
            .operator()
            .row(
                "select email, display_name, status, grant_count from latchkey.add_member(' Mara@acme.example ', null, ?)",
                userId);
    assertThat(member)
        .containsEntry("email", "Mara@acme.example")
        .containsEntry("display_name", "Mara")
        .containsEntry("status", "active")
        .containsEntry("grant_count", 0L);
    assertThat(access.event("member.added", userId.toString()))
        .containsEntry("actor_id", "access_operator");

    String conflict = "A member with this e-mail address or user id exists";
    access.refuses(
        access.operator(), "PT409", conflict, "select latchkey.add_member('mara@ACME.example')");
    access.refuses(
        access.operator(),
        "PT409",
        conflict,
        "select latchkey.add_member('other@acme.example', null, ?)",
        userId);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          null                            | null                | p_email: must not be blank
          '  '                            | null                | p_email: must not be blank
          'nobody'                        | null                | p_email: is not an e-mail address
          'a b@acme.example'              | null                | p_email: is not an e-mail address
          'a@b@c'                         | null                | p_email: is not an e-mail address
          E'a@acme.example\\nBcc: b'      | null                | p_email: must not contain control characters
          repeat('x', 255)                | null                | p_email: must have at most 254 characters
          'a@acme.example'                | repeat('x', 101)    | p_display_name: must have at most 100 characters
          'a@acme.example'                | E'A\\u0085B'        | p_display_name: must not contain control characters
          """)
  void refusesABadAddressOrName(String email, String name, String message) {
    access.refuses(
        access.operator(),
        "22023",
        message,
        "select latchkey.add_member(%s, %s)".formatted(email, name));
  }

  @Test
  void blocksAndUnblocks() {
    String member = access.member();
    access.grant(member, READER);
    String token = access.token(member);
    var blocked =
        access
            .operator()
            .row(
                "select status, block_reason, grant_count, token_count from latchkey.block_member(?::uuid, 'left')",
                member);
    assertThat(blocked)
        .containsEntry("status", "blocked")
        .containsEntry("block_reason", "left")
        .containsEntry("grant_count", 1L)
        .containsEntry("token_count", 1L);
    assertThat(access.authorize(READER, token)).isNull();
    assertThat(access.lastOutcome()).isEqualTo("member_blocked");
    access.refuses(
        access.operator(),
        "PT409",
        "The member is blocked already",
        "select latchkey.block_member(?::uuid, 'left')",
        member);

    assertThat(
            access
                .operator()
                .text("select status from latchkey.unblock_member(?::uuid, 'back')", member))
        .isEqualTo("active");
    assertThat(access.authorize(READER, token)).isNotNull();
    access.refuses(
        access.operator(),
        "PT409",
        "The member is not blocked",
        "select latchkey.unblock_member(?::uuid, 'back')",
        member);
  }

  @Test
  void freezingEndsEverythingForGood() {
    String member = access.member();
    String grant = access.grant(member, READER);
    access.grant(member, WRITER);
    String token = access.token(member);
    var frozen =
        access
            .operator()
            .row(
                "select status, grant_count, token_count from latchkey.freeze_member(?::uuid, 'compromised')",
                member);
    assertThat(frozen)
        .containsEntry("status", "blocked")
        .containsEntry("grant_count", 0L)
        .containsEntry("token_count", 0L);
    assertThat(access.event("member.frozen", member))
        .containsEntry("reason", "compromised")
        .extractingByKey("after")
        .asString()
        .contains("\"grants_revoked\": 2", "\"tokens_revoked\": 1", "\"sessions_left\": 0");

    access.operator().rows("select latchkey.unblock_member(?::uuid, 'mistake')", member);
    assertThat(access.authorize(READER, token)).isNull();
    assertThat(access.lastOutcome()).isEqualTo("token_revoked");
    assertThat(
            access.superuser().text("select status from latchkey.grants where id = ?::uuid", grant))
        .isEqualTo("revoked");
  }

  @Test
  void anUnknownMemberIsNotFound() {
    for (String function : new String[] {"block_member", "unblock_member", "freeze_member"}) {
      access.refuses(
          access.operator(),
          "PT404",
          "Member not found",
          "select latchkey." + function + "(gen_random_uuid(), 'x')");
      access.refuses(
          access.operator(),
          "22023",
          "p_user_id: must not be null",
          "select latchkey." + function + "(null, 'x')");
    }
  }
}
