package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.DailyCalls;
import dev.latchkey.keys.KeySource;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The calls of the rows that are held, read after the rows so that these need not wait. */
final class KeyCharts {
  private final KeySource source;
  private final Latest latest;
  private final ReadOnlyObjectWrapper<Map<UUID, DailyCalls>> calls =
      new ReadOnlyObjectWrapper<>(Map.of());
  private List<UUID> shown = List.of();

  KeyCharts(KeySource source, Tasks tasks) {
    this.source = source;
    this.latest = new Latest(tasks);
  }

  ReadOnlyObjectProperty<Map<UUID, DailyCalls>> calls() {
    return calls.getReadOnlyProperty();
  }

  /**
   * Reads what is missing.
   *
   * @param afresh whether to read again also what is known
   */
  void follow(List<ApiKey> rows, boolean afresh) {
    shown = rows.stream().map(ApiKey::id).toList();
    Map<UUID, DailyCalls> known = calls.get();
    List<UUID> wanted =
        afresh ? shown : shown.stream().filter(id -> !known.containsKey(id)).toList();
    if (!wanted.isEmpty()) {
      // Without them the small charts stay empty; the rows have told what went wrong, if anything.
      latest.start("Counting calls", () -> source.calls(wanted), this::counted, _ -> {});
    }
  }

  private void counted(Map<UUID, DailyCalls> answer) {
    Map<UUID, DailyCalls> known = new HashMap<>(calls.get());
    known.putAll(answer);
    known.keySet().retainAll(shown);
    calls.set(Map.copyOf(known));
  }
}
