package dev.latchkey.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.Endpoint;
import dev.latchkey.database.TlsMode;
import dev.latchkey.token.Secret;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Examinations in tests. */
final class Clinic {
  /** For servers that answer: generous, since the machine may be busy. */
  static final Patience PATIENT =
      new Patience(Duration.ofSeconds(30), Duration.ofSeconds(30), Duration.ofSeconds(30));

  /** For those that never will. */
  static final Patience SHORT =
      new Patience(Duration.ofSeconds(30), Duration.ofMillis(300), Duration.ofMillis(300));

  static final String TOKEN = TokenSamples.temporary(Instant.parse("2026-11-22T13:00:00Z"));

  private Clinic() {}

  static Diagnosis examine(Endpoint endpoint, String token) {
    return examine(endpoint, token, PATIENT);
  }

  static Diagnosis examine(Endpoint endpoint, String token, Patience patience) {
    return examine(new Patient(endpoint, Secret.of(token), Optional.empty()), patience);
  }

  static Diagnosis examine(Patient patient, Patience patience) {
    Diagnosis diagnosis = new Doctor(Clock.systemUTC(), patience).examine(patient, _ -> {});
    assertThat(diagnosis.complete()).isTrue();
    String token = patient.token().reveal();
    if (token.length() > 5) {
      assertThat(diagnosis.report() + diagnosis).doesNotContain(token);
    }
    return diagnosis;
  }

  static Finding first(Diagnosis diagnosis) {
    return diagnosis
        .first()
        .orElseThrow(() -> new AssertionError("nothing was found: " + diagnosis.report()));
  }

  static Cause cause(Diagnosis diagnosis) {
    return first(diagnosis).cause();
  }

  static Endpoint local(int port) {
    return Endpoint.loopback(port, "app", "keys_admin");
  }

  static Endpoint verified(String host, int port, String database, String role, Path root) {
    return new Endpoint(
        host, port, database, role, TlsMode.VERIFY_FULL, Optional.ofNullable(root), "");
  }
}
