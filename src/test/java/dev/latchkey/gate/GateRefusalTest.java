package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.gate.Doorway.Access;
import dev.latchkey.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GateRefusalTest {
  private static final String NO_ONE = "no_such_role";

  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final Doorway door = new Doorway(database);

  @Test
  void anOrdinaryPassword() throws Exception {
    refuses(Doorway.ROLE, "correct horse battery staple", "malformed");
  }

  @Test
  void anEmptyPassword() throws Exception {
    refuses(Doorway.ROLE, "", "malformed");
  }

  @Test
  void aTokenWithAWrongChecksum() throws Exception {
    String token = door.access().token();
    char last = token.charAt(token.length() - 1);
    refuses(
        Doorway.ROLE,
        token.substring(0, token.length() - 1) + (last == 'a' ? 'b' : 'a'),
        "malformed");
  }

  @Test
  void aTokenThatIsCutOff() throws Exception {
    refuses(Doorway.ROLE, door.access().token().substring(0, 60), "malformed");
  }

  @Test
  void aTokenWithSomethingBehindIt() throws Exception {
    refuses(Doorway.ROLE, door.access().token() + "x", "malformed");
    refuses(Doorway.ROLE, door.access().token() + " ", "malformed");
    refuses(Doorway.ROLE, door.access().token() + "x".repeat(1000), "malformed");
  }

  @Test
  void aKeyOfAnotherKind() throws Exception {
    String key = door.sql().text("select key from api_keys_private.generate_key('sk_')");
    refuses(Doorway.ROLE, key, "malformed");
  }

  @Test
  void anUnknownToken() throws Exception {
    String token = door.sql().text("select key from api_keys_private.generate_key('jit_')");
    refuses(Doorway.ROLE, token, "unknown_token");
  }

  @Test
  void aKnownTokenWithAnotherSecret() throws Exception {
    String body = door.access().token().substring(0, 31) + "A".repeat(32);
    String check = door.sql().text("select api_keys_private.key_check(?)", body);
    refuses(Doorway.ROLE, body + check, "wrong_secret");
  }

  @Test
  void aRevokedToken() throws Exception {
    Access access = door.access();
    door.sql().rows("select latchkey.revoke_access_token(?::uuid, 'lost')", access.tokenId());
    refuses(Doorway.ROLE, access.token(), "token_revoked");
  }

  @Test
  void anExpiredToken() throws Exception {
    Access access = door.access();
    door.sql()
        .execute(
            "update temporary_access.tokens set expires_at = now() - interval '1 s' where id = ?::uuid",
            access.tokenId());
    refuses(Doorway.ROLE, access.token(), "token_expired");
  }

  @Test
  void aBlockedMember() throws Exception {
    Access access = door.access();
    door.sql().rows("select latchkey.block_member(?::uuid, 'left')", access.userId());
    refuses(Doorway.ROLE, access.token(), "member_blocked");
  }

  @Test
  void aRoleThatIsNotGranted() throws Exception {
    refuses("postgres", door.access().token(), "no_grant");
    refuses(NO_ONE, door.access().token(), "no_grant");
  }

  @Test
  void aGrantThatHasExpired() throws Exception {
    Access access = door.access();
    door.sql()
        .execute(
            """
            update temporary_access.grants
            set starts_at = now() - interval '2 h', expires_at = now() - interval '1 h'
            where id = ?::uuid
            """,
            access.grantId());
    refuses(Doorway.ROLE, access.token(), "grant_expired");
  }

  @Test
  void aGrantThatHasNotStarted() throws Exception {
    Access access = door.access();
    door.sql()
        .execute(
            "update temporary_access.grants set starts_at = now() + interval '30 min' where id = ?::uuid",
            access.grantId());
    refuses(Doorway.ROLE, access.token(), "grant_not_started");
  }

  @Test
  void aGrantThatIsRevoked() throws Exception {
    Access access = door.access();
    door.sql().rows("select latchkey.revoke_grant(?::uuid, 'done')", access.grantId());
    refuses(Doorway.ROLE, access.token(), "grant_revoked");
  }

  @Test
  void anAddressOutsideTheNetworks() throws Exception {
    Access access = door.access("{192.0.2.0/24,2001:db8::/32}", Duration.ofHours(1));
    refuses(Doorway.ROLE, access.token(), "address_not_allowed");
    assertThat(door.sql().text("select client_addr from latchkey.logins order by at desc limit 1"))
        .isEqualTo("127.0.0.1");
  }

  @Test
  void aTokenThatIsForOtherRolesOrNetworks() throws Exception {
    Access access = door.access();
    refuses(Doorway.ROLE, narrowed(access, "{someone_else}", null), "role_not_allowed");
    refuses(Doorway.ROLE, narrowed(access, null, "{192.0.2.0/24}"), "address_not_allowed");
  }

  @Test
  void everybodyWhileTemporaryAccessIsDisabled() throws Exception {
    Access access = door.access();
    door.sql().rows("select latchkey.set_temporary_access('disabled')");
    try {
      refuses(Doorway.ROLE, access.token(), "disabled");
    } finally {
      door.sql().rows("select latchkey.set_temporary_access('enabled')");
    }
  }

  @Test
  void aRequestForReplication() throws Exception {
    var answer =
        RawClient.signIn(door.port(), Map.of("user", Doorway.ROLE, "replication", "database"), "x");
    assertThat(answer.body()).isEqualTo(refusal(Doorway.ROLE));
  }

  private static String narrowed(Access access, String roles, String networks) {
    return door.sql()
        .text(
            """
            select latchkey.create_access_token(
              ?::uuid, 'ci', now() + interval '1 h', ?::text[], ?::cidr[]) ->> 'token'
            """,
            access.userId(),
            roles,
            networks);
  }

  /** What the client hears does not depend on the reason; what the log says does. */
  private static void refuses(String role, String token, String outcome) throws Exception {
    var failure =
        catchThrowableOfType(
            SQLException.class,
            () -> {
              try (var connection = door.connect(role, token.isEmpty() ? "\t" : token)) {
                assertThat(connection).isNull();
              }
            });
    assertThat(failure.getSQLState()).isEqualTo("28000");
    assertThat(failure.getMessage())
        .isEqualTo("FATAL: temporary access refused for role \"" + role + "\"");

    var answer =
        RawClient.signIn(door.port(), Map.of("user", role, "database", door.databaseName()), token);
    assertThat(answer.type()).isEqualTo('E');
    assertThat(answer.body()).isEqualTo(refusal(role));
    assertThat(door.lastOutcome()).isEqualTo(outcome);
  }

  private static byte[] refusal(String role) {
    byte[] message = Messages.refused(role);
    return Arrays.copyOfRange(message, 5, message.length);
  }
}
