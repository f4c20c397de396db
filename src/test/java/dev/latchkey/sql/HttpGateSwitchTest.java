package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.SqlFiles;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Switching legacy keys and the gate itself, and living with a pre-request function that was there.
 */
final class HttpGateSwitchTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String STATUS =
      "select string_agg(name || ' ' || status, ', ' order by name) from latchkey.legacy_keys";

  private String name;
  private Sql sql;

  @BeforeEach
  void makeDatabase() {
    name = DATABASE.createDatabase(true);
    sql = DATABASE.sqlIn(name);
  }

  @AfterEach
  void dropDatabase() {
    DATABASE.dropDatabase(name);
  }

  @Test
  void eachLegacyKeyIsSwitchedAlone() {
    sql.row("select latchkey.switch_legacy_key('anon', false)");
    assertThat(sql.text(STATUS)).isEqualTo("anon off, service_role on");
    sql.row("select latchkey.switch_legacy_key('anon', true)");
    assertThat(sql.text(STATUS)).isEqualTo("anon on, service_role on");
    sql.row("select latchkey.revoke_legacy_key('service_role', ' Moved ')");
    assertThat(sql.text(STATUS)).isEqualTo("anon on, service_role revoked");

    assertThat(
            sql.texts(
                "select concat_ws(' ', type, object_id, reason) from latchkey.events order by id"))
        .containsExactly(
            "legacy_key.switched_off anon",
            "legacy_key.switched_on anon",
            "legacy_key.revoked service_role Moved");
    assertThat(sql.row("select * from latchkey.legacy_keys where name = 'service_role'"))
        .containsEntry("revoked_by_name", "postgres")
        .containsEntry("revoke_reason", "Moved");
  }

  @Test
  void switchingToWhatItIsChangesNothing() {
    sql.row("select latchkey.switch_legacy_key('anon', true)");
    sql.row("select latchkey.switch_http_gate(false)");
    assertThat(sql.number("select count(*) from audit.events")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "latchkey.switch_legacy_key('anon', true)",
        "latchkey.switch_legacy_key('anon', false)",
        "latchkey.revoke_legacy_key('anon', null)"
      })
  void revokingIsFinal(String call) {
    sql.row("select latchkey.revoke_legacy_key('anon', null)");
    refused("PT409", "was revoked on", call);
    assertThat(sql.text(STATUS)).isEqualTo("anon revoked, service_role on");
  }

  @Test
  void badInputIsNamed() {
    refused("22023", "p_name:", "latchkey.switch_legacy_key('postgres', false)");
    refused("22023", "p_name:", "latchkey.revoke_legacy_key(null, null)");
    refused("22023", "p_on:", "latchkey.switch_legacy_key('anon', null)");
    refused("22023", "p_on:", "latchkey.switch_http_gate(null)");
    refused("22023", "p_reason:", "latchkey.revoke_legacy_key('anon', repeat('x', 501))");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "latchkey.switch_legacy_key('anon', false)",
        "latchkey.revoke_legacy_key('anon', null)",
        "latchkey.switch_http_gate(true)"
      })
  void onlyOperatorsSwitch(String call) throws SQLException {
    try (Connection connection = DATABASE.address().dataSource(name, "postgres").getConnection()) {
      Sql session = Sql.on(connection);
      session.execute("set session authorization latchkey_auditor");
      SqlFailure failure =
          catchThrowableOfType(SqlFailure.class, () -> session.row("select " + call));
      assertThat(failure.sqlState()).isEqualTo("42501");
    }
    assertThat(sql.text(STATUS)).isEqualTo("anon on, service_role on");
  }

  @Test
  void theGateIsSwitchedOnAndOffForThisDatabaseAlone() {
    assertThat(sql.text("select is_on from latchkey.http_gate")).isEqualTo("false");

    assertThat(sql.text("select is_on from latchkey.switch_http_gate(true)")).isEqualTo("true");
    assertThat(setting()).isEqualTo("public.pre_request");
    assertThat(DATABASE.sql().text("select is_on from latchkey.http_gate")).isEqualTo("false");

    assertThat(sql.text("select is_on from latchkey.switch_http_gate(false)")).isEqualTo("false");
    assertThat(setting()).isNull();
    assertThat(sql.texts("select type from latchkey.events order by id"))
        .containsExactly("http_gate.switched_on", "http_gate.switched_off");
  }

  @Test
  void aFunctionThatWasSetBeforeIsCalledFirstAsTheRoleItAlwaysHad() {
    existing("app.\"Check\"");
    set("app.Check");

    install();

    assertThat(setting()).as("nothing is overwritten by installing").isEqualTo("app.Check");
    assertThat(called()).isEqualTo("anon");
    sql.row("select latchkey.switch_http_gate(true)");
    assertThat(setting()).isEqualTo("public.pre_request");
    install();
    assertThat(called()).isEqualTo("anon");
    assertThat(sql.text("select earlier_pre_request from latchkey.http_gate"))
        .isEqualTo("app.Check");
    sql.row("select latchkey.switch_http_gate(false)");
    assertThat(setting()).isEqualTo("app.Check");
  }

  @Test
  void oneThatIsSetLaterIsChainedWhenTheGateIsSwitchedOn() {
    existing("app.\"Check\"");
    set("app.Check");
    sql.row("select latchkey.switch_http_gate(true)");
    assertThat(called()).isEqualTo("anon");
  }

  @Test
  void aRefusalOfTheEarlierFunctionStands() {
    sql.execute(
        """
        create function public.strict_check() returns void language plpgsql as $$
        begin raise sqlstate 'PGRST' using message = '{"code":"theirs","message":"No"}', detail = '{"status":403,"headers":{}}'; end
        $$;
        """);
    set("strict_check");
    install();
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, this::called);
    assertThat(failure.getMessage()).contains("theirs");
  }

  @Test
  void aFunctionOfTheSameNameIsKeptUnderAnotherAndCalled() {
    sql.execute("drop function public.pre_request()");
    existing("public.pre_request");
    set("public.pre_request");

    install();
    install();

    assertThat(called()).isEqualTo("anon");
    assertThat(sql.text("select earlier_pre_request from latchkey.http_gate"))
        .isEqualTo("public.pre_request_before_latchkey");
    assertThat(
            sql.truth("select has_function_privilege('anon', 'public.pre_request()', 'execute')"))
        .isTrue();
  }

  @Test
  void aConfiguredFunctionThatIsNotThereIsAClearError() {
    set("app.gone");
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, this::install);
    assertThat(failure.sqlState()).isEqualTo("42883");
    assertThat(failure.getMessage()).contains("app.gone is not there");
  }

  private void existing(String function) {
    sql.execute(
        """
        create schema if not exists app;
        grant usage on schema app to public;
        create function %s() returns void language plpgsql as $$
        begin perform set_config('app.checked', current_user, true); end
        $$;
        """
            .formatted(function));
  }

  private void set(String function) {
    sql.execute(
        "alter role authenticator in database \"%s\" set pgrst.db_pre_request = '%s'"
            .formatted(name, function));
  }

  private void install() {
    sql.execute(SqlFiles.content(SqlFiles.code()));
  }

  /** Which role the earlier function saw when the request carried a scoped key. */
  private String called() {
    KeyFixture keys = new KeyFixture(sql);
    String key = keys.key(keys.account("Acme")).key();
    try (Connection connection = DATABASE.address().dataSource(name, "postgres").getConnection()) {
      connection.setAutoCommit(false);
      Sql request = Sql.on(connection);
      request.execute("set session authorization authenticator; set local role anon");
      request.row(
          "select set_config('request.headers', jsonb_build_object('apikey', ?::text)::text, true)",
          key);
      request.row("select public.pre_request()");
      assertThat(request.text("select current_user")).isEqualTo("api_key");
      return request.text("select current_setting('app.checked', true)");
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private String setting() {
    return sql.text("select api_keys_private.configured_pre_request()");
  }

  private void refused(String sqlState, String message, String call) {
    SqlFailure failure = catchThrowableOfType(SqlFailure.class, () -> sql.row("select " + call));
    assertThat(failure.sqlState()).as(failure.getMessage()).isEqualTo(sqlState);
    assertThat(failure.getMessage()).contains(message);
  }
}
