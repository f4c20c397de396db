package dev.latchkey.keys.screen;

import dev.latchkey.change.Change;
import dev.latchkey.change.TextRules;
import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.KeyChanges;
import dev.latchkey.keys.KeyEdit;
import dev.latchkey.keys.KeySource;
import dev.latchkey.kit.form.FormProblems;
import dev.latchkey.kit.form.Submission;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/**
 * Changing name, description and expiry of a key. When somebody else changed it meanwhile, the key
 * is read again and both versions are there to see; what was typed stays.
 */
public final class EditKeyViewModel {
  private final StringProperty name;
  private final StringProperty description;
  private final ExpiryViewModel expiry;
  private final FormProblems<KeyField> problems = new FormProblems<>(KeyField.class);
  private final ReadOnlyObjectWrapper<ApiKey> base;
  private final ReadOnlyObjectWrapper<Optional<ApiKey>> overtaken =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final Submission<ApiKey> submission;
  private final KeyChanges changes;
  private final KeySource source;
  private final Latest latest;
  private final Consumer<ApiKey> onTouched;

  /**
   * @param onTouched told when the key is, or may be, otherwise than it was read
   */
  EditKeyViewModel(
      ApiKey key,
      KeyChanges changes,
      KeySource source,
      Tasks tasks,
      Clock clock,
      Consumer<ApiKey> onTouched) {
    this.base = new ReadOnlyObjectWrapper<>(key);
    this.name = new SimpleStringProperty(key.name());
    this.description = new SimpleStringProperty(key.description());
    this.expiry = new ExpiryViewModel(clock);
    this.changes = changes;
    this.submission = new Submission<>(changes.changes(), problems::take, this::check);
    this.source = source;
    this.latest = new Latest(tasks);
    this.onTouched = onTouched;
    expiry.choice().set(ExpiryViewModel.Choice.KEEP);
    name.subscribe((_, _) -> check());
    description.subscribe((_, _) -> check());
    expiry.onChange(this::check);
  }

  /** The key as it was last read: what the changes are made to. */
  public ReadOnlyObjectProperty<ApiKey> base() {
    return base.getReadOnlyProperty();
  }

  /** The version that editing began with, when another one came between. */
  public ReadOnlyObjectProperty<Optional<ApiKey>> overtaken() {
    return overtaken.getReadOnlyProperty();
  }

  public StringProperty name() {
    return name;
  }

  public StringProperty description() {
    return description;
  }

  public ExpiryViewModel expiry() {
    return expiry;
  }

  public FormProblems<KeyField> problems() {
    return problems;
  }

  /** What would run; empty while nothing is changed or something is wrong. */
  public ReadOnlyObjectProperty<Optional<Change<ApiKey>>> change() {
    return submission.change();
  }

  public ReadOnlyObjectProperty<Optional<Failure>> failure() {
    return submission.failure();
  }

  public ReadOnlyBooleanProperty busy() {
    return submission.busy();
  }

  public void save(Runnable onDone) {
    submission.run(
        saved -> {
          onDone.run();
          onTouched.accept(saved);
        },
        this::refused);
  }

  private void refused(Failure refusal) {
    if (submission.failure().get().isEmpty()) {
      return;
    }
    if (refusal.outdates()) {
      readAgain();
    }
    onTouched.accept(base.get());
  }

  private void readAgain() {
    ApiKey stale = base.get();
    latest.start(
        "Reading the key again",
        () -> source.key(stale.id()),
        found -> found.filter(now -> now.version() != stale.version()).ifPresent(this::takeOver),
        problem -> submission.tell(FailureException.failureOf(problem)));
  }

  /** Fields that were not touched here follow the newer version. */
  private void takeOver(ApiKey now) {
    ApiKey stale = base.get();
    boolean nameTouched = !name.get().equals(stale.name());
    boolean descriptionTouched = !description.get().equals(stale.description());
    base.set(now);
    if (!nameTouched) {
      name.set(now.name());
    }
    if (!descriptionTouched) {
      description.set(now.description());
    }
    overtaken.set(Optional.of(stale));
    check();
  }

  private void check() {
    Optional<String> nameProblem = TextRules.nameProblem(name.get(), "Give the key a name.");
    Optional<String> noteProblem = TextRules.noteProblem(description.get());
    Optional<String> expiryProblem = expiry.problem();
    problems.set(KeyField.NAME, nameProblem);
    problems.set(KeyField.DESCRIPTION, noteProblem);
    problems.set(KeyField.EXPIRY, expiryProblem);
    boolean sound =
        nameProblem.isEmpty()
            && noteProblem.isEmpty()
            && expiryProblem.isEmpty()
            && !base.get().isRevoked();
    KeyEdit edit =
        sound ? edit() : new KeyEdit(Optional.empty(), Optional.empty(), Optional.empty());
    submission.prepare(
        edit.isEmpty() ? Optional.empty() : Optional.of(changes.calls().update(base.get(), edit)));
  }

  private KeyEdit edit() {
    String cleanName = TextRules.trimmed(name.get());
    String note = TextRules.trimmed(description.get());
    return new KeyEdit(
        Optional.of(cleanName).filter(text -> !text.equals(base.get().name())),
        Optional.of(note).filter(text -> !text.equals(base.get().description())),
        expiry.choice().get() == ExpiryViewModel.Choice.KEEP
            ? Optional.empty()
            : Optional.of(expiry.expiresAt()).filter(end -> !end.equals(base.get().expiresAt())));
  }
}
