package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A token is in no log, however much the server logs. */
class GateSecrecyTest {
  @Order(1)
  @RegisterExtension
  static final TestDatabase database = new TestDatabase();

  @Order(2)
  @RegisterExtension
  static final Doorway door = new Doorway(database);

  @BeforeEach
  void logEverything() {
    setting("log_statement", "all");
    setting("log_min_duration_statement", "0");
    setting("log_min_error_statement", "debug5");
    setting("log_parameter_max_length", "-1");
    setting("log_parameter_max_length_on_error", "-1");
    setting("debug_print_plan", "on");
    setting("log_connections", "on");
    reload();
  }

  @AfterEach
  void logAsBefore() {
    door.sql().execute("alter system reset all");
    reload();
  }

  @Test
  void noTokenReachesTheServersLog() throws Exception {
    Doorway.Access access = door.access();
    String known = access.token();
    String unknown = door.sql().text("select key from api_keys_private.generate_key('jit_')");
    String cut = known.substring(0, 60);
    try (Gate gate = door.open(GateLimits.standard())) {
      int port = gate.address().getPort();
      try (Connection connection = door.connect(port, Doorway.ROLE, known)) {
        assertThat(Sql.on(connection).text("select 'marker' || ?", "-of-this-test"))
            .isEqualTo("marker-of-this-test");
      }
      for (String token : new String[] {unknown, cut, known + "'; select 1/0 --"}) {
        catchThrowableOfType(
            SQLException.class, () -> door.connect(port, Doorway.ROLE, token).close());
      }
      catchThrowableOfType(SQLException.class, () -> door.connect(port, known, "x").close());
    }
    String log = Files.readString(database.serverLog());
    assertThat(log).contains("-of-this-test");
    assertThat(log.contains(known.substring(31, 63))).as("secret of a good token").isFalse();
    assertThat(log.contains(unknown.substring(31, 63))).as("secret of an unknown token").isFalse();
  }

  @Test
  void theLogOfLoginsHasNoTokenEither() {
    Doorway.Access access = door.access();
    catchThrowableOfType(SQLException.class, () -> door.connect(access.token(), "x").close());
    assertThat(
            door.sql()
                .number(
                    "select count(*) from temporary_access.logins where strpos(logins::text, ?) > 0",
                    access.token().substring(31, 63)))
        .isZero();
  }

  @Test
  void aServerThatWouldLogTokensIsNotAsked() throws Exception {
    Doorway.Access access = door.access();
    door.sql().execute("alter role latchkey_gatekeeper reset log_parameter_max_length");
    try (Gate gate = door.open(GateLimits.standard())) {
      var failure =
          catchThrowableOfType(
              SQLException.class,
              () -> door.connect(gate.address().getPort(), Doorway.ROLE, access.token()).close());
      assertThat(failure.getSQLState()).isEqualTo("57P03");
    } finally {
      door.sql().execute("alter role latchkey_gatekeeper set log_parameter_max_length = 0");
    }
  }

  private static void setting(String name, String value) {
    door.sql().execute("alter system set " + name + " = '" + value + "'");
  }

  private static void reload() {
    door.sql().rows("select pg_reload_conf()");
  }
}
