package dev.latchkey.command;

import dev.latchkey.sandbox.Progress;
import dev.latchkey.sandbox.Sandbox;
import dev.latchkey.sandbox.SandboxFolder;
import dev.latchkey.sandbox.SandboxSettings;
import dev.latchkey.token.Secret;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the sandbox in the terminal until it is interrupted. */
@Command(
    name = "sandbox",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a PostgreSQL server with sample data, prints how to connect and an access token for its operator, until it is interrupted.",
      "Nothing listens but the gate, on 127.0.0.1. A second one joins the first."
    })
public final class SandboxCommand implements Callable<Integer> {
  @Option(
      names = "--json",
      description =
          "Print one line of JSON: url, host, port, database, role, token, socketDir, adminUrl.")
  private boolean json;

  @Option(
      names = "--reset",
      description = "Throw the sandbox away first and make a new one. Refused while it runs.")
  private boolean reset;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the sandbox lives, instead of the usual place.")
  private Optional<Path> folder;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "The gate's port, instead of the one it had, 54329 or a free one.")
  private Optional<Integer> port;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    Path place = folder.orElseGet(SandboxFolder::standard);
    var settings =
        new SandboxSettings(place, port.map(OptionalInt::of).orElseGet(OptionalInt::empty));
    if (reset) {
      Sandbox.reset(place);
    }
    var ending = new CleanEnd();
    Progress progress = ending.untilEnd(json ? Progress.SILENT : this::tell);
    Sandbox sandbox = ending.open(() -> Sandbox.open(settings, progress));
    if (sandbox.joined() && port.isPresent() && port.get() != sandbox.endpoint().port()) {
      say("The sandbox is running on port " + sandbox.endpoint().port() + " already.");
    }
    try (Secret token = sandbox.issueToken()) {
      print(sandbox, token);
    }
    return runUntilEnd(sandbox);
  }

  /**
   * An interruption ends the program through the hook; here only the sandbox's own end is waited
   * for.
   */
  private int runUntilEnd(Sandbox sandbox) throws InterruptedException {
    var end = new CountDownLatch(1);
    sandbox.onEnd(end::countDown);
    end.await();
    String reason =
        sandbox.joined()
            ? "The sandbox was ended by the Latchkey that ran it. Start it again to go on."
            : "The sandbox's server has ended. Start it again to go on.";
    say(reason);
    return ExitCode.SOFTWARE;
  }

  private void print(Sandbox sandbox, Secret token) {
    output()
        .say(
            json ? ConnectionStrings.json(sandbox, token) : ConnectionStrings.text(sandbox, token));
  }

  private void say(String sentence) {
    output().tell(sentence);
  }

  private Output output() {
    return Output.of(spec.commandLine());
  }

  private void tell(String step, double fraction) {
    spec.commandLine().getErr().printf("%3d %%  %s%n", Math.round(fraction * 100), step);
    spec.commandLine().getErr().flush();
  }
}
