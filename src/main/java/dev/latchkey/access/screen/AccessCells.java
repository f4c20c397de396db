package dev.latchkey.access.screen;

import dev.latchkey.access.Grant;
import dev.latchkey.access.GrantStatus;
import dev.latchkey.access.Person;
import dev.latchkey.kit.list.Drawn;
import dev.latchkey.widget.Badge;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimeBar;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** The cells of the lists: each draws its nodes once and only changes what they say. */
final class AccessCells {
  private static final double PADDING = 12;

  private final Times times;

  /** Which member is the operator. */
  private final Predicate<Person> own;

  AccessCells(Times times, Predicate<Person> own) {
    this.times = times;
    this.own = own;
  }

  Times times() {
    return times;
  }

  /** A name, and below it something smaller. */
  <T> Supplier<Drawn<T>> titled(
      Function<T, String> title,
      Function<T, String> detail,
      Predicate<T> inForce,
      Function<T, String> more) {
    return () -> {
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
            Styles.toggle(name, Styles.SUBTLE, !inForce.test(row));
            Drawn.tip(cell, more.apply(row));
          });
    };
  }

  /** A member, and below it the address, or that it is the operator. */
  <T> Supplier<Drawn<T>> member(Function<T, Optional<Person>> member, Predicate<T> inForce) {
    return titled(
        row -> member.apply(row).map(Person::name).orElse("Unknown"),
        row ->
            member
                .apply(row)
                .map(person -> own.test(person) ? "you" : person.email())
                .orElse("no genuine token"),
        inForce,
        row -> member.apply(row).map(person -> person.name() + "\n" + person.email()).orElse(""));
  }

  <T> Supplier<Drawn<T>> mono(Function<T, String> text, Predicate<T> inForce) {
    return () -> {
      Label label = new Label();
      label.getStyleClass().add(Styles.MONO);
      return new Drawn<>(
          label,
          (row, cell) -> {
            label.setText(text.apply(row));
            Styles.toggle(label, Styles.SUBTLE, !inForce.test(row));
            Drawn.tip(cell, text.apply(row));
          });
    };
  }

  <T> Supplier<Drawn<T>> plain(Function<T, String> text, Function<T, String> more) {
    return Drawn.text(text, more, Styles.SMALL_TEXT, Styles.MUTED);
  }

  <T> Supplier<Drawn<T>> badge(Function<T, String> word, Function<T, Tone> tone) {
    return () -> {
      Badge badge = new Badge();
      return new Drawn<>(badge, (row, _) -> badge.show(word.apply(row), tone.apply(row)));
    };
  }

  <T> Supplier<Drawn<T>> networks(Function<T, List<String>> networks, Predicate<T> inForce) {
    return () -> {
      HBox chips = new HBox(3);
      chips.setAlignment(Pos.CENTER_LEFT);
      return new Drawn<>(
          chips,
          (row, cell) -> {
            double room = cell.getTableColumn().getWidth() - PADDING;
            chips
                .getChildren()
                .setAll(AccessText.networks(networks.apply(row), inForce.test(row), room));
            Styles.toggle(chips, Styles.OFF, !inForce.test(row));
            Drawn.tip(cell, AccessText.networks(networks.apply(row)));
          });
    };
  }

  /** How long ago, "now" in green while {@code isNow}. */
  <T> Supplier<Drawn<T>> when(Function<T, Optional<Instant>> at, Predicate<T> isNow) {
    return () -> {
      Label label = new Label();
      label.getStyleClass().add(Styles.SMALL_TEXT);
      return new Drawn<>(
          label,
          (row, cell) -> {
            boolean now = isNow.test(row);
            label.setText(now ? "now" : at.apply(row).map(times::ago).orElse("—"));
            Tone tone = now ? Tone.SUCCESS : Tone.NEUTRAL;
            tone.applyTo(label);
            Styles.toggle(label, Styles.MUTED, !now);
            Drawn.tip(cell, at.apply(row).map(times::exact).orElse("Never"));
          });
    };
  }

  <T> Supplier<Drawn<T>> number(Function<T, Integer> number) {
    return () -> {
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
    };
  }

  /** How much of a grant's time is left, as words and as a bar; or when it begins or ended. */
  Supplier<Drawn<Grant>> expires() {
    return () -> {
      Label label = new Label();
      label.getStyleClass().add(Styles.SMALL_TEXT);
      TimeBar bar = new TimeBar();
      bar.setMaxWidth(77);
      VBox box = new VBox(3, label, bar);
      box.setAlignment(Pos.CENTER_LEFT);
      return new Drawn<>(
          box,
          (grant, cell) -> {
            boolean running =
                grant.status() == GrantStatus.ACTIVE || grant.status() == GrantStatus.EXPIRING;
            boolean endless = running && grant.expiresAt().isEmpty();
            boolean warn = endless || grant.status() == GrantStatus.EXPIRING;
            label.setText(expiry(grant));
            (warn ? Tone.WARNING : Tone.NEUTRAL).applyTo(label);
            Styles.toggle(label, Styles.SMALL_STRONG, warn);
            Styles.toggle(label, Styles.MUTED, !running);
            bar.setVisible(running && !endless);
            bar.setManaged(bar.isVisible());
            bar.show(grant.left(times.now()).orElse(0.0), warn ? Tone.WARNING : Tone.SUCCESS);
            Drawn.tip(cell, span(grant));
          });
    };
  }

  String expiry(Grant grant) {
    return switch (grant.status()) {
      case SCHEDULED -> "from " + times.date(grant.startsAt());
      case EXPIRED, REVOKED -> grant.endedAt().map(times::dayOrTime).orElse("—");
      case ACTIVE, EXPIRING ->
          grant.expiresAt().map(end -> AccessText.left(end, times)).orElse("∞ No expiry");
    };
  }

  String span(Grant grant) {
    return "From %s\nuntil %s%s"
        .formatted(
            times.exact(grant.startsAt()),
            grant.expiresAt().map(times::exact).orElse("there is no end"),
            grant.revocation().map(ending -> "\nrevoked " + times.exact(ending.at())).orElse(""));
  }

  /** Why, in amber where nobody said. */
  Supplier<Drawn<Grant>> reason() {
    return () -> {
      Label label = new Label();
      label.getStyleClass().add(Styles.SMALL_TEXT);
      return new Drawn<>(
          label,
          (grant, cell) -> {
            boolean missing = grant.reason().isEmpty();
            label.setText(grant.reason().orElse("No reason"));
            (missing && grant.status().isOpen() ? Tone.WARNING : Tone.NEUTRAL).applyTo(label);
            Styles.toggle(label, Styles.MUTED, !missing || !grant.status().isOpen());
            Drawn.tip(cell, grant.reason().orElse("No reason was given"));
          });
    };
  }
}
