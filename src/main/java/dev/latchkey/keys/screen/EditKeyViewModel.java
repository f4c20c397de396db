package dev.latchkey.keys.screen;

import dev.latchkey.change.Change;
import dev.latchkey.change.TextRules;
import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.KeyChanges;
import dev.latchkey.keys.KeyEdit;
import dev.latchkey.keys.KeySource;
import dev.latchkey.kit.form.EndViewModel;
import dev.latchkey.kit.form.Form;
import dev.latchkey.kit.form.Tells;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
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
  private final EndViewModel expiry;
  private final ReadOnlyObjectWrapper<ApiKey> base;
  private final ReadOnlyObjectWrapper<Optional<ApiKey>> overtaken =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final Form<KeyField, ApiKey> form;
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
    this.expiry = EndViewModel.ofKey(key.expiresAt(), clock);
    this.changes = changes;
    this.source = source;
    this.latest = new Latest(tasks);
    this.onTouched = onTouched;
    this.form = new Form<>(KeyField.class, changes.changes());
    form.rule(
        KeyField.NAME,
        Tells.AT_ONCE,
        () -> TextRules.nameProblem(name.get(), "Give the key a name."));
    form.rule(KeyField.DESCRIPTION, Tells.AT_ONCE, () -> TextRules.noteProblem(description.get()));
    form.rule(KeyField.EXPIRY, Tells.AT_ONCE, expiry::problem);
    form.makes(this::change);
    form.follows(name, description);
    form.follows(expiry);
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

  public EndViewModel expiry() {
    return expiry;
  }

  public Form<KeyField, ApiKey> form() {
    return form;
  }

  public void save(Runnable onDone) {
    form.submitAsShown(
        saved -> {
          onDone.run();
          onTouched.accept(saved);
        },
        this::refused);
  }

  private void refused(Failure refusal) {
    if (form.failure().get().isEmpty()) {
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
        problem -> form.tell(FailureException.failureOf(problem)));
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
    form.look();
  }

  private Optional<Change<ApiKey>> change() {
    ApiKey key = base.get();
    KeyEdit edit =
        new KeyEdit(
            Optional.of(TextRules.trimmed(name.get())).filter(text -> !text.equals(key.name())),
            Optional.of(TextRules.trimmed(description.get()))
                .filter(text -> !text.equals(key.description())),
            expiry.isKept()
                ? Optional.empty()
                : Optional.of(expiry.end()).filter(end -> !end.equals(key.expiresAt())));
    return edit.isEmpty() || key.isRevoked()
        ? Optional.empty()
        : Optional.of(changes.calls().update(key, edit));
  }
}
