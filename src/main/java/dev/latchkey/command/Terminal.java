package dev.latchkey.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.database.Call;
import dev.latchkey.database.Change;
import dev.latchkey.database.ChangeRunner;
import dev.latchkey.database.DatabaseException;
import dev.latchkey.database.Session;
import dev.latchkey.database.WriteMode;
import dev.latchkey.task.Tasks;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** Makes changes from the terminal by the way that the window makes them. */
final class Terminal {
  private final Session session;
  private final boolean dryRun;
  private final PrintWriter out;

  /**
   * @param dryRun prints the exact call instead of running it
   */
  Terminal(Session session, boolean dryRun, PrintWriter out) {
    this.session = session;
    this.dryRun = dryRun;
    this.out = out;
  }

  /**
   * Runs a call in one transaction.
   *
   * @return its answer; empty when it was only printed
   * @throws DatabaseException with what the server says
   */
  Optional<JsonNode> run(Call call) {
    var answer = new AtomicReference<Optional<JsonNode>>(Optional.empty());
    new ChangeRunner(
            session.database(),
            WriteMode.in(session.environment(), Clock.systemUTC()),
            (change, approved) -> {
              if (dryRun) {
                out.println(change.call().preview() + ";");
              } else {
                approved.run();
              }
            },
            List.of(),
            new HereAndNow(),
            _ -> {})
        .reviewAndRun(
            new Change<>(call.function(), "Run", "Done", false, call, made -> made),
            made -> answer.set(Optional.of(made)),
            failure -> {
              throw new DatabaseException(failure);
            });
    out.flush();
    return answer.get();
  }

  /** A command has nothing else to do meanwhile. */
  private static final class HereAndNow implements Tasks {
    @Override
    public <T> Job start(
        String name, Callable<T> work, Consumer<T> onSuccess, Consumer<Throwable> onFailure) {
      T result;
      try {
        result = work.call();
      } catch (Exception failure) {
        onFailure.accept(failure);
        return () -> {};
      }
      onSuccess.accept(result);
      return () -> {};
    }

    @Override
    public Job later(long millis, Runnable action) {
      throw new UnsupportedOperationException("a command has no timers");
    }
  }
}
