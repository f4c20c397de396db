package dev.latchkey.scopes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads scopes from JSON that a person typed or pasted, by the rules that the server applies on
 * write, and says for everything that breaks one where it is.
 */
public final class ScopesText {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final List<ScopeProblem> problems = new ArrayList<>();
  private final List<Scope> scopes = new ArrayList<>();
  private final JsonParser parser;

  private ScopesText(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads {@code text}, which must hold one JSON array and nothing after it. */
  public static ScopesReading read(String text) {
    try (JsonParser parser = FACTORY.createParser(text)) {
      return new ScopesText(parser).read();
    } catch (JsonProcessingException exception) {
      ScopeProblem problem = ScopeProblem.ofList(notJson(exception));
      return new ScopesReading.Invalid(List.of(problem.at(place(exception.getLocation()))));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private ScopesReading read() throws IOException {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      return new ScopesReading.Invalid(
          List.of(ScopeProblem.ofList("scopes must be a JSON array.").at(here())));
    }
    int row = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      readScope(row++);
    }
    ScopeProblem.Place end = here();
    if (parser.nextToken() != null) {
      problems.add(ScopeProblem.ofList("there is something after the array.").at(here()));
    }
    if (row > Scopes.MOST) {
      problems.add(ScopeRules.tooMany(row).at(end));
    }
    return problems.isEmpty()
        ? new ScopesReading.Valid(new Scopes(scopes))
        : new ScopesReading.Invalid(problems);
  }

  private void readScope(int row) throws IOException {
    ScopeProblem.Place start = here();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      problems.add(
          ScopeProblem.ofRow(row, "must be an object with entity_type, entity_id and action.")
              .at(start));
      parser.skipChildren();
      return;
    }
    Map<ScopeField, String> values = new EnumMap<>(ScopeField.class);
    int before = problems.size();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      readField(row, values);
    }
    if (problems.size() > before) {
      return;
    }
    for (ScopeField field : ScopeField.values()) {
      if (!values.containsKey(field)) {
        problems.add(ScopeProblem.ofField(row, field, field.json() + " is missing.").at(start));
      }
    }
    if (problems.size() == before) {
      scopes.add(
          new Scope(
              values.get(ScopeField.ENTITY_TYPE),
              values.get(ScopeField.ENTITY_ID),
              values.get(ScopeField.ACTION)));
    }
  }

  private void readField(int row, Map<ScopeField, String> values) throws IOException {
    String name = parser.currentName();
    ScopeProblem.Place start = here();
    Optional<ScopeField> known = ScopeField.named(name);
    JsonToken token = parser.nextToken();
    if (known.isEmpty()) {
      problems.add(ScopeProblem.ofRow(row, "\"" + name + "\" is no field of a scope.").at(start));
      parser.skipChildren();
      return;
    }
    ScopeField field = known.get();
    if (token == JsonToken.VALUE_NULL && field == ScopeField.ENTITY_ID) {
      values.put(field, Scope.ANY);
      return;
    }
    if (token != JsonToken.VALUE_STRING) {
      problems.add(
          ScopeProblem.ofField(row, field, field.json() + " must be a string.").at(here()));
      parser.skipChildren();
      return;
    }
    String value = parser.getText();
    values.put(field, value);
    ScopeProblem.Place place = here();
    ScopeRules.problem(row, field, value).map(found -> found.at(place)).ifPresent(problems::add);
  }

  private ScopeProblem.Place here() {
    return place(parser.currentTokenLocation());
  }

  private static ScopeProblem.Place place(JsonLocation location) {
    return Optional.ofNullable(location)
        .map(
            at ->
                new ScopeProblem.Place(Math.max(1, at.getLineNr()), Math.max(1, at.getColumnNr())))
        .orElse(new ScopeProblem.Place(1, 1));
  }

  private static String notJson(JsonProcessingException exception) {
    String reason = exception.getOriginalMessage();
    if (reason.startsWith("Duplicate field")) {
      return "a field is given twice.";
    }
    return reason.startsWith("Unexpected end-of-input")
        ? "this is not JSON: it ends too early."
        : "this is not JSON.";
  }
}
