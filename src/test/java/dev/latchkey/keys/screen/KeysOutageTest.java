package dev.latchkey.keys.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.KeyRoom;
import dev.latchkey.kit.list.RowsState;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A server that stops in the middle of what the screen asked of it. */
final class KeysOutageTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private KeyRoom room;
  private KeysViewModel model;
  private ApiKey key;

  @BeforeEach
  void open() {
    room = new KeyRoom(SERVER, new DirectTasks());
    room.empty();
    UUID id = room.scoped(room.account("Acme"), "k", "[]");
    model = room.model((_, approved) -> approved.run());
    model.reload();
    key = room.source.key(id).orElseThrow();
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void inTheMiddleOfLoadingTheRowsStayAndTheFailureIsTold() throws SQLException {
    stopWhileItWaits(model::reload);

    assertThat(model.table().rows()).hasSize(1);
    assertThat(model.table().state().get()).isEqualTo(new RowsState.Shown());
    assertThat(model.table().busy().get()).isFalse();
    assertThat(model.table().notice().get())
        .containsInstanceOf(DatabaseFailure.ConnectionLost.class);
    assertThat(model.table().notice().get().orElseThrow().nextStep())
        .startsWith("What you see is as it was last read.");

    model.reload();
    assertThat(model.table().notice().get()).isEmpty();
  }

  @Test
  void inTheMiddleOfTheFirstLoadTheScreenSaysWhatFailed() throws SQLException {
    KeysViewModel fresh = room.model((_, approved) -> approved.run());

    stopWhileItWaits(fresh::reload);

    assertThat(fresh.table().state().get())
        .isInstanceOfSatisfying(
            RowsState.Failed.class,
            failed ->
                assertThat(failed.failure()).isInstanceOf(DatabaseFailure.ConnectionLost.class));

    fresh.reload();
    assertThat(fresh.table().state().get()).isEqualTo(new RowsState.Shown());
  }

  @Test
  void inTheMiddleOfDisablingItIsSaidThatTheOutcomeIsUnknown() throws SQLException {
    stopWhileItWaits(() -> model.disable(key));

    assertThat(model.table().notice().get())
        .containsInstanceOf(DatabaseFailure.OutcomeUnknown.class);
    assertThat(model.table().notice().get().orElseThrow().nextStep())
        .isEqualTo("It may or may not have been made. Reload to see, before you try again.");
  }

  @Test
  void inTheMiddleOfRevokingTheReasonStays() throws SQLException {
    RevokeKeyViewModel form = model.revoke(key).orElseThrow();
    form.reason().text().set("leaked");

    stopWhileItWaits(() -> form.revoke(() -> {}));

    assertThat(form.form().failure().get())
        .containsInstanceOf(DatabaseFailure.OutcomeUnknown.class);
    assertThat(form.reason().text().get()).isEqualTo("leaked");
    assertThat(form.form().busy().get()).isFalse();
  }

  /** Lets {@code work} wait for a lock, and breaks its connection while it does. */
  private void stopWhileItWaits(Runnable work) throws SQLException {
    try (Connection holder = SERVER.connect()) {
      holder.setAutoCommit(false);
      Sql.on(holder).execute("lock table api_keys_private.api_keys in access exclusive mode");
      Thread stopping = Thread.ofVirtual().start(() -> stop(holder));
      work.run();
      stopping.join();
    } catch (InterruptedException exception) {
      throw new IllegalStateException(exception);
    }
  }

  private void stop(Connection holder) {
    String waiting =
        """
        select pid from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
          and application_name = 'Latchkey'
        """;
    while (SERVER.sql().rows(waiting).isEmpty()) {
      Thread.onSpinWait();
    }
    SERVER.sql().rows("select pg_terminate_backend(pid, 5000) from (" + waiting + ") as waiting");
    try {
      holder.rollback();
    } catch (SQLException exception) {
      throw new IllegalStateException(exception);
    }
  }
}
