package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GateSessionTest {
  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final Doorway door = new Doorway(database);

  @Test
  void letsATokenInAsThePassword() throws Exception {
    Doorway.Access access = door.access();
    try (Connection connection = door.connect(access)) {
      assertThat(Sql.on(connection).text("select current_user")).isEqualTo(Doorway.ROLE);
      assertThat(Sql.on(connection).text("show application_name")).isEqualTo("gate test");
    }
  }

  @Test
  void revokingEndsTheSessionAtOnce() throws Exception {
    Doorway.Access access = door.access();
    try (Connection connection = door.connect(access)) {
      assertThat(Sql.on(connection).text("select 1")).isEqualTo("1");
      assertThat(
              database
                  .sql()
                  .text(
                      "select status from latchkey.revoke_grant(?::uuid, 'done')",
                      access.grantId()))
          .isEqualTo("revoked");
      assertThat(connection.isValid(5)).isFalse();
    }
  }
}
