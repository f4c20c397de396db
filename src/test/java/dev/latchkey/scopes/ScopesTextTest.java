package dev.latchkey.scopes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScopesTextTest {
  private static final String SOUND =
      "{\"entity_type\":\"document\",\"entity_id\":\"*\",\"action\":\"read\"}";

  @Test
  void readsScopesInTheOrderGivenWithoutDuplicates() {
    ScopesReading reading =
        ScopesText.read(
            """
            [{"entity_type":"invoice","entity_id":null,"action":"*"},
             {"entity_type":"document","entity_id":"7","action":"read"},
             {"action":"*","entity_id":"*","entity_type":"invoice"}]
            """);

    assertThat(reading)
        .isEqualTo(
            new ScopesReading.Valid(
                new Scopes(
                    List.of(Scope.onAll("invoice", "*"), new Scope("document", "7", "read")))));
  }

  @Test
  void anEmptyArrayIsAKeyThatMayDoNothing() {
    assertThat(ScopesText.read("[]")).isEqualTo(new ScopesReading.Valid(Scopes.NONE));
  }

  @Test
  void saysWhereTheTextStopsBeingJson() {
    assertThat(sentences("[\n  {\"entity_type\": }"))
        .containsExactly("Line 2, column 19: this is not JSON.");
    assertThat(sentences("[" + SOUND)).singleElement().asString().contains("it ends too early");
    assertThat(sentences("")).singleElement().asString().contains("must be a JSON array");
  }

  @Test
  void takesNothingButAnArray() {
    assertThat(sentences(SOUND)).containsExactly("Line 1, column 1: scopes must be a JSON array.");
    assertThat(sentences("[] []")).singleElement().asString().contains("after the array");
    assertThat(sentences("null")).singleElement().asString().contains("must be a JSON array");
  }

  @Test
  void namesTheRowAndTheFieldThatIsMissing() {
    assertThat(sentences("[" + SOUND + ",\n {\"entity_type\":\"a\",\"action\":\"b\"}]"))
        .containsExactly("Line 2, column 2: scope 2: entity_id is missing.");
  }

  @Test
  void refusesAnAdditionalField() {
    assertThat(
            sentences(
                "[{\"entity_type\":\"a\",\"entity_id\":\"*\",\"action\":\"b\",\"effect\":[1,{}]}]"))
        .containsExactly("Line 1, column 50: scope 1: \"effect\" is no field of a scope.");
  }

  @Test
  void refusesAFieldThatIsGivenTwice() {
    assertThat(sentences("[{\"entity_type\":\"a\",\"entity_type\":\"b\"}]"))
        .singleElement()
        .asString()
        .contains("given twice");
  }

  @Test
  void refusesValuesThatAreNoText() {
    assertThat(sentences("[{\"entity_type\":7,\"entity_id\":\"*\",\"action\":[\"b\"]}, 3]"))
        .containsExactly(
            "Line 1, column 17: scope 1: entity_type must be a string.",
            "Line 1, column 44: scope 1: action must be a string.",
            "Line 1, column 52: scope 2: must be an object with entity_type, entity_id and action.");
  }

  @Test
  void refusesBlankLongAndInvisibleText() {
    String longest = "x".repeat(Scope.LONGEST);
    assertThat(sentences(scope("type", "id", longest))).isEmpty();
    assertThat(sentences(scope("type", "id", longest + "x")))
        .singleElement()
        .asString()
        .contains("action has 201 characters; at most 200");
    assertThat(sentences(scope(" \\u00a0", "id", "read")))
        .singleElement()
        .asString()
        .contains("entity_type is blank");
    assertThat(sentences(scope("type", "a\\u0007b", "read")))
        .singleElement()
        .asString()
        .contains("entity_id contains control characters");
  }

  @Test
  void takesAThousandAndNotOneMore() {
    assertThat(sentences(many(1_000))).isEmpty();
    assertThat(sentences(many(1_001)))
        .singleElement()
        .asString()
        .contains("at most 1,000 scopes; these are 1,001");
  }

  @Test
  void whatIsWrittenIsReadBack() {
    Scopes scopes =
        new Scopes(List.of(new Scope("it's", "\\ \" $$", "ä→*"), Scope.onAll("b", "c")));

    assertThat(ScopesText.read(scopes.toText())).isEqualTo(new ScopesReading.Valid(scopes));
    assertThat(ScopesText.read(scopes.toJson().toString()))
        .isEqualTo(new ScopesReading.Valid(scopes));
  }

  private static String scope(String type, String id, String action) {
    return "[{\"entity_type\":\"%s\",\"entity_id\":\"%s\",\"action\":\"%s\"}]"
        .formatted(type, id, action);
  }

  private static String many(int count) {
    return "[" + String.join(",", Collections.nCopies(count, SOUND)) + "]";
  }

  private static List<String> sentences(String text) {
    return ScopesText.read(text).found().stream().map(ScopeProblem::sentence).toList();
  }
}
