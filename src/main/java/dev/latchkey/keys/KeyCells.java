package dev.latchkey.keys;

import dev.latchkey.widget.Badge;
import dev.latchkey.widget.KindBadge;
import dev.latchkey.widget.Sparkline;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.TableCell;
import javafx.scene.control.TableColumn;
import javafx.scene.control.Tooltip;
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
  void name(TableColumn<ApiKey, ApiKey> column) {
    use(
        column,
        () -> {
          Label title = new Label();
          title.getStyleClass().add(Styles.CELL_TITLE);
          Label detail = new Label();
          detail.getStyleClass().add(Styles.CELL_DETAIL);
          VBox box = new VBox(title, detail);
          box.setAlignment(Pos.CENTER_LEFT);
          return new Drawn(
              box,
              (key, cell) -> {
                title.setText(key.name());
                detail.setText(key.owner());
                toggle(title, Styles.STRUCK, key.isRevoked());
                toggle(title, Styles.SUBTLE, !key.status().works());
                tip(cell, key.name() + "\n" + key.owner() + note(key));
              });
        });
  }

  void key(TableColumn<ApiKey, ApiKey> column) {
    text(column, Styles.MONO, ApiKey::shortKey, key -> "id " + key.id());
  }

  void kind(TableColumn<ApiKey, ApiKey> column) {
    use(
        column,
        () -> {
          KindBadge badge = new KindBadge();
          return new Drawn(
              badge,
              (key, _) -> {
                badge.show(key.kind().label(), emphasis(key));
                toggle(badge, Styles.OFF, !key.status().works());
              });
        });
  }

  void scopes(TableColumn<ApiKey, ApiKey> column) {
    use(
        column,
        () -> {
          HBox chips = new HBox(4);
          chips.setAlignment(Pos.CENTER_LEFT);
          return new Drawn(
              chips,
              (key, cell) -> {
                chips.getChildren().setAll(ScopeChips.within(key, column.getWidth() - PADDING));
                toggle(chips, Styles.OFF, !key.status().works());
                tip(cell, ScopeChips.describe(key));
              });
        });
  }

  void status(TableColumn<ApiKey, ApiKey> column) {
    use(
        column,
        () -> {
          Badge badge = new Badge();
          return new Drawn(badge, (key, _) -> KeyStatusBadge.show(key, times, badge));
        });
  }

  void lastUsed(TableColumn<ApiKey, ApiKey> column) {
    text(
        column,
        Styles.MUTED,
        key -> key.lastUsedAt().map(times::ago).orElse("Never"),
        key ->
            key.lastUsedAt()
                .map(at -> "Last used " + times.exact(at) + from(key))
                .orElse("Never used"));
  }

  void chart(TableColumn<ApiKey, ApiKey> column) {
    use(
        column,
        () -> {
          Sparkline line = new Sparkline();
          return new Drawn(
              line,
              (key, cell) -> {
                DailyCalls known = calls.get().getOrDefault(key.id(), DailyCalls.NONE);
                line.show(known.counts());
                tip(cell, "%,d calls in 14 days".formatted(known.total()));
              });
        });
  }

  void expires(TableColumn<ApiKey, ApiKey> column) {
    use(
        column,
        () -> {
          Label label = new Label();
          label.getStyleClass().add(Styles.DENSE);
          return new Drawn(
              label,
              (key, cell) -> {
                boolean soon = key.status() == KeyStatus.EXPIRING;
                label.setText(key.isRevoked() ? "—" : expiry(key));
                toggle(label, "lk-warning", soon);
                toggle(label, Styles.DENSE_STRONG, soon);
                toggle(label, Styles.MUTED, !soon);
                tip(
                    cell,
                    key.expiresAt().map(at -> "Expires " + times.exact(at)).orElse("No expiry"));
              });
        });
  }

  void created(TableColumn<ApiKey, ApiKey> column) {
    text(
        column,
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

  static void toggle(Node node, String styleClass, boolean on) {
    if (node.getStyleClass().contains(styleClass) != on) {
      if (on) {
        node.getStyleClass().add(styleClass);
      } else {
        node.getStyleClass().remove(styleClass);
      }
    }
  }

  /** One tooltip for each cell, however many rows pass through it. */
  private static void tip(TableCell<ApiKey, ApiKey> cell, String text) {
    if (cell.getTooltip() == null) {
      cell.setTooltip(new Tooltip());
    }
    cell.getTooltip().setText(text);
  }

  private static void text(
      TableColumn<ApiKey, ApiKey> column,
      String style,
      Function<ApiKey, String> text,
      Function<ApiKey, String> more) {
    use(
        column,
        () -> {
          Label label = new Label();
          label.getStyleClass().addAll(Styles.DENSE, style);
          return new Drawn(
              label,
              (key, cell) -> {
                label.setText(text.apply(key));
                tip(cell, more.apply(key));
              });
        });
  }

  private static void use(TableColumn<ApiKey, ApiKey> column, Supplier<Drawn> draw) {
    column.setCellValueFactory(row -> new ReadOnlyObjectWrapper<>(row.getValue()));
    column.setCellFactory(_ -> new KeyCell(draw.get()));
  }

  /** A cell's nodes, and how they show a key. */
  private record Drawn(Node node, BiConsumer<ApiKey, TableCell<ApiKey, ApiKey>> show) {}

  private static final class KeyCell extends TableCell<ApiKey, ApiKey> {
    private final Drawn drawn;

    KeyCell(Drawn drawn) {
      this.drawn = drawn;
    }

    @Override
    protected void updateItem(ApiKey key, boolean empty) {
      super.updateItem(key, empty);
      Optional<ApiKey> shown = empty ? Optional.empty() : Optional.ofNullable(key);
      setGraphic(shown.isPresent() ? drawn.node() : null);
      shown.ifPresentOrElse(known -> drawn.show().accept(known, this), () -> setTooltip(null));
    }
  }
}
