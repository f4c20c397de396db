package dev.latchkey.doctor;

import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Tone;
import javafx.scene.Node;

/** How a step stands, as an icon; a word always goes with it. */
final class StepIcon {
  private StepIcon() {}

  static Node of(StepResult result) {
    return switch (result) {
      case StepResult.Waiting _, StepResult.NotReached _ -> Icons.of(Icons.WAITING, 14);
      case StepResult.Running _ -> Icons.of(Icons.RUNNING, 14, Tone.ACCENT);
      case StepResult.NotNeeded _ -> Icons.of(Icons.SKIPPED, 14);
      case StepResult.Passed passed ->
          passed.doubtful()
              ? Icons.of(Icons.WARNING, 14, Tone.WARNING)
              : Icons.of(Icons.OK, 14, Tone.SUCCESS);
      case StepResult.Failed _ -> Icons.of(Icons.FAILED, 14, Tone.DANGER);
    };
  }
}
