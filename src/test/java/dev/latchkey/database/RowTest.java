package dev.latchkey.database;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestDoor;
import dev.latchkey.token.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RowTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private TestDoor door;
  private Database database;

  @BeforeEach
  void open() {
    door = TestDoor.to(SERVER);
    database = new Database(door.endpoint(SERVER, "postgres"));
    try (Secret token = Secret.of("any")) {
      database.signIn(token);
    }
  }

  @AfterEach
  void close() {
    database.close();
    door.close();
  }

  @ParameterizedTest
  @CsvSource({
    "U&'plain name', plain name",
    "U&'evil\\202Etxt', evil\uFFFDtxt",
    "U&'a\\200Bb', a\uFFFDb",
    "U&'a\\2066b\\2069', a\uFFFDb\uFFFD",
    "U&'a\\00ADb\\FEFF', a\uFFFDb\uFFFD",
    "U&'tab\\0009and\\000Aline', tab\uFFFDand\uFFFDline",
    "U&'adm\\200Din', adm\uFFFDin",
    "U&'\\0645\\06CC\\200C\\062E', \u0645\u06CC\u200C\u062E",
    "U&'Z\\00FCrich \\+01F511', Z\u00FCrich \uD83D\uDD11",
  })
  void whatCannotBeSeenInANameIsMarked(String sql, String shown) {
    assertThat(
            this.<Optional<String>>read(
                "select %s as cell".formatted(sql), row -> row.label("cell")))
        .contains(shown);
  }

  @Test
  void aNoteKeepsItsLinesAndIsMarkedOtherwise() {
    assertThat(
            this.<Optional<String>>read(
                "select U&'two\\000Alines\\0009\\202E' as cell", row -> row.note("cell")))
        .contains("two\nlines\t\uFFFD");
  }

  @Test
  void nullIsNothingAndInfinityIsNoTime() {
    String nothing =
        """
        select null::text as a, null::text[] as b, null::integer as c, null::uuid as d, null::jsonb as e,
          timestamptz 'infinity' as f, timestamptz '-infinity' as g, null::timestamptz as h
        """;

    assertThat(this.<Optional<String>>read(nothing, row -> row.label("a"))).isEmpty();
    assertThat(this.<Optional<List<String>>>read(nothing, row -> row.labels("b"))).isEmpty();
    assertThat(this.<OptionalInt>read(nothing, row -> row.maybeInteger("c"))).isEmpty();
    assertThat(this.<Optional<UUID>>read(nothing, row -> row.uuid("d"))).isEmpty();
    assertThat(this.<Optional<JsonNode>>read(nothing, row -> row.json("e"))).isEmpty();
    assertThat(this.<Optional<Instant>>read(nothing, row -> row.instant("f"))).isEmpty();
    assertThat(this.<Optional<Instant>>read(nothing, row -> row.instant("g"))).isEmpty();
    assertThat(this.<Instant>read(nothing, row -> row.moment("h"))).isEqualTo(Instant.EPOCH);
  }

  @Test
  void eachTextOfAnArrayIsMarked() {
    assertThat(
            this.<Optional<List<String>>>read(
                "select array[U&'a\\202E', 'b'] as cell", row -> row.labels("cell")))
        .isEqualTo(Optional.of(List.of("a\uFFFD", "b")));
  }

  private <T> T read(String sql, Row.Reader<T> reader) {
    return database.read(handle -> handle.createQuery(sql).map(Row.reading(reader)).one());
  }
}
