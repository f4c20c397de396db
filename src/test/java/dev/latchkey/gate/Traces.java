package dev.latchkey.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/** What clients leave at a gate: sessions, threads, server processes, open files. */
record Traces(Gate gate) {
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  static Traces of(Gate gate) {
    return new Traces(gate);
  }

  /** Waits until no client of any gate of this process is left, here and at the server. */
  void awaitNone(Doorway door) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (gate.sessionCount() > 0 || !threads().isEmpty()) {
      assertThat(System.nanoTime())
          .as("%d sessions, threads %s", gate.sessionCount(), threads())
          .isLessThan(deadline);
      Thread.onSpinWait();
    }
    door.awaitTrue(
        "select count(*) = 0 from pg_stat_activity where usename = ? and datname = current_database()",
        Doorway.ROLE);
  }

  /** Of this process; 0 where the system does not tell. */
  static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
        ? system.getOpenFileDescriptorCount()
        : 0;
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.matches("latchkey-gate-(client|to-server-.*)"))
        .toList();
  }
}
