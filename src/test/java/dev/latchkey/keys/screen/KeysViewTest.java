package dev.latchkey.keys.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.change.Environment;
import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.KeyColumn;
import dev.latchkey.keys.KeyDetails;
import dev.latchkey.keys.KeyFilter;
import dev.latchkey.keys.KeyRoom;
import dev.latchkey.keys.KeyStatus;
import dev.latchkey.keys.SampleKeys;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.form.ReviewDialog;
import dev.latchkey.kit.list.RowsState;
import dev.latchkey.rows.Sort;
import dev.latchkey.scopes.PostgresScopes;
import dev.latchkey.task.BackgroundTasks;
import dev.latchkey.task.FxThread;
import dev.latchkey.task.Tasks;
import dev.latchkey.testing.FxHarness;
import dev.latchkey.testing.HeldTimers;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Theme;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The screen worked as a person would, on the real database; leaves pictures to look at. */
final class KeysViewTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();
  @RegisterExtension static final FxHarness FX = new FxHarness();

  private static final int WIDE = 1090;
  private static final int NARROW = 944;
  private static final int HEIGHT = 725;

  private final Tasks tasks = new BackgroundTasks(new FxThread());
  private KeyRoom room;
  private KeysViewModel model;
  private KeysView view;

  @BeforeEach
  void open() {
    room = new KeyRoom(SERVER, tasks);
    new SampleKeys(room).make();
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void showsFiltersAndSortsKeys() {
    show(WIDE, Theme.LIGHT);
    assertThat(FX.says("partner-invoices")).isTrue();
    // Who only reads leaves no trace: nothing here says "never".
    assertThat(FX.says("No use seen")).isTrue();
    assertThat(FX.says("Never used")).isFalse();
    FX.picture("keys-wide-light");

    FX.run(view::focusFilter);
    FX.type("webhook");
    FX.waitUntil("one key is found", () -> model.table().rows().size() == 1);
    assertThat(FX.says("billing-webhook")).isTrue();
    assertThat(FX.says("partner-invoices")).isFalse();
    FX.run(() -> ((TextField) node("#key-filter")).clear());
    FX.waitUntil("all are back", () -> model.table().rows().size() == 42);

    FX.click("#status-expiring");
    FX.waitUntil("only expiring keys", () -> model.table().rows().size() == 1);
    FX.click("#status-expiring");
    FX.waitUntil("all are back", () -> model.table().rows().size() == 42);

    FX.run(() -> sort((TableView<?>) node("#keys-table"), "name", TableColumn.SortType.ASCENDING));
    FX.waitUntil("sorted by name", () -> first().startsWith("bi"));
    assertThat(FX.says("↑ Name")).isTrue();
    FX.run(() -> sort((TableView<?>) node("#keys-table"), "name", TableColumn.SortType.DESCENDING));
    FX.waitUntil("the other way", () -> first().equals("worker-26"));
  }

  @Test
  void opensDetailsByMouseAndKeyboardAndClosesThem() {
    show(WIDE, Theme.LIGHT);
    FX.clickText("partner-invoices");
    FX.waitUntil("details", this::detailsAreThere);
    assertThat(FX.says("· 11 denied")).isTrue();
    FX.picture("keys-drawer-light");
    for (String tab : List.of("Scopes", "Usage", "History")) {
      FX.click(tab(tab));
      FX.picture("keys-drawer-" + tab.toLowerCase(Locale.ROOT));
    }
    assertThat(FX.says("Created")).isTrue();

    FX.click(tab("Details"));
    assertThat(FX.get(view::escape)).isTrue();
    FX.settle();
    assertThat(model.drawer().open().get()).isEmpty();
    FX.press(KeyCode.DOWN);
    FX.press(KeyCode.ENTER);
    FX.waitUntil("details of the next", this::detailsAreThere);
    assertThat(model.drawer().details().get().orElseThrow().key().name())
        .isEqualTo("partner-sandbox");
    assertThat(FX.labelled("Enable").isDisabled()).isFalse();
  }

  @Test
  void makesAKeyShowsItsSecretOnceAndRevokesIt() {
    show(WIDE, Theme.LIGHT);
    FX.run(view::createNew);
    FX.settle();
    FX.picture("keys-new-blank");
    FX.click("#create-key");
    assertThat(FX.says("Give the key a name.")).isTrue();
    FX.picture("keys-new-incomplete");
    fillForm();
    FX.picture("keys-new-filled");
    FX.clickText("JSON");
    TextArea json = FX.find(".lk-scopes-editor .text-area", TextArea.class);
    assertThat(json.getText()).contains("\"action\":\"read\"");
    FX.run(() -> json.setText("[{\"entity_type\":\"invoice\",\n \"action\":7}]"));
    FX.picture("keys-new-json-wrong");
    assertThat(FX.says("Line 2, column 11: scope 1: action must be a string.")).isTrue();
    FX.run(
        () ->
            json.setText("[{\"entity_type\":\"invoice\",\"entity_id\":null,\"action\":\"read\"}]"));
    FX.clickText("Rows");
    FX.click("#create-key");
    FX.waitUntil("the secret is shown", () -> node("#new-secret") != null);
    FX.picture("keys-secret");

    Label secret = FX.find("#secret", Label.class);
    assertThat(secret.getText()).startsWith("sk_").contains("••••");
    FX.press(KeyCode.ESCAPE);
    assertThat(FX.<Boolean>get(() -> node("#new-secret") != null)).isTrue();
    assertThat(FX.find("#secret-close", Button.class).isDisabled()).isTrue();
    FX.click("#secret-reveal");
    String key = secret.getText();
    assertThat(key).matches("sk_[0-9A-Za-z]{65}");
    assertThat(room.sql.truth("select (public.verify_api_key(?) ->> 'valid')::boolean", key))
        .isTrue();
    FX.click("#secret-copy");
    assertThat(FX.<String>get(() -> Clipboard.getSystemClipboard().getString())).isEqualTo(key);
    assertThat(FX.says("Clipboard clears in 45 s")).isTrue();
    FX.picture("keys-secret-revealed");
    FX.click("#secret-close");
    FX.waitUntil("it is selected in the table", () -> model.table().selection().get().size() == 1);
    assertThat(secret.getText()).isEmpty();
    FX.waitUntil("it is there", () -> shows("warehouse-sync"));

    FX.clickText("warehouse-sync");
    FX.waitUntil("details", this::detailsAreThere);
    FX.clickText("Revoke…");
    FX.picture("keys-revoke");
    FX.click("#revoke-confirm");
    assertThat(FX.says("Say why: the reason stays in the audit log.")).isTrue();
    FX.run(() -> FX.scene().getRoot().lookup("#revoke-reason").requestFocus());
    FX.type("leaked in a log");
    FX.click("#revoke-confirm");
    FX.waitUntil("it is revoked", () -> details().filter(ApiKey::isRevoked).isPresent());
    assertThat(room.sql.truth("select (public.verify_api_key(?) ->> 'valid')::boolean", key))
        .isFalse();
    assertThat(FX.labelled("Revoke…").isDisabled()).isTrue();
    FX.picture("keys-revoked");
  }

  @Test
  void editingAKeyThatSomebodyElseChangedShowsBothVersions() {
    show(WIDE, Theme.LIGHT);
    FX.clickText("partner-invoices");
    FX.waitUntil("details", this::detailsAreThere);
    FX.clickText("Edit…");
    FX.picture("keys-edit");
    UUID id = details().orElseThrow().id();
    room.sql.row("select latchkey.update_api_key(?, 7, '{\"name\":\"partner-billing\"}')", id);
    FX.run(() -> ((TextArea) node("#edit-description")).setText("Mine"));
    FX.click("#edit-save");
    FX.waitUntil("the conflict is told", () -> shows("partner-invoices → partner-billing"));
    FX.picture("keys-edit-conflict");

    FX.click("#edit-save");
    FX.waitUntil("it is saved", () -> node("#edit-key") == null);
    assertThat(room.source.key(id).orElseThrow())
        .extracting(ApiKey::name, ApiKey::description)
        .containsExactly("partner-billing", "Mine");
  }

  @Test
  void disablingShowsTheCallFirst() {
    show(WIDE, Theme.LIGHT);
    FX.clickText("crm-sync");
    FX.waitUntil("details", this::detailsAreThere);
    FX.clickText("Disable");
    FX.picture("keys-disable-review");
    assertThat(FX.says("Disable crm-sync")).isTrue();
    FX.clickText("Disable key");
    FX.waitUntil(
        "it is disabled",
        () -> details().filter(key -> key.status() == KeyStatus.DISABLED).isPresent());
  }

  @Test
  void keepsOnlyAWindowOfManyKeysAndReadsOnWhileOneScrolls() {
    room.sql.execute(
        """
        insert into api_keys_private.api_keys
          (ksuid, kind, name, key_prefix, prefix, last4, key_hash, salt, role)
        select api_keys_private.ksuid(), 'secret', 'bulk-' || lpad(n::text, 4, '0'),
          'sb_secr', 'sb_secret_', 'zzzz', '00', '\\x00', 'service_role'
        from generate_series(1, 1200) as n
        """);
    show(WIDE, Theme.LIGHT);
    FX.run(() -> model.table().filterBy(KeyFilter.ALL.withText("bulk-")));
    FX.run(() -> model.table().sortBy(new Sort<>(KeyColumn.NAME, true)));
    FX.waitUntil(
        "the first page", () -> model.table().rows().size() == 100 && first().equals("bulk-0001"));
    TableView<?> table = FX.find("#keys-table", TableView.class);
    int most = 0;
    for (int step = 0; step < 60 && !last().equals("bulk-1200"); step++) {
      FX.run(() -> table.scrollTo(table.getItems().size() - 5));
      FX.waitUntil("what was asked for is there", () -> !model.table().busy().get());
      most = Math.max(most, table.getItems().size());
    }
    assertThat(last()).isEqualTo("bulk-1200");
    assertThat(most).isLessThanOrEqualTo(300);
    for (int step = 0; step < 60 && !first().equals("bulk-0001"); step++) {
      FX.run(() -> table.scrollTo(3));
      FX.waitUntil("what was asked for is there", () -> !model.table().busy().get());
    }
    assertThat(first()).isEqualTo("bulk-0001");
    assertThat(table.getItems()).hasSizeLessThanOrEqualTo(300);
  }

  @Test
  void copiesTheSelectedRowsWithoutAnySecret() {
    show(WIDE, Theme.LIGHT);
    FX.clickText("crm-sync");
    FX.run(view::escape);
    FX.press(KeyCode.CONTROL, KeyCode.C);

    assertThat(FX.<String>get(() -> Clipboard.getSystemClipboard().getString()))
        .startsWith("Name\tAccount\tKey\tKind\tScopes\t")
        .containsPattern("\ncrm-sync\tGlobex\tsk_[0-9A-Za-z]+…[0-9A-Za-z]{4}\tScoped\t")
        .hasLineCount(2);
  }

  @Test
  void deleteAsksBeforeAnythingIsRevoked() {
    show(WIDE, Theme.LIGHT);
    FX.clickText("crm-sync");
    FX.press(KeyCode.DELETE);

    assertThat(FX.says("Revoke crm-sync")).isTrue();
    FX.press(KeyCode.ESCAPE);
    assertThat(room.sql.number("select count(*) from latchkey.keys where status = 'revoked'"))
        .isEqualTo(1);
  }

  @Test
  void saysWhyNothingCanBeChangedWhileReadOnly() {
    room.writeMode.turnOff();
    show(WIDE, Theme.LIGHT);
    FX.clickText("partner-invoices");
    FX.waitUntil("details", this::detailsAreThere);
    FX.picture("keys-read-only");

    assertThat(FX.find("#new-key-button").isDisabled()).isTrue();
    assertThat(FX.labelled("Revoke…").isDisabled()).isTrue();
    assertThat(FX.says("Read-only: keys cannot be changed.")).isTrue();
    assertThat(FX.says("Turn on write mode")).isTrue();
    FX.run(view::createNew);
    FX.settle();
    assertThat(FX.<Boolean>get(() -> node("#new-key") == null)).isTrue();
  }

  @Test
  void keepsItsRowsWhenTheServerStopsAndSaysSo() {
    show(WIDE, Theme.LIGHT);
    FX.clickText("partner-invoices");
    FX.waitUntil("details", this::detailsAreThere);
    room.door.cut();
    FX.run(view::reload);
    FX.waitUntil("the failure is told", () -> model.table().notice().get().isPresent());
    FX.picture("keys-lost");

    assertThat(FX.says("partner-invoices")).isTrue();
    assertThat(FX.says("Copy details")).isTrue();
  }

  @Test
  void everyStateHasItsFace() {
    show(WIDE, Theme.LIGHT);
    FX.run(() -> model.table().filterBy(KeyFilter.ALL.withText("no such key")));
    FX.waitUntil("nothing is found", () -> shows("No keys found"));
    FX.picture("keys-nothing-found");
    FX.clickText("Clear the filter");
    FX.waitUntil("all are back", () -> shows("partner-invoices"));

    room.empty();
    FX.run(view::reload);
    FX.waitUntil("there is none", () -> shows("No keys yet"));
    FX.picture("keys-empty");

    room.door.cut();
    FX.run(view::reload);
    FX.waitUntil("failed", () -> model.table().state().get() instanceof RowsState.Failed);
    FX.picture("keys-failed");
    assertThat(FX.says("Retry")).isTrue();
  }

  @Test
  void showsASkeletonWhileTheFirstRowsTakeLong() throws SQLException {
    try (Connection holding = SERVER.connect()) {
      holding.setAutoCommit(false);
      Sql.on(holding).execute("lock table api_keys_private.api_keys in access exclusive mode");
      build(WIDE, Theme.LIGHT);
      FX.waitUntil("the skeleton", () -> node(".lk-skeleton") != null);
      FX.picture("keys-loading");
      assertThat(FX.<Boolean>get(() -> shows("partner-invoices"))).isFalse();
      holding.rollback();
      FX.waitUntil("rows", () -> shows("partner-invoices"));
    }
  }

  @Test
  void looksRightInTheDarkAndInASmallWindow() {
    show(NARROW, Theme.DARK);
    FX.clickText("partner-invoices");
    FX.waitUntil("details", this::detailsAreThere);
    FX.picture("keys-1000-dark");
    FX.theme(Theme.LIGHT);
    FX.picture("keys-1000-light");
    FX.theme(Theme.DARK);
    FX.run(view::createNew);
    FX.settle();
    FX.picture("keys-new-1000-dark");
    FX.run(() -> node("#new-key").requestFocus());
    FX.press(KeyCode.ESCAPE);
    FX.resize(WIDE, HEIGHT);
    FX.picture("keys-drawer-dark");
    FX.run(view::escape);
    FX.picture("keys-wide-dark");
    FX.resize(1600, HEIGHT);
    FX.picture("keys-1800-dark");

    assertThat(FX.says("partner-invoices")).isTrue();
  }

  private void show(int width, Theme theme) {
    build(width, theme);
    FX.waitUntil("rows and charts are there", () -> !model.calls().get().isEmpty());
  }

  private void build(int width, Theme theme) {
    FX.show(
        width,
        HEIGHT,
        theme,
        () -> {
          StackPane content = new StackPane();
          DialogLayer dialogs = new DialogLayer(content);
          dialogs.environmentProperty().set(Optional.of(Environment.SANDBOX));
          TimedClipboard clipboard = new TimedClipboard(new HeldTimers(tasks, 1_000));
          model =
              new KeysViewModel(
                  room.source,
                  new PostgresScopes(room.database),
                  Optional.of(room.changes(new ReviewDialog(dialogs, clipboard))),
                  tasks,
                  Clock.systemUTC());
          Times times =
              new Times(Clock.systemUTC(), new SimpleObjectProperty<ZoneId>(ZoneOffset.UTC));
          view = new KeysView(model, new Desk(dialogs, clipboard, times, tasks, () -> {}));
          content.getChildren().add(view);
          view.shown();
          return dialogs;
        });
  }

  private void fillForm() {
    FX.run(
        () -> {
          chooseFirst((ComboBox<?>) node("#new-key-account"));
          ((TextField) node("#new-key-name")).setText("warehouse-sync");
          List<Node> boxes =
              List.copyOf(FX.scene().getRoot().lookupAll(".lk-scope-rows .combo-box"));
          ((ComboBox<?>) boxes.get(0)).getEditor().setText("invoice");
          ((ComboBox<?>) boxes.get(1)).getEditor().setText("read");
        });
    FX.settle();
  }

  private static <T> void chooseFirst(ComboBox<T> box) {
    box.setValue(box.getItems().getFirst());
  }

  /** What a click on a header does; the headless platform takes every click for a popup's. */
  private static <T> void sort(TableView<T> table, String column, TableColumn.SortType direction) {
    TableColumn<T, ?> found =
        table.getColumns().stream()
            .filter(candidate -> candidate.getId().equals(column))
            .findFirst()
            .orElseThrow();
    found.setSortType(direction);
    table.getSortOrder().setAll(List.of(found));
  }

  private static Node node(String selector) {
    return FX.scene().getRoot().lookup(selector);
  }

  /** For conditions, which are asked on the JavaFX thread. */
  private static boolean shows(String text) {
    return FX.scene().getRoot().lookupAll(".label").stream()
        .anyMatch(node -> node instanceof Label label && text.equals(label.getText()));
  }

  private static Node tab(String name) {
    return FX.get(
        () ->
            FX.scene().getRoot().lookupAll(".lk-tabs > .toggle-button").stream()
                .map(ToggleButton.class::cast)
                .filter(button -> button.getText().equals(name))
                .findFirst()
                .orElseThrow());
  }

  private boolean detailsAreThere() {
    return model.drawer().details().get().filter(known -> !known.usage().isEmpty()).isPresent();
  }

  private Optional<ApiKey> details() {
    return model.drawer().details().get().map(KeyDetails::key);
  }

  private String first() {
    return model.table().rows().getFirst().name();
  }

  private String last() {
    return model.table().rows().getLast().name();
  }
}
