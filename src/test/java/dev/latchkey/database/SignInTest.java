package dev.latchkey.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.change.Environment;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestDoor;
import dev.latchkey.token.Secret;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class SignInTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();
  @RegisterExtension static final TestDatabase EMPTY = TestDatabase.empty();

  private static TestDoor door;

  @BeforeAll
  static void open() {
    door = TestDoor.to(SERVER);
    SERVER.sql().execute("create role latchkey_test_operator login in role latchkey_operator");
    SERVER.sql().execute("create role latchkey_test_stranger login");
  }

  @AfterAll
  static void close() {
    door.close();
    SERVER.sql().execute("drop role latchkey_test_operator");
    SERVER.sql().execute("drop role latchkey_test_stranger");
  }

  @AfterEach
  void versionAsItWas() {
    pretendVersion(SchemaState.NEEDED);
  }

  @Test
  void asksTheServerWhoCameIn() {
    Session session = signIn(SERVER, "latchkey_test_operator");

    assertThat(session.who().role()).isEqualTo("latchkey_test_operator");
    assertThat(session.who().operator()).isTrue();
    assertThat(session.who().accessEndsAt()).isEmpty();
    assertThat(session.serverVersion()).startsWith("17.");
    session.database().close();
  }

  @Test
  void saysThatADatabaseHasNoSchema() {
    assertThat(refused(EMPTY, "postgres")).isInstanceOf(DatabaseFailure.SchemaMissing.class);
  }

  @Test
  void saysThatTheSchemaIsOlderOrNewerThanTheConsole() {
    pretendVersion(1);
    assertThat(refused(SERVER, "postgres"))
        .isEqualTo(new DatabaseFailure.SchemaOlder(1, SchemaState.NEEDED));

    pretendVersion(99);
    assertThat(refused(SERVER, "postgres"))
        .isEqualTo(new DatabaseFailure.SchemaNewer(99, SchemaState.NEEDED));
  }

  @Test
  void refusesARoleThatIsNoOperatorAndNoAuditor() {
    assertThat(refused(SERVER, "latchkey_test_stranger"))
        .isInstanceOf(DatabaseFailure.NotAllowed.class);
  }

  @Test
  void theSchemaIsWhatThisConsoleNeeds() {
    assertThat(new Migrations(SERVER.dataSource()).check()).isEqualTo(new SchemaState.Current());
    assertThat(new Migrations(EMPTY.dataSource()).check()).isEqualTo(new SchemaState.Missing());
  }

  @Test
  void accessEndsWithTheSoonerOfGrantAndToken() {
    Instant soon = Instant.parse("2026-11-01T12:00:00Z");
    Instant later = soon.plusSeconds(60);

    assertThat(who(Optional.of(soon), Optional.of(later)).accessEndsAt()).contains(soon);
    assertThat(who(Optional.of(later), Optional.of(soon)).accessEndsAt()).contains(soon);
    assertThat(who(Optional.empty(), Optional.of(soon)).accessEndsAt()).contains(soon);
    assertThat(who(Optional.of(soon), Optional.empty()).accessEndsAt()).contains(soon);
    assertThat(who(Optional.empty(), Optional.empty()).accessEndsAt()).isEmpty();
  }

  private static WhoAmI who(Optional<Instant> grant, Optional<Instant> token) {
    return new WhoAmI(
        "role",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        grant,
        Optional.empty(),
        token,
        true,
        false);
  }

  private static Session signIn(TestDatabase database, String role) {
    return new SignIn().into(door.endpoint(database, role), Environment.SANDBOX, Secret.of("any"));
  }

  private static Failure refused(TestDatabase database, String role) {
    return catchThrowableOfType(FailureException.class, () -> signIn(database, role)).failure();
  }

  private static void pretendVersion(int version) {
    SERVER
        .sql()
        .execute(
            """
            create or replace function latchkey.schema_version() returns integer
            language sql immutable as 'select %d'
            """
                .formatted(version));
  }
}
