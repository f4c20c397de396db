package dev.latchkey.kit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.change.Change;
import dev.latchkey.change.Environment;
import dev.latchkey.change.Takes;
import dev.latchkey.database.Call;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.kit.form.ReviewDialog;
import dev.latchkey.kit.list.StatePane;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.FxHarness;
import dev.latchkey.widget.Badge;
import dev.latchkey.widget.Chip;
import dev.latchkey.widget.CodePane;
import dev.latchkey.widget.CountdownRing;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.EnvironmentChip;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.FilterChip;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.KeyValues;
import dev.latchkey.widget.KindBadge;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.SearchField;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Sparkline;
import dev.latchkey.widget.StackedBars;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Theme;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Tone;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javafx.beans.property.SimpleStringProperty;
import javafx.collections.FXCollections;
import javafx.geometry.Insets;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.TableColumn;
import javafx.scene.control.TableView;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All widgets in one window: they must show without a stylesheet warning, light and dark. */
class WidgetGalleryTest {
  @RegisterExtension static final FxHarness fx = new FxHarness();

  private final DirectTasks tasks = new DirectTasks();
  private final TimedClipboard clipboard = new TimedClipboard(tasks);

  @Test
  void everyWidgetShowsInBothThemes() {
    fx.show(960, 900, this::gallery);
    fx.picture("widgets-light");
    fx.theme(Theme.DARK);
    assertThat(fx.picture("widgets-dark")).exists();
  }

  @Test
  void aReviewShowsTheCallAndRunsItOnlyWhenConfirmed() {
    DialogLayer layer = fx.show(900, 600, () -> new DialogLayer(new Button("Behind")));
    fx.run(() -> layer.environmentProperty().set(Optional.of(Environment.PRODUCTION)));
    AtomicInteger approved = new AtomicInteger();
    Change<String> change =
        new Change<>(
            "Revoke partner-invoices",
            "Revoke key",
            "Revoked",
            Takes.FOR_GOOD,
            Call.to("latchkey.revoke_key").text("p_reason", "left the company"),
            answer -> "");
    ReviewDialog review = new ReviewDialog(layer, clipboard);
    fx.run(() -> review.ask(change, approved::incrementAndGet));
    fx.picture("review");
    fx.press(KeyCode.ESCAPE);
    assertThat(approved).hasValue(0);
    assertThat(fx.<Boolean>get(() -> layer.openProperty().get())).isFalse();

    fx.run(() -> review.ask(change, approved::incrementAndGet));
    fx.clickText("Revoke key");
    assertThat(approved).hasValue(1);
  }

  @Test
  void theKeyboardStaysInTheTopmostDialogAndReturnsAfterIt() {
    Button behind = fx.get(() -> new Button("Behind"));
    DialogLayer layer = fx.show(900, 600, () -> new DialogLayer(behind));
    fx.run(behind::requestFocus);
    Button only = fx.get(() -> new Button("Only"));
    Dialog dialog =
        fx.get(
            () ->
                new Dialog(
                    Dialog.NORMAL, Icons.INFO, Tone.NEUTRAL, "Title", new Label("Body"), only));
    fx.run(() -> layer.show(dialog));
    assertThat(fx.<Boolean>get(only::isFocused)).isTrue();
    fx.press(KeyCode.TAB);
    assertThat(fx.<Boolean>get(only::isFocused)).isTrue();
    fx.press(KeyCode.ESCAPE);
    assertThat(fx.<Boolean>get(behind::isFocused)).isTrue();
  }

  @Test
  void aSkeletonComesOnlyAfterAMoment() {
    Label content = fx.get(() -> new Label("content"));
    StatePane pane = fx.show(600, 500, () -> new StatePane(content, tasks, clipboard));
    fx.run(pane::loading);
    assertThat(fx.says("content")).isTrue();
    fx.run(tasks::elapse);
    assertThat(fx.says("content")).isFalse();
    fx.picture("skeleton");
    fx.run(() -> pane.failed(new DatabaseFailure.ConnectionLost("db:5432/app", "reset"), () -> {}));
    fx.picture("failed");
    assertThat(fx.says("The connection to db:5432/app was lost.")).isTrue();
    fx.run(() -> pane.nothingFound("keys", () -> {}));
    fx.picture("nothing-found");
    fx.run(pane::content);
    assertThat(fx.says("content")).isTrue();
  }

  private Parent gallery() {
    Sparkline sparkline = new Sparkline();
    sparkline.show(LongStream.range(0, 14).map(day -> day * 7 % 11).boxed().toList());
    Sparkline quiet = new Sparkline();
    quiet.show(List.of());
    CountdownRing ring = new CountdownRing();
    ring.show(0.7, Tone.SUCCESS);
    FlowPane small =
        new FlowPane(
            8,
            8,
            new Badge("Active", Tone.SUCCESS),
            new Badge("Expires in 3 d", Tone.WARNING),
            new Badge("Rotating", Tone.ACCENT),
            new Badge("Disabled", Tone.NEUTRAL),
            new Badge("Revoked", Tone.DANGER),
            new KindBadge("Scoped", KindBadge.Emphasis.PLAIN),
            new KindBadge("Secret", KindBadge.Emphasis.STRONG),
            new KindBadge("Legacy", KindBadge.Emphasis.DASHED),
            Chip.of("document:read"),
            Chip.warning("*:*"),
            Chip.more(5),
            sparkline,
            quiet,
            ring,
            new EnvironmentChip(Optional.empty()),
            new EnvironmentChip(Optional.of(Environment.SANDBOX)),
            new EnvironmentChip(Optional.of(Environment.DEVELOPMENT)),
            new EnvironmentChip(Optional.of(Environment.STAGING)),
            new EnvironmentChip(Optional.of(Environment.PRODUCTION)));
    FilterChip active = new FilterChip("Active", Tone.SUCCESS);
    active.showCount(1_038);
    FilterChip expiring = new FilterChip("Expiring", Tone.WARNING);
    expiring.showCount(3);
    expiring.setSelected(true);
    Segments<String> segments = new Segments<>();
    segments.add("a", "All").add("s", "Scoped").add("p", "Publishable");
    segments.showCount("a", 46);
    segments.showCount("s", 21);
    Segments<String> dotted = new Segments<>();
    dotted.add("s", "Sandbox", Tone.SUCCESS).add("g", "Staging", Tone.WARNING);
    dotted.add("p", "Production", Tone.DANGER);
    dotted.setValue("g");
    HBox toggles = new HBox(8, segments, active, expiring, dotted);
    Button accent = new Button("New key", Icons.of(Icons.ADD, 14));
    accent.getStyleClass().add(Styles.ACCENT);
    Button red = new Button("Revoke 3 keys");
    red.getStyleClass().add(Styles.DANGER);
    Button redText = new Button("Revoke…", Icons.of(Icons.DELETE, 14));
    redText.getStyleClass().addAll(Styles.DANGER_TEXT, Styles.SMALL);
    Button off = new Button("Rotate…");
    off.setDisable(true);
    CheckBox checked = new CheckBox("Checked");
    checked.setSelected(true);
    ComboBox<String> combo = new ComboBox<>(FXCollections.observableArrayList("verify-full", "no"));
    combo.setValue("verify-full");
    FlowPane controls =
        new FlowPane(
            8,
            8,
            accent,
            new Button("Connect"),
            red,
            redText,
            off,
            Icons.button(Icons.MORE, "More", () -> {}),
            new CheckBox("Check"),
            checked,
            combo,
            new TextField("text"),
            new SearchField("Filter by name"));
    KeyValues facts = new KeyValues();
    facts.add("Kind", new KindBadge("Scoped", KindBadge.Emphasis.PLAIN));
    facts.addMono("Acts as", "api_key");
    facts.add("Created", "8 Aug 2026 by Mara Lindqvist");
    StackedBars bars = new StackedBars();
    bars.show(
        IntStream.range(0, 14)
            .mapToObj(
                day ->
                    new StackedBars.Day(
                        LocalDate.of(2026, 10, 23).plusDays(day),
                        700 + day * 37 % 90,
                        12,
                        day % 3 * 20,
                        day == 5 ? 40 : 0))
            .toList());
    CodePane code = new CodePane(clipboard);
    code.show(
        Call.to("latchkey.revoke_key")
            .text("p_reason", "it's gone")
            .integer("p_version", 3)
            .text("p_more", Optional.empty())
            .preview());
    VBox box =
        new VBox(
            12,
            small,
            toggles,
            controls,
            new Note(Tone.WARNING, "The secret is shown once."),
            new Note(Tone.ACCENT, "Title", "With a text below it."),
            ErrorPane.inline(
                new DatabaseFailure.SignInRefused("app", "28000", "refused"), clipboard),
            new HBox(24, facts, bars),
            code,
            table());
    box.setPadding(new Insets(16));
    return new DialogLayer(box);
  }

  private static TableView<String> table() {
    TableView<String> table = new TableView<>();
    TableColumn<String, String> name = new TableColumn<>("Name");
    name.setPrefWidth(200);
    name.setCellValueFactory(row -> new SimpleStringProperty(row.getValue()));
    TableColumn<String, String> count = new TableColumn<>("Count");
    count.getStyleClass().add(Styles.RIGHT);
    count.setCellValueFactory(row -> new SimpleStringProperty(row.getValue().length() + ""));
    table.getColumns().addAll(List.of(name, count));
    table.getItems().addAll("partner-invoices", "billing-webhook", "crm-sync");
    table.getSelectionModel().select(0);
    table.setPrefHeight(150);
    table.setFixedCellSize(36);
    return table;
  }
}
