package dev.latchkey.access.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.access.AccessDetails;
import dev.latchkey.access.AccessRoom;
import dev.latchkey.access.SampleAccess;
import dev.latchkey.kit.list.RowsState;
import dev.latchkey.task.BackgroundTasks;
import dev.latchkey.task.FxThread;
import dev.latchkey.task.Tasks;
import dev.latchkey.testing.FxHarness;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.widget.Theme;
import java.time.Clock;
import java.util.UUID;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The screen worked as a person would, on the real database; leaves pictures to look at. */
final class AccessViewTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();
  @RegisterExtension static final FxHarness FX = new FxHarness();

  private final Tasks tasks = new BackgroundTasks(new FxThread());
  private AccessRoom room;
  private UUID first;
  private AccessViewModel model;
  private AccessView view;

  @BeforeEach
  void open() {
    room = new AccessRoom(SERVER, tasks);
    first = new SampleAccess(room).make();
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void showsEveryListAndTheDetailsOfAGrant() {
    show(AccessWindow.WIDE, Theme.LIGHT);
    assertThat(FX.says("Tomás Vidal")).isTrue();
    FX.picture("access-grants-wide");
    for (AccessList list : AccessList.values()) {
      FX.run(() -> model.list().set(list));
      FX.waitUntil(
          "rows",
          () ->
              model.rows().state().get() instanceof RowsState.Shown && !model.rows().busy().get());
      FX.picture("access-" + list.plural());
    }
    FX.run(() -> model.list().set(AccessList.GRANTS));
    FX.waitUntil("all is read", () -> !model.rows().busy().get());
    FX.clickText("Q4 review");
    FX.waitUntil("details", this::detailsAreThere);
    FX.picture("access-drawer-light");
    assertThat(FX.says("Refused: address outside networks")).isTrue();
    FX.theme(Theme.DARK);
    FX.picture("access-drawer-dark");
    FX.resize(AccessWindow.NARROW, AccessWindow.HEIGHT);
    FX.picture("access-1000-dark");
    FX.theme(Theme.LIGHT);
    FX.picture("access-1000-light");
    FX.press(KeyCode.ESCAPE);
  }

  @Test
  void grantsTwoRolesAtOnceAndShowsTheCalls() {
    show(AccessWindow.WIDE, Theme.LIGHT);
    FX.run(view::createNew);
    FX.waitUntil("members", () -> !((ComboBox<?>) node("#grant-member")).getItems().isEmpty());
    FX.picture("access-grant-blank");
    FX.click("#grant-confirm");
    assertThat(FX.says("Choose a member.")).isTrue();
    FX.picture("access-grant-incomplete");
    FX.run(
        () -> {
          ComboBox<?> box = (ComboBox<?>) node("#grant-member");
          box.getSelectionModel().select(0);
          MenuButton roles = (MenuButton) node("#grant-roles");
          roles.getItems().stream()
              .filter(item -> item.getText().equals(AccessRoom.WRITER))
              .findFirst()
              .orElseThrow()
              .fire();
          ((TextField) node("#network-typed")).setText("10.8.0.0/16 2001:db8:8::/48 10.9.");
          ((TextField) node("#grant-reason")).setText("Incident 4127: invoice backfill");
        });
    FX.picture("access-grant-wrong-network");
    FX.run(() -> ((TextField) node("#network-typed")).setText("10.8.0.0/16 2001:db8:8::/48"));
    FX.picture("access-grant-filled");
    FX.click("#grant-confirm");
    FX.waitUntil("granted", () -> node("#grant-dialog") == null);
    assertThat(
            room.sql.text(
                "select string_agg(role || ' ' || allowed_cidrs::text, ';') from latchkey.grants where reason like 'Incident 4127: %'"))
        .isEqualTo("room_writer {10.8.0.0/16,2001:db8:8::/48}");
  }

  @Test
  void revokingShowsTheSessionsGoingToZero() {
    show(AccessWindow.WIDE, Theme.LIGHT);
    FX.waitUntil("all is read", () -> !model.rows().busy().get());
    FX.clickText("Q4 review");
    FX.waitUntil("details", this::detailsAreThere);
    FX.clickText("Revoke…");
    FX.waitUntil("what ends", () -> shows("1 session will end:"));
    FX.picture("access-revoke");
    FX.click("#act-confirm");
    assertThat(FX.says("Say why: the reason stays in the audit log.")).isTrue();
    FX.run(() -> ((TextField) node("#act-reason")).setText("Review is over"));
    FX.click("#act-confirm");
    FX.waitUntil(
        "none is left",
        () -> node("#sessions-left") instanceof Label left && left.getText().equals("0"));
    FX.picture("access-revoked");
    assertThat(room.sql.text("select status from latchkey.grants where id = ?", first))
        .isEqualTo("revoked");
    assertThat(room.sql.number("select count(*) from latchkey.sessions")).isZero();
    FX.click("#act-close");
  }

  private void show(int width, Theme theme) {
    AccessWindow window = AccessWindow.open(FX, room, tasks, Clock.systemUTC(), width, theme);
    model = window.model;
    view = window.view;
  }

  private boolean detailsAreThere() {
    return model.drawer().details().get().orElse(null) instanceof AccessDetails.OfGrant of
        && !of.sessions().isEmpty();
  }

  private static Node node(String selector) {
    return FX.scene().getRoot().lookup(selector);
  }

  /** For conditions, which are asked on the JavaFX thread. */
  private static boolean shows(String text) {
    return FX.scene().getRoot().lookupAll(".label").stream()
        .anyMatch(node -> node instanceof Label label && text.equals(label.getText()));
  }
}
