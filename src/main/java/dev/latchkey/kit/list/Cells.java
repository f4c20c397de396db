package dev.latchkey.kit.list;

import dev.latchkey.widget.Badge;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

/** The cells that lists have in common. A feature's own cells stand beside its list. */
public final class Cells {
  private final Times times;

  public Cells(Times times) {
    this.times = times;
  }

  public Times times() {
    return times;
  }

  /** A line of text, and a tooltip that says more. */
  public static <T> Cell<T> text(
      Function<T, String> text, Function<T, String> more, String... styles) {
    return new Cell<>(
        () -> {
          Label label = new Label();
          label.getStyleClass().addAll(styles);
          return new Drawn<>(
              label,
              (row, cell) -> {
                label.setText(text.apply(row));
                Drawn.tip(cell, more.apply(row));
              });
        },
        text);
  }

  /** Small and muted. */
  public static <T> Cell<T> plain(Function<T, String> text, Function<T, String> more) {
    return text(text, more, Styles.SMALL_TEXT, Styles.MUTED);
  }

  /**
   * A name, and below it something smaller.
   *
   * @param look what else the row asks of the name's look
   */
  public static <T> Cell<T> titled(
      Function<T, String> title,
      Function<T, String> detail,
      Function<T, String> more,
      Look<T> look) {
    return new Cell<>(
        () -> {
          Label name = new Label();
          name.getStyleClass().add(Styles.CELL_TITLE);
          Label below = new Label();
          below.getStyleClass().add(Styles.CELL_DETAIL);
          VBox box = new VBox(name, below);
          box.setAlignment(Pos.CENTER_LEFT);
          return new Drawn<>(
              box,
              (row, cell) -> {
                name.setText(title.apply(row));
                below.setText(detail.apply(row));
                look.dress(row, name);
                Drawn.tip(cell, more.apply(row));
              });
        },
        title);
  }

  /** Dresses a label after its row. */
  @FunctionalInterface
  public interface Look<T> {
    void dress(T row, Label label);
  }

  /** In the data font; paler where the row is no longer in force. */
  public static <T> Cell<T> mono(Function<T, String> text, Predicate<T> inForce) {
    return new Cell<>(
        () -> {
          Label label = new Label();
          label.getStyleClass().add(Styles.MONO);
          return new Drawn<>(
              label,
              (row, cell) -> {
                label.setText(text.apply(row));
                Styles.toggle(label, Styles.SUBTLE, !inForce.test(row));
                Drawn.tip(cell, text.apply(row));
              });
        },
        text);
  }

  /** A badge; none for an empty word. */
  public static <T> Cell<T> badge(Function<T, String> word, Function<T, Tone> tone) {
    return new Cell<>(
        () -> {
          Badge badge = new Badge();
          return new Drawn<>(
              badge,
              (row, _) -> {
                badge.show(word.apply(row), tone.apply(row));
                badge.setVisible(!word.apply(row).isEmpty());
              });
        },
        word);
  }

  /** How long ago, "now" in green while {@code isNow}; copied exactly. */
  public <T> Cell<T> when(Function<T, Optional<Instant>> at, Predicate<T> isNow) {
    return new Cell<>(
        () -> {
          Label label = new Label();
          label.getStyleClass().add(Styles.SMALL_TEXT);
          return new Drawn<>(
              label,
              (row, cell) -> {
                boolean now = isNow.test(row);
                label.setText(now ? "now" : at.apply(row).map(times::ago).orElse("—"));
                (now ? Tone.SUCCESS : Tone.NEUTRAL).applyTo(label);
                Styles.toggle(label, Styles.MUTED, !now);
                Drawn.tip(cell, at.apply(row).map(times::exact).orElse("Never"));
              });
        },
        row -> exact(at.apply(row)));
  }

  public static <T> Cell<T> number(Function<T, Integer> number) {
    return new Cell<>(
        () -> {
          Label label = new Label();
          label.getStyleClass().add(Styles.DENSE);
          return new Drawn<>(
              label,
              (row, _) -> {
                int count = number.apply(row);
                label.setText("%,d".formatted(count));
                Styles.toggle(label, Styles.DENSE_STRONG, count > 0);
                Styles.toggle(label, Styles.SUBTLE, count == 0);
              });
        },
        row -> Integer.toString(number.apply(row)));
  }

  /** A time as it is copied: to the last digit, in UTC; empty for none. */
  public static String exact(Optional<Instant> at) {
    return at.map(Instant::toString).orElse("");
  }
}
