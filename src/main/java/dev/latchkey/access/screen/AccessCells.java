package dev.latchkey.access.screen;

import dev.latchkey.access.Grant;
import dev.latchkey.access.GrantStatus;
import dev.latchkey.access.Person;
import dev.latchkey.kit.list.Cell;
import dev.latchkey.kit.list.Cells;
import dev.latchkey.kit.list.Drawn;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimeBar;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
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

  /** Paler where a row is no longer in force. */
  static <T> Cells.Look<T> unless(Predicate<T> inForce) {
    return (row, label) -> Styles.toggle(label, Styles.SUBTLE, !inForce.test(row));
  }

  /** How long ago, "now" in green while {@code isNow}. */
  <T> Cell<T> when(Function<T, Optional<Instant>> at, Predicate<T> isNow) {
    return new Cells(times).when(at, isNow);
  }

  /** A member, and below it the address, or that it is the operator. */
  <T> Cell<T> member(Function<T, Optional<Person>> member, Predicate<T> inForce) {
    return Cells.titled(
        row -> member.apply(row).map(Person::name).orElse("Unknown"),
        row ->
            member
                .apply(row)
                .map(person -> own.test(person) ? "you" : person.email())
                .orElse("no genuine token"),
        row -> member.apply(row).map(person -> person.name() + "\n" + person.email()).orElse(""),
        unless(inForce));
  }

  <T> Cell<T> networks(Function<T, List<String>> networks, Predicate<T> inForce) {
    return new Cell<>(
        () -> {
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
        },
        row -> String.join(" ", networks.apply(row)));
  }

  /** How much of a grant's time is left, as words and as a bar; or when it begins or ended. */
  Cell<Grant> expires() {
    return new Cell<>(
        () -> {
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
        },
        grant -> Cells.exact(grant.expiresAt()));
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
  Cell<Grant> reason() {
    return new Cell<>(
        () -> {
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
        },
        grant -> grant.reason().orElse(""));
  }
}
