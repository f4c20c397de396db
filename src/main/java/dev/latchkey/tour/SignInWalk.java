package dev.latchkey.tour;

import dev.latchkey.database.Endpoint;
import dev.latchkey.desktop.Wiring;
import dev.latchkey.sandbox.Sandbox;
import dev.latchkey.token.Secret;

/** From the Connect screen into the sandbox, with the token as the password. */
final class SignInWalk {
  private final Steps steps;
  private final Hand hand;
  private final Camera camera;
  private final Wiring wiring;

  SignInWalk(Steps steps, Hand hand, Camera camera, Wiring wiring) {
    this.steps = steps;
    this.hand = hand;
    this.camera = camera;
    this.wiring = wiring;
  }

  void take(Sandbox sandbox) {
    Endpoint endpoint = sandbox.endpoint();
    steps.step("See the Connect screen", () -> camera.picture("connect"));
    steps.step(
        "Paste the sandbox's URL",
        () ->
            hand.write(
                "#url",
                "postgresql://%s@%s:%d/%s?sslmode=disable"
                    .formatted(
                        endpoint.role(), endpoint.host(), endpoint.port(), endpoint.database())));
    steps.step("Be told at once that a cut-off token is none", () -> cutOffToken(sandbox));
    steps.step("Sign in with the token as the password", () -> signIn(sandbox));
    steps.step("Sign out, and let the console open the sandbox", this::openSandbox);
  }

  private void cutOffToken(Sandbox sandbox) {
    try (Secret token = sandbox.issueToken()) {
      String whole = token.reveal();
      hand.write("#token .text-input", whole.substring(0, whole.length() - 5));
    }
    camera.picture("connect-cut-off-token");
  }

  private void signIn(Sandbox sandbox) {
    try (Secret token = sandbox.issueToken()) {
      hand.write("#token .text-input", token.reveal());
    }
    camera.picture("connect-token");
    hand.click("#connect");
    expectOperator();
  }

  private void openSandbox() {
    hand.run(wiring.frame()::signOut);
    hand.waitUntil("the operator is out", () -> wiring.frame().workProperty().get().isEmpty());
    hand.click("#sandbox");
    expectOperator();
  }

  private void expectOperator() {
    hand.waitUntil("the operator is in", () -> wiring.frame().workProperty().get().isPresent());
    String who =
        hand.ask(() -> wiring.frame().workProperty().get().orElseThrow().session().who().display());
    Steps.expect(
        who.equals(Sandbox.OPERATOR), "the server knows the person: it said \"" + who + "\"");
  }
}
