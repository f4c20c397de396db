package dev.latchkey.database;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.latchkey.change.TextRules;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * One row of an answer: the one place that reads a cell. Texts are for a screen, whatever somebody
 * has put into them: what cannot be seen, or turns the direction of writing so that a name reads
 * otherwise, is shown as U+FFFD.
 */
public final class Row {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern HIDDEN =
      Pattern.compile(
          ("[\\p{Cc}\\u061C\\u200E\\u200F\\u2028-\\u202E\\u2066-\\u2069"
                  + TextRules.INVISIBLE
                  + "]")
              // Joiners are letters' business in Persian, Hindi and emoji, and nobody's in Latin.
              + "|(?<=\\p{ASCII})[\\u200C\\u200D]|[\\u200C\\u200D](?=\\p{ASCII})");
  private static final Pattern HIDDEN_IN_LINES =
      Pattern.compile("(?![\\n\\r\\t])(?:" + HIDDEN.pattern() + ")");

  private final ResultSet cells;

  private Row(ResultSet cells) {
    this.cells = cells;
  }

  /** Makes a record of a row. */
  @FunctionalInterface
  public interface Reader<T> {
    T from(Row row) throws SQLException;
  }

  /** For a query of JDBI. */
  public static <T> RowMapper<T> reading(Reader<T> reader) {
    return (cells, _) -> reader.from(new Row(cells));
  }

  /** A text for one line of a screen. */
  public Optional<String> label(String column) throws SQLException {
    return Optional.ofNullable(cells.getString(column)).map(Row::marked);
  }

  /** A text for one line of a screen that is never null in the view. */
  public String name(String column) throws SQLException {
    return label(column).orElse("");
  }

  /** A text that may have several lines. */
  public Optional<String> note(String column) throws SQLException {
    return Optional.ofNullable(cells.getString(column))
        .map(text -> HIDDEN_IN_LINES.matcher(text).replaceAll("\uFFFD"));
  }

  /** A word that the database writes itself, such as a status. */
  public String word(String column) throws SQLException {
    return cells.getString(column);
  }

  /** A value as the database has it, to be sent back as it is and not to be shown. */
  public Optional<String> raw(String column) throws SQLException {
    return Optional.ofNullable(cells.getString(column));
  }

  /** The texts of an array; empty where it is null. */
  public Optional<List<String>> labels(String column) throws SQLException {
    Array array = cells.getArray(column);
    if (array == null) {
      return Optional.empty();
    }
    return Optional.of(
        Stream.of((String[]) array.getArray()).map(String::valueOf).map(Row::marked).toList());
  }

  public Optional<UUID> uuid(String column) throws SQLException {
    return Optional.ofNullable(cells.getObject(column, UUID.class));
  }

  /** An id that is never null in the view. */
  public UUID id(String column) throws SQLException {
    return cells.getObject(column, UUID.class);
  }

  /** A point in time; empty also for infinity. */
  public Optional<Instant> instant(String column) throws SQLException {
    return Optional.ofNullable(cells.getObject(column, OffsetDateTime.class))
        .filter(at -> !at.equals(OffsetDateTime.MAX) && !at.equals(OffsetDateTime.MIN))
        .map(OffsetDateTime::toInstant);
  }

  /** A point in time that is never null in the view. */
  public Instant moment(String column) throws SQLException {
    return instant(column).orElse(Instant.EPOCH);
  }

  public LocalDate day(String column) throws SQLException {
    return cells.getObject(column, LocalDate.class);
  }

  public int integer(String column) throws SQLException {
    return cells.getInt(column);
  }

  public OptionalInt maybeInteger(String column) throws SQLException {
    int number = cells.getInt(column);
    return cells.wasNull() ? OptionalInt.empty() : OptionalInt.of(number);
  }

  public long number(String column) throws SQLException {
    return cells.getLong(column);
  }

  public boolean flag(String column) throws SQLException {
    return cells.getBoolean(column);
  }

  /** A value of type json or jsonb as it is, with nothing marked; empty where it is null. */
  public Optional<JsonNode> json(String column) throws SQLException {
    String text = cells.getString(column);
    try {
      return text == null ? Optional.empty() : Optional.of(JSON.readTree(text));
    } catch (JsonProcessingException exception) {
      throw new SQLException("a value is no JSON", "LK-JSON", exception);
    }
  }

  /** {@code text} with what cannot be seen in it shown as U+FFFD. */
  public static String marked(String text) {
    return HIDDEN.matcher(text).replaceAll("\uFFFD");
  }
}
