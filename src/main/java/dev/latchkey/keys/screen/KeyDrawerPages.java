package dev.latchkey.keys.screen;

import static dev.latchkey.kit.drawer.Sections.page;
import static dev.latchkey.kit.drawer.Sections.rule;
import static dev.latchkey.kit.drawer.Sections.spring;
import static dev.latchkey.kit.drawer.Sections.text;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.DailyCalls;
import dev.latchkey.keys.KeyDetails;
import dev.latchkey.keys.KeyEvent;
import dev.latchkey.keys.KeyKind;
import dev.latchkey.keys.KeyStatus;
import dev.latchkey.keys.UsageDay;
import dev.latchkey.scopes.Scope;
import dev.latchkey.widget.Chip;
import dev.latchkey.widget.KeyValues;
import dev.latchkey.widget.KindBadge;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.ColumnConstraints;
import javafx.scene.layout.FlowPane;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The pages behind the drawer's tabs. */
final class KeyDrawerPages {
  private static final int CHIPS = 12;
  private static final double CHIP_COLUMN = 180;

  private final Times times;
  private final Consumer<ApiKey> extend;
  private final BooleanSupplier changeable;

  /**
   * @param extend opens the form in which a key's end is moved
   * @param changeable whether it may be opened now
   */
  KeyDrawerPages(Times times, Consumer<ApiKey> extend, BooleanSupplier changeable) {
    this.times = times;
    this.extend = extend;
    this.changeable = changeable;
  }

  Node details(KeyDetails details, Runnable showScopes) {
    VBox page = page();
    warning(details).ifPresent(page.getChildren()::add);
    page.getChildren().add(facts(details.key()));
    if (details.key().kind().belongsToAccount()) {
      page.getChildren().addAll(rule(), scopeHead(showScopes), chips(details.key()));
    }
    page.getChildren().addAll(rule(), KeyUsage.head(details), KeyUsage.bars(details));
    return page;
  }

  Node scopes(ApiKey key) {
    VBox page = page();
    if (!key.kind().belongsToAccount()) {
      page.getChildren()
          .add(text("A project key has no scopes: it may do what role " + key.role() + " may do."));
      return page;
    }
    List<Scope> scopes = key.scopes().scopes().list();
    if (scopes.isEmpty() && key.scopes().malformed().isEmpty()) {
      page.getChildren().add(text("No scopes: this key may do nothing."));
    }
    GridPane grid = new GridPane(12, 6);
    ColumnConstraints chips = new ColumnConstraints();
    chips.setMinWidth(Region.USE_PREF_SIZE);
    chips.setMaxWidth(CHIP_COLUMN);
    grid.getColumnConstraints().add(chips);
    for (Scope scope : scopes) {
      grid.addRow(grid.getRowCount(), ScopeChips.scope(scope), muted(meaning(scope)));
    }
    for (String entry : key.scopes().malformed()) {
      grid.addRow(
          grid.getRowCount(), Chip.toned(entry, Tone.DANGER), muted("Malformed: grants nothing"));
    }
    page.getChildren().add(grid);
    return page;
  }

  Node usage(KeyDetails details) {
    VBox page = page();
    page.getChildren()
        .addAll(
            KeyUsage.head(details),
            KeyUsage.bars(details),
            KeyUsage.legend(),
            rule(),
            KeyUsage.days(details));
    return page;
  }

  Node history(KeyDetails details) {
    VBox page = page();
    if (details.history().isEmpty()) {
      page.getChildren().add(text("No events yet."));
    }
    details.history().forEach(event -> page.getChildren().add(line(event)));
    if (details.history().size() == KeyDetails.HISTORY) {
      page.getChildren().add(text("Older events are in the audit log."));
    }
    return page;
  }

  private Optional<Note> warning(KeyDetails details) {
    ApiKey key = details.key();
    Optional<ApiKey.Revocation> revocation = key.revocation();
    if (revocation.isPresent()) {
      return Optional.of(new Note(Tone.DANGER, revoked(revocation.get())));
    }
    if (key.status() != KeyStatus.EXPIRING) {
      return Optional.empty();
    }
    Hyperlink link = new Hyperlink("Extend…");
    link.setOnAction(_ -> extend.accept(key));
    link.getStyleClass().add(Styles.DENSE);
    link.setDisable(!changeable.getAsBoolean());
    link.setMinWidth(Region.USE_PREF_SIZE);
    return Optional.of(
        new Note(
                Tone.WARNING,
                "Expires %s.%s"
                    .formatted(key.expiresAt().map(times::minute).orElse(""), stillCalled(details)))
            .with(link));
  }

  private static String stillCalled(KeyDetails details) {
    long calls = details.usage().stream().mapToLong(UsageDay::calls).sum();
    long daily = Math.round(calls / (double) DailyCalls.DAYS);
    return daily == 0 ? "" : " Still called %,d times a day.".formatted(daily);
  }

  private String revoked(ApiKey.Revocation revocation) {
    return "Revoked %s%s.%s"
        .formatted(
            times.minute(revocation.at()),
            revocation.by().map(name -> " by " + name).orElse(""),
            revocation.reason().map(why -> " Reason: " + why).orElse(""));
  }

  private KeyValues facts(ApiKey key) {
    KeyValues facts = new KeyValues();
    facts.add(
        "Kind",
        new KindBadge(
            key.kind().label(),
            key.kind() == KeyKind.SECRET ? KindBadge.Emphasis.STRONG : KindBadge.Emphasis.PLAIN));
    if (!key.description().isBlank()) {
      facts.add("Description", key.description());
    }
    facts.addMono("Acts as", key.role());
    exact(
        facts.add(
            "Created",
            times.date(key.createdAt()) + key.createdBy().map(name -> " by " + name).orElse("")),
        Optional.of(key.createdAt()));
    exact(
        facts.add(
            "Last used",
            key.lastUsedAt().map(times::agoInWords).orElse("Not known")
                + key.lastUsedFrom().map(from -> " from " + from).orElse("")),
        key.lastUsedAt());
    Label expires = facts.add("Expires", key.expiresAt().map(times::minute).orElse("Never"));
    Styles.toggle(expires, "lk-warning", key.status() == KeyStatus.EXPIRING);
    exact(expires, key.expiresAt());
    facts.add("Networks", networks(key));
    key.rateLimit()
        .ifPresent(limit -> facts.add("Rate limit", "%,d calls per minute".formatted(limit)));
    exact(
        facts.add(
            "Version",
            "%d · changed %s".formatted(key.version(), times.agoInWords(key.updatedAt()))),
        Optional.of(key.updatedAt()));
    return facts;
  }

  private void exact(Label label, Optional<Instant> at) {
    at.ifPresent(instant -> label.setTooltip(new Tooltip(times.exact(instant))));
  }

  private static Node networks(ApiKey key) {
    FlowPane chips = new FlowPane(4, 4);
    if (key.allowedNetworks().isEmpty()) {
      chips.getChildren().add(text("any"));
    }
    key.allowedNetworks().forEach(network -> chips.getChildren().add(Chip.of(network)));
    return chips;
  }

  private static HBox scopeHead(Runnable showScopes) {
    Label title = new Label("Scopes");
    title.getStyleClass().addAll(Styles.SMALL_STRONG, Styles.MUTED);
    Hyperlink all = new Hyperlink("All scopes");
    all.getStyleClass().add(Styles.SMALL_TEXT);
    all.setOnAction(_ -> showScopes.run());
    HBox head = new HBox(title, spring(), all);
    head.setAlignment(Pos.CENTER_LEFT);
    return head;
  }

  private static FlowPane chips(ApiKey key) {
    FlowPane flow = new FlowPane(4, 4);
    flow.getChildren().addAll(ScopeChips.of(key, CHIPS));
    if (flow.getChildren().isEmpty()) {
      flow.getChildren().add(text("No scopes: this key may do nothing."));
    }
    return flow;
  }

  private Node line(KeyEvent event) {
    Label what = new Label(event.label());
    what.getStyleClass().add(Styles.DENSE_STRONG);
    Label when = muted(times.agoInWords(event.at()));
    when.setTooltip(new Tooltip(times.exact(event.at())));
    when.setMinWidth(Region.USE_PREF_SIZE);
    Label who = muted("by " + event.actor());
    HBox head = new HBox(8, what, spring(), when);
    head.setAlignment(Pos.CENTER_LEFT);
    VBox box = new VBox(2, head, who);
    event.reason().ifPresent(why -> box.getChildren().add(text("Reason: " + why)));
    if (!event.outcome().equals("ok")) {
      Label outcome = muted(event.outcome());
      Tone.DANGER.applyTo(outcome);
      box.getChildren().add(outcome);
    }
    box.getStyleClass().add("lk-history-line");
    return box;
  }

  private static String meaning(Scope scope) {
    if (!scope.isHonoured()) {
      return "Never honoured: grants nothing";
    }
    String what = scope.action().equals(Scope.ANY) ? "every action" : scope.action();
    String which =
        scope.entityType().equals(Scope.ANY)
            ? "everything"
            : scope.entityId().equals(Scope.ANY)
                ? "every " + scope.entityType()
                : scope.entityType() + " " + scope.entityId();
    return what + " on " + which;
  }

  private static Label muted(String text) {
    Label label = text(text);
    label.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    return label;
  }
}
