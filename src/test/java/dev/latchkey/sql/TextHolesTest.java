package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.change.TextRules;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that nobody sees, and values of a shape that nobody thought of. */
final class TextHolesTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private final Sql sql = DATABASE.sql();
  private final KeyFixture fixture = new KeyFixture(sql);

  // ── One rule, in SQL and in the program ───────────────────────────────────────────────────────

  /** Alone, between letters, behind a letter that is not Latin, and at the end. */
  @ParameterizedTest
  @ValueSource(strings = {"?", "a?b", "Ж?Ж", "Ж?", "?Ж", "1?", "😀?😀"})
  void everyCharacterIsTheSameToBoth(String place) {
    List<Integer> hidden = new ArrayList<>();
    List<String> trimmed = new ArrayList<>();
    characters()
        .forEach(
            character -> {
              String text = place.replace("?", Character.toString(character));
              if (TextRules.isHidden(text)) {
                hidden.add(character);
              }
              trimmed.add(TextRules.trimmed(text));
            });
    Map<String, Object> there =
        sql.row(
            """
            select
              array_agg(c order by c) filter (where api_keys_private.has_control_characters(replace(?, '?', chr(c)))) as hidden,
              md5(string_agg(api_keys_private.trimmed(replace(?, '?', chr(c))), '|' order by c)) as trimmed
            from (
              select generate_series(1, 55295) union all select generate_series(57344, 65535)
              union all select generate_series(113600, 113900) union all select generate_series(119000, 119200)
              union all select generate_series(917400, 921700)
            ) as listed (c)
            """,
            place,
            place);

    assertThat(String.valueOf(there.get("hidden"))).isEqualTo(braced(hidden));
    assertThat(there.get("trimmed"))
        .isEqualTo(sql.text("select md5(?)", String.join("|", trimmed)));
    assertThat(hidden).isNotEmpty();
  }

  private static String braced(List<Integer> numbers) {
    return numbers.toString().replace("[", "{").replace("]", "}").replace(" ", "");
  }

  private static IntStream characters() {
    return IntStream.of(1, 55296, 57344, 65536, 113600, 113901, 119000, 119201, 917400, 921701)
        .boxed()
        .collect(
            () -> new ArrayList<List<Integer>>(),
            (pairs, edge) -> {
              if (pairs.isEmpty() || pairs.getLast().size() == 2) {
                pairs.add(new ArrayList<>());
              }
              pairs.getLast().add(edge);
            },
            ArrayList::addAll)
        .stream()
        .flatMapToInt(pair -> IntStream.range(pair.getFirst(), pair.getLast()));
  }

  /**
   * Whatever somebody pastes: what the program lets through the server takes, and keeps as shown.
   */
  @Test
  void whatTheProgramAcceptsTheServerStoresAsItIsAndNothingElse() {
    int[] nasty = {
      ' ', 'a', 'b', 'Z', '\t', '\n', 0xA0, 0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x2028, 0x202E,
      0x2060, 0x2800, 0x3000, 0x3164, 0xFE0F, 0xFEFF, 0xFFA0, 0x416, 0x1F600, 0xE0041, 0x301
    };
    Random random = new Random(4711);
    IntFunction<String> word =
        ignored ->
            random
                .ints(random.nextInt(1, 7), 0, nasty.length)
                .map(index -> nasty[index])
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    for (String text : IntStream.range(0, 1500).mapToObj(word).toList()) {
      boolean isFine = TextRules.nameProblem(text, "missing").isEmpty();
      try {
        String stored = sql.text("select api_keys_private.checked_name('p_name', ?)", text);
        assertThat(isFine).as(escaped(text)).isTrue();
        assertThat(stored).as(escaped(text)).isEqualTo(TextRules.trimmed(text));
      } catch (SqlFailure failure) {
        assertThat(failure.sqlState()).isEqualTo("22023");
        assertThat(isFine).as(escaped(text)).isFalse();
      }
    }
  }

  private static String escaped(String text) {
    StringBuilder codes = new StringBuilder();
    text.codePoints().forEach(code -> codes.append("U+%04X ".formatted(code)));
    return codes.toString();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD, 0x115F, 0x3164, 0xFFA0, 0xE0041, 0x180E,
        0x2003, 0x85
      })
  void aNameOfNothingThatCanBeSeenIsBlankEverywhere(int character) {
    String nothing = Character.toString(character).repeat(3);
    UUID account = fixture.account("Acme");

    fixture.assertRefused(
        "22023",
        "p_name: must not be blank",
        () -> sql.row("select public.create_api_key(?, ?, '[]')", account, nothing));
    fixture.assertRefused(
        "22023",
        "p_email: must not be blank",
        () -> sql.row("select latchkey.add_member(?, 'Ada', null)", nothing));
    fixture.assertRefused(
        "22023",
        "p_scopes: entity_type of entry 1 must be a text that is not blank",
        () ->
            sql.row(
                "select public.create_api_key(?, 'Key', jsonb_build_array(jsonb_build_object('entity_type', ?::text, 'entity_id', '*', 'action', '*')))",
                account,
                nothing));
    fixture.assertRefused(
        "22023",
        "p_endpoint: must not be blank",
        () -> sql.row("select public.log_api_key_usage(gen_random_uuid(), ?, 'GET')", nothing));
    fixture.assertRefused(
        "22023",
        "p_reason: a reason is required",
        () -> sql.row("select latchkey.block_member(gen_random_uuid(), ?)", nothing));
    assertThat(TextRules.nameProblem(nothing, "missing")).contains("missing");
  }

  @ParameterizedTest
  @ValueSource(ints = {0x200B, 0x200D, 0x200C, 0xFE0F, 0x2060, 0xFEFF, 0xAD, 0x3164, 0xE0041})
  void noTwoNamesLookAlikeByWhatNobodySees(int character) {
    UUID account = fixture.account("Acme");
    fixture.assertRefused(
        "22023",
        "p_name: must not contain control characters or invisible ones",
        () ->
            sql.row(
                "select public.create_api_key(?, ?, '[]')",
                account,
                "Build" + Character.toString(character) + " server"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"❤️ server", "👩‍💻 laptop", "نامه‌ای", "क्‍ष", "東京　本社", "Zoë’s key"})
  void whatPeopleWriteIsAccepted(String name) {
    assertThat(sql.text("select api_keys_private.checked_name('p_name', ?)", name)).isEqualTo(name);
    assertThat(TextRules.nameProblem(name, "missing")).isEmpty();
  }

  // ── Shapes ────────────────────────────────────────────────────────────────────────────────────

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '`',
      value = {
        "latchkey.grant_access(gen_random_uuid(), 'postgres', now() + interval '1 d', null, '{{10.0.0.0/8},{10.1.0.0/16}}', 'Why') => p_allowed_cidrs: must be a plain list",
        "latchkey.create_access_token(gen_random_uuid(), 'CI', now() + interval '1 d', '{{a},{b}}') => p_roles: must be a plain list",
        "latchkey.create_access_token(gen_random_uuid(), 'CI', now() + interval '1 d', null, '{{10.0.0.0/8}}') => p_allowed_cidrs: must be a plain list",
        "public.register_user_token('CI', now() + interval '1 d', jsonb_build_object('sub', gen_random_uuid(), 'x', (repeat('[', 1500) || repeat(']', 1500))::jsonb)) => p_claims: must not be nested deeper than 32 levels",
        "public.register_user_token('CI', now() + interval '1 d', jsonb_build_object('sub', gen_random_uuid(), 'x', (repeat('{\"a\":', 33) || '1' || repeat('}', 33))::jsonb)) => p_claims: must not be nested deeper than 32 levels",
        "public.create_api_key((select id from public.accounts limit 1), 'Key', (repeat('[', 2000) || repeat(']', 2000))::jsonb) => p_scopes: entry 1 must be an object",
        "public.log_api_key_usage_batch((repeat('[', 2000) || repeat(']', 2000))::jsonb) => p_entries: entry 1: must be an object",
        "latchkey.set_member_roles(gen_random_uuid(), (repeat('[', 2000) || repeat(']', 2000))::jsonb, 'Why') => p_roles[1]: must be an object",
        "latchkey.set_access_policy(jsonb_build_object('max_duration', (repeat('[', 2000) || repeat(']', 2000))::jsonb)) => p_changes.max_duration: must be a duration"
      })
  void aValueOfAnotherShapeIsToldByItsName(String call, String message) {
    fixture.account("Acme");
    fixture.assertRefused("22023", message, () -> sql.row("select " + call));
  }

  @Test
  void claimsOfAFewLevelsAreFine() {
    assertThat(
            sql.text(
                "select public.register_user_token('CI', now() + interval '1 d', jsonb_build_object('sub', gen_random_uuid(), 'app', '{\"a\": {\"b\": [1, [2]]}}'::jsonb))"))
        .contains("\"app\"");
  }

  /** What only the sign of a refusal would show: no message of the server's own. */
  @Test
  void theLoginOfAGateWithAListOfListsIsAnsweredToo() {
    SqlFailure none =
        catchThrowableOfType(
            SqlFailure.class,
            () -> sql.rows("select temporary_access.ended_logins('{{a,b},{c,d}}')"));
    assertThat(none).isNull();
  }
}
