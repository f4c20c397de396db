package dev.latchkey.bench;

import dev.latchkey.sandbox.server.ServerAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Benchmarks in one run, {@code mvn -Pbench verify}: one server with fsync, one client, one page of
 * results. A class {@code …Bench} says
 *
 * <pre>{@code
 * @RegisterExtension static final BenchRun RUN = new BenchRun();
 *
 * @Test
 * void throughTheGate() throws Exception {
 *   Rounds rounds = Rounds.of(new Side("gate", () -> …), new Side("direct", () -> …));
 *   RUN.record(Measurement.of("gate", "what exactly", rounds, "gate", "direct").atLeast(0.9));
 * }
 * }</pre>
 *
 * <p>Results are in {@code target/bench/results.json} and {@code results.md}. A bar that is missed
 * fails its test after it was recorded, and the others are measured all the same.
 */
final class BenchRun implements BeforeAllCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(BenchRun.class);

  /** What all classes of a run share. */
  private static final class Shared implements AutoCloseable {
    private static final Path FOLDER = Path.of("target", "bench").toAbsolutePath();

    private final BenchServer server = BenchServer.start(FOLDER.resolve("server"));
    private final Client client = Client.best();
    private final Results results = new Results();

    Shared() {
      results.condition("machine", machine());
      results.condition("server", server.settings());
      results.condition("client", client.description());
    }

    @Override
    public void close() {
      server.close();
      System.out.println(results.table());
    }

    private void record(Measurement measurement) {
      results.add(measurement);
      try {
        results.write(FOLDER);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    private static String machine() {
      Runtime runtime = Runtime.getRuntime();
      return "%d processors, %s %s, Java %s"
          .formatted(
              runtime.availableProcessors(),
              System.getProperty("os.name"),
              System.getProperty("os.arch"),
              Runtime.version().feature());
    }
  }

  private Shared shared;

  @Override
  public void beforeAll(ExtensionContext context) {
    shared =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(Shared.class, key -> new Shared(), Shared.class);
  }

  /** Where the server listens. */
  ServerAddress address() {
    return shared.server.address();
  }

  /** A new database with Latchkey's schema, as its superuser. Gone after the run. */
  Target database(String name) {
    return shared.server.createDatabase(name);
  }

  /** pgbench, or what stands in for it. */
  Client client() {
    return shared.client;
  }

  /** Adds it to the results, and fails when its bar was missed. */
  void record(Measurement measurement) {
    shared.record(measurement);
    if (!measurement.pass()) {
      throw new AssertionError(
          "%s: %.3f, at least %.3f is asked for"
              .formatted(
                  measurement.name(),
                  measurement.ratio().median(),
                  measurement.bar().orElseThrow()));
    }
  }
}
