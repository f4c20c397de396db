package dev.latchkey.access.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.access.AccessRoom;
import dev.latchkey.access.Person;
import dev.latchkey.access.SampleAccess;
import dev.latchkey.task.BackgroundTasks;
import dev.latchkey.task.FxThread;
import dev.latchkey.testing.FxHarness;
import dev.latchkey.testing.HeldTimers;
import dev.latchkey.testing.TestClock;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.widget.Theme;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.ComboBoxBase;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Labeled;
import javafx.scene.control.TableView;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The screen without a mouse, for a screen reader, and as time passes. */
final class AccessKeysTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();
  @RegisterExtension static final FxHarness FX = new FxHarness();

  private static final long A_WHILE = 10_000;

  private final HeldTimers tasks = new HeldTimers(new BackgroundTasks(new FxThread()), A_WHILE);
  private final TestClock clock = new TestClock(Instant.now());
  private AccessRoom room;
  private AccessWindow window;

  @BeforeEach
  void open() {
    room = new AccessRoom(SERVER, tasks);
    new SampleAccess(room).make();
    window = AccessWindow.open(FX, room, tasks, clock, AccessWindow.WIDE, Theme.LIGHT);
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void whatCountsDownIsDrawnAgainAsTimePasses() {
    assertThat(FX.says("18 min")).isTrue();
    clock.advance(Duration.ofMinutes(5));
    FX.settle();
    assertThat(FX.says("18 min")).as("nothing is drawn without a reason").isTrue();
    FX.run(tasks::elapse);
    FX.settle();
    assertThat(FX.says("13 min")).isTrue();
    clock.advance(Duration.ofMinutes(1));
    FX.run(tasks::elapse);
    FX.settle();
    assertThat(FX.says("12 min")).as("again and again").isTrue();

    FX.run(window.view::hidden);
    assertThat(FX.get(tasks::held)).as("nobody looks").isZero();
    FX.run(window.view::shown);
    assertThat(FX.get(tasks::held)).isEqualTo(1);
  }

  @Test
  void aGrantIsChosenOpenedAndRevokedWithoutAMouse() {
    focusFirstRow();
    FX.press(KeyCode.DOWN);
    FX.press(KeyCode.DOWN);
    FX.press(KeyCode.UP);
    assertThat(selectedRow()).isEqualTo(1);
    FX.press(KeyCode.UP);
    FX.press(KeyCode.ENTER);
    FX.waitUntil("the details", () -> window.model.drawer().open().get().isPresent());
    assertThat(FX.find(".lk-drawer").isVisible()).isTrue();
    assertThat(FX.<Boolean>get(window.view::escape)).isTrue();
    FX.settle();
    assertThat(FX.<Boolean>get(() -> window.table().isFocused())).as("back in the list").isTrue();
    assertThat(FX.<Boolean>get(window.view::escape)).as("nothing more is open").isFalse();

    FX.press(KeyCode.CONTROL, KeyCode.C);
    assertThat(FX.get(() -> Clipboard.getSystemClipboard().getString()))
        .startsWith("Member\tE-mail\tRole\tStatus\t")
        .contains("\nTomás Vidal\ttom.s.vidal@acme.io\troom_reader\tExpiring\t")
        .hasLineCount(2);

    FX.press(KeyCode.DELETE);
    FX.waitUntil("what ends", () -> window.says("1 session will end:"));
    assertThat(focusId()).as("the reason is asked first").isEqualTo("act-reason");
    FX.press(KeyCode.ESCAPE);
    window.waitUntilClosed("#act-dialog");
    assertThat(room.sql.number("select count(*) from latchkey.sessions")).isEqualTo(1);
    assertThat(FX.<Boolean>get(() -> window.table().isFocused())).isTrue();

    FX.press(KeyCode.DELETE);
    FX.type("Review is over");
    walkTo("act-confirm");
    FX.press(KeyCode.SPACE);
    FX.waitUntil(
        "none is left",
        () ->
            FX.scene().getRoot().lookup("#sessions-left") instanceof Label left
                && left.getText().equals("0"));
    assertThat(focusId()).as("the way out").isEqualTo("act-close");
    FX.press(KeyCode.SPACE);
    window.waitUntilClosed("#act-dialog");
    assertThat(room.sql.number("select count(*) from latchkey.sessions")).isZero();
  }

  @Test
  void tabWalksThroughTheGrantFormAndStaysInIt() {
    FX.run(window.view::createNew);
    FX.waitUntil("the roles", () -> FX.scene().getRoot().lookup("#grant-roles") != null);
    FX.settle();
    assertThat(focusId()).isEqualTo("grant-member");
    List<String> walked = new ArrayList<>();
    for (int step = 0; step < 30 && !walked.contains("grant-member"); step++) {
      FX.press(KeyCode.TAB);
      walked.add(focusId());
      assertThat(isInside("#grant-dialog")).as("step %d of %s", step, walked).isTrue();
    }
    assertThat(walked)
        .containsSubsequence(
            "add-member",
            "grant-roles",
            "network-typed",
            "grant-reason",
            "grant-confirm",
            "grant-member");
    FX.press(KeyCode.SHIFT, KeyCode.TAB);
    assertThat(focusId()).as("and backwards").isEqualTo("grant-confirm");
  }

  @Test
  void everyControlHasANameForAScreenReader() {
    assertThat(nameless()).isEmpty();
    window.details(window.grant("Q4 review"));
    assertThat(nameless()).isEmpty();
    open(window.view::createNew, "#grant-dialog");
    open(() -> window.view.dialogs().extend(window.grant("Q4 review")), "#extend-dialog");
    open(() -> window.view.dialogs().edit(window.grant("Release 42")), "#edit-grant-dialog");
    open(() -> window.view.dialogs().revoke(window.grant("Q4 review")), "#act-dialog");
    open(window.view.dialogs()::editPolicy, "#policy-dialog");
    open(
        () -> window.view.dialogs().connectionStrings(window.grant("Q4 review")),
        "#connection-dialog");
    Person tomas = window.person("Tomás Vidal");
    open(() -> window.view.dialogs().createToken(tomas), "#token-dialog");
    window.list(AccessList.MEMBERS);
    open(window.view::createNew, "#member-dialog");
  }

  private void open(Runnable action, String dialog) {
    FX.run(action);
    FX.waitUntil(dialog, () -> FX.scene().getRoot().lookup(dialog) != null);
    assertThat(nameless()).as(dialog).isEmpty();
    FX.press(KeyCode.ESCAPE);
    window.waitUntilClosed(dialog);
  }

  /** What can be used and says nothing of itself. */
  private static List<String> nameless() {
    return FX.get(
        () -> {
          List<String> found = new ArrayList<>();
          collect(FX.scene().getRoot(), found);
          return found;
        });
  }

  private static void collect(Node node, List<String> found) {
    if (!node.isVisible()) {
      return;
    }
    if (isUsable(node) && name(node).isBlank()) {
      found.add(node.toString());
    }
    if (node instanceof Parent parent) {
      parent.getChildrenUnmodifiable().forEach(child -> collect(child, found));
    }
  }

  private static boolean isUsable(Node node) {
    return node.isFocusTraversable()
        && (node instanceof ButtonBase
            || node instanceof TextInputControl
            || node instanceof ComboBoxBase<?>
            || node instanceof TableView<?>);
  }

  private static String name(Node node) {
    if (node.getAccessibleText() != null) {
      return node.getAccessibleText();
    }
    if (node instanceof Labeled labeled && labeled.getText() != null) {
      return labeled.getText();
    }
    return FX.scene().getRoot().lookupAll(".label").stream()
        .filter(Label.class::isInstance)
        .map(Label.class::cast)
        .filter(label -> label.getLabelFor() == node)
        .map(Label::getText)
        .findFirst()
        .orElse("");
  }

  private void focusFirstRow() {
    FX.run(
        () -> {
          TableView<?> table = window.table();
          table.requestFocus();
          table.getSelectionModel().clearAndSelect(0);
        });
    FX.settle();
  }

  private int selectedRow() {
    return FX.get(() -> window.table().getSelectionModel().getSelectedIndex());
  }

  private static void walkTo(String id) {
    for (int step = 0; step < 20 && !focusId().equals(id); step++) {
      FX.press(KeyCode.TAB);
    }
    assertThat(focusId()).isEqualTo(id);
  }

  private static String focusId() {
    return FX.get(
        () -> {
          Node owner = FX.scene().getFocusOwner();
          if (owner == null) {
            return "nothing";
          }
          if (owner.getId() != null) {
            return owner.getId();
          }
          return owner instanceof Hyperlink link
              ? link.getText()
              : owner.getClass().getSimpleName();
        });
  }

  private static boolean isInside(String selector) {
    return FX.get(
        () -> {
          Node wanted = FX.scene().getRoot().lookup(selector);
          for (Node step = FX.scene().getFocusOwner(); step != null; step = step.getParent()) {
            if (step == wanted) {
              return true;
            }
          }
          return false;
        });
  }
}
