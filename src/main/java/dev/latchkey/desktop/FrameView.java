package dev.latchkey.desktop;

import dev.latchkey.change.Environment;
import dev.latchkey.doctor.DoctorViewModel;
import dev.latchkey.kit.Screen;
import dev.latchkey.kit.StatusLine;
import dev.latchkey.widget.CountdownRing;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.EnvironmentChip;
import dev.latchkey.widget.Fxml;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javafx.event.EventHandler;
import javafx.fxml.FXML;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.TextInputControl;
import javafx.scene.control.Tooltip;
import javafx.scene.input.InputEvent;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;

/** The window around the screens: navigation, top bar, status bar, and the keyboard. */
public final class FrameView extends VBox {
  private static final double NARROW = 1_100;

  private final FrameViewModel model;
  private final DialogLayer layer;
  private final Times times;
  private final Map<Place, Screen> always;
  private final Map<Place, Button> items = new EnumMap<>(Place.class);
  private final EnvironmentChip chip = new EnvironmentChip(Optional.empty());
  private final RenewDialog renew;
  private final WriteModeDialog writeMode;
  private final FrameCommands commands;
  private final CommandPalette palette;
  private final HelpSheet help;
  private final AccessNote accessNote;
  private Optional<Screen> current = Optional.empty();
  private Subscription statusLine = Subscription.EMPTY;
  private WriteSwitch writeSwitch;

  @FXML private Region environmentLine;
  @FXML private HBox bar;
  @FXML private Label brandName;
  @FXML private Label connection;
  @FXML private Button write;
  @FXML private HBox countdown;
  @FXML private CountdownRing ring;
  @FXML private Label countdownText;
  @FXML private Button search;
  @FXML private VBox navigation;
  @FXML private VBox notes;
  @FXML private StackPane content;
  @FXML private Label message;
  @FXML private Label writeWarning;
  @FXML private Label rows;
  @FXML private Label selectedRows;
  @FXML private Label latency;

  /**
   * @param always the screens that need no connection: Connect and Preferences
   * @param diagnose has the Connect screen find out why one cannot connect
   * @param doctor finds out why access could not be renewed
   */
  public FrameView(
      FrameViewModel model,
      PreferencesViewModel preferences,
      DialogLayer layer,
      TimedClipboard clipboard,
      Times times,
      Map<Place, Screen> always,
      Runnable diagnose,
      DoctorViewModel doctor) {
    this.model = model;
    this.layer = layer;
    this.times = times;
    this.always = Map.copyOf(always);
    this.writeMode = new WriteModeDialog(model, layer);
    this.palette = new CommandPalette(layer);
    this.help = new HelpSheet(layer);
    Fxml.load(this, "frame.fxml");
    this.renew = new RenewDialog(model, layer, clipboard, times, doctor);
    this.commands =
        new FrameCommands(
            model, preferences, this::currentScreen, renew, help, this::switchWriting, diagnose);
    this.accessNote = new AccessNote(model, renew::open);
    notes.getChildren().add(accessNote);
    buildNavigation();
    buildTopBar();
    bindState();
    widthProperty().subscribe(width -> narrow(width.doubleValue() < NARROW));
    addEventFilter(InputEvent.ANY, _ -> model.input());
    EventHandler<KeyEvent> keys = this::keyPressed;
    // At the scene: without a focus owner, keys reach nothing below it.
    layer
        .sceneProperty()
        .subscribe(
            scene ->
                Optional.ofNullable(scene)
                    .ifPresent(now -> now.addEventHandler(KeyEvent.KEY_PRESSED, keys)));
  }

  private void buildNavigation() {
    Place.WORK.forEach(place -> navigation.getChildren().add(item(place)));
    Region space = new Region();
    VBox.setVgrow(space, Priority.ALWAYS);
    navigation.getChildren().addAll(space, item(Place.PREFERENCES));
  }

  private Button item(Place place) {
    Button button = new Button(place.label(), Icons.of(place.icon()));
    button.getStyleClass().setAll("lk-nav-item");
    button.setAccessibleText(place.label());
    button.setOnAction(_ -> go(place));
    button.setId("nav-" + place.name().toLowerCase(Locale.ROOT));
    items.put(place, button);
    return button;
  }

  private void buildTopBar() {
    bar.getChildren().addFirst(chip);
    writeSwitch = new WriteSwitch(write);
    write.setOnAction(_ -> switchWriting());
    Label prompt = new Label("Search or run a command");
    prompt.setMinWidth(0);
    Label cap = new Label(HelpSheet.shortcut("K"));
    cap.getStyleClass().add(Styles.KEY_CAP);
    cap.setMinWidth(Region.USE_PREF_SIZE);
    Region space = new Region();
    HBox.setHgrow(space, Priority.ALWAYS);
    HBox inside = new HBox(8, Icons.of(Icons.SEARCH, 14), prompt, space, cap);
    inside.setAlignment(Pos.CENTER_LEFT);
    inside.prefWidthProperty().bind(search.widthProperty().subtract(20));
    search.setGraphic(inside);
    search.setAccessibleText("Search or run a command");
    search.setOnAction(_ -> openPalette());
  }

  private void bindState() {
    model.workProperty().subscribe(this::showWork);
    model.placeProperty().subscribe(this::showPlace);
    model.messageProperty().subscribe(this::showMessage);
    model.countdownProperty().subscribe(this::showCountdown);
    model.writingProperty().subscribe(this::showWriting);
    model.writeTimeLeftProperty().subscribe(this::showWriting);
  }

  private void showWork(Optional<Work> work) {
    Optional<Environment> environment = work.map(now -> now.session().environment());
    layer.environmentProperty().set(environment);
    chip.show(environment);
    EnvironmentChip.tone(environment).applyTo(environmentLine);
    String place = work.map(now -> now.session().endpoint().describe()).orElse("");
    connection.setText(place);
    connection.setTooltip(place.isEmpty() ? null : new Tooltip(place));
    shown(write, work.isPresent());
    Place.WORK.forEach(item -> items.get(item).setDisable(work.isEmpty()));
    showPlace();
    showWriting();
  }

  private void showPlace() {
    Place place = model.placeProperty().get();
    items.forEach(
        (item, button) -> {
          button.getStyleClass().remove("lk-on");
          if (item == place) {
            button.getStyleClass().add("lk-on");
          }
        });
    Optional<Screen> next = screen(place);
    if (next.equals(current)) {
      return;
    }
    current.ifPresent(Screen::hidden);
    current = next;
    statusLine.unsubscribe();
    showStatusLine(StatusLine.EMPTY);
    content.getChildren().setAll(next.map(Screen::root).map(Node.class::cast).stream().toList());
    next.ifPresent(
        screen -> {
          statusLine = screen.statusLine().subscribe(this::showStatusLine);
          screen.shown();
        });
  }

  private Optional<Screen> screen(Place place) {
    return Optional.ofNullable(always.get(place))
        .or(
            () ->
                model
                    .workProperty()
                    .get()
                    .flatMap(work -> Optional.ofNullable(work.screens().get(place))));
  }

  private Optional<Screen> currentScreen() {
    return current;
  }

  private void showStatusLine(StatusLine line) {
    say(rows, line.rows());
    say(selectedRows, line.selected() == 0 ? "" : "%,d selected".formatted(line.selected()));
    say(latency, line.latency().map(Duration::toMillis).map("%,d ms"::formatted).orElse(""));
  }

  private void showMessage(Message now) {
    message.setText(
        now.when().map(when -> now.text() + " · " + times.clock(when)).orElse(now.text()));
    message.setTooltip(now.when().map(times::exact).map(Tooltip::new).orElse(null));
    message.setGraphic(
        switch (now.tone()) {
          case SUCCESS -> Icons.of(Icons.OK, 12, Tone.SUCCESS);
          case DANGER -> Icons.of(Icons.FAILED, 12, Tone.DANGER);
          default -> null;
        });
  }

  private void showCountdown(Optional<Countdown> left) {
    shown(countdown, left.isPresent());
    left.ifPresent(
        now -> {
          ring.show(now.fraction(), now.tone());
          countdownText.setText(now.text());
        });
  }

  private void showWriting() {
    boolean on = model.writingProperty().get();
    writeSwitch.show(on, model.environment(), model.writeTimeLeftProperty().get());
    boolean warn = on && model.environment().filter(Environment::isGuarded).isPresent();
    writeWarning.setVisible(warn);
    writeWarning.setManaged(warn);
    write.setDisable(model.writeObstacle().isPresent());
  }

  /** Turns write mode on, on production after asking; what a screen's "Turn on write mode" does. */
  void askForWriteMode() {
    if (!model.writingProperty().get() && model.writeObstacle().isEmpty()) {
      switchWriting();
    }
  }

  private void switchWriting() {
    if (model.writingProperty().get()) {
      model.stopWriting();
    } else if (model.environment().filter(Environment::isGuarded).isPresent()) {
      writeMode.open();
    } else {
      model.startWriting(Duration.ZERO);
    }
  }

  private void go(Place place) {
    boolean again = place == Place.PREFERENCES && model.placeProperty().get() == place;
    if (again || screen(place).isEmpty()) {
      model
          .placeProperty()
          .set(model.workProperty().get().isPresent() ? Place.KEYS : Place.CONNECT);
      return;
    }
    model.placeProperty().set(place);
  }

  private void openPalette() {
    palette.open(commands.all(), commands::find);
  }

  private void keyPressed(KeyEvent event) {
    if (layer.openProperty().get() || event.isConsumed()) {
      return;
    }
    if (event.isShortcutDown() ? shortcut(event) : plainKey(event)) {
      event.consume();
    }
  }

  private boolean shortcut(KeyEvent event) {
    if (CommandPalette.isOpenedBy(event)) {
      openPalette();
      return true;
    }
    if (event.getCode() == KeyCode.COMMA) {
      go(Place.PREFERENCES);
      return true;
    }
    int digit = List.of("1", "2", "3", "4", "5").indexOf(event.getCode().getName());
    if (digit >= 0 && model.workProperty().get().isPresent()) {
      go(Place.WORK.get(digit));
      return true;
    }
    return false;
  }

  private boolean plainKey(KeyEvent event) {
    switch (event.getCode()) {
      case F1 -> help.open();
      case F5 -> current.ifPresent(Screen::reload);
      case ESCAPE -> {
        return current.filter(Screen::escape).isPresent();
      }
      case F, N -> {
        return !isTyping(event) && letter(event.getCode());
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean letter(KeyCode key) {
    current.ifPresent(key == KeyCode.F ? Screen::focusFilter : Screen::createNew);
    return current.isPresent();
  }

  private static boolean isTyping(KeyEvent event) {
    return event.getTarget() instanceof TextInputControl || event.isAltDown();
  }

  private void narrow(boolean narrow) {
    getStyleClass().remove("lk-narrow");
    shown(brandName, !narrow);
    if (narrow) {
      getStyleClass().add("lk-narrow");
    }
    items.forEach((place, button) -> button.setTooltip(narrow ? new Tooltip(place.label()) : null));
  }

  private static void say(Label label, String text) {
    label.setText(text);
    shown(label, !text.isEmpty());
  }

  private static void shown(Node node, boolean shown) {
    node.setVisible(shown);
    node.setManaged(shown);
  }
}
