package dev.latchkey.doctor;

import static dev.latchkey.doctor.Clinic.cause;
import static dev.latchkey.doctor.Clinic.examine;
import static dev.latchkey.doctor.Clinic.first;
import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.Endpoint;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestDoor;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a PostgreSQL server itself answers to a role that it knows or does not know. */
final class DirectCausesTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();
  @RegisterExtension static final TestDatabase BARE = TestDatabase.empty();

  private static final String GUEST = "doctor_guest";
  private static final String LIMITED = "doctor_limited";
  private static final String CLOSED = "doctor_closed";
  private static TestDoor door;

  @BeforeAll
  static void open() {
    door = TestDoor.to(DATABASE);
    DATABASE.sql().execute("create role %s login".formatted(GUEST));
    DATABASE.sql().execute("create role %s login connection limit 1".formatted(LIMITED));
    DATABASE.sql().execute("create role %s".formatted(CLOSED));
  }

  @AfterAll
  static void close() {
    door.close();
    DATABASE
        .sql()
        .execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename in (?, ?)",
            GUEST,
            LIMITED);
    DATABASE.sql().execute("drop role " + GUEST);
    DATABASE.sql().execute("drop role " + LIMITED);
    DATABASE.sql().execute("drop role " + CLOSED);
  }

  @Test
  void aRoleThatDoesNotExist() {
    Diagnosis diagnosis = examine(door.endpoint(DATABASE, "nobody_here"), "any");

    assertThat(cause(diagnosis)).isEqualTo(Cause.ROLE_UNUSABLE);
    assertThat(first(diagnosis).sentence()).isEqualTo("There is no role named nobody_here.");
    assertThat(DATABASE.sql().rows(first(diagnosis).sql())).isEmpty();
  }

  @Test
  void aRoleThatMayNotLogIn() {
    Diagnosis diagnosis = examine(door.endpoint(DATABASE, CLOSED), "any");

    assertThat(cause(diagnosis)).isEqualTo(Cause.ROLE_UNUSABLE);
    assertThat(first(diagnosis).sentence())
        .isEqualTo("The role %s may not log in.".formatted(CLOSED));
    assertThat(DATABASE.sql().row(first(diagnosis).sql())).containsEntry("rolcanlogin", false);
  }

  @Test
  void aRolesNameIsNoSql() {
    String hostile = "x'; drop table t; --";

    Diagnosis diagnosis = examine(door.endpoint(DATABASE, hostile), "any");

    assertThat(DATABASE.sql().rows(first(diagnosis).sql())).isEmpty();
  }

  @Test
  void aDatabaseThatDoesNotExist() {
    Diagnosis diagnosis = examine(at("not_there", "postgres"), "any");

    assertThat(cause(diagnosis)).isEqualTo(Cause.NO_SUCH_DATABASE);
    assertThat(first(diagnosis).code()).isEqualTo("3D000");
  }

  @Test
  void aDatabaseThatTheRoleMayNotConnectToAndTheSqlThatAllowsIt() {
    String name = DATABASE.createDatabase(false);
    DATABASE.sql().execute("revoke connect on database %s from public".formatted(name));
    try {
      Diagnosis diagnosis = examine(at(name, GUEST), "any");

      assertThat(cause(diagnosis)).isEqualTo(Cause.MAY_NOT_CONNECT);
      assertThat(first(diagnosis).code()).isEqualTo("42501");
      DATABASE.sql().execute(first(diagnosis).sql());
      assertThat(cause(examine(at(name, GUEST), "any"))).isEqualTo(Cause.SCHEMA_MISSING);
    } finally {
      DATABASE.dropDatabase(name);
    }
  }

  @Test
  void aDatabaseThatTakesNoConnections() {
    assertThat(cause(examine(at("template0", "postgres"), "any"))).isEqualTo(Cause.DATABASE_CLOSED);
  }

  @Test
  void aRoleWithAsManyConnectionsAsItMayHave() throws SQLException {
    try (Connection taken = DATABASE.connectAs(LIMITED)) {
      assertThat(taken.isValid(30)).isTrue();

      Diagnosis diagnosis = examine(door.endpoint(DATABASE, LIMITED), "any");

      assertThat(cause(diagnosis)).isEqualTo(Cause.TOO_MANY_CONNECTIONS);
      assertThat(first(diagnosis).sentence()).startsWith("The role " + LIMITED);
      assertThat(DATABASE.sql().rows(first(diagnosis).sql())).isNotEmpty();
    }
  }

  @Test
  void aDatabaseWithAsManyConnectionsAsItMayHave() throws SQLException {
    String name = DATABASE.createDatabase(false);
    DATABASE.sql().execute("alter database %s connection limit 0".formatted(name));
    try {
      Diagnosis diagnosis = examine(at(name, GUEST), "any");

      assertThat(cause(diagnosis)).isEqualTo(Cause.TOO_MANY_CONNECTIONS);
      assertThat(first(diagnosis).sentence()).startsWith("The database " + name);
    } finally {
      DATABASE.dropDatabase(name);
    }
  }

  @Test
  void aDatabaseWithoutTheSchema() {
    Diagnosis diagnosis = examine(at(BARE.name(), "postgres"), "any");

    assertThat(cause(diagnosis)).isEqualTo(Cause.SCHEMA_MISSING);
    assertThat(diagnosis.step(Step.SIGN_IN).result()).isInstanceOf(StepResult.Passed.class);
    assertThat(diagnosis.step(Step.SIGN_IN).evidence())
        .anyMatch(seen -> seen.startsWith("PostgreSQL 17."));
    assertThat(diagnosis.attempts()).isEqualTo(1);
  }

  @Test
  void aSchemaOfAnotherVersion() {
    String name = DATABASE.createDatabase(true);
    try {
      pretendVersion(name, 1);
      assertThat(cause(examine(at(name, "postgres"), "any"))).isEqualTo(Cause.SCHEMA_OLDER);
      pretendVersion(name, 99);
      assertThat(cause(examine(at(name, "postgres"), "any"))).isEqualTo(Cause.SCHEMA_NEWER);
    } finally {
      DATABASE.dropDatabase(name);
    }
  }

  @Test
  void aSchemaThatIsNotWhatItWas() {
    String name = DATABASE.createDatabase(true);
    Sql sql = Sql.on(DATABASE.address().dataSource(name, "postgres"));
    try {
      sql.execute(
          "create or replace function latchkey.code_version() returns text language sql immutable return 'x'");
      assertThat(cause(examine(at(name, "postgres"), "any"))).isEqualTo(Cause.SCHEMA_STALE);

      sql.execute("drop schema temporary_access cascade");
      Diagnosis diagnosis = examine(at(name, "postgres"), "any");
      assertThat(cause(diagnosis)).isEqualTo(Cause.SCHEMA_DAMAGED);
      assertThat(first(diagnosis).sentence())
          .isEqualTo("The Latchkey schema here is damaged. This is gone: schema temporary_access.");
      assertThat(first(diagnosis).code()).isEqualTo("LK-SCHEMA-DAMAGED");
      assertThat(diagnosis.attempts()).isEqualTo(1);
    } finally {
      DATABASE.dropDatabase(name);
    }
  }

  @Test
  void aRoleThatIsNoOperator() {
    Diagnosis diagnosis = examine(door.endpoint(DATABASE, GUEST), "any");

    assertThat(cause(diagnosis)).isEqualTo(Cause.NO_OPERATOR);
    assertThat(diagnosis.step(Step.SIGN_IN).result()).isInstanceOf(StepResult.Passed.class);
  }

  private static void pretendVersion(String name, int version) {
    Sql.on(DATABASE.address().dataSource(name, "postgres"))
        .execute(
            "create or replace function latchkey.schema_version() returns integer"
                + " language sql immutable as 'select %d'".formatted(version));
  }

  private static Endpoint at(String database, String role) {
    Endpoint endpoint = door.endpoint(DATABASE, role);
    return Endpoint.loopback(endpoint.port(), database, role);
  }
}
