package dev.latchkey.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.latchkey.database.Endpoint;
import dev.latchkey.doctor.Diagnosis;
import dev.latchkey.doctor.Finding;
import dev.latchkey.doctor.Remedy;
import dev.latchkey.doctor.StepReport;
import dev.latchkey.doctor.StepResult;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/** What the doctor saw, for people and for scripts. */
final class DiagnosisText {
  private static final String INDENT = "    ";

  private DiagnosisText() {}

  /** How a step stands, in one character. */
  record Marks(String good, String remark, String failed, String other) {
    private static final Marks DRAWN = new Marks("✓", "!", "✗", "–");
    private static final Marks PLAIN = new Marks("+", "!", "x", "-");

    /** Those that a terminal with this character set can show. */
    static Marks in(Charset charset) {
      return charset.canEncode() && charset.newEncoder().canEncode("✓✗–") ? DRAWN : PLAIN;
    }

    private String of(StepResult result) {
      return switch (result) {
        case StepResult.Passed passed -> passed.doubtful() ? remark : good;
        case StepResult.Failed _ -> failed;
        case StepResult.Waiting _,
            StepResult.Running _,
            StepResult.NotReached _,
            StepResult.NotNeeded _ ->
            other;
      };
    }
  }

  /** The steps with what was seen, then what was found and what to do. */
  static String lines(Diagnosis diagnosis, Marks marks) {
    List<String> lines = new ArrayList<>();
    for (StepReport step : diagnosis.steps()) {
      lines.add(
          "%s %-10s  %s"
              .formatted(
                  marks.of(step.result()),
                  step.step().label(),
                  TextTable.plain(step.result().sentence())));
      step.evidence().forEach(seen -> lines.add(INDENT + TextTable.plain(seen)));
    }
    for (Finding finding : diagnosis.findings()) {
      lines.add("");
      lines.addAll(found(finding));
    }
    lines.add("");
    lines.add(end(diagnosis));
    return String.join(System.lineSeparator(), lines);
  }

  private static List<String> found(Finding finding) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s (%s)".formatted(TextTable.plain(finding.sentence()), TextTable.plain(finding.code())));
    lines.add(TextTable.plain(finding.nextStep()));
    finding.remedies().stream()
        .map(Remedy::effect)
        .filter(effect -> !effect.isEmpty())
        .forEach(effect -> lines.add(INDENT + TextTable.plain(effect)));
    if (!finding.sql().isEmpty()) {
      lines.add("For somebody with more rights to run:");
      finding.sql().lines().forEach(line -> lines.add(INDENT + TextTable.plain(line)));
    }
    return lines;
  }

  private static String end(Diagnosis diagnosis) {
    String sent =
        switch (diagnosis.attempts()) {
          case 0 -> "No token was sent.";
          case 1 -> "The token was sent once.";
          default -> "The token was sent %d times.".formatted(diagnosis.attempts());
        };
    return diagnosis.findings().isEmpty() ? "Nothing was found. " + sent : sent;
  }

  /** One line. */
  static String json(Diagnosis diagnosis) {
    var mapper = new JsonMapper();
    ObjectNode json = mapper.createObjectNode();
    Endpoint endpoint = diagnosis.endpoint();
    json.put("host", endpoint.host())
        .put("port", endpoint.port())
        .put("database", endpoint.database())
        .put("role", endpoint.role())
        .put("tls", endpoint.tls().parameter())
        .put("began", diagnosis.began().toString())
        .put("took_ms", diagnosis.took().toMillis())
        .put("token_sent", diagnosis.attempts());
    var findings = json.putArray("findings");
    for (Finding finding : diagnosis.findings()) {
      ObjectNode one = findings.addObject();
      one.put("cause", finding.cause().name())
          .put("code", finding.code())
          .put("sentence", finding.sentence())
          .put("next_step", finding.nextStep())
          .put("sql", finding.sql());
    }
    var steps = json.putArray("steps");
    for (StepReport step : diagnosis.steps()) {
      ObjectNode one = steps.addObject();
      one.put("step", step.step().name())
          .put("result", step.result().word())
          .put("sentence", step.result().sentence())
          .put("took_ms", step.took().toMillis());
      step.evidence().forEach(one.putArray("evidence")::add);
    }
    try {
      return TextTable.plainJson(mapper.writeValueAsString(json));
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("A tree of texts and numbers has no JSON.", impossible);
    }
  }
}
