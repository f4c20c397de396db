package dev.latchkey.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestDoor;
import dev.latchkey.token.Secret;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What somebody left in the role does not meet the next one who works with the program. */
final class OwnSettingsTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private static final String ROLE = "own_settings_operator";

  private TestDoor door;

  @BeforeEach
  void poison() {
    SERVER
        .sql()
        .execute(
            """
            create role own_settings_operator login in role latchkey_operator;
            create schema evil authorization own_settings_operator;
            create table evil.loot (who text);
            grant all on evil.loot to public;
            grant usage on schema evil to public;
            create function evil.steal(text, text) returns boolean language sql
              as 'insert into evil.loot values (session_user) returning true';
            create operator evil.= (function = evil.steal, leftarg = text, rightarg = text);
            alter role own_settings_operator set search_path = evil, pg_catalog;
            alter role own_settings_operator set default_transaction_read_only = on;
            alter role own_settings_operator set default_transaction_isolation = 'serializable';
            alter role own_settings_operator set statement_timeout = '3ms';
            alter role own_settings_operator set lock_timeout = '1ms';
            alter role own_settings_operator set role = 'own_settings_operator';
            """);
    if (SERVER.sql().number("select current_setting('server_version_num')::integer") >= 170000) {
      SERVER.sql().execute("alter role own_settings_operator set transaction_timeout = '200ms'");
    }
    door = TestDoor.to(SERVER);
  }

  @AfterEach
  void clean() {
    door.close();
    SERVER
        .sql()
        .rows("select pg_terminate_backend(pid) from pg_stat_activity where usename = ?", ROLE);
    SERVER.sql().execute("drop schema evil cascade; drop role own_settings_operator");
  }

  @Test
  void aSessionOfOursHasItsOwnSettings() {
    try (Database database = new Database(door.endpoint(SERVER, ROLE))) {
      database.signIn(Secret.of("any"));
      Map<String, Object> settings =
          database.read(
              handle ->
                  handle
                      .createQuery(
                          """
                          select current_setting('search_path') as path, current_setting('statement_timeout') as statement,
                            current_setting('lock_timeout') as locks, current_setting('role') as role,
                            current_setting('default_transaction_isolation') as isolation,
                            pg_sleep(0.25)::text as slept, 'a'::text = 'b'::text as same
                          """)
                      .mapToMap()
                      .one());
      assertThat(settings)
          .containsEntry("path", "pg_catalog")
          .containsEntry("statement", "0")
          .containsEntry("locks", "0")
          .containsEntry("role", "none")
          .containsEntry("isolation", "read committed")
          .containsEntry("same", false);

      Sql sql = SERVER.sql();
      String member = sql.text("select user_id from latchkey.add_member('own@acme.example')");
      database
          .door()
          .make(
              Call.to("latchkey.block_member")
                  .uuid("p_user_id", UUID.fromString(member))
                  .text("p_reason", "x"));
      assertThat(sql.text("select status from latchkey.members where user_id = ?::uuid", member))
          .isEqualTo("blocked");
      assertThat(sql.number("select count(*) from evil.loot")).isZero();
    }
  }
}
