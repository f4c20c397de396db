package dev.latchkey.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestDoor;
import dev.latchkey.token.Secret;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A token goes to the server of the profile, and only while the sign-in lasts. */
final class TokenDataSourceTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static TestDoor door;
  private static TestDoor elsewhere;

  @BeforeAll
  static void open() {
    door = TestDoor.to(DATABASE);
    elsewhere = TestDoor.to(DATABASE);
  }

  @AfterAll
  static void close() {
    door.close();
    elsewhere.close();
  }

  @Test
  void aDatabasesNameCannotSendTheTokenElsewhere() {
    Endpoint known = door.endpoint(DATABASE, "postgres");
    int trap = elsewhere.endpoint(DATABASE, "postgres").port();
    String name = DATABASE.name() + "?PGHOST=127.0.0.1&PGPORT=" + trap;
    var source = new TokenDataSource(named(known, name), Secret.of("any"));

    assertThatThrownBy(() -> source.getConnection().close()).hasMessageContaining(name);
    assertThat(elsewhere.accepted()).isZero();
  }

  @Test
  void aDatabasesNameMayHaveAnyCharacter() throws Exception {
    String name = "50%25 of/app?";
    DATABASE.sql().execute("create database \"" + name + "\"");
    Endpoint endpoint = named(door.endpoint(DATABASE, "postgres"), name);

    try (var connection = new TokenDataSource(endpoint, Secret.of("any")).getConnection()) {
      assertThat(connection.getCatalog()).isEqualTo(name);
    } finally {
      DATABASE.sql().execute("drop database \"" + name + "\" with (force)");
    }
  }

  @Test
  void aSignInThatIsOverLeavesTheServerAlone() {
    var source = new TokenDataSource(door.endpoint(DATABASE, "postgres"), Secret.of("any"));
    int before = door.accepted();
    source.wipe();

    assertThatThrownBy(() -> source.getConnection().close()).hasMessageContaining("over");
    assertThat(door.accepted()).isEqualTo(before);
  }

  private static Endpoint named(Endpoint endpoint, String database) {
    return new Endpoint(
        endpoint.host(),
        endpoint.port(),
        database,
        endpoint.role(),
        TlsMode.DISABLE,
        Optional.empty(),
        "");
  }
}
