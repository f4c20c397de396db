package dev.latchkey.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.task.BackgroundTasks;
import dev.latchkey.testing.FxHarness;
import dev.latchkey.token.Secret;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javafx.scene.layout.Region;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The doctor at work in the background, as on the desktop. */
final class DoctorViewModelTest {
  @RegisterExtension static final FxHarness fx = new FxHarness();

  private DoctorViewModel model;

  @BeforeEach
  void model() {
    fx.show(100, 100, Region::new);
    model =
        new DoctorViewModel(
            new Doctor(Clock.systemUTC(), Clinic.PATIENT), new BackgroundTasks(fx::run), fx::run);
  }

  @Test
  void everyStepIsShownAsItIsTaken() {
    List<String> seen = new ArrayList<>();
    fx.run(
        () ->
            model
                .diagnosisProperty()
                .subscribe(
                    now ->
                        now.ifPresent(
                            diagnosis -> seen.add(diagnosis.step(Step.POSTGRES).result().word()))));
    try (FakeServer server = FakeServer.saying("SSH-2.0-x")) {
      examine(server);
      fx.waitUntil("it is done", () -> !model.runningProperty().get());
    }
    assertThat(seen.stream().distinct()).containsExactly("waiting", "running", "failed");
    assertThat(diagnosis().complete()).isTrue();
  }

  @Test
  void whatWasSeenStaysWhenItIsStoppedAndTheRestIsNotReached() throws Exception {
    CountDownLatch hungUp = new CountDownLatch(1);
    try (FakeServer server =
        FakeServer.that(
            (in, _) -> {
              in.readAllBytes();
              hungUp.countDown();
            })) {
      examine(server);
      fx.waitUntil(
          "it waits for the server",
          () ->
              model
                  .diagnosisProperty()
                  .get()
                  .filter(now -> now.step(Step.POSTGRES).result() instanceof StepResult.Running)
                  .isPresent());

      fx.run(model::stop);

      assertThat(hungUp.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(model.runningProperty().get()).isFalse();
      assertThat(diagnosis().complete()).isTrue();
      assertThat(diagnosis().step(Step.PORT).result()).isInstanceOf(StepResult.Passed.class);
      assertThat(diagnosis().step(Step.POSTGRES).result().sentence())
          .isEqualTo("The examination was stopped.");
      assertThat(diagnosis().findings()).isEmpty();
    }
  }

  @Test
  void closingForgetsTheToken() {
    try (FakeServer server = FakeServer.saying("SSH-2.0-x")) {
      examine(server);
      fx.waitUntil("it is done", () -> !model.runningProperty().get());
    }
    fx.run(model::close);

    assertThat(model.patient()).isEmpty();
    assertThat(model.diagnosisProperty().get()).isEmpty();
  }

  private void examine(FakeServer server) {
    fx.run(
        () ->
            model.examine(
                new Patient(
                    Clinic.local(server.port()), Secret.of(Clinic.TOKEN), Optional.empty())));
  }

  private Diagnosis diagnosis() {
    return fx.get(() -> model.diagnosisProperty().get().orElseThrow());
  }
}
