package dev.latchkey.desktop;

import dev.latchkey.widget.Tone;
import java.time.Instant;
import java.util.Optional;

/**
 * What the last action did, for the status bar.
 *
 * @param when empty for what is no event
 */
public record Message(Tone tone, String text, Optional<Instant> when) {
  static final Message NONE = new Message(Tone.NEUTRAL, "Not connected", Optional.empty());
}
