package dev.latchkey.connect;

import dev.latchkey.database.DatabaseException;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Endpoint;
import dev.latchkey.database.Secret;
import dev.latchkey.database.Session;
import dev.latchkey.database.SignIn;
import dev.latchkey.doctor.TokenShape;
import dev.latchkey.sandbox.SandboxException;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.beans.InvalidationListener;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/** State and commands of the Connect screen. For the JavaFX thread. */
public final class ConnectViewModel {
  private static final long SAVE_AFTER = 400;

  private final ProfileList profiles;
  private final Doorway doorway;
  private final Tasks tasks;
  private final Executor screen;
  private final Clock clock;
  private final Consumer<Session> onSignedIn;

  private final ProfileForm form = new ProfileForm();
  private final StringProperty token = new SimpleStringProperty("");
  private final ObjectProperty<Optional<Profile>> selected =
      new SimpleObjectProperty<>(Optional.empty());
  private final ReadOnlyObjectWrapper<ConnectionText> pasted =
      new ReadOnlyObjectWrapper<>(new ConnectionText.Empty());
  private final ReadOnlyObjectWrapper<TokenShape> shape =
      new ReadOnlyObjectWrapper<>(new TokenShape.Empty());
  private final ReadOnlyObjectWrapper<ConnectState> state =
      new ReadOnlyObjectWrapper<>(new ConnectState.Ready());
  private final ReadOnlyObjectWrapper<Map<String, String>> mistakes =
      new ReadOnlyObjectWrapper<>(Map.of());
  private final Latest saving;
  private Tasks.Job job = () -> {};
  private boolean showing;
  private Optional<String> shown = Optional.empty();
  private int attempt;

  /**
   * @param screen where progress is shown: the JavaFX thread
   * @param onSignedIn is given the session that screens then work with
   */
  public ConnectViewModel(
      ProfileList profiles,
      SignIn signIn,
      SandboxSource sandbox,
      Keychain keychain,
      Tasks tasks,
      Executor screen,
      Clock clock,
      Consumer<Session> onSignedIn) {
    this.profiles = profiles;
    this.doorway = new Doorway(signIn, sandbox, keychain);
    this.tasks = tasks;
    this.screen = screen;
    this.clock = clock;
    this.onSignedIn = onSignedIn;
    this.saving = new Latest(tasks);
    token.subscribe(text -> shape.set(TokenShape.of(text)));
    selected.subscribe(profile -> profile.ifPresent(this::show));
    InvalidationListener edited = _ -> edited();
    form.fields().forEach(field -> field.addListener(edited));
    selected.set(profiles.shown().stream().findFirst());
  }

  public ProfileList profiles() {
    return profiles;
  }

  public ProfileForm form() {
    return form;
  }

  public ObjectProperty<Optional<Profile>> selectedProperty() {
    return selected;
  }

  /**
   * Reads what the URL field is about to show and fills the fields from it.
   *
   * @return what the field is to show instead: the same without a password, nothing of what is far
   *     too long
   */
  public String paste(String text) {
    ConnectionText read = ConnectionText.of(text);
    pasted.set(read);
    if (!(read instanceof ConnectionText.Found found)) {
      return text.length() > ConnectionReader.LONGEST ? "" : text;
    }
    if (selected.get().isEmpty()) {
      newProfile();
      pasted.set(read);
    }
    form.fill(found);
    if (found.password().isEmpty()) {
      return text;
    }
    Secret password = found.password().get();
    token.set(password.reveal());
    password.close();
    return ConnectionUrl.of(form.applyTo(Profile.blank("")));
  }

  /** What the URL field's text was read as. */
  public ReadOnlyObjectProperty<ConnectionText> pastedProperty() {
    return pasted.getReadOnlyProperty();
  }

  public StringProperty tokenProperty() {
    return token;
  }

  public ReadOnlyObjectProperty<TokenShape> shapeProperty() {
    return shape.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<ConnectState> stateProperty() {
    return state.getReadOnlyProperty();
  }

  /** Sentences by field name, after an attempt to connect with wrong fields. */
  public ReadOnlyObjectProperty<Map<String, String>> mistakesProperty() {
    return mistakes.getReadOnlyProperty();
  }

  /** Why nothing can be kept in a keychain here. */
  public Optional<String> keychainObstacle() {
    return doorway.keychainObstacle();
  }

  public void newProfile() {
    Profile profile = Profile.blank(profiles.freeName("New connection"));
    profiles.put(profile);
    selected.set(Optional.of(profile));
  }

  /** Renames the selected profile; a blank name changes nothing. */
  public void rename(String name) {
    String tidy = name.strip();
    if (tidy.isEmpty() || tidy.chars().anyMatch(Character::isISOControl)) {
      return;
    }
    current()
        .map(profile -> profile.named(tidy.length() > 60 ? tidy.substring(0, 60) : tidy))
        .ifPresent(this::keep);
  }

  public void duplicate() {
    current()
        .map(profile -> profile.copy(profiles.freeName(profile.name() + " copy")))
        .ifPresent(this::keep);
  }

  /** Deletes the selected profile, and what the keychain holds for it. */
  public void delete() {
    selected
        .get()
        .ifPresent(
            profile -> {
              saving.cancel();
              profiles.remove(profile.id());
              if (profile.remember()) {
                tasks.start("Forgetting a token", () -> doorway.forget(profile), _ -> {}, _ -> {});
              }
              selected.set(profiles.shown().stream().findFirst());
            });
  }

  /** Signs in with what the form says. */
  public void connect() {
    if (selected.get().isEmpty()) {
      newProfile();
    }
    Map<String, String> wrong = new LinkedHashMap<>(form.mistakes());
    if (shape.get() instanceof TokenShape.Empty) {
      wrong.put("token", "Paste the temporary-access token, or enter the password.");
    }
    if (shape.get() instanceof TokenShape.Unusable unusable) {
      wrong.put("token", unusable.reason());
    }
    mistakes.set(Map.copyOf(wrong));
    if (!wrong.isEmpty()) {
      return;
    }
    current().ifPresent(this::signIn);
  }

  /** Starts the sandbox and signs in with a token that it issued. */
  public void openSandbox() {
    job.cancel();
    int current = ++attempt;
    progress("Starting the sandbox", 0);
    job =
        tasks.start(
            "Opening the sandbox",
            () ->
                doorway.enterSandbox(
                    (step, done) -> screen.execute(() -> progress(current, step, done))),
            this::signedIn,
            failure -> state.set(sandboxFailure(failure)));
  }

  /** Gives up connecting; a sandbox that is starting goes on doing so, out of sight. */
  public void cancel() {
    attempt++;
    job.cancel();
    state.set(new ConnectState.Ready());
  }

  /** Installs or upgrades the schema that was found missing, then signs in. */
  public void install() {
    if (!(state.get() instanceof ConnectState.SchemaWanted wanted)) {
      return;
    }
    String password = TokenShape.trimmed(token.get());
    progress("Installing the schema", -1);
    job =
        tasks.start(
            "Installing the schema",
            () -> doorway.install(wanted.offer().endpoint(), password),
            _ -> connect(),
            failure -> state.set(new ConnectState.Failed(DatabaseException.failureOf(failure))));
  }

  /** Hands the schema as one SQL script to {@code receiver}. */
  public void script(Consumer<String> receiver) {
    if (!(state.get() instanceof ConnectState.SchemaWanted wanted)) {
      return;
    }
    String password = TokenShape.trimmed(token.get());
    tasks.start(
        "Writing the schema's SQL",
        () -> doorway.script(wanted.offer().endpoint(), password),
        receiver,
        failure -> state.set(new ConnectState.Failed(DatabaseException.failureOf(failure))));
  }

  /** Back from a session: the screen is ready for the next one. */
  public void signedOut() {
    state.set(new ConnectState.Ready());
  }

  /** For tests of how a state looks. */
  void show(ConnectState shown) {
    state.set(shown);
  }

  private void signIn(Profile profile) {
    profiles.put(profile);
    Endpoint endpoint = profile.endpoint();
    String password = TokenShape.trimmed(token.get());
    progress("Connecting to " + endpoint.place(), -1);
    job.cancel();
    job =
        tasks.start(
            "Connecting",
            () -> doorway.enter(profile, password),
            session -> {
              keep(profile.connected(clock.instant()));
              signedIn(session);
            },
            failure -> failed(endpoint, password, DatabaseException.failureOf(failure)));
  }

  private void signedIn(Session session) {
    token.set("");
    state.set(new ConnectState.Ready());
    onSignedIn.accept(session);
  }

  private void failed(Endpoint endpoint, String password, DatabaseFailure failure) {
    boolean schema =
        failure instanceof DatabaseFailure.SchemaMissing
            || failure instanceof DatabaseFailure.SchemaOlder;
    if (!schema) {
      state.set(new ConnectState.Failed(failure));
      return;
    }
    job =
        tasks.start(
            "Looking what the database has",
            () -> doorway.offer(endpoint, password),
            offer -> state.set(new ConnectState.SchemaWanted(offer)),
            _ -> state.set(new ConnectState.Failed(failure)));
  }

  private static ConnectState sandboxFailure(Throwable failure) {
    return switch (failure) {
      case DatabaseException ours -> new ConnectState.Failed(ours.failure());
      case SandboxException told -> new ConnectState.SandboxFailed(told.getMessage());
      default -> new ConnectState.Failed(DatabaseException.failureOf(failure));
    };
  }

  private void show(Profile profile) {
    if (shown.filter(id -> !id.equals(profile.id())).isPresent()) {
      // A token goes to the server that it was entered for, and to no other.
      token.set("");
    }
    shown = Optional.of(profile.id());
    showing = true;
    form.show(profile);
    showing = false;
    mistakes.set(Map.of());
    if (state.get() instanceof ConnectState.Failed) {
      state.set(new ConnectState.Ready());
    }
    if (profile.remember() && token.get().isEmpty()) {
      tasks.start(
          "Asking the keychain",
          () -> doorway.remembered(profile),
          found -> found.ifPresent(secret -> recall(profile, secret)),
          _ -> {});
    }
  }

  /** Unless another profile was selected or a token typed while the keychain was asked. */
  private void recall(Profile profile, String secret) {
    if (shown.filter(profile.id()::equals).isPresent() && token.get().isEmpty()) {
      token.set(secret);
    }
  }

  private void edited() {
    if (!showing) {
      saving.later(SAVE_AFTER, () -> current().ifPresent(profiles::put));
    }
  }

  private Optional<Profile> current() {
    return selected.get().map(form::applyTo);
  }

  private void keep(Profile profile) {
    profiles.put(profile);
    selected.set(Optional.of(profile));
  }

  /** Only while nobody gave up the attempt that tells it. */
  private void progress(int told, String step, double done) {
    if (told == attempt) {
      progress(step, done);
    }
  }

  private void progress(String step, double done) {
    state.set(new ConnectState.Working(step, done));
  }
}
