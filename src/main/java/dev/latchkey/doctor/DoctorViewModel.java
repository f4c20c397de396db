package dev.latchkey.doctor;

import dev.latchkey.task.Tasks;
import java.util.Optional;
import java.util.concurrent.Executor;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;

/** State and commands of the connection doctor. For the JavaFX thread. */
public final class DoctorViewModel {
  private final Doctor doctor;
  private final Tasks tasks;
  private final Executor screen;
  private final ReadOnlyObjectWrapper<Optional<Diagnosis>> diagnosis =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyBooleanWrapper running = new ReadOnlyBooleanWrapper(false);
  private final ReadOnlyBooleanWrapper outdated = new ReadOnlyBooleanWrapper(false);
  private final BooleanProperty expanded = new SimpleBooleanProperty(false);
  private Optional<Patient> patient = Optional.empty();
  private Tasks.Job job = () -> {};
  private int run;

  /**
   * @param screen where progress is shown: the JavaFX thread
   */
  public DoctorViewModel(Doctor doctor, Tasks tasks, Executor screen) {
    this.doctor = doctor;
    this.tasks = tasks;
    this.screen = screen;
  }

  /** The last examination or the one under way; empty while the doctor is closed. */
  public ReadOnlyObjectProperty<Optional<Diagnosis>> diagnosisProperty() {
    return diagnosis.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty runningProperty() {
    return running.getReadOnlyProperty();
  }

  /** Whether the profile or the token is another now than what was examined. */
  public ReadOnlyBooleanProperty outdatedProperty() {
    return outdated.getReadOnlyProperty();
  }

  /** Whether every check is shown with its evidence. */
  public BooleanProperty expandedProperty() {
    return expanded;
  }

  /** What is examined, and closed by the doctor; empty while the doctor is closed. */
  public Optional<Patient> patient() {
    return patient;
  }

  /** Begins an examination in place of the one before; the patient is the doctor's from now on. */
  public void examine(Patient next) {
    job.cancel();
    int current = ++run;
    forget();
    patient = Optional.of(next);
    Patient lent = next.copy();
    outdated.set(false);
    running.set(true);
    job =
        tasks.start(
            "Examining the connection",
            () -> examine(lent, current),
            whole -> finished(current, whole),
            _ -> stop());
  }

  private Diagnosis examine(Patient lent, int current) {
    try (lent) {
      return doctor.examine(lent, seen -> screen.execute(() -> progress(current, seen)));
    }
  }

  private void forget() {
    patient.ifPresent(Patient::close);
    patient = Optional.empty();
  }

  /** Ends the examination under way; what was seen stays. */
  public void stop() {
    job.cancel();
    run++;
    running.set(false);
    diagnosis.set(diagnosis.get().map(Diagnosis::stopped));
  }

  /** Ends and hides it, and forgets the token. */
  public void close() {
    stop();
    forget();
    diagnosis.set(Optional.empty());
    outdated.set(false);
  }

  /** The profile or the token was changed. */
  public void changed() {
    outdated.set(diagnosis.get().isPresent());
  }

  /** The logins were asked about the patient's refusal. */
  public void told(LoginReason reason) {
    diagnosis.set(diagnosis.get().map(seen -> seen.with(reason)));
  }

  private void progress(int told, Diagnosis seen) {
    if (told == run) {
      diagnosis.set(Optional.of(seen));
    }
  }

  private void finished(int told, Diagnosis whole) {
    if (told == run) {
      running.set(false);
      diagnosis.set(Optional.of(whole));
    }
  }
}
