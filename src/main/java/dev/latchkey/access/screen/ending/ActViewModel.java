package dev.latchkey.access.screen.ending;

import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.EndProof;
import dev.latchkey.access.Ended;
import dev.latchkey.access.LiveSession;
import dev.latchkey.access.Policy;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.change.Change;
import dev.latchkey.change.ReasonRule;
import dev.latchkey.change.Subject;
import dev.latchkey.kit.form.Form;
import dev.latchkey.kit.form.ReasonViewModel;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/**
 * An act with a reason that ends access: revoke, freeze, block, terminate, turn off. Afterwards the
 * sessions are looked at again and again until none is left, and the proof is shown.
 */
public final class ActViewModel implements AutoCloseable {
  private static final long PAUSE = 1_000;

  private final Act act;
  private final AccessChanges changes;
  private final Clock clock;
  private final Runnable onTouched;
  private final Latest looking;
  private final ReasonViewModel reason;
  private final Form<AccessField, Ended> form;
  private final ReadOnlyObjectWrapper<Stage> stage = new ReadOnlyObjectWrapper<>();
  private boolean closed;

  /**
   * What is done, and to whom.
   *
   * @param warning what follows from it, in a sentence or two
   * @param ending whether sessions end by it
   * @param change the call with a reason
   */
  public record Act(
      Subject subject,
      String warning,
      boolean ending,
      boolean reasonAsked,
      Function<Optional<String>, Change<Ended>> change) {}

  /** How far it has come. */
  public sealed interface Stage {
    /**
     * Not done yet; these sessions would end.
     *
     * @param unseen why nobody can tell which
     */
    record Before(List<LiveSession> sessions, Optional<String> unseen) implements Stage {}

    /**
     * Done; this is what was there when it was looked last.
     *
     * @param proof what the server counted
     * @param lookedAt empty before the first look
     */
    record After(Optional<EndProof> proof, List<LiveSession> left, Optional<Instant> lookedAt)
        implements Stage {
      /** Whether it was looked, by who could see, and nothing was found. */
      public boolean isClear() {
        return lookedAt.isPresent() && left.isEmpty() && isKnown();
      }

      /** Whether the server could see what is left. */
      public boolean isKnown() {
        return proof.isEmpty() || proof.get().left().isPresent();
      }
    }
  }

  public ActViewModel(
      Act act, AccessChanges changes, Policy policy, Tasks tasks, Clock clock, Runnable onTouched) {
    this.act = act;
    this.changes = changes;
    this.reason = new ReasonViewModel(act.reasonAsked() ? policy.reasonRule() : ReasonRule.NONE);
    this.clock = clock;
    this.onTouched = onTouched;
    this.looking = new Latest(tasks);
    stage.set(new Stage.Before(List.of(), Optional.empty()));
    this.form = new Form<>(AccessField.class, changes.changes());
    form.makes(() -> Optional.of(act.change().apply(reason.given())));
    reason.demandOf(form, AccessField.REASON);
  }

  public Act act() {
    return act;
  }

  public ReasonViewModel reason() {
    return reason;
  }

  /** Shows what would run also without a reason, so that it can be read. */
  public Form<AccessField, Ended> form() {
    return form;
  }

  public ReadOnlyObjectProperty<Stage> stage() {
    return stage.getReadOnlyProperty();
  }

  /** Reads which sessions would end. */
  public void load() {
    if (act.ending()) {
      looking.start(
          "Loading sessions",
          () ->
              new Stage.Before(
                  changes.choices().sessionsOf(act.subject()), changes.choices().whyUnseen()),
          found -> {
            if (stage.get() instanceof Stage.Before) {
              stage.set(found);
            }
          },
          _ -> {});
    }
  }

  /** Does it. */
  public void act(Runnable onDoneWithoutSessions) {
    form.submit(
        ended -> {
          onTouched.run();
          if (act.ending()) {
            stage.set(new Stage.After(ended.proof(), List.of(), Optional.empty()));
            look(ended.proof());
          } else {
            onDoneWithoutSessions.run();
          }
        },
        _ -> onTouched.run());
  }

  /** Looks what is left, until nothing is or nobody watches any more. */
  private void look(Optional<EndProof> proof) {
    looking.start(
        "Looking for sessions that are left",
        () -> changes.choices().sessionsOf(act.subject()),
        left -> {
          stage.set(new Stage.After(proof, left, Optional.of(clock.instant())));
          if (left.isEmpty() || closed) {
            onTouched.run();
          } else {
            looking.later(PAUSE, () -> look(proof));
          }
        },
        _ -> onTouched.run());
  }

  /** Nobody watches any more. */
  @Override
  public void close() {
    closed = true;
    looking.cancel();
    if (stage.get() instanceof Stage.After) {
      onTouched.run();
    }
  }
}
