package dev.latchkey.tour;

import dev.latchkey.desktop.Place;
import dev.latchkey.desktop.Wiring;
import java.util.List;
import java.util.Locale;
import javafx.scene.input.KeyCode;

/** The other screens, and what opens over all of them. */
final class ScreenWalk {
  private static final List<Place> OTHERS =
      List.of(Place.OVERVIEW, Place.USAGE, Place.ACCESS, Place.AUDIT, Place.PREFERENCES);

  private final Steps steps;
  private final Hand hand;
  private final Camera camera;
  private final Wiring wiring;

  ScreenWalk(Steps steps, Hand hand, Camera camera, Wiring wiring) {
    this.steps = steps;
    this.hand = hand;
    this.camera = camera;
    this.wiring = wiring;
  }

  void take() {
    for (Place place : OTHERS) {
      steps.step("See " + place.label(), () -> see(place));
    }
    steps.step("Open the command palette", () -> over("palette", KeyCode.CONTROL, KeyCode.K));
    steps.step("Find a member and his grant by name", this::findByName);
    steps.step("Open the help sheet", () -> over("help", KeyCode.F1));
    steps.step("Sign out", this::signOut);
  }

  private void see(Place place) {
    String name = place.name().toLowerCase(Locale.ROOT);
    hand.click("#nav-" + name);
    hand.waitUntil(
        place.label() + " is shown", () -> wiring.frame().placeProperty().get() == place);
    camera.picture(name);
  }

  private void over(String name, KeyCode... keys) {
    hand.press(keys);
    hand.waitUntil(name + " is open", () -> wiring.dialogs().openProperty().get());
    camera.picture(name);
    hand.press(KeyCode.ESCAPE);
    hand.waitUntil(name + " is closed", () -> !wiring.dialogs().openProperty().get());
  }

  private void findByName() {
    hand.press(KeyCode.CONTROL, KeyCode.K);
    hand.write(".lk-palette .text-input", "whitfield");
    hand.waitUntil(
        "both are found",
        () ->
            hand.says(".lk-palette .label", "Sam Whitfield")
                && hand.says(".lk-palette .label", "Sam Whitfield as support_ro"));
    camera.picture("palette-found");
    hand.press(KeyCode.DOWN);
    hand.press(KeyCode.ENTER);
    hand.waitUntil("the grant is open", () -> hand.says(".lk-drawer .label", "Sam Whitfield"));
    Steps.expect(
        hand.ask(() -> wiring.frame().placeProperty().get()) == Place.ACCESS,
        "the screen of the grant is shown");
    camera.picture("access-endless");
    hand.press(KeyCode.ESCAPE);
  }

  private void signOut() {
    hand.run(wiring.frame()::signOut);
    hand.waitUntil("the operator is out", () -> wiring.frame().workProperty().get().isEmpty());
    camera.picture("signed-out");
  }
}
