package dev.latchkey.change;

import java.util.List;
import java.util.UUID;

/** The temporary access that a change takes from somebody. */
public sealed interface AccessLoss {
  /** All of it: every way in that the subject gives. */
  record Whole(Subject subject) implements AccessLoss {}

  /**
   * A grant from everywhere but some networks.
   *
   * @param networks that stay, in CIDR notation; none stands for any, so that nothing is lost
   */
  record Outside(UUID grant, List<String> networks) implements AccessLoss {
    public Outside {
      networks = List.copyOf(networks);
    }
  }
}
