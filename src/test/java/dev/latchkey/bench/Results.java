package dev.latchkey.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a run measured, written for machines and for people. */
final class Results {
  private final Map<String, String> conditions = new LinkedHashMap<>();
  private final List<Measurement> measurements = new ArrayList<>();

  /** Under what everything was measured: the machine, the server's settings, the client. */
  void condition(String name, String value) {
    conditions.put(name, value);
  }

  void add(Measurement measurement) {
    measurements.add(measurement);
  }

  boolean isEmpty() {
    return measurements.isEmpty();
  }

  /** Writes {@code results.json} and {@code results.md}. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    new ObjectMapper()
        .enable(SerializationFeature.INDENT_OUTPUT)
        .writeValue(
            folder.resolve("results.json").toFile(),
            measurements.stream().map(Results::fields).toList());
    Files.writeString(folder.resolve("results.md"), table());
  }

  /** A Markdown table, and under it what was compared with what. */
  String table() {
    String rows =
        measurements.stream()
            .map(
                measurement ->
                    "| %s | %s | %s | %s to %s | %s |\n"
                        .formatted(
                            measurement.name(),
                            measurement.bar().map(Results::number).orElse("–"),
                            number(measurement.ratio().median()),
                            number(measurement.ratio().lowest()),
                            number(measurement.ratio().highest()),
                            measurement.bar().isEmpty()
                                ? "–"
                                : measurement.pass() ? "reached" : "MISSED"))
            .collect(Collectors.joining());
    String definitions =
        measurements.stream()
            .map(
                measurement ->
                    "- **%s**: %s (%s, %d rounds)\n"
                        .formatted(
                            measurement.name(),
                            measurement.definition(),
                            speeds(measurement),
                            measurement.rounds()))
            .collect(Collectors.joining());
    String under =
        conditions.entrySet().stream()
            .map(entry -> "- " + entry.getKey() + ": " + entry.getValue() + "\n")
            .collect(Collectors.joining());
    return """
    | what | at least | median ratio | rounds | |
    |---|---|---|---|---|
    %s
    %s
    %s\
    """
        .formatted(rows, definitions, under);
  }

  private static Map<String, Object> fields(Measurement measurement) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", measurement.name());
    fields.put("ratio", measurement.ratio().median());
    fields.put("bar", measurement.bar().orElse(null));
    fields.put("pass", measurement.bar().isEmpty() ? null : measurement.pass());
    fields.put("lowest", measurement.ratio().lowest());
    fields.put("highest", measurement.ratio().highest());
    fields.put("rounds", measurement.rounds());
    fields.put("perSecond", new TreeMap<>(measurement.sides()));
    fields.put("definition", measurement.definition());
    return fields;
  }

  private static String speeds(Measurement measurement) {
    return new TreeMap<>(measurement.sides())
        .entrySet().stream()
            .map(side -> side.getKey() + " " + number(side.getValue()) + "/s")
            .collect(Collectors.joining(", "));
  }

  private static String number(double value) {
    return String.format(
        Locale.ROOT, value >= 100 ? "%,.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }
}
