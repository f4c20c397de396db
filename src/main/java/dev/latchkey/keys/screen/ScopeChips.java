package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.scopes.Scope;
import dev.latchkey.widget.Chip;
import dev.latchkey.widget.Tone;
import java.util.ArrayList;
import java.util.List;

/** What a key may do, as chips: its scopes, or the role that a project key acts as. */
final class ScopeChips {
  /** Widths in the chips' font, 11 pixels high, and around it. */
  private static final double CHARACTER = 6.65;

  private static final double CHIP = 12;
  private static final double MORE = 30;

  private static final String OMNIPOTENT = "service_role";

  private ScopeChips() {}

  /** At most {@code most} chips, and how many more there are. */
  static List<Chip> of(ApiKey key, int most) {
    if (!key.kind().belongsToAccount()) {
      return List.of(role(key.role()));
    }
    List<Scope> scopes = key.scopes().scopes().list();
    List<Chip> chips = new ArrayList<>();
    scopes.stream().limit(most).map(ScopeChips::scope).forEach(chips::add);
    int malformed = key.scopes().malformed().size();
    int more = scopes.size() + malformed - chips.size();
    if (scopes.isEmpty() && malformed > 0) {
      chips.add(Chip.toned("malformed", Tone.DANGER));
      more--;
    }
    if (more > 0) {
      chips.add(Chip.more(more));
    }
    return chips;
  }

  /** As many chips as there is room for, at least one; {@code room} in pixels. */
  static List<Chip> within(ApiKey key, double room) {
    List<Scope> scopes = key.scopes().scopes().list();
    double left = room;
    int fits = 0;
    while (fits < scopes.size()) {
      boolean last = fits == scopes.size() - 1 && key.scopes().malformed().isEmpty();
      left -= scopes.get(fits).label().length() * CHARACTER + CHIP;
      if (fits > 0 && left < (last ? 0 : MORE)) {
        break;
      }
      fits++;
    }
    return of(key, fits);
  }

  static Chip scope(Scope scope) {
    return scope.isBroad() ? Chip.warning(scope.label()) : Chip.of(scope.label());
  }

  /** Rows of every table are open to {@code service_role}: row level security does not apply. */
  private static Chip role(String role) {
    String text = "role " + role;
    return role.equals(OMNIPOTENT) ? Chip.warning(text) : Chip.of(text);
  }

  /** All of them in words, for a tooltip. */
  static String describe(ApiKey key) {
    if (!key.kind().belongsToAccount()) {
      return "Acts as role " + key.role();
    }
    List<Scope> scopes = key.scopes().scopes().list();
    if (scopes.isEmpty()) {
      return "No scopes: this key may do nothing";
    }
    int most = 20;
    String lines = String.join("\n", scopes.stream().limit(most).map(Scope::description).toList());
    return scopes.size() <= most
        ? lines
        : "%s%nand %,d more".formatted(lines, scopes.size() - most);
  }
}
