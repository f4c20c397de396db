package dev.latchkey.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.Environment;
import dev.latchkey.task.BackgroundTasks;
import dev.latchkey.task.FxThread;
import dev.latchkey.task.Tasks;
import dev.latchkey.testing.FxHarness;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.ReviewDialog;
import dev.latchkey.widget.Theme;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.layout.StackPane;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pictures of the screen in target/pictures, for comparing with the design. */
final class KeysPicturesTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();
  @RegisterExtension static final FxHarness FX = new FxHarness();

  private final Tasks tasks = new BackgroundTasks(new FxThread());
  private KeyRoom room;
  private KeysViewModel model;
  private KeysView view;

  @BeforeAll
  static void fill() {
    try (KeyRoom room = new KeyRoom(SERVER, new BackgroundTasks(new FxThread()))) {
      new SampleKeys(room).make();
    }
  }

  @BeforeEach
  void open() {
    room = new KeyRoom(SERVER, tasks);
  }

  @AfterEach
  void close() {
    room.close();
  }

  private void show(int width, Theme theme) {
    FX.show(
        width,
        753,
        theme,
        () -> {
          StackPane content = new StackPane();
          DialogLayer dialogs = new DialogLayer(content);
          dialogs.environmentProperty().set(Optional.of(Environment.SANDBOX));
          TimedClipboard clipboard = new TimedClipboard(tasks);
          model = room.model(new ReviewDialog(dialogs, clipboard));
          Times times =
              new Times(Clock.systemUTC(), new SimpleObjectProperty<ZoneId>(ZoneOffset.UTC));
          view = new KeysView(model, dialogs, clipboard, times, tasks, () -> {});
          content.getChildren().add(view);
          view.shown();
          return dialogs;
        });
    FX.waitUntil("rows and charts are there", () -> !model.calls().get().isEmpty());
  }

  private void openDrawer() {
    FX.run(() -> model.select(java.util.Set.of(first().id())));
    FX.run(() -> model.drawer().show(first()));
    FX.waitUntil(
        "details are there", () -> !model.drawer().details().get().orElseThrow().usage().isEmpty());
  }

  private ApiKey first() {
    return model.rows().stream()
        .filter(key -> key.name().equals("partner-invoices"))
        .findFirst()
        .orElseThrow();
  }

  private void fillForm() {
    FX.run(
        () -> {
          ComboBox<Account> account = node("#new-key-account");
          account.setValue(account.getItems().getFirst());
          TextField name = node("#new-key-name");
          name.setText("warehouse-sync");
          ComboBox<String> type = node(".lk-scope-rows .combo-box");
          type.getEditor().setText("invoice");
          List<Node> boxes =
              List.copyOf(FX.scene().getRoot().lookupAll(".lk-scope-rows .combo-box"));
          ((ComboBox<?>) boxes.get(1)).getEditor().setText("read");
        });
    FX.settle();
  }

  @SuppressWarnings("unchecked")
  private static <T extends Node> T node(String selector) {
    return (T) FX.scene().getRoot().lookup(selector);
  }

  @Test
  void dialogsOfANewKey() {
    show(1090, Theme.LIGHT);
    FX.click("#new-key-button");
    FX.settle();
    FX.picture("keys-new-blank");
    FX.click("#create-key");
    FX.picture("keys-new-incomplete");
    fillForm();
    FX.picture("keys-new-filled");
    FX.clickText("JSON");
    FX.picture("keys-new-json");
    FX.run(
        () ->
            KeysPicturesTest.<TextArea>node(".lk-scopes-editor .text-area")
                .setText("[{\"entity_type\":\"invoice\",\n \"action\":7}]"));
    FX.picture("keys-new-json-wrong");
    FX.run(
        () ->
            KeysPicturesTest.<TextArea>node(".lk-scopes-editor .text-area")
                .setText(
                    "[{\"entity_type\":\"invoice\",\n \"entity_id\":null,\"action\":\"read\"}]"));
    FX.clickText("Rows");
    FX.click("#create-key");
    FX.waitUntil("the secret is shown", () -> FX.scene().getRoot().lookup("#new-secret") != null);
    FX.picture("keys-secret");
    FX.click("#secret-copy");
    FX.click("#secret-reveal");
    FX.picture("keys-secret-revealed");
    FX.click("#secret-close");
    FX.waitUntil(
        "the new key is in the table",
        () -> model.selection().get().size() == 1 && !model.busy().get());
    FX.picture("keys-after-create");
  }

  @Test
  void otherDialogsAndStates() {
    show(1090, Theme.LIGHT);
    openDrawer();
    FX.clickText("Revoke…");
    FX.picture("keys-revoke");
    FX.press(javafx.scene.input.KeyCode.ESCAPE);
    FX.clickText("Edit…");
    FX.picture("keys-edit");
    FX.press(javafx.scene.input.KeyCode.ESCAPE);
    for (String tab : List.of("Scopes", "Usage", "History")) {
      FX.run(
          () ->
              FX.scene().getRoot().lookupAll(".lk-tabs > .toggle-button").stream()
                  .map(ToggleButton.class::cast)
                  .filter(button -> button.getText().equals(tab))
                  .forEach(button -> button.setSelected(true)));
      FX.picture("keys-drawer-" + tab.toLowerCase());
    }
    FX.run(() -> room.writeMode.turnOff());
    FX.clickText("Details");
    FX.picture("keys-read-only");
    FX.run(() -> model.filterBy(KeyFilter.ALL.withText("no such key")));
    FX.waitUntil("nothing is found", () -> model.state().get() instanceof KeysState.NothingFound);
    FX.picture("keys-nothing-found");
    FX.run(() -> model.filterBy(KeyFilter.ALL));
    FX.waitUntil("rows are back", () -> model.state().get() instanceof KeysState.Shown);
    room.door.cut();
    FX.run(model::reload);
    FX.waitUntil("the failure is told", () -> model.notice().get().isPresent());
    FX.picture("keys-lost");
  }

  @Test
  void tableAndDrawerInBothThemesAndWidths() {
    for (Theme theme : Theme.values()) {
      String name = theme.name().toLowerCase();
      show(1090, theme);
      FX.picture("keys-wide-" + name);
      openDrawer();
      FX.picture("keys-drawer-" + name);
      FX.stage().getScene().getRoot();
      FX.run(FX.stage()::close);
      show(944, theme);
      openDrawer();
      FX.picture("keys-1000-" + name);
      FX.run(FX.stage()::close);
    }
    assertThat(model.rows()).hasSizeGreaterThan(40);
  }
}
