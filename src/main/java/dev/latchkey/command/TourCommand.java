package dev.latchkey.command;

import dev.latchkey.sandbox.SandboxFolder;
import dev.latchkey.tour.Tour;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes the tour: the real console through its main job, without a display. */
@Command(
    name = "tour",
    mixinStandardHelpOptions = true,
    description = {
      "Drives the console through its main job without a display, against a sandbox of its own,"
          + " and saves pictures of every screen, light and dark.",
      "Prints each step. Ends with 1 when one fails."
    })
public final class TourCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "latchkey-tour",
      description = "Where the pictures go. Default: ${DEFAULT-VALUE}")
  private Path pictures;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the tour's sandbox lives, instead of the usual place.")
  private Optional<Path> folder;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Tour.withoutDisplay();
    Path sandbox = folder.orElseGet(() -> SandboxFolder.standard().resolveSibling("tour-sandbox"));
    boolean well = new Tour(pictures, sandbox, spec.commandLine().getOut()).take();
    return well ? 0 : 1;
  }
}
