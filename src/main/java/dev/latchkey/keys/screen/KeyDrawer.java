package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.KeyDetails;
import dev.latchkey.keys.KeyStatus;
import dev.latchkey.kit.drawer.WhyNotLine;
import dev.latchkey.rows.Failure;
import dev.latchkey.widget.Badge;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.geometry.Insets;
import javafx.geometry.Pos;
import javafx.scene.Cursor;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ContentDisplay;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.ToggleButton;
import javafx.scene.control.ToggleGroup;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** One key at the right of the table: facts, scopes, usage, history, and what can be done. */
final class KeyDrawer extends VBox {
  private static final double LEAST = 320;
  private static final double MOST = 520;
  private static final double EDGE = 5;

  private enum Tab {
    DETAILS("Details"),
    SCOPES("Scopes"),
    USAGE("Usage"),
    HISTORY("History");

    private final String label;

    Tab(String label) {
      this.label = label;
    }
  }

  private final KeysViewModel model;
  private final KeyActions actions;
  private final KeyDrawerPages pages;
  private final TimedClipboard clipboard;
  private final Times times;
  private final Label title = new Label();
  private final Badge status = new Badge();
  private final Label key = new Label();
  private final Label owner = new Label();
  private final Button onOff = new Button();
  private final Button edit = new Button("Edit…", Icons.of(Icons.WRITE, 14));
  private final Button revoke = new Button("Revoke…", Icons.of(Icons.DELETE, 14, Tone.DANGER));
  private final WhyNotLine whyNot;
  private final HBox buttons;
  private final VBox trouble = new VBox();
  private final ScrollPane scroll = new ScrollPane();
  private final ToggleGroup tabs = new ToggleGroup();
  private final Map<Tab, ToggleButton> tabButtons = new EnumMap<>(Tab.class);
  private final Map<Tab, Label> counts = new EnumMap<>(Tab.class);

  KeyDrawer(KeysViewModel model, KeyActions actions, TimedClipboard clipboard, Times times) {
    this.model = model;
    this.actions = actions;
    this.clipboard = clipboard;
    this.times = times;
    this.pages = new KeyDrawerPages(times, actions);
    this.whyNot = new WhyNotLine(model.readOnly(), actions::askForWriteMode);
    this.buttons = buttons();
    getStyleClass().add(Styles.DRAWER);
    setAccessibleText("Details of the key");
    VBox head = new VBox(8, titleLine(), keyLine(), buttons, whyNot, trouble);
    head.setPadding(new Insets(12, 16, 8, 16));
    scroll.setFitToWidth(true);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.getStyleClass().add(Styles.PLAIN_SCROLL);
    VBox.setVgrow(scroll, Priority.ALWAYS);
    getChildren().addAll(head, tabBar(), scroll);
    model.drawer().details().subscribe(found -> found.ifPresent(this::show));
    model.drawer().failure().subscribe(this::showFailure);
    model
        .obstacle()
        .subscribe(
            _ -> {
              permit();
              showPage();
            });
    makeResizable();
  }

  private HBox titleLine() {
    title.getStyleClass().add(Styles.PAGE_TITLE);
    title.setMinWidth(40);
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    Button close = Icons.button(Icons.CLOSE, "Close (Esc)", model.drawer()::close);
    HBox line = new HBox(8, title, status, spring, close);
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }

  private HBox keyLine() {
    key.getStyleClass().addAll(Styles.MONO, Styles.MUTED);
    Button copy = Icons.button(Icons.COPY, "Copy the key's id", this::copyId);
    copy.getStyleClass().remove(Styles.SMALL);
    copy.getStyleClass().add(Styles.IN_CARD);
    owner.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    HBox line = new HBox(2, key, copy, owner);
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }

  private HBox buttons() {
    for (Button button : List.of(onOff, edit, revoke)) {
      button.getStyleClass().add(Styles.SMALL);
    }
    revoke.getStyleClass().add(Styles.DANGER_TEXT);
    onOff.setOnAction(_ -> shown().ifPresent(this::turnOnOrOff));
    edit.setOnAction(_ -> shown().ifPresent(actions::edit));
    revoke.setOnAction(_ -> shown().ifPresent(actions::revoke));
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    HBox line = new HBox(8, onOff, edit, spring, revoke);
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }

  private HBox tabBar() {
    HBox bar = new HBox();
    bar.getStyleClass().add(Styles.TABS);
    for (Tab tab : Tab.values()) {
      Label count = new Label();
      count.getStyleClass().add(Styles.COUNT);
      ToggleButton button = new ToggleButton(tab.label);
      count.textProperty().subscribe(text -> button.setGraphic(text.isEmpty() ? null : count));
      button.setContentDisplay(ContentDisplay.RIGHT);
      button.setToggleGroup(tabs);
      button.setUserData(tab);
      tabButtons.put(tab, button);
      counts.put(tab, count);
      bar.getChildren().add(button);
    }
    tabButtons.get(Tab.DETAILS).setSelected(true);
    tabs.selectedToggleProperty()
        .subscribe(
            (before, now) -> {
              if (now == null) {
                tabs.selectToggle(before);
              } else {
                scroll.setVvalue(0);
                showPage();
              }
            });
    return bar;
  }

  private void show(KeyDetails details) {
    ApiKey now = details.key();
    title.setText(now.name());
    title.setTooltip(new Tooltip(now.name()));
    Styles.toggle(title, Styles.STRUCK, now.isRevoked());
    KeyStatusBadge.show(now, times, status);
    key.setText(now.shortKey());
    owner.setText("·  " + now.owner());
    counts.get(Tab.SCOPES).setText(count(scopes(now)));
    counts.get(Tab.HISTORY).setText(count(details.history().size()));
    boolean disabled = now.status() == KeyStatus.DISABLED;
    onOff.setText(disabled ? "Enable" : "Disable");
    onOff.setGraphic(Icons.of(disabled ? Icons.START : Icons.DISABLE, 14));
    permit();
    showPage();
  }

  private void showPage() {
    Optional<KeyDetails> details = model.drawer().details().get();
    if (details.isEmpty() || tabs.getSelectedToggle() == null) {
      return;
    }
    Node page =
        switch ((Tab) tabs.getSelectedToggle().getUserData()) {
          case DETAILS ->
              pages.details(details.get(), model.obstacle().get().isEmpty(), this::showScopes);
          case SCOPES -> pages.scopes(details.get().key());
          case USAGE -> pages.usage(details.get());
          case HISTORY -> pages.history(details.get());
        };
    scroll.setContent(page);
  }

  private void showScopes() {
    tabButtons.get(Tab.SCOPES).setSelected(true);
  }

  private void permit() {
    Optional<String> obstacle = model.obstacle().get();
    boolean revoked = shown().filter(ApiKey::isRevoked).isPresent();
    String why = revoked ? "A revoked key stays as it is." : obstacle.orElse("");
    for (Button button : List.of(onOff, edit, revoke)) {
      button.setDisable(!why.isEmpty());
    }
    // A disabled button shows no tooltip of its own.
    Tooltip.install(buttons, new Tooltip(why.isEmpty() ? "Change this key" : why));
    boolean readOnly = !why.isEmpty() && !revoked && model.readOnly().get();
    whyNot.show(readOnly ? "Read-only: keys cannot be changed." : why);
  }

  private void showFailure(Optional<Failure> failure) {
    trouble
        .getChildren()
        .setAll(failure.stream().map(told -> ErrorPane.inline(told, clipboard)).toList());
  }

  private void turnOnOrOff(ApiKey now) {
    if (now.status() == KeyStatus.DISABLED) {
      model.enable(now);
    } else {
      model.disable(now);
    }
  }

  private void copyId() {
    shown().ifPresent(now -> clipboard.copy(now.id().toString()));
  }

  private Optional<ApiKey> shown() {
    return model.drawer().details().get().map(KeyDetails::key);
  }

  private static int scopes(ApiKey key) {
    return key.scopes().scopes().size() + key.scopes().malformed().size();
  }

  private static String count(int number) {
    return number == 0 ? "" : "%,d".formatted(number);
  }

  /** The left edge can be dragged. */
  private void makeResizable() {
    setOnMouseMoved(event -> setCursor(event.getX() < EDGE ? Cursor.H_RESIZE : Cursor.DEFAULT));
    setOnMouseDragged(
        event -> {
          if (getCursor() == Cursor.H_RESIZE) {
            setPrefWidth(Math.clamp(getWidth() - event.getX(), LEAST, MOST));
          }
        });
  }
}
