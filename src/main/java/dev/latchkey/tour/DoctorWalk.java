package dev.latchkey.tour;

import dev.latchkey.database.Endpoint;
import dev.latchkey.desktop.Wiring;
import dev.latchkey.doctor.Cause;
import dev.latchkey.doctor.Diagnosis;
import dev.latchkey.doctor.Finding;
import dev.latchkey.sandbox.Sandbox;
import dev.latchkey.token.Secret;
import java.util.Optional;

/** Sign-ins that fail, and the connection doctor who says why. */
final class DoctorWalk {
  /** Nobody listens at tcpmux any more. */
  private static final int WRONG_PORT = 1;

  private final Steps steps;
  private final Hand hand;
  private final Camera camera;
  private final Wiring wiring;
  private final PostgresApplication application;

  DoctorWalk(
      Steps steps, Hand hand, Camera camera, Wiring wiring, PostgresApplication application) {
    this.steps = steps;
    this.hand = hand;
    this.camera = camera;
    this.wiring = wiring;
    this.application = application;
  }

  void take(Sandbox sandbox) {
    steps.step("Be told that nobody listens at a wrong port", () -> wrongPort(sandbox));
    steps.step("Be told that a revoked token was refused, not why", () -> revokedToken(sandbox));
    steps.step("Ask an operator's profile for the reason", () -> reason(sandbox));
  }

  private void wrongPort(Sandbox sandbox) {
    hand.click("#add");
    try (Secret token = sandbox.issueToken()) {
      signIn(sandbox.endpoint(), WRONG_PORT, token.reveal());
    }
    expect(Cause.PORT_REFUSED);
    camera.picture("doctor-wrong-port");
  }

  private void revokedToken(Sandbox sandbox) {
    try (Secret token = sandbox.issueToken()) {
      application.revokeToken(token.reveal());
      signIn(sandbox.endpoint(), sandbox.endpoint().port(), token.reveal());
    }
    expect(Cause.REFUSED_BY_VERIFIER);
    camera.picture("doctor-revoked");
  }

  private void reason(Sandbox sandbox) {
    hand.clickText("Ask as an operator…");
    try (Secret token = sandbox.issueToken()) {
      hand.write("#ask-token .text-input", token.reveal());
    }
    camera.picture("doctor-ask");
    hand.click("#ask-logins");
    hand.waitUntil("the dialog is closed", () -> !wiring.dialogs().openProperty().get());
    String told = hand.ask(() -> finding().map(Finding::nextStep).orElse("nothing"));
    Steps.expect(
        told.startsWith("The token was revoked."), "the logins have the reason: \"" + told + "\"");
    hand.click("#doctor-checks");
    camera.picture("doctor-reason");
  }

  private void signIn(Endpoint endpoint, int port, String token) {
    hand.write(
        "#url",
        "postgresql://%s@%s:%d/%s?sslmode=disable"
            .formatted(endpoint.role(), endpoint.host(), port, endpoint.database()));
    hand.write("#token .text-input", token);
    hand.click("#connect");
    hand.waitUntil(
        "the doctor is done",
        () ->
            wiring
                .connect()
                .doctor()
                .diagnosisProperty()
                .get()
                .filter(Diagnosis::complete)
                .filter(seen -> seen.endpoint().port() == port)
                .isPresent());
  }

  private void expect(Cause cause) {
    Optional<Cause> found = hand.ask(() -> finding().map(Finding::cause));
    Steps.expect(found.filter(cause::equals).isPresent(), cause + ", but it is " + found);
  }

  private Optional<Finding> finding() {
    return wiring.connect().doctor().diagnosisProperty().get().flatMap(Diagnosis::first);
  }
}
