package dev.latchkey.connect;

import dev.latchkey.database.Session;
import dev.latchkey.database.SignIn;
import dev.latchkey.doctor.Doctor;
import dev.latchkey.doctor.DoctorViewModel;
import dev.latchkey.doctor.Field;
import dev.latchkey.doctor.Patience;
import dev.latchkey.doctor.Patient;
import dev.latchkey.doctor.Remedy;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import dev.latchkey.token.Ksuid;
import dev.latchkey.token.Secret;
import dev.latchkey.token.TokenShape;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;

/** State and commands of the Connect screen. For the JavaFX thread. */
public final class ConnectViewModel {
  private static final long SAVE_AFTER = 400;

  private final ProfileList profiles;
  private final Doorway doorway;
  private final Tasks tasks;
  private final SigningIn signingIn;
  private final Clock clock;
  private final Consumer<Session> onSignedIn;

  private final ProfileForm form = new ProfileForm();
  private final ReadOnlyObjectWrapper<Secret> token = new ReadOnlyObjectWrapper<>(Secret.none());
  private final ObjectProperty<Optional<Profile>> selected =
      new SimpleObjectProperty<>(Optional.empty());
  private final ReadOnlyObjectWrapper<ConnectionText> pasted =
      new ReadOnlyObjectWrapper<>(new ConnectionText.Empty());
  private final ReadOnlyObjectWrapper<TokenShape> shape =
      new ReadOnlyObjectWrapper<>(new TokenShape.Empty());
  private final ReadOnlyObjectWrapper<Map<String, String>> mistakes =
      new ReadOnlyObjectWrapper<>(Map.of());
  private final Latest saving;

  /** The selected profile as it is being edited, until it is saved. */
  private Optional<Profile> unsaved = Optional.empty();

  private final ReadOnlyObjectWrapper<Optional<Field>> attention =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final DoctorViewModel doctor;
  private boolean showing;
  private Optional<String> shown = Optional.empty();

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
    this.signingIn = new SigningIn(doorway, tasks, screen);
    this.clock = clock;
    this.onSignedIn = onSignedIn;
    this.saving = new Latest(tasks);
    this.doctor = new DoctorViewModel(new Doctor(clock, Patience.USUAL), tasks, screen);
    token.subscribe(entered -> shape.set(TokenShape.of(entered)));
    token.subscribe(doctor::changed);
    selected.subscribe((_, _) -> saveEdits());
    selected.subscribe(profile -> profile.ifPresent(this::show));
    form.fields().forEach(field -> field.subscribe((_, _) -> edited()));
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
    try (Secret password = found.password().get()) {
      enterToken(password);
    }
    return ConnectionUrl.of(form.applyTo(Profile.blank("")));
  }

  /** What the URL field's text was read as. */
  public ReadOnlyObjectProperty<ConnectionText> pastedProperty() {
    return pasted.getReadOnlyProperty();
  }

  /** What was entered as the token or password; wiped as soon as it is another. */
  public ReadOnlyObjectProperty<Secret> tokenProperty() {
    return token.getReadOnlyProperty();
  }

  /** Something else stands in the token field. */
  public void enterToken(Secret entered) {
    Secret before = token.get();
    if (!before.sameAs(entered)) {
      token.set(entered.copy());
      before.close();
    }
  }

  private void forgetToken() {
    enterToken(Secret.none());
  }

  public ReadOnlyObjectProperty<TokenShape> shapeProperty() {
    return shape.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<ConnectState> stateProperty() {
    return signingIn.stateProperty();
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
              unsaved = Optional.empty();
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

  /** Finds out why one cannot connect, step by step. */
  public void diagnose() {
    Map<String, String> wrong = form.mistakes();
    mistakes.set(Map.copyOf(wrong));
    if (wrong.isEmpty()) {
      current()
          .map(profile -> new Patient(profile.endpoint(), token.get().copy(), Optional.empty()))
          .ifPresent(doctor::examine);
    }
  }

  /** The connection doctor: opens by itself after a sign-in that failed. */
  public DoctorViewModel doctor() {
    return doctor;
  }

  /** The field that a remedy leads to; the view puts the cursor there and takes it back. */
  public ReadOnlyObjectProperty<Optional<Field>> attentionProperty() {
    return attention.getReadOnlyProperty();
  }

  /** Does what the doctor offers, to the form as everywhere: it is there to see and to undo. */
  public void apply(Remedy remedy) {
    switch (remedy) {
      case Remedy.Change change -> {
        form.set(change.field(), change.after());
        lead(change.field());
      }
      case Remedy.GoTo goTo -> lead(goTo.field());
      case Remedy.RemoveBlanks _ -> removeBlanks();
      case Remedy.Connect _ -> connect();
      case Remedy.ChooseRootCertificate _, Remedy.AskLogins _ -> {
        // These ask something first: the view does.
      }
    }
  }

  private void removeBlanks() {
    try (Secret without = token.get().withoutBlanks()) {
      enterToken(without);
    }
  }

  private void lead(Field field) {
    attention.set(Optional.empty());
    attention.set(Optional.of(field));
  }

  /** Whose profiles may know why a token was refused: others first that lead to the same server. */
  public List<Profile> otherProfiles() {
    String host = form.hostProperty().get().strip();
    return profiles.all().stream()
        .filter(profile -> selected.get().filter(now -> now.id().equals(profile.id())).isEmpty())
        .filter(profile -> !profile.host().isBlank() && !profile.role().isBlank())
        .sorted(Comparator.comparing(profile -> !profile.host().equalsIgnoreCase(host)))
        .toList();
  }

  /** The token that the keychain keeps for another profile, where it keeps one. */
  public void recall(Profile other, Consumer<Secret> receiver) {
    if (other.remember()) {
      tasks.start(
          "Asking the keychain",
          () -> doorway.remembered(other),
          found -> found.ifPresent(secret -> lend(secret, receiver)),
          _ -> {});
    }
  }

  private static void lend(Secret secret, Consumer<Secret> receiver) {
    try (secret) {
      receiver.accept(secret);
    }
  }

  /** Asks the logins, as an operator, why the doctor's patient was refused. */
  public void askLogins(
      Profile operator, Secret password, Runnable onDone, Consumer<Failure> onFailure) {
    doctor.patient().ifPresent(patient -> ask(operator, password, patient, onDone, onFailure));
  }

  private void ask(
      Profile operator,
      Secret password,
      Patient patient,
      Runnable onDone,
      Consumer<Failure> onFailure) {
    String role = patient.endpoint().role();
    Optional<Ksuid> refused = patient.publicPart();
    try (Secret trimmed = password.trimmed()) {
      tasks.start(
          "Asking the logins",
          trimmed.lentTo(lent -> doorway.reason(operator, lent, role, refused)),
          reason -> {
            doctor.told(reason);
            onDone.run();
          },
          failure -> onFailure.accept(FailureException.failureOf(failure)));
    }
  }

  /** Starts the sandbox and signs in with a token that it issued. */
  public void openSandbox() {
    doctor.close();
    signingIn.enterSandbox(this::signedIn);
  }

  /** Gives up connecting; a sandbox that is starting goes on doing so, out of sight. */
  public void cancel() {
    signingIn.cancel();
  }

  /** Installs or upgrades the schema that was found missing, then signs in. */
  public void install() {
    try (Secret trimmed = token.get().trimmed()) {
      signingIn.install(trimmed, this::connect);
    }
  }

  /** Hands the schema as one SQL script to {@code receiver}. */
  public void script(Consumer<String> receiver) {
    signingIn.script(receiver);
  }

  /** For tests of how a state looks. */
  void show(ConnectState shown) {
    signingIn.show(shown);
  }

  private void signIn(Profile profile) {
    doctor.close();
    profiles.put(profile);
    try (Secret trimmed = token.get().trimmed()) {
      signingIn.enter(
          profile,
          trimmed,
          session -> {
            keep(profile.connected(clock.instant()));
            signedIn(session);
          },
          (failure, tried) -> refused(profile, failure, tried));
    }
  }

  private void refused(Profile profile, Failure failure, Secret tried) {
    Patient.Answer answer = new Patient.Answer(failure, clock.instant());
    doctor.examine(new Patient(profile.endpoint(), tried.copy(), Optional.of(answer)));
  }

  private void signedIn(Session session) {
    forgetToken();
    doctor.close();
    onSignedIn.accept(session);
  }

  private void show(Profile profile) {
    if (shown.filter(id -> !id.equals(profile.id())).isPresent()) {
      // A token goes to the server that it was entered for, and to no other.
      forgetToken();
      doctor.close();
    }
    shown = Optional.of(profile.id());
    showing = true;
    form.show(profile);
    showing = false;
    mistakes.set(Map.of());
    signingIn.forgetFailure();
    if (profile.remember() && token.get().isEmpty()) {
      tasks.start(
          "Asking the keychain",
          () -> doorway.remembered(profile),
          found -> found.ifPresent(secret -> lend(secret, recalled -> recall(profile, recalled))),
          _ -> {});
    }
  }

  /** Unless another profile was selected or a token typed while the keychain was asked. */
  private void recall(Profile profile, Secret secret) {
    if (shown.filter(profile.id()::equals).isPresent() && token.get().isEmpty()) {
      enterToken(secret);
    }
  }

  private void edited() {
    if (!showing) {
      doctor.changed();
      unsaved = current();
      saving.later(SAVE_AFTER, this::saveEdits);
    }
  }

  /** Saves at once what is otherwise saved a moment after the last edit. */
  public void saveEdits() {
    saving.cancel();
    Optional<Profile> edited = unsaved;
    unsaved = Optional.empty();
    edited.ifPresent(profiles::put);
  }

  private Optional<Profile> current() {
    return selected.get().map(form::applyTo);
  }

  private void keep(Profile profile) {
    saveEdits();
    profiles.put(profile);
    selected.set(Optional.of(profile));
  }
}
