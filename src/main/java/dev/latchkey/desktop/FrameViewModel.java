package dev.latchkey.desktop;

import dev.latchkey.change.Environment;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Session;
import dev.latchkey.database.SignIn;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.task.Tasks;
import dev.latchkey.token.Secret;
import dev.latchkey.widget.Tone;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;

/**
 * The window's state: who is in, until when, whether changes may be made. For the JavaFX thread.
 */
public final class FrameViewModel {
  /** Write mode on production ends after this long without input. */
  static final Duration IDLE = Duration.ofMinutes(10);

  private static final long SECOND = 1_000;

  /** How often the server is asked until when access lasts. */
  private static final Duration ASKING = Duration.ofMinutes(1);

  private final SignIn signIn;
  private final Tasks tasks;
  private final Executor screen;
  private final Clock clock;

  private final ReadOnlyObjectWrapper<Optional<Work>> work =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ObjectProperty<Place> place = new SimpleObjectProperty<>(Place.CONNECT);
  private final ReadOnlyObjectWrapper<Message> message = new ReadOnlyObjectWrapper<>(Message.NONE);
  private final ReadOnlyObjectWrapper<Optional<Countdown>> countdown =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<Duration>> writeTimeLeft =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyBooleanWrapper writing = new ReadOnlyBooleanWrapper(false);
  private final ReadOnlyBooleanWrapper ended = new ReadOnlyBooleanWrapper(false);
  private Instant since;
  private Instant lastInput;
  private Optional<String> disturbed = Optional.empty();
  private Instant lastAsked;
  private Tasks.Job timer = () -> {};

  public FrameViewModel(SignIn signIn, Tasks tasks, Executor screen, Clock clock) {
    this.signIn = signIn;
    this.tasks = tasks;
    this.screen = screen;
    this.clock = clock;
    this.since = clock.instant();
    this.lastInput = since;
    this.lastAsked = since;
  }

  /** Who is in, and with which screens. */
  public ReadOnlyObjectProperty<Optional<Work>> workProperty() {
    return work.getReadOnlyProperty();
  }

  public ObjectProperty<Place> placeProperty() {
    return place;
  }

  public ReadOnlyObjectProperty<Message> messageProperty() {
    return message.getReadOnlyProperty();
  }

  /** Until the operator's own access ends; empty when it has no end. */
  public ReadOnlyObjectProperty<Optional<Countdown>> countdownProperty() {
    return countdown.getReadOnlyProperty();
  }

  /** Until write mode ends by itself; empty when it is off or has no end. */
  public ReadOnlyObjectProperty<Optional<Duration>> writeTimeLeftProperty() {
    return writeTimeLeft.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty writingProperty() {
    return writing.getReadOnlyProperty();
  }

  /** Whether access has ended, so that a fresh token is asked for. */
  public ReadOnlyBooleanProperty endedProperty() {
    return ended.getReadOnlyProperty();
  }

  public Optional<Environment> environment() {
    return work.get().map(now -> now.session().environment());
  }

  /** Somebody signed in: from now on the window is about this database. */
  public void enter(Work entered) {
    since = clock.instant();
    lastInput = since;
    lastAsked = since;
    entered.session().database().onEnd(failure -> screen.execute(() -> end(entered, failure)));
    entered
        .session()
        .database()
        .onDisturbed(
            disturbance -> screen.execute(() -> disturbed = Optional.of(disturbance.sentence())));
    entered.writeMode().onChange(() -> screen.execute(this::look));
    work.set(Optional.of(entered));
    place.set(Place.KEYS);
    report(
        "Signed in to %s as %s"
            .formatted(entered.session().endpoint().place(), entered.session().who().display()));
    look();
    tick();
  }

  /** Ends the sign-in and returns to Connect. */
  public void signOut() {
    timer.cancel();
    Optional<Work> left = work.get();
    ended.set(false);
    place.set(Place.CONNECT);
    work.set(Optional.empty());
    countdown.set(Optional.empty());
    writing.set(false);
    writeTimeLeft.set(Optional.empty());
    left.ifPresent(
        was ->
            tasks.start(
                "Signing out",
                () -> {
                  was.session().database().close();
                  return true;
                },
                _ -> {},
                _ -> {}));
    message.set(new Message(Tone.NEUTRAL, "Signed out", Optional.of(clock.instant())));
  }

  /**
   * Goes on with a fresh token after access has ended, or before.
   *
   * @param onFailure is told why not, and which token was tried
   */
  public void renew(Secret token, Runnable onDone, BiConsumer<Failure, Secret> onFailure) {
    work.get().ifPresent(now -> renew(now, token.copy(), onDone, onFailure));
  }

  private void renew(
      Work now, Secret tried, Runnable onDone, BiConsumer<Failure, Secret> onFailure) {
    tasks.start(
        "Renewing access",
        tried.lentTo(lent -> signIn.renew(now.session(), lent)),
        session -> {
          tried.close();
          renewed(now, session);
          onDone.run();
        },
        failure -> {
          try (tried) {
            onFailure.accept(FailureException.failureOf(failure), tried);
          }
        });
  }

  /** What the last action did. */
  public void report(String text) {
    Optional<String> also = disturbed;
    disturbed = Optional.empty();
    message.set(
        new Message(
            also.isPresent() ? Tone.DANGER : Tone.SUCCESS,
            text + also.map(sentence -> ". " + sentence).orElse(""),
            Optional.of(clock.instant())));
  }

  public void reportFailure(String text) {
    message.set(new Message(Tone.DANGER, text, Optional.of(clock.instant())));
  }

  /** Why changes cannot be allowed now; empty when they can. */
  public Optional<String> writeObstacle() {
    if (work.get().isEmpty()) {
      return Optional.of("Connect to a database first.");
    }
    return ended.get() ? Optional.of("Your access has ended.") : Optional.empty();
  }

  /** Allows changes; on production for {@code duration} at most. */
  public void startWriting(Duration duration) {
    if (writeObstacle().isPresent()) {
      return;
    }
    lastInput = clock.instant();
    work.get()
        .ifPresent(
            now -> {
              if (now.session().environment().isGuarded()) {
                now.writeMode().turnOn(duration);
              } else {
                now.writeMode().turnOnWithoutEnd();
              }
            });
    look();
  }

  public void stopWriting() {
    work.get().ifPresent(now -> now.writeMode().turnOff());
    look();
  }

  /** The operator did something. */
  public void input() {
    lastInput = clock.instant();
  }

  private void renewed(Work before, Session session) {
    since = clock.instant();
    ended.set(false);
    work.set(Optional.of(before.with(session)));
    if (session.environment().isGuarded()) {
      before.writeMode().turnOff();
    } else {
      before.writeMode().turnOnWithoutEnd();
    }
    report("Access renewed");
    look();
    tick();
  }

  private void end(Work of, Failure failure) {
    boolean current =
        work.get().filter(now -> now.session().database() == of.session().database()).isPresent();
    if (!current || ended.get()) {
      return;
    }
    ended.set(true);
    of.writeMode().turnOff();
    reportFailure("Your access has ended (%s)".formatted(failure.code()));
    look();
  }

  private void tick() {
    timer.cancel();
    timer =
        tasks.later(
            SECOND,
            () -> {
              askAgain();
              look();
              if (work.get().isPresent()) {
                tick();
              }
            });
  }

  /**
   * Somebody may have extended the grant, or moved its end: the countdown follows. Whoever came in
   * without temporary access has no end to ask for.
   */
  private void askAgain() {
    Optional<Work> asking =
        work.get()
            .filter(_ -> !ended.get())
            .filter(now -> now.session().who().grantId().isPresent())
            .filter(_ -> Duration.between(lastAsked, clock.instant()).compareTo(ASKING) >= 0);
    asking.ifPresent(
        now -> {
          lastAsked = clock.instant();
          tasks.start(
              "Asking until when access lasts",
              () -> signIn.refresh(now.session()),
              answer -> takeOver(now, answer),
              _ -> {});
        });
  }

  private void takeOver(Work asked, Session answer) {
    boolean current =
        work.get().filter(now -> now.session() == asked.session()).isPresent() && !ended.get();
    if (!current || answer.who().equals(asked.session().who())) {
      return;
    }
    work.set(Optional.of(asked.with(answer)));
    look();
  }

  private void look() {
    work.get().ifPresent(this::look);
  }

  private void look(Work now) {
    Instant time = clock.instant();
    endWritingWhereDue(now, time);
    writing.set(now.writeMode().isOn());
    writeTimeLeft.set(now.writeMode().endsAt().map(end -> Duration.between(time, end)));
    countdown.set(now.session().who().accessEndsAt().map(end -> Countdown.of(since, time, end)));
    if (countdown.get().filter(Countdown::isOver).isPresent() && !ended.get()) {
      now.session()
          .database()
          .endAccess(new DatabaseFailure.SignInRefused(now.session().who().role(), "28000", ""));
      end(now, new DatabaseFailure.SignInRefused(now.session().who().role(), "28000", ""));
    }
  }

  private void endWritingWhereDue(Work now, Instant time) {
    if (!now.session().environment().isGuarded() || !writing.get()) {
      return;
    }
    boolean timeIsUp = !now.writeMode().isOn();
    if (!timeIsUp && Duration.between(lastInput, time).compareTo(IDLE) < 0) {
      return;
    }
    writing.set(false);
    now.writeMode().turnOff();
    report(timeIsUp ? "Write mode has ended" : "Write mode ended after 10 minutes without input");
  }
}
