package dev.latchkey.desktop;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.latchkey.change.Environment;
import dev.latchkey.change.WriteMode;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.Screen;
import dev.latchkey.scopes.ScopeVocabulary;
import dev.latchkey.task.BackgroundTasks;
import dev.latchkey.task.FxThread;
import dev.latchkey.task.Tasks;
import dev.latchkey.testing.FxHarness;
import dev.latchkey.testing.HeldTimers;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.control.MenuButton;
import javafx.scene.layout.StackPane;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The screens show whatever a source has, and what cannot write is read-only by type. */
final class OtherSourcesTest {
  @RegisterExtension static final FxHarness FX = new FxHarness();

  private final Tasks tasks = new BackgroundTasks(new FxThread());

  @Test
  void theSourcesKnowNoDatabase() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..",
            "javax.sql..",
            "org.jdbi..",
            "org.postgresql..",
            "dev.latchkey.database..")
        .check(
            new ClassFileImporter()
                .importClasses(
                    SampleSources.class,
                    SampleSources.Keys.class,
                    SampleSources.Access.class,
                    SampleSources.Audit.class));
  }

  @Test
  void keysAreShownAndCannotBeChanged() {
    show(Place.KEYS);
    FX.waitUntil("keys", () -> FX.says("partner-invoices"));
    FX.clickText("partner-invoices");
    FX.waitUntil("the drawer", () -> FX.says("This source is read-only."));

    assertThat(FX.labelled("Revoke…").isDisabled()).isTrue();
    assertThat(FX.find("#new-key-button").isDisabled()).isTrue();
    assertThat(FX.says("Turn on write mode")).isFalse();
  }

  @Test
  void temporaryAccessIsShownAndCannotBeChanged() {
    show(Place.ACCESS);
    FX.waitUntil("the grant", () -> FX.says("Mara Lindqvist"));
    FX.clickText("support_ro");
    FX.waitUntil("the drawer", () -> FX.says("This source is read-only."));

    assertThat(FX.labelled("Revoke…").isDisabled()).isTrue();
    assertThat(FX.says("Connection strings…")).as("there is nowhere to sign in to").isFalse();
  }

  @Test
  void eventsAreShownAndFiltered() {
    show(Place.AUDIT);
    FX.waitUntil("both", () -> FX.says("key.revoked") && FX.says("key.created"));
    MenuButton outcome =
        FX.get(
            () ->
                FX.find(".lk-page").lookupAll(".lk-chip-menu").stream()
                    .map(MenuButton.class::cast)
                    .filter(menu -> menu.getText().startsWith("Outcome"))
                    .findFirst()
                    .orElseThrow());
    FX.run(() -> outcome.getItems().get(1).fire());
    FX.waitUntil("one", () -> !FX.says("key.revoked"));
    FX.clickText("key.created");
    FX.waitUntil("the drawer", () -> FX.says("Details"));

    assertThat(FX.says("Mara Lindqvist was refused: created key partner-invoices")).isTrue();
  }

  private void show(Place place) {
    FX.show(
        1_000,
        700,
        () -> {
          StackPane content = new StackPane();
          DialogLayer dialogs = new DialogLayer(content);
          Desk desk =
              new Desk(
                  dialogs,
                  new TimedClipboard(new HeldTimers(tasks, 1_000)),
                  new Times(Clock.systemUTC(), new SimpleObjectProperty<ZoneId>(ZoneOffset.UTC)),
                  tasks,
                  () -> {});
          Sources sources =
              new Sources(
                  new SampleSources.Keys(),
                  () -> ScopeVocabulary.EMPTY,
                  new SampleSources.Access(),
                  new SampleSources.Audit(),
                  Optional.empty(),
                  Optional.empty());
          Screen shown =
              new Screens(
                      sources,
                      WriteMode.in(Environment.SANDBOX, Clock.systemUTC()),
                      desk,
                      Clock.systemUTC(),
                      _ -> {})
                  .all()
                  .get(place);
          content.getChildren().add(shown.root());
          shown.shown();
          return dialogs;
        });
  }
}
