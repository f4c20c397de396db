package dev.latchkey.connect;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Endpoint;
import dev.latchkey.database.Migrations;
import dev.latchkey.database.Session;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.sandbox.SandboxException;
import dev.latchkey.task.Tasks;
import dev.latchkey.token.Secret;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** One attempt to sign in at a time, and how far it has come. For the JavaFX thread. */
final class SigningIn {
  private final Doorway doorway;
  private final Tasks tasks;
  private final Executor screen;
  private final ReadOnlyObjectWrapper<ConnectState> state =
      new ReadOnlyObjectWrapper<>(new ConnectState.Ready());
  private Tasks.Job job = () -> {};

  /** That of the attempt under way, wiped when the attempt is over. */
  private Secret tried = Secret.none();

  private int attempt;

  /**
   * @param screen where progress is shown: the JavaFX thread
   */
  SigningIn(Doorway doorway, Tasks tasks, Executor screen) {
    this.doorway = doorway;
    this.tasks = tasks;
    this.screen = screen;
  }

  ReadOnlyObjectProperty<ConnectState> stateProperty() {
    return state.getReadOnlyProperty();
  }

  /**
   * Signs in once. Where the schema is missing, what can be done about it becomes the state.
   *
   * @param onRefused is told why, and which token was tried
   */
  void enter(
      Profile profile,
      Secret token,
      Consumer<Session> onEntered,
      BiConsumer<Failure, Secret> onRefused) {
    Endpoint endpoint = profile.endpoint();
    progress("Connecting to " + endpoint.place(), -1);
    job.cancel();
    tried.close();
    tried = token.copy();
    job =
        tasks.start(
            "Connecting",
            tried.lentTo(lent -> doorway.enter(profile, lent)),
            session -> entered(session, onEntered),
            failure -> refused(endpoint, FailureException.failureOf(failure), onRefused));
  }

  /** Starts the sandbox and signs in with a token that it issued. */
  void enterSandbox(Consumer<Session> onEntered) {
    job.cancel();
    int current = ++attempt;
    progress("Starting the sandbox", 0);
    job =
        tasks.start(
            "Opening the sandbox",
            () ->
                doorway.enterSandbox(
                    (step, done) -> screen.execute(() -> progress(current, step, done))),
            session -> entered(session, onEntered),
            failure -> state.set(sandboxFailure(failure)));
  }

  /**
   * Installs, upgrades or mends the schema, as was offered; whoever calls this was told which
   * tables come back empty.
   */
  void install(Secret token, Runnable onInstalled) {
    if (!(state.get() instanceof ConnectState.SchemaWanted wanted)) {
      return;
    }
    progress("Installing the schema", -1);
    job =
        tasks.start(
            "Installing the schema",
            token.lentTo(lent -> doorway.install(wanted.offer(), lent)),
            _ -> onInstalled.run(),
            this::failed);
  }

  /** Hands the schema as one SQL script to {@code receiver}. */
  void script(Consumer<String> receiver) {
    tasks.start("Writing the schema's SQL", Migrations::script, receiver, this::failed);
  }

  /** Gives up; a sandbox that is starting goes on doing so, out of sight. */
  void cancel() {
    attempt++;
    job.cancel();
    ready();
  }

  /** Ready for the next attempt. */
  void ready() {
    tried.close();
    state.set(new ConnectState.Ready());
  }

  /** What is told of an attempt is no longer true of what the form says now. */
  void forgetFailure() {
    if (state.get() instanceof ConnectState.Failed) {
      ready();
    }
  }

  /** For tests of how a state looks. */
  void show(ConnectState shown) {
    state.set(shown);
  }

  private void entered(Session session, Consumer<Session> onEntered) {
    ready();
    onEntered.accept(session);
  }

  private void refused(Endpoint endpoint, Failure failure, BiConsumer<Failure, Secret> onRefused) {
    boolean canBeInstalled =
        failure instanceof DatabaseFailure.SchemaMissing
            || failure instanceof DatabaseFailure.SchemaOlder
            || failure instanceof DatabaseFailure.SchemaStale
            || failure instanceof DatabaseFailure.SchemaDamaged;
    if (!canBeInstalled) {
      state.set(new ConnectState.Failed(failure));
      onRefused.accept(failure, tried);
      tried.close();
      return;
    }
    Callable<SchemaOffer> look = tried.lentTo(lent -> doorway.offer(endpoint, lent));
    tried.close();
    job =
        tasks.start(
            "Looking what the database has",
            look,
            offer -> state.set(new ConnectState.SchemaWanted(offer)),
            _ -> state.set(new ConnectState.Failed(failure)));
  }

  private void failed(Throwable failure) {
    state.set(new ConnectState.Failed(FailureException.failureOf(failure)));
  }

  private static ConnectState sandboxFailure(Throwable failure) {
    return switch (failure) {
      case FailureException ours -> new ConnectState.Failed(ours.failure());
      case SandboxException told -> new ConnectState.SandboxFailed(told.getMessage());
      default -> new ConnectState.Failed(FailureException.failureOf(failure));
    };
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
