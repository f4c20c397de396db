package dev.latchkey.desktop;

import dev.latchkey.change.WriteMode;
import dev.latchkey.connect.ConnectView;
import dev.latchkey.connect.ConnectViewModel;
import dev.latchkey.connect.Keychain;
import dev.latchkey.connect.ProfileFile;
import dev.latchkey.connect.ProfileList;
import dev.latchkey.connect.SandboxSource;
import dev.latchkey.database.Session;
import dev.latchkey.database.SignIn;
import dev.latchkey.doctor.Doctor;
import dev.latchkey.doctor.DoctorViewModel;
import dev.latchkey.doctor.Patience;
import dev.latchkey.kit.Desk;
import dev.latchkey.task.Tasks;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
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
    Desk desk = new Desk(dialogs, clipboard, times, tasks, window::askForWriteMode);
    Screens screens = new Screens(Sources.of(session), writeMode, desk, clock, frame::report);
    frame.enter(new Work(session, writeMode, screens.all()));
  }
}
