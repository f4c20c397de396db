package dev.latchkey.keys.screen;

import dev.latchkey.change.Change;
import dev.latchkey.change.TextRules;
import dev.latchkey.keys.Account;
import dev.latchkey.keys.CreatedKey;
import dev.latchkey.keys.KeyChanges;
import dev.latchkey.keys.KeyKind;
import dev.latchkey.keys.KeySource;
import dev.latchkey.keys.NewKey;
import dev.latchkey.kit.form.FormProblems;
import dev.latchkey.kit.form.Submission;
import dev.latchkey.rows.Failure;
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
import javafx.beans.property.ReadOnlyBooleanProperty;
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
  private final ExpiryViewModel expiry;
  private final ScopesViewModel scopes;
  private final FormProblems<KeyField> problems = new FormProblems<>(KeyField.class);
  private final ReadOnlyObjectWrapper<List<Account>> accounts =
      new ReadOnlyObjectWrapper<>(List.of());
  private final Submission<CreatedKey> submission;
  private final KeyChanges changes;
  private final KeySource source;
  private final Latest latest;
  private final Clock clock;
  private final Consumer<CreatedKey> onCreated;
  private boolean nameTouched;

  NewKeyViewModel(
      KeyChanges changes,
      ScopesViewModel scopes,
      KeySource source,
      Tasks tasks,
      Clock clock,
      Consumer<CreatedKey> onCreated) {
    this.changes = changes;
    this.submission = new Submission<>(changes.changes(), problems::take, this::check);
    this.scopes = scopes;
    this.source = source;
    this.latest = new Latest(tasks);
    this.clock = clock;
    this.onCreated = onCreated;
    this.expiry = new ExpiryViewModel(clock);
    kind.subscribe((_, _) -> check());
    account.subscribe((_, _) -> check());
    name.subscribe(
        (_, _) -> {
          nameTouched = true;
          check();
        });
    description.subscribe((_, _) -> check());
    role.subscribe((_, _) -> check());
    scopes.reading().subscribe((_, _) -> check());
    expiry.onChange(this::check);
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
        problem -> submission.tell(FailureException.failureOf(problem)));
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

  public ExpiryViewModel expiry() {
    return expiry;
  }

  public ScopesViewModel scopes() {
    return scopes;
  }

  public FormProblems<KeyField> problems() {
    return problems;
  }

  /** The change as it would run now; empty while something is missing or wrong. */
  public ReadOnlyObjectProperty<Optional<Change<CreatedKey>>> change() {
    return submission.change();
  }

  /** A refusal that concerns no single field. */
  public ReadOnlyObjectProperty<Optional<Failure>> failure() {
    return submission.failure();
  }

  public ReadOnlyBooleanProperty busy() {
    return submission.busy();
  }

  /** Makes the key, or says at the fields what stands in the way. */
  public void create(Consumer<CreatedKey> onDone) {
    if (submission.busy().get()) {
      return;
    }
    if (submission.change().get().isEmpty()) {
      submission.insist();
      return;
    }
    submission.run(
        created -> {
          onDone.accept(created);
          onCreated.accept(created);
        },
        _ -> {});
  }

  private void check() {
    Optional<String> nameProblem = TextRules.nameProblem(name.get(), "Give the key a name.");
    Optional<String> noteProblem =
        isScoped() ? Optional.empty() : TextRules.noteProblem(description.get());
    Optional<String> accountProblem =
        isScoped() && account.get().isEmpty()
            ? Optional.of("Choose an account.")
            : Optional.empty();
    Optional<String> roleProblem =
        kind.get() == KeyKind.SECRET && role.get().isBlank()
            ? Optional.of("Name the role that calls act as.")
            : Optional.empty();
    Optional<String> expiryProblem = expiry.problem();
    Optional<String> scopesProblem =
        isScoped() && scopes.scopes().isEmpty()
            ? scopes.reading().get().found().stream().findFirst().map(found -> found.sentence())
            : Optional.empty();
    problems.set(KeyField.NAME, nameProblem.filter(_ -> submission.wasTried() || nameTouched));
    problems.set(KeyField.DESCRIPTION, noteProblem);
    problems.set(KeyField.ACCOUNT, accountProblem.filter(_ -> submission.wasTried()));
    problems.set(KeyField.ROLE, roleProblem);
    problems.set(
        KeyField.EXPIRY,
        expiryProblem.filter(_ -> submission.wasTried() || expiry.date().get().isPresent()));
    problems.set(KeyField.SCOPES, scopesProblem);
    boolean sound =
        List.of(nameProblem, noteProblem, accountProblem, roleProblem, expiryProblem, scopesProblem)
            .stream()
            .allMatch(Optional::isEmpty);
    submission.prepare(sound ? Optional.of(changes.calls().create(key())) : Optional.empty());
  }

  private boolean isScoped() {
    return kind.get() == KeyKind.SCOPED;
  }

  private NewKey key() {
    String cleanName = TextRules.trimmed(name.get());
    Optional<Instant> end = expiry.expiresAt();
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

  /** When the key would end, as of now. */
  public Optional<Instant> expiresAt() {
    return expiry.expiresAt();
  }

  /** Now, for saying how far away the end is. */
  Instant now() {
    return clock.instant();
  }
}
