package dev.latchkey.keys.screen;

import dev.latchkey.change.TextRules;
import dev.latchkey.keys.Account;
import dev.latchkey.keys.CreatedKey;
import dev.latchkey.keys.KeyChanges;
import dev.latchkey.keys.KeyKind;
import dev.latchkey.keys.KeySource;
import dev.latchkey.keys.NewKey;
import dev.latchkey.kit.form.EndViewModel;
import dev.latchkey.kit.form.Form;
import dev.latchkey.kit.form.Tells;
import dev.latchkey.rows.FailureException;
import dev.latchkey.scopes.screen.ScopesViewModel;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/** The form for a new key. What it previews is the very change that it runs. */
public final class NewKeyViewModel {
  private final ObjectProperty<KeyKind> kind = new SimpleObjectProperty<>(KeyKind.SCOPED);
  private final ObjectProperty<Optional<Account>> account =
      new SimpleObjectProperty<>(Optional.empty());
  private final StringProperty name = new SimpleStringProperty("");
  private final StringProperty description = new SimpleStringProperty("");
  private final StringProperty role = new SimpleStringProperty("service_role");
  private final EndViewModel expiry;
  private final ScopesViewModel scopes;
  private final ReadOnlyObjectWrapper<List<Account>> accounts =
      new ReadOnlyObjectWrapper<>(List.of());
  private final Form<KeyField, CreatedKey> form;
  private final KeyChanges changes;
  private final KeySource source;
  private final Latest latest;
  private final Consumer<CreatedKey> onCreated;

  NewKeyViewModel(
      KeyChanges changes,
      ScopesViewModel scopes,
      KeySource source,
      Tasks tasks,
      Clock clock,
      Consumer<CreatedKey> onCreated) {
    this.changes = changes;
    this.scopes = scopes;
    this.source = source;
    this.latest = new Latest(tasks);
    this.onCreated = onCreated;
    this.expiry = EndViewModel.ofNewKey(clock);
    this.form = new Form<>(KeyField.class, changes.changes());
    form.rule(
        KeyField.NAME,
        Tells.onceChanged(name),
        () -> TextRules.nameProblem(name.get(), "Give the key a name."));
    form.rule(KeyField.DESCRIPTION, Tells.AT_ONCE, this::descriptionProblem);
    form.rule(KeyField.ACCOUNT, Tells.ONCE_TRIED, this::accountProblem);
    form.rule(KeyField.ROLE, Tells.AT_ONCE, this::roleProblem);
    form.rule(
        KeyField.EXPIRY,
        Tells.whileFilled(expiry.custom().day().map(Optional::isPresent)),
        expiry::problem);
    form.rule(KeyField.SCOPES, Tells.AT_ONCE, this::scopesProblem);
    form.makes(() -> Optional.of(changes.calls().create(key())));
    form.follows(kind, account, name, description, role, scopes.reading());
    form.follows(expiry);
  }

  /** Fetches accounts and suggestions. */
  public void load() {
    scopes.loadVocabulary();
    latest.start(
        "Loading accounts",
        source::accounts,
        known -> {
          accounts.set(known);
          if (known.size() == 1) {
            account.set(Optional.of(known.getFirst()));
          }
        },
        problem -> form.tell(FailureException.failureOf(problem)));
  }

  public ObjectProperty<KeyKind> kind() {
    return kind;
  }

  public ObjectProperty<Optional<Account>> account() {
    return account;
  }

  public ReadOnlyObjectProperty<List<Account>> accounts() {
    return accounts.getReadOnlyProperty();
  }

  public StringProperty name() {
    return name;
  }

  /** For project keys. */
  public StringProperty description() {
    return description;
  }

  /** For secret keys: whom calls act as. */
  public StringProperty role() {
    return role;
  }

  public EndViewModel expiry() {
    return expiry;
  }

  public ScopesViewModel scopes() {
    return scopes;
  }

  public Form<KeyField, CreatedKey> form() {
    return form;
  }

  /** Makes the key, or says at the fields what stands in the way. */
  public void create(Consumer<CreatedKey> onDone) {
    form.submitAsShown(
        created -> {
          onDone.accept(created);
          onCreated.accept(created);
        },
        _ -> {});
  }

  private Optional<String> descriptionProblem() {
    return isScoped() ? Optional.empty() : TextRules.noteProblem(description.get());
  }

  private Optional<String> accountProblem() {
    return isScoped() && account.get().isEmpty()
        ? Optional.of("Choose an account.")
        : Optional.empty();
  }

  private Optional<String> roleProblem() {
    return kind.get() == KeyKind.SECRET && role.get().isBlank()
        ? Optional.of("Name the role that calls act as.")
        : Optional.empty();
  }

  private Optional<String> scopesProblem() {
    return isScoped() && scopes.scopes().isEmpty()
        ? scopes.reading().get().found().stream().findFirst().map(found -> found.sentence())
        : Optional.empty();
  }

  private boolean isScoped() {
    return kind.get() == KeyKind.SCOPED;
  }

  private NewKey key() {
    String cleanName = TextRules.trimmed(name.get());
    Optional<Instant> end = expiry.end();
    return isScoped()
        ? new NewKey.Scoped(
            account.get().orElseThrow(), cleanName, scopes.scopes().orElseThrow(), end)
        : new NewKey.Project(
            kind.get(),
            cleanName,
            kind.get() == KeyKind.SECRET
                ? Optional.of(TextRules.trimmed(role.get()))
                : Optional.empty(),
            Optional.of(TextRules.trimmed(description.get())).filter(text -> !text.isEmpty()),
            end);
  }
}
