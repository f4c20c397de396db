package dev.latchkey.audit.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.audit.AuditEvent;
import dev.latchkey.audit.AuditFilter.Period;
import dev.latchkey.audit.EventDetails;
import dev.latchkey.audit.PostgresAudit;
import dev.latchkey.keys.KeyRoom;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.Screen;
import dev.latchkey.task.BackgroundTasks;
import dev.latchkey.task.FxThread;
import dev.latchkey.task.Tasks;
import dev.latchkey.testing.FxHarness;
import dev.latchkey.testing.HeldTimers;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Theme;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TableView;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class AuditScreenTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();
  @RegisterExtension static final FxHarness FX = new FxHarness();

  private final Tasks tasks = new BackgroundTasks(new FxThread());
  private KeyRoom room;
  private UUID key;
  private AuditViewModel model;
  private Screen screen;

  @BeforeEach
  void open() {
    room = new KeyRoom(SERVER, tasks);
    room.empty();
    key = room.scoped(room.account("Acme"), "partner-invoices", "[]");
    room.sql.execute(
        "select latchkey.update_api_key('%s', 1, '{\"name\": \"partner-exports\"}')"
            .formatted(key));
    room.sql.execute("select latchkey.revoke_key('%s', 'leaked in a log')".formatted(key));
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void listsWhatHappenedTheNewestFirst() {
    show(1_000, Theme.LIGHT);
    FX.picture("audit");

    assertThat(sentences().getFirst()).endsWith("revoked key partner-exports");
    assertThat(FX.says("key.revoked · leaked in a log")).isTrue();
  }

  @Test
  void opensAnEventByKeyboardAndShowsWhatItChanged() {
    show(1_000, Theme.DARK);
    FX.run(() -> model.events().search("key.updated"));
    FX.waitUntil("the one", () -> types().stream().allMatch("key.updated"::equals));
    selectTheFirst();
    FX.press(KeyCode.ENTER);
    FX.waitUntil("details", () -> details().after().isPresent());
    FX.picture("audit-details-dark");
    FX.clickText("Changes");
    FX.picture("audit-changes-dark");

    assertThat(FX.says("partner-invoices")).isTrue();
    assertThat(FX.says("partner-exports")).isTrue();
    assertThat(FX.<Boolean>get(screen::escape)).isTrue();
    assertThat(FX.<Boolean>get(screen::escape)).as("nothing more is open").isFalse();
  }

  @Test
  void narrowsToOneObjectFromTheDrawerAndWidensAgain() {
    room.scoped(room.account("Globex"), "another", "[]");
    show(1_000, Theme.LIGHT);
    FX.run(() -> model.filter(now -> now.ofType(Optional.of("key.revoked"))));
    FX.waitUntil("one kind", () -> types().stream().allMatch("key.revoked"::equals));
    FX.run(() -> model.show(model.events().rows().getFirst()));
    FX.waitUntil("details", () -> details().after().isPresent());
    FX.run(() -> model.filter(now -> now.ofType(Optional.empty()).about(Optional.of(object()))));
    FX.waitUntil(
        "its events", () -> types().equals(List.of("key.revoked", "key.updated", "key.created")));
    FX.picture("audit-object");

    FX.run(() -> FX.find("#audit-object").requestFocus());
    FX.press(KeyCode.SPACE);
    FX.waitUntil("all again", () -> types().size() > 3);
  }

  @Test
  void menusOfferWhoAndWhatAndSayWhatIsChosen() {
    show(1_000, Theme.LIGHT);
    FX.waitUntil("choices", () -> !model.choices().get().types().isEmpty());
    MenuButton action = menu("Action: any");
    FX.run(() -> item(action, "key.created").fire());
    FX.waitUntil("only those", () -> types().stream().allMatch("key.created"::equals));

    assertThat(FX.<String>get(action::getText)).isEqualTo("Action: key.created");
    FX.run(() -> item(action, "Any").fire());
    FX.waitUntil("all", () -> types().contains("key.revoked"));
  }

  @Test
  void saysThatTheFilterFindsNothingAndShowsAll() {
    show(1_000, Theme.LIGHT);
    FX.run(() -> model.events().search("no event has this"));
    FX.waitUntil("nothing", () -> FX.says("No events found"));
    FX.picture("audit-nothing");
    FX.clickText("Clear the filter");
    FX.waitUntil("all", () -> !model.events().rows().isEmpty());

    assertThat(model.events().filter().get().period()).isEqualTo(Period.ALL);
  }

  @Test
  void copiesRowsBelowALineOfTitles() {
    show(1_000, Theme.LIGHT);
    selectTheFirst();
    FX.press(KeyCode.CONTROL, KeyCode.C);

    assertThat(FX.<String>get(() -> Clipboard.getSystemClipboard().getString()))
        .startsWith("When\tWhat happened\tType\tActor\tReason\tOutcome\tFrom\tId")
        .contains("\tkey.revoked\t", "\tleaked in a log\t")
        .hasLineCount(2);
  }

  private void show(int width, Theme theme) {
    FX.show(
        width,
        700,
        theme,
        () -> {
          StackPane content = new StackPane();
          DialogLayer dialogs = new DialogLayer(content);
          TimedClipboard clipboard = new TimedClipboard(new HeldTimers(tasks, 1_000));
          Times times =
              new Times(Clock.systemUTC(), new SimpleObjectProperty<ZoneId>(ZoneOffset.UTC));
          model = new AuditViewModel(new PostgresAudit(room.database), tasks, Clock.systemUTC());
          screen = AuditScreen.of(model, new Desk(dialogs, clipboard, times, tasks, () -> {}));
          content.getChildren().add(screen.root());
          screen.shown();
          return dialogs;
        });
    FX.waitUntil("events are there", () -> !model.events().rows().isEmpty());
  }

  private void selectTheFirst() {
    FX.run(
        () -> {
          TableView<?> table = (TableView<?>) FX.find("#events-table");
          table.requestFocus();
          table.getSelectionModel().clearAndSelect(0);
        });
    FX.settle();
  }

  private EventDetails details() {
    return model.drawer().details().get().orElseThrow();
  }

  private AuditEvent.Thing object() {
    return details().event().object();
  }

  private List<String> sentences() {
    return FX.get(() -> model.events().rows().stream().map(AuditEvent::sentence).toList());
  }

  private List<String> types() {
    return FX.get(() -> model.events().rows().stream().map(AuditEvent::type).toList());
  }

  private MenuButton menu(String text) {
    return FX.get(
        () ->
            screen.root().lookupAll(".lk-chip-menu").stream()
                .map(MenuButton.class::cast)
                .filter(menu -> menu.getText().equals(text))
                .findFirst()
                .orElseThrow());
  }

  private static MenuItem item(MenuButton menu, String text) {
    return menu.getItems().stream()
        .filter(item -> item.getText().equals(text))
        .findFirst()
        .orElseThrow();
  }
}
