package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.DailyCalls;
import dev.latchkey.keys.KeyKind;
import dev.latchkey.keys.KeyStatus;
import dev.latchkey.kit.list.Drawn;
import dev.latchkey.widget.Badge;
import dev.latchkey.widget.KindBadge;
import dev.latchkey.widget.Sparkline;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** The cells of the table: each draws its nodes once and only changes what they say. */
final class KeyCells {
  private static final double PADDING = 10;

  private final Times times;
  private final Supplier<Map<UUID, DailyCalls>> calls;

  KeyCells(Times times, Supplier<Map<UUID, DailyCalls>> calls) {
    this.times = times;
    this.calls = calls;
  }

  /** Name, and below it the account. */
  Supplier<Drawn<ApiKey>> name() {
    return () -> {
      Label title = new Label();
      title.getStyleClass().add(Styles.CELL_TITLE);
      Label detail = new Label();
      detail.getStyleClass().add(Styles.CELL_DETAIL);
      VBox box = new VBox(title, detail);
      box.setAlignment(Pos.CENTER_LEFT);
      return new Drawn<>(
          box,
          (key, cell) -> {
            title.setText(key.name());
            detail.setText(key.owner());
            Styles.toggle(title, Styles.STRUCK, key.isRevoked());
            Styles.toggle(title, Styles.SUBTLE, !key.status().works());
            Drawn.tip(cell, key.name() + "\n" + key.owner() + note(key));
          });
    };
  }

  Supplier<Drawn<ApiKey>> key() {
    return text(Styles.MONO, ApiKey::shortKey, key -> "id " + key.id());
  }

  Supplier<Drawn<ApiKey>> kind() {
    return () -> {
      KindBadge badge = new KindBadge();
      return new Drawn<>(
          badge,
          (key, _) -> {
            badge.show(key.kind().label(), emphasis(key));
            Styles.toggle(badge, Styles.OFF, !key.status().works());
          });
    };
  }

  Supplier<Drawn<ApiKey>> scopes() {
    return () -> {
      HBox chips = new HBox(4);
      chips.setAlignment(Pos.CENTER_LEFT);
      return new Drawn<>(
          chips,
          (key, cell) -> {
            chips
                .getChildren()
                .setAll(ScopeChips.within(key, cell.getTableColumn().getWidth() - PADDING));
            Styles.toggle(chips, Styles.OFF, !key.status().works());
            Drawn.tip(cell, ScopeChips.describe(key));
          });
    };
  }

  Supplier<Drawn<ApiKey>> status() {
    return () -> {
      Badge badge = new Badge();
      return new Drawn<>(badge, (key, _) -> KeyStatusBadge.show(key, times, badge));
    };
  }

  Supplier<Drawn<ApiKey>> lastUsed() {
    return text(
        Styles.MUTED,
        key -> key.lastUsedAt().map(times::ago).orElse("Never"),
        key ->
            key.lastUsedAt()
                .map(at -> "Last used " + times.exact(at) + from(key))
                .orElse("Never used"));
  }

  Supplier<Drawn<ApiKey>> chart() {
    return () -> {
      Sparkline line = new Sparkline();
      return new Drawn<>(
          line,
          (key, cell) -> {
            DailyCalls known = calls.get().getOrDefault(key.id(), DailyCalls.NONE);
            line.show(known.counts());
            Drawn.tip(cell, "%,d calls in 14 days".formatted(known.total()));
          });
    };
  }

  Supplier<Drawn<ApiKey>> expires() {
    return () -> {
      Label label = new Label();
      label.getStyleClass().add(Styles.DENSE);
      return new Drawn<>(
          label,
          (key, cell) -> {
            boolean soon = key.status() == KeyStatus.EXPIRING;
            label.setText(key.isRevoked() ? "—" : expiry(key));
            Styles.toggle(label, "lk-warning", soon);
            Styles.toggle(label, Styles.DENSE_STRONG, soon);
            Styles.toggle(label, Styles.MUTED, !soon);
            Drawn.tip(
                cell, key.expiresAt().map(at -> "Expires " + times.exact(at)).orElse("No expiry"));
          });
    };
  }

  Supplier<Drawn<ApiKey>> created() {
    return text(
        Styles.MUTED,
        key -> times.date(key.createdAt()),
        key -> "Created " + times.exact(key.createdAt()) + by(key));
  }

  /** What Ctrl+C copies of a row, column by column. */
  List<String> values(ApiKey key) {
    return List.of(
        key.name(),
        key.owner(),
        key.shortKey(),
        key.kind().label(),
        key.kind().belongsToAccount()
            ? String.join(
                " ", key.scopes().scopes().list().stream().map(scope -> scope.label()).toList())
            : "role " + key.role(),
        KeyStatusBadge.word(key, times),
        key.lastUsedAt().map(Instant::toString).orElse(""),
        key.expiresAt().map(Instant::toString).orElse(""),
        key.id().toString());
  }

  private String expiry(ApiKey key) {
    return key.expiresAt().map(times::shortDate).orElse("Never");
  }

  private static String note(ApiKey key) {
    return key.description().isBlank() ? "" : "\n" + key.description();
  }

  private static String from(ApiKey key) {
    return key.lastUsedFrom().map(address -> " from " + address).orElse("");
  }

  private static String by(ApiKey key) {
    return key.createdBy().map(name -> " by " + name).orElse("");
  }

  private static KindBadge.Emphasis emphasis(ApiKey key) {
    return key.kind() == KeyKind.SECRET ? KindBadge.Emphasis.STRONG : KindBadge.Emphasis.PLAIN;
  }

  private static Supplier<Drawn<ApiKey>> text(
      String style, Function<ApiKey, String> text, Function<ApiKey, String> more) {
    return Drawn.text(text, more, Styles.DENSE, style);
  }
}
