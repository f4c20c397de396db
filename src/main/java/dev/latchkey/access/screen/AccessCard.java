package dev.latchkey.access.screen;

import dev.latchkey.access.AccessOverview;
import dev.latchkey.access.Policy;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javafx.geometry.Pos;
import javafx.scene.control.Button;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;

/** Whether temporary access is on, how many there are of what, and the policy. */
final class AccessCard extends HBox {
  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  private final AccessViewModel model;
  private final AccessDialogs actions;
  private final Times times;
  private final Button onOff = new Button();
  private final StackPane onOffHolder = new StackPane(onOff);
  private final Label state = new Label("…");
  private final Label since = new Label();
  private final Label members = number();
  private final Label grants = number();
  private final Label sessions = number();
  private final Hyperlink edit = new Hyperlink("Edit…");
  private final HBox editHolder = new HBox(edit);
  private final Label policy = new Label();
  private final Label enforced = new Label();
  private final Hyperlink enforce = new Hyperlink("Enforce now…");
  private final HBox enforceHolder = new HBox(enforce);

  AccessCard(AccessViewModel model, AccessDialogs actions, Times times) {
    this.model = model;
    this.actions = actions;
    this.times = times;
    getStyleClass().addAll(Styles.CARD, "lk-access-card");
    setAlignment(Pos.CENTER_LEFT);
    onOff.setId("access-switch");
    onOff.getStyleClass().setAll("lk-access-switch");
    Region knob = new Region();
    knob.getStyleClass().add("lk-knob");
    onOff.setGraphic(knob);
    onOff.setOnAction(_ -> turn());
    edit.setId("policy-edit");
    edit.getStyleClass().add(Styles.SMALL_TEXT);
    edit.setOnAction(_ -> actions.editPolicy());
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    getChildren()
        .addAll(
            switchPart(),
            rule(),
            counted(members, "members"),
            counted(grants, "open grants"),
            counted(sessions, "live sessions"),
            spring,
            enforcementPart(),
            rule(),
            policyPart());
    model.overview().subscribe(this::show);
    model.permission().obstacle().subscribe(_ -> permit());
    times.zone().subscribe((_, _) -> show(model.overview().get()));
  }

  private HBox switchPart() {
    state.getStyleClass().add(Styles.STRONG);
    since.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    VBox words = new VBox(state, since);
    words.setAlignment(Pos.CENTER_LEFT);
    words.setMinWidth(USE_PREF_SIZE);
    HBox part = new HBox(12, onOffHolder, words);
    part.setAlignment(Pos.CENTER_LEFT);
    return part;
  }

  private VBox enforcementPart() {
    enforced.setId("enforced");
    enforced.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    enforce.setId("enforce-now");
    enforce.getStyleClass().add(Styles.SMALL_TEXT);
    enforce.setAccessibleText("Look for ended access now, and end its sessions");
    enforce.setOnAction(_ -> actions.enforce());
    VBox part = new VBox(enforced, enforceHolder);
    part.setAlignment(Pos.CENTER_LEFT);
    part.setMinWidth(USE_PREF_SIZE);
    return part;
  }

  private VBox policyPart() {
    Label title = new Label("Policy");
    title.getStyleClass().add(Styles.STRONG);
    HBox head = new HBox(14, title, editHolder);
    head.setAlignment(Pos.CENTER_LEFT);
    policy.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    policy.setMinWidth(0);
    VBox part = new VBox(head, policy);
    part.setAlignment(Pos.CENTER_LEFT);
    part.setMinWidth(0);
    return part;
  }

  private void show(Optional<AccessOverview> read) {
    read.ifPresent(
        now -> {
          state.setText(now.enabled() ? "Enabled" : "Disabled");
          since.setText(
              now.since().map(at -> "since " + times.fullDate(at)).orElse("never switched"));
          now.since().map(times::exact).map(Tooltip::new).ifPresent(since::setTooltip);
          Styles.toggle(onOff, "lk-on", now.enabled());
          onOff.setAccessibleText(
              now.enabled()
                  ? "Temporary access is on. Turn it off"
                  : "Temporary access is off. Turn it on");
          members.setText("%,d".formatted(now.members()));
          grants.setText("%,d".formatted(now.grants()));
          showSessions(now);
          enforced.setText(
              now.enforcedAt().map(at -> "Enforced " + ago(at)).orElse("Never enforced"));
          enforced.setTooltip(
              new Tooltip(
                  now.enforcedAt().map(times::exact).orElse("Ended access was never looked for")));
          policy.setText(words(now.policy()));
          policy.setTooltip(new Tooltip(details(now)));
        });
    permit();
  }

  private void showSessions(AccessOverview now) {
    sessions.setText(
        now.sessions().isPresent() ? "%,d".formatted(now.sessions().getAsInt()) : "not known");
    Tone tone = now.sessions().orElse(0) > 0 ? Tone.SUCCESS : Tone.NEUTRAL;
    (now.trouble().isPresent() ? Tone.DANGER : tone).applyTo(sessions);
    sessions.setTooltip(now.trouble().map(Tooltip::new).orElse(null));
  }

  /** What was read is from before now: seconds would be wrong at once. */
  private String ago(Instant at) {
    return Duration.between(at, times.now()).compareTo(A_MINUTE) < 0
        ? "just now"
        : times.agoInWords(at);
  }

  /** Times pass. */
  void refresh() {
    show(model.overview().get());
  }

  private static String words(Policy policy) {
    return "%s  ·  reason %s  ·  networks %s"
        .formatted(
            policy.longest().map(longest -> "max " + Times.amount(longest)).orElse("no end needed"),
            policy.reasonRequired() ? "required" : "optional",
            policy.networksRequired() ? "required" : "optional");
  }

  private String details(AccessOverview now) {
    return "%s\nGranting to oneself is %s.%s"
        .formatted(
            words(now.policy()),
            now.policy().selfGranting() ? "allowed" : "not allowed",
            now.policy()
                .reasonPattern()
                .map(pattern -> "\nA reason must contain " + pattern)
                .orElse(""));
  }

  private void permit() {
    Optional<String> obstacle =
        model
            .permission()
            .obstacle()
            .get()
            .or(
                () ->
                    model.overview().get().isEmpty()
                        ? Optional.of("The state was not read yet.")
                        : Optional.empty());
    onOff.setDisable(obstacle.isPresent());
    edit.setDisable(obstacle.isPresent());
    enforce.setDisable(obstacle.isPresent());
    // A disabled control shows no tooltip of its own.
    Tooltip.install(onOffHolder, new Tooltip(obstacle.orElse("Turn temporary access on or off")));
    Tooltip.install(
        enforceHolder,
        new Tooltip(obstacle.orElse("End sessions whose grant, token or member has ended")));
    Tooltip.install(editHolder, new Tooltip(obstacle.orElse("Edit the policy")));
  }

  private void turn() {
    model
        .overview()
        .get()
        .ifPresent(
            now -> {
              if (now.enabled()) {
                actions.turnOff();
              } else {
                actions.turnOn();
              }
            });
  }

  private static Label number() {
    Label label = new Label("–");
    label.getStyleClass().add("lk-card-number");
    return label;
  }

  private static VBox counted(Label number, String what) {
    Label word = new Label(what);
    word.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    number.setLabelFor(word);
    VBox box = new VBox(number, word);
    box.setAlignment(Pos.CENTER_LEFT);
    box.setMinWidth(USE_PREF_SIZE);
    return box;
  }

  private static Region rule() {
    Region rule = new Region();
    rule.getStyleClass().add("lk-card-rule");
    return rule;
  }
}
