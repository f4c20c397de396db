package dev.latchkey.desktop;

import dev.latchkey.access.AccessCalls;
import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.OwnAccessCheck;
import dev.latchkey.access.PostgresAccess;
import dev.latchkey.access.screen.AccessView;
import dev.latchkey.access.screen.AccessViewModel;
import dev.latchkey.audit.PostgresAudit;
import dev.latchkey.audit.screen.AuditScreen;
import dev.latchkey.audit.screen.AuditViewModel;
import dev.latchkey.change.ChangeRunner;
import dev.latchkey.change.Changes;
import dev.latchkey.change.WriteMode;
import dev.latchkey.connect.ConnectView;
import dev.latchkey.connect.ConnectViewModel;
import dev.latchkey.connect.Keychain;
import dev.latchkey.connect.ProfileFile;
import dev.latchkey.connect.ProfileList;
import dev.latchkey.connect.SandboxSource;
import dev.latchkey.database.Database;
import dev.latchkey.database.Session;
import dev.latchkey.database.SignIn;
import dev.latchkey.doctor.Doctor;
import dev.latchkey.doctor.DoctorViewModel;
import dev.latchkey.doctor.Patience;
import dev.latchkey.keys.KeyCalls;
import dev.latchkey.keys.KeyChanges;
import dev.latchkey.keys.PostgresKeys;
import dev.latchkey.keys.screen.KeysView;
import dev.latchkey.keys.screen.KeysViewModel;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.Screen;
import dev.latchkey.kit.form.ReviewDialog;
import dev.latchkey.scopes.PostgresScopes;
import dev.latchkey.task.Tasks;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import javafx.scene.Scene;

/** The one place where the window is put together. For the JavaFX thread. */
public final class Wiring {
  private final Tasks tasks;
  private final Executor screen;
  private final Clock clock;
  private final DialogLayer dialogs = new DialogLayer();
  private final TimedClipboard clipboard;
  private final PreferencesViewModel preferences;
  private final Times times;
  private final FrameViewModel frame;
  private final ConnectViewModel connect;
  private final FrameView window;

  /**
   * @param settings the folder of the settings files
   * @param screen runs things on the JavaFX thread
   */
  public Wiring(
      Path settings,
      SandboxSource sandbox,
      Keychain keychain,
      Tasks tasks,
      Executor screen,
      Clock clock) {
    this.tasks = tasks;
    this.screen = screen;
    this.clock = clock;
    this.clipboard = new TimedClipboard(tasks);
    this.preferences = new PreferencesViewModel(settings);
    this.times = new Times(clock, preferences.timeZone());
    SignIn signIn = new SignIn();
    this.frame = new FrameViewModel(signIn, tasks, screen, clock);
    this.connect =
        new ConnectViewModel(
            new ProfileList(ProfileFile.in(settings)),
            signIn,
            sandbox,
            keychain,
            tasks,
            screen,
            clock,
            this::signedIn);
    this.window =
        new FrameView(
            frame,
            preferences,
            dialogs,
            clipboard,
            times,
            Map.of(
                Place.CONNECT,
                new ConnectView(connect, times, dialogs, clipboard),
                Place.PREFERENCES,
                new PreferencesView(preferences, times)),
            connect::diagnose,
            new DoctorViewModel(new Doctor(clock, Patience.USUAL), tasks, screen));
    dialogs.setContent(window);
  }

  /** The window's content; call once. Dressed in the theme that is chosen. */
  public Scene scene(double width, double height) {
    Scene scene = new Scene(dialogs, width, height);
    new ThemeSwitch(preferences).dress(scene);
    return scene;
  }

  /** State and commands of the window, for whoever drives it without a mouse. */
  public FrameViewModel frame() {
    return frame;
  }

  /** State and commands of the Connect screen. */
  public ConnectViewModel connect() {
    return connect;
  }

  /** The window's content, for whoever looks for something in it. */
  public DialogLayer dialogs() {
    return dialogs;
  }

  public PreferencesViewModel preferences() {
    return preferences;
  }

  /**
   * Loses nothing and leaves nothing behind: saves edits, signs out, and takes a copied secret out
   * of the clipboard.
   */
  public void close() {
    connect.saveEdits();
    clipboard.clearSecret();
    frame.workProperty().get().ifPresent(work -> work.session().database().close());
  }

  private void signedIn(Session session) {
    WriteMode writeMode = WriteMode.in(session.environment(), clock);
    PostgresAccess access = new PostgresAccess(session.database());
    ChangeRunner changes =
        new ChangeRunner(
            session.database().door(),
            writeMode,
            new ReviewDialog(dialogs, clipboard),
            List.of(new OwnAccessCheck(access, access)),
            tasks,
            frame::report);
    frame.enter(new Work(session, writeMode, screens(session, writeMode, changes)));
  }

  private Map<Place, Screen> screens(Session session, WriteMode writeMode, ChangeRunner changes) {
    Map<Place, Screen> screens = new EnumMap<>(LaterScreens.all());
    screens.put(Place.KEYS, keys(session, writeMode, changes));
    screens.put(Place.ACCESS, access(session, writeMode, changes));
    screens.put(
        Place.AUDIT,
        AuditScreen.of(
            new AuditViewModel(new PostgresAudit(session.database()), tasks, clock), desk()));
    return screens;
  }

  private Screen keys(Session session, WriteMode writeMode, ChangeRunner runner) {
    Database database = session.database();
    PostgresKeys source = new PostgresKeys(database);
    KeyChanges changes =
        new KeyChanges(new KeyCalls(source), new Changes(runner, writeMode, database::ended));
    KeysViewModel model =
        new KeysViewModel(source, new PostgresScopes(database), Optional.of(changes), tasks, clock);
    return new KeysView(model, desk());
  }

  private Screen access(Session session, WriteMode writeMode, ChangeRunner runner) {
    Database database = session.database();
    PostgresAccess source = new PostgresAccess(database);
    AccessChanges changes =
        new AccessChanges(
            new AccessCalls(source, source),
            source,
            new Changes(runner, writeMode, database::ended));
    AccessViewModel model = new AccessViewModel(source, Optional.of(changes), tasks, clock);
    return new AccessView(model, Optional.of(session.endpoint()), desk());
  }

  private Desk desk() {
    return new Desk(dialogs, clipboard, times, tasks, window::askForWriteMode);
  }
}
