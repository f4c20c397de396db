package dev.latchkey.doctor;

import dev.latchkey.database.Endpoint;
import dev.latchkey.database.TrialSignIn;
import dev.latchkey.task.Cancellation;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** One run of the doctor. */
final class Examination {
  private final Patient patient;
  private final Endpoint endpoint;
  private final Clock clock;
  private final Patience patience;
  private final TrialSignIn signIn;
  private final Consumer<Diagnosis> progress;
  private final Redaction redaction;
  private final TreeMap<Step, StepReport> reports = new TreeMap<>();
  private final Instant began;
  private final long start = System.nanoTime();

  Examination(
      Patient patient,
      Clock clock,
      Patience patience,
      TrialSignIn signIn,
      Consumer<Diagnosis> progress) {
    this.patient = patient;
    this.endpoint = patient.endpoint();
    this.clock = clock;
    this.patience = patience;
    this.signIn = signIn;
    this.progress = progress;
    this.redaction = new Redaction(patient.token());
    this.began = clock.instant();
    Step.to(endpoint).forEach(step -> reports.put(step, StepReport.waiting(step)));
  }

  Diagnosis run() {
    observe(Step.TOKEN, this::token);
    if (reports.containsKey(Step.POOLER)) {
      observe(Step.POOLER, () -> PoolerCheck.look(patient));
    }
    List<InetAddress> addresses = name();
    try (Lines lines = new Lines(port(addresses))) {
      lines.open().ifPresent(line -> server(line, addresses));
    }
    signIn();
    Diagnosis whole = snapshot(true).stopped();
    progress.accept(whole);
    return whole;
  }

  /** At most one open line, closed in any case. */
  private record Lines(Optional<Sockets.Line> open) implements AutoCloseable {
    @Override
    public void close() {
      open.ifPresent(Sockets::hangUp);
    }
  }

  private Observation token() {
    return patient.signsIn()
        ? new TokenCheck(clock).look(patient)
        : Observation.of(new StepResult.NotNeeded("None was given."));
  }

  private List<InetAddress> name() {
    return seen(
            Step.NAME,
            () -> new NameCheck(patience).look(endpoint.host()),
            NameCheck.Seen::observation)
        .map(NameCheck.Seen::addresses)
        .orElse(List.of());
  }

  private Optional<Sockets.Line> port(List<InetAddress> addresses) {
    if (addresses.isEmpty()) {
      notReached("The name has no address.", Step.PORT, Step.POSTGRES, Step.TLS);
      return Optional.empty();
    }
    Optional<Sockets.Line> line =
        seen(
                Step.PORT,
                () -> new PortCheck(patience).look(endpoint, addresses),
                PortCheck.Seen::observation)
            .flatMap(PortCheck.Seen::line);
    if (line.isEmpty()) {
      notReached("Nobody answers at the port.", Step.POSTGRES, Step.TLS);
    }
    return line;
  }

  private void server(Sockets.Line line, List<InetAddress> addresses) {
    Optional<GreetingCheck.Seen> greeting =
        seen(
            Step.POSTGRES,
            () -> new GreetingCheck(patience).look(endpoint, line.socket()),
            GreetingCheck.Seen::observation);
    if (greeting.isEmpty() || !greeting.get().observation().result().lets()) {
      notReached("There is no PostgreSQL to ask.", Step.TLS);
      return;
    }
    boolean offersTls = greeting.get().offersTls();
    observe(
        Step.TLS, () -> new TlsCheck(clock).look(endpoint, addresses, offersTls, line.socket()));
  }

  private void signIn() {
    if (!patient.signsIn()) {
      notReached("Without a token nobody can sign in.", Step.SIGN_IN, Step.SCHEMA);
      return;
    }
    Optional<StepReport> obstacle =
        reports.values().stream()
            .filter(report -> report.step() != Step.SIGN_IN && report.step() != Step.SCHEMA)
            .filter(report -> !report.result().lets())
            .findFirst();
    if (obstacle.isPresent()) {
      notReached(whyNotTried(obstacle.get().step()), Step.SIGN_IN, Step.SCHEMA);
      return;
    }
    Optional<Observation> schema =
        seen(Step.SIGN_IN, () -> new SignInCheck(signIn).look(patient), SignInCheck.Seen::signIn)
            .flatMap(SignInCheck.Seen::schema);
    schema.ifPresentOrElse(
        seen -> record(Step.SCHEMA, seen, Duration.ZERO),
        () -> notReached("The sign-in did not get that far.", Step.SCHEMA));
  }

  private String whyNotTried(Step obstacle) {
    return patient
        .answered()
        .filter(Patient.Answer::isFromServer)
        .map(
            answer ->
                "The server refused it at %s (%s): see %s."
                    .formatted(
                        Moments.second(answer.at()), answer.failure().code(), obstacle.label()))
        .orElseGet(
            () -> "Not tried, so that the token goes nowhere: see %s.".formatted(obstacle.label()));
  }

  private void observe(Step step, Supplier<Observation> check) {
    seen(step, check, observation -> observation);
  }

  /** What a check saw, recorded; empty when nobody waits for it any more. */
  private <T> Optional<T> seen(Step step, Supplier<T> check, Function<T, Observation> observation) {
    if (Cancellation.current().isCancelled()) {
      return Optional.empty();
    }
    reports.put(step, reports.get(step).as(new StepResult.Running()));
    progress.accept(snapshot(false));
    long before = System.nanoTime();
    T seen = check.get();
    record(step, observation.apply(seen), Duration.ofNanos(System.nanoTime() - before));
    return Optional.of(seen);
  }

  private void record(Step step, Observation observation, Duration took) {
    Observation clean = redaction.clean(observation);
    reports.put(
        step, new StepReport(step, clean.result(), clean.evidence(), took, clean.attempts()));
    progress.accept(snapshot(false));
  }

  private void notReached(String why, Step... steps) {
    for (Step step : steps) {
      reports.put(step, reports.get(step).as(new StepResult.NotReached(why)));
    }
    progress.accept(snapshot(false));
  }

  private Diagnosis snapshot(boolean complete) {
    return new Diagnosis(
        redacted(endpoint),
        began,
        Duration.ofNanos(System.nanoTime() - start),
        complete,
        List.copyOf(reports.values()));
  }

  /** People paste tokens into the wrong field. */
  private Endpoint redacted(Endpoint given) {
    return new Endpoint(
        redaction.clean(given.host()),
        given.port(),
        redaction.clean(given.database()),
        redaction.clean(given.role()),
        given.tls(),
        given.rootCertificate(),
        redaction.clean(given.options()));
  }
}
