package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Inside a session of the gate the server knows the person. */
class GateActorTest {
  private static final String OPERATOR = "gate_operator";

  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final Doorway door = new Doorway(database);

  private static Doorway.Access access;

  @BeforeAll
  static void grant() {
    door.sql()
        .execute(
            """
            do $$
            begin
              if not exists (select from pg_roles where rolname = 'gate_operator') then
                create role gate_operator login in role latchkey_operator;
              end if;
            end
            $$
            """);
    String member = door.member();
    String grant =
        door.sql()
            .text(
                "select id from latchkey.grant_access(?::uuid, ?, now() + interval '1 h', p_reason => 'x')",
                member,
                OPERATOR);
    access = door.token(member, grant);
  }

  @Test
  void whoamiNamesThePersonTheGrantAndTheToken() throws Exception {
    try (Connection connection = door.connect(OPERATOR, access.token())) {
      var me =
          Sql.on(connection)
              .row(
                  """
                  select me ->> 'user_id' as user_id, me ->> 'role' as role, me ->> 'grant_id' as grant_id,
                    me ->> 'token_id' as token_id, me ->> 'client_addr' as client_addr,
                    (me ->> 'grant_expires_at')::timestamptz > now() as grant_ends_later,
                    (me ->> 'token_expires_at')::timestamptz > now() as token_ends_later,
                    me -> 'is_operator' = 'true' as operator, me -> 'is_auditor' = 'true' as auditor
                  from latchkey.whoami() as me
                  """);
      assertThat(me)
          .containsEntry("user_id", access.userId())
          .containsEntry("role", OPERATOR)
          .containsEntry("grant_id", access.grantId())
          .containsEntry("token_id", access.tokenId())
          .containsEntry("client_addr", "127.0.0.1")
          .containsEntry("grant_ends_later", true)
          .containsEntry("token_ends_later", true)
          .containsEntry("operator", true)
          .containsEntry("auditor", false);
    }
  }

  @Test
  void whatTheyDoIsRecordedInTheirName() throws Exception {
    try (Connection connection = door.connect(OPERATOR, access.token())) {
      String added =
          Sql.on(connection).text("select user_id from latchkey.add_member('new@example.org')");
      assertThat(
              door.sql()
                  .row(
                      "select actor_type, actor_id from latchkey.events where type = 'member.added' and object_id = ?",
                      added))
          .containsEntry("actor_type", "member")
          .containsEntry("actor_id", access.userId());
    }
  }

  @Test
  void aSessionOfTheSameRoleBesideTheGateIsNobody() throws Exception {
    try (Connection through = door.connect(OPERATOR, access.token());
        Connection beside = database.connectAs(OPERATOR)) {
      assertThat(through.isValid(10)).isTrue();
      assertThat(Sql.on(beside).text("select latchkey.actor() ->> 'type'")).isEqualTo("role");
    }
  }

  @Test
  void nobodyGrantsToThemselves() throws Exception {
    try (Connection connection = door.connect(OPERATOR, access.token())) {
      var failure =
          catchThrowableOfType(
              Sql.SqlFailure.class,
              () ->
                  Sql.on(connection)
                      .rows(
                          "select latchkey.extend_grant(?::uuid, now() + interval '2 h', 'more')",
                          access.grantId()));
      assertThat(failure.sqlState()).isEqualTo("42501");
    }
  }

  @Test
  void whoRevokesTheirOwnGrantGetsTheAnswerAndIsPutOut() throws Exception {
    String member = door.member();
    String grant =
        door.sql()
            .text(
                "select id from latchkey.grant_access(?::uuid, ?, now() + interval '1 h', p_reason => 'x')",
                member,
                OPERATOR);
    Doorway.Access own = door.token(member, grant);
    try (Connection connection = door.connect(OPERATOR, own.token())) {
      assertThat(
              Sql.on(connection)
                  .text("select status from latchkey.revoke_grant(?::uuid, 'done')", grant))
          .isEqualTo("revoked");
      var failure =
          catchThrowableOfType(
              Sql.SqlFailure.class, () -> Sql.on(connection).text("select pg_sleep(600)"));
      assertThat(failure.sqlState()).isIn("57P01", "08006");
      assertThat(
              door.sql()
                  .text(
                      "select actor_id from latchkey.events where type = 'grant.revoked' and object_id = ?",
                      grant))
          .isEqualTo(member);
    }
  }
}
