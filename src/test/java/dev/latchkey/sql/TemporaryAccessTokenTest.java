package dev.latchkey.sql;

import static dev.latchkey.sql.TemporaryAccessFixture.READER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.TestDatabase;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemporaryAccessTokenTest {
  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final TemporaryAccessFixture access = new TemporaryAccessFixture(database);

  @Test
  void showsTheTokenOnceAndStoresNoneOfItsSecret() {
    String token = access.token(access.member());
    assertThat(token).matches("jit_[0-9A-Za-z]{65}").hasSize(69);
    String secret = token.substring(31, 63);
    for (String place :
        new String[] {
          "temporary_access.tokens", "latchkey.access_tokens", "latchkey.events", "latchkey.logins"
        }) {
      assertThat(
              access
                  .superuser()
                  .number(
                      "select count(*) from "
                          + place
                          + " as place where strpos(place::text, ?) > 0",
                      secret))
          .as(place)
          .isZero();
    }
  }

  @Test
  void isListedWithItsStatusAndLastUse() {
    String member = access.member();
    access.grant(member, READER);
    String token = access.token(member);
    String question =
        "select status, last4, host(last_used_from) as last_used_from from latchkey.access_tokens where user_id = ?::uuid";
    assertThat(access.operator().row(question, member))
        .containsEntry("status", "expiring")
        .containsEntry("last4", token.substring(65))
        .containsEntry("last_used_from", null);
    access.authorize(READER, token, "2001:db8::7");
    assertThat(access.operator().row(question, member))
        .containsEntry("last_used_from", "2001:db8::7");
  }

  @Test
  void aRefusedLoginIsNoUse() {
    String member = access.member();
    access.authorize(READER, access.token(member), "2001:db8::7");
    assertThat(
            access
                .operator()
                .row(
                    "select last_used_at from latchkey.access_tokens where user_id = ?::uuid",
                    member))
        .containsEntry("last_used_at", null);
  }

  @Test
  void canBeRevokedOnce() {
    String token = access.token(access.member());
    String id = access.tokenId(token);
    String revoke = "select status from latchkey.revoke_access_token(?::uuid, 'lost')";
    assertThat(access.operator().text(revoke, id)).isEqualTo("revoked");
    assertThat(access.event("token.revoked", id)).containsEntry("reason", "lost");
    access.refuses(access.operator(), "PT409", "The access token is revoked already", revoke, id);
    access.refuses(
        access.operator(),
        "PT404",
        "Access token not found",
        "select latchkey.revoke_access_token(gen_random_uuid())");
    access.refuses(
        access.operator(),
        "22023",
        "p_token_id: must not be null",
        "select latchkey.revoke_access_token(null)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          null             | now() + interval '1 d'  | null             | null     | p_name: must not be blank
          ' '              | now() + interval '1 d'  | null             | null     | p_name: must not be blank
          repeat('x', 101) | now() + interval '1 d'  | null             | null     | p_name: must have at most 100 characters
          E'a\\tb'         | now() + interval '1 d'  | null             | null     | p_name: must not contain control characters
          'build'          | null                    | null             | null     | p_expires_at: an end is required
          'build'          | now() - interval '1 s'  | null             | null     | p_expires_at: must be in the future
          'build'          | now() + interval '91 d' | null             | null     | p_expires_at: at most 90 days
          'build'          | now() + interval '1 d'  | '{}'             | null     | p_roles: must have 1 to 100 roles
          'build'          | now() + interval '1 d'  | array[null]      | null     | p_roles: an entry is not a role name
          'build'          | now() + interval '1 d'  | '{"a", " "}'     | null     | p_roles: an entry is not a role name
          'build'          | now() + interval '1 d'  | null             | '{null}' | p_allowed_cidrs: an entry is null
          """)
  void refusesBadInput(String name, String end, String roles, String networks, String message) {
    access.refuses(
        access.operator(),
        "22023",
        message,
        "select latchkey.create_access_token(?::uuid, %s, %s, %s, %s)"
            .formatted(name, end, roles, networks),
        access.member());
  }

  @Test
  void isNotMadeForABlockedOrUnknownMember() {
    String create = "select latchkey.create_access_token(?::uuid, 'x', now() + interval '1 h')";
    access.refuses(
        access.operator(),
        "PT404",
        "Member not found",
        create,
        "00000000-0000-4000-8000-000000000000");
    String member = access.member();
    access.operator().rows("select latchkey.block_member(?::uuid, 'left')", member);
    access.refuses(access.operator(), "PT409", "The member is blocked", create, member);
  }
}
