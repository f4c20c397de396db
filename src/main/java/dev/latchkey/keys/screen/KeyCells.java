package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.DailyCalls;
import dev.latchkey.keys.KeyKind;
import dev.latchkey.keys.KeyStatus;
import dev.latchkey.kit.list.Cell;
import dev.latchkey.kit.list.Cells;
import dev.latchkey.kit.list.Drawn;
import dev.latchkey.widget.Badge;
import dev.latchkey.widget.KindBadge;
import dev.latchkey.widget.Sparkline;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;

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
  static Cell<ApiKey> name() {
    return Cells.titled(
        ApiKey::name,
        ApiKey::owner,
        key -> key.name() + "\n" + key.owner() + note(key),
        (key, label) -> {
          Styles.toggle(label, Styles.STRUCK, key.isRevoked());
          Styles.toggle(label, Styles.SUBTLE, !key.status().works());
        });
  }

  Cell<ApiKey> key() {
    return text(Styles.MONO, ApiKey::shortKey, key -> "id " + key.id());
  }

  Cell<ApiKey> kind() {
    return new Cell<>(
        () -> {
          KindBadge badge = new KindBadge();
          return new Drawn<>(
              badge,
              (key, _) -> {
                badge.show(key.kind().label(), emphasis(key));
                Styles.toggle(badge, Styles.OFF, !key.status().works());
              });
        },
        key -> key.kind().label());
  }

  Cell<ApiKey> scopes() {
    return new Cell<>(
        () -> {
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
        },
        KeyCells::scopesInWords);
  }

  Cell<ApiKey> status() {
    return new Cell<>(
        () -> {
          Badge badge = new Badge();
          return new Drawn<>(badge, (key, _) -> KeyStatusBadge.show(key, times, badge));
        },
        key -> KeyStatusBadge.word(key, times));
  }

  Cell<ApiKey> lastUsed() {
    return text(
            Styles.MUTED,
            key -> key.lastUsedAt().map(times::ago).orElse("Not known"),
            key ->
                key.lastUsedAt()
                    .map(at -> "Last used " + times.exact(at) + from(key))
                    .orElse(KeyStatusBadge.NO_USE_SEEN))
        .copying(key -> Cells.exact(key.lastUsedAt()));
  }

  Cell<ApiKey> chart() {
    return new Cell<>(
        () -> {
          Sparkline line = new Sparkline();
          return new Drawn<>(
              line,
              (key, cell) -> {
                DailyCalls known = calls.get().getOrDefault(key.id(), DailyCalls.NONE);
                line.show(known.counts());
                Drawn.tip(cell, "%,d calls in 14 days".formatted(known.total()));
              });
        },
        key -> Long.toString(calls.get().getOrDefault(key.id(), DailyCalls.NONE).total()));
  }

  Cell<ApiKey> expires() {
    return new Cell<>(
        () -> {
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
                    cell,
                    key.expiresAt().map(at -> "Expires " + times.exact(at)).orElse("No expiry"));
              });
        },
        key -> Cells.exact(key.expiresAt()));
  }

  Cell<ApiKey> created() {
    return text(
            Styles.MUTED,
            key -> times.date(key.createdAt()),
            key -> "Created " + times.exact(key.createdAt()) + by(key))
        .copying(key -> key.createdAt().toString());
  }

  private static String scopesInWords(ApiKey key) {
    return key.kind().belongsToAccount()
        ? String.join(
            " ", key.scopes().scopes().list().stream().map(scope -> scope.label()).toList())
        : "role " + key.role();
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

  private static Cell<ApiKey> text(
      String style, Function<ApiKey, String> text, Function<ApiKey, String> more) {
    return Cells.text(text, more, Styles.DENSE, style);
  }
}
