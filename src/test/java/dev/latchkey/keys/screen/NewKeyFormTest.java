package dev.latchkey.keys.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.change.TextRules;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Row;
import dev.latchkey.keys.CreatedKey;
import dev.latchkey.keys.KeyKind;
import dev.latchkey.keys.KeyRoom;
import dev.latchkey.kit.form.EndChoice;
import dev.latchkey.rows.Gone;
import dev.latchkey.rows.Unexpected;
import dev.latchkey.scopes.PostgresScopes;
import dev.latchkey.scopes.screen.ScopesViewModel;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.Sql.SqlFailure;
import dev.latchkey.testing.TestClock;
import dev.latchkey.testing.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the form for a new key says to bad input; the server behind it is a real one. */
final class NewKeyFormTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private static final String SCOPE =
      "{\"entity_type\": \"invoice\", \"entity_id\": \"*\", \"action\": \"read\"}";

  private final DirectTasks tasks = new DirectTasks();
  private final List<CreatedKey> created = new ArrayList<>();
  private KeyRoom room;
  private UUID acme;

  @BeforeEach
  void open() {
    room = new KeyRoom(SERVER, tasks);
    room.empty();
    acme = room.account("Acme");
  }

  @AfterEach
  void close() {
    room.close();
  }

  static Stream<Arguments> badNames() {
    return Stream.of(
        Arguments.of("", "Give the key a name."),
        Arguments.of(" \t\u00a0\u3000", "Give the key a name."),
        Arguments.of("x".repeat(101), "At most 100 characters; these are 101."),
        Arguments.of("a\u0007b", "A name must not contain control characters or invisible ones."),
        Arguments.of("a\nb", "A name must not contain control characters or invisible ones."),
        Arguments.of("a\u202eb", "A name must not contain control characters or invisible ones."));
  }

  @ParameterizedTest
  @MethodSource("badNames")
  void aBadNameIsToldAtItsFieldAndNothingTypedIsLost(String name, String sentence) {
    NewKeyViewModel form = form(Clock.systemUTC());
    form.scopes().showJson();
    form.scopes().json().set("[" + SCOPE + "]");
    form.name().set(name);

    form.create(created::add);

    assertThat(form.form().of(KeyField.NAME).get()).isEqualTo(sentence);
    assertThat(form.form().change().get()).isEmpty();
    assertThat(keys()).isZero();
    assertThat(form.name().get()).isEqualTo(name);
    assertThat(form.scopes().json().get()).isEqualTo("[" + SCOPE + "]");

    form.name().set("mended");
    form.create(created::add);

    assertThat(form.form().of(KeyField.NAME).get()).isEmpty();
    assertThat(created).hasSize(1);
  }

  @Test
  void theFormTakesExactlyTheNamesThatTheServerTakes() {
    List<String> names =
        List.of(
            "plain",
            "  trimmed\t",
            "\u00a0\u3000both kinds\u3000",
            "\ud83d\udd11".repeat(100),
            "\ud83d\udd11".repeat(101),
            "x".repeat(100) + "  ",
            "x".repeat(101),
            "",
            " ",
            "\u3000",
            "a\tb",
            "a\u001fb",
            "a\u007fb",
            "a\u009fb",
            "a\u200bb",
            "a\u200eb",
            "a\u2028b",
            "a\u2066b",
            "$$; drop table keys; --",
            "ä \"quoted\" 'name'");
    for (String name : names) {
      Optional<String> stored = storedBy(name);
      assertThat(TextRules.nameProblem(name, "Give it a name.").isEmpty())
          .as(name)
          .isEqualTo(stored.isPresent());
      stored.ifPresent(kept -> assertThat(kept).isEqualTo(Row.marked(TextRules.trimmed(name))));
    }
  }

  static Stream<Arguments> badScopes() {
    return Stream.of(
        Arguments.of(SCOPE, "must be a JSON array"),
        Arguments.of("\"*\"", "must be a JSON array"),
        Arguments.of("", "must be a JSON array"),
        Arguments.of("[{\"entity_type\": \"a\", \"action\": \"read\"}]", "entity_id is missing"),
        Arguments.of(
            "[{\"entity_type\": \"a\", \"entity_id\": \"*\", \"action\": \"read\", \"effect\": 1}]",
            "\"effect\" is no field of a scope"),
        Arguments.of(
            "[" + String.join(",", Collections.nCopies(1_001, SCOPE)) + "]",
            "at most 1,000 scopes; these are 1,001"));
  }

  @ParameterizedTest
  @MethodSource("badScopes")
  void badScopesAreToldAndStayToBeMended(String json, String sentence) {
    NewKeyViewModel form = form(Clock.systemUTC());
    form.scopes().showJson();
    form.scopes().json().set(json);

    form.create(created::add);

    assertThat(form.form().of(KeyField.SCOPES).get()).contains(sentence);
    assertThat(form.scopes().json().get()).isEqualTo(json);
    assertThat(form.scopes().showRows()).as("the rows cannot show it").isFalse();
    assertThat(keys()).isZero();

    form.scopes().json().set("[" + SCOPE + "]");
    form.create(created::add);

    assertThat(created).hasSize(1);
  }

  @Test
  void aThousandScopesAreTaken() {
    NewKeyViewModel form = form(Clock.systemUTC());
    form.scopes().showJson();
    form.scopes()
        .json()
        .set(
            Stream.iterate(1, number -> number + 1)
                .limit(1_000)
                .map(number -> SCOPE.replace("\"*\"", "\"" + number + "\""))
                .toList()
                .toString());

    form.create(created::add);

    assertThat(room.sql.number("select scope_count from latchkey.keys")).isEqualTo(1_000);
  }

  @Test
  void anExpiryInThePastIsToldAtItsField() {
    NewKeyViewModel form = form(Clock.systemUTC());
    form.expiry().choice().set(EndChoice.DATE);
    form.expiry().custom().day().set(Optional.of(LocalDate.now(ZoneOffset.UTC).minusDays(1)));

    form.create(created::add);

    assertThat(form.form().of(KeyField.EXPIRY).get())
        .isEqualTo("The expiry must be in the future.");
    assertThat(keys()).isZero();

    form.expiry().custom().day().set(Optional.of(LocalDate.now(ZoneOffset.UTC)));
    form.create(created::add);

    assertThat(created).hasSize(1);
  }

  @Test
  void anExpiryThatIsPastByTheServersClockIsToldAtItsField() {
    Clock slow = new TestClock(Instant.now().minus(Duration.ofDays(400)));
    NewKeyViewModel form = form(slow);
    form.expiry().choice().set(EndChoice.KEY_WEEK);

    form.create(created::add);

    assertThat(form.form().of(KeyField.EXPIRY).get()).isEqualTo("Must be in the future.");
    assertThat(form.form().failure().get()).isEmpty();
    assertThat(form.form().busy().get()).isFalse();
    assertThat(keys()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "no_such_role, No such role.",
    "postgres, never acts as a superuser",
    "anon, acts as service_role or a role of your own"
  })
  void aRoleThatTheServerRefusesIsToldAtItsField(String role, String sentence) {
    NewKeyViewModel form = form(Clock.systemUTC());
    form.kind().set(KeyKind.SECRET);
    form.role().set(role);

    form.create(created::add);

    assertThat(form.form().of(KeyField.ROLE).get()).contains(sentence);
    assertThat(form.role().get()).isEqualTo(role);
    assertThat(keys()).isZero();
  }

  @Test
  void anAccountThatIsGoneMeanwhileIsToldAndAnotherCanBeChosen() {
    NewKeyViewModel form = form(Clock.systemUTC());
    room.sql.execute("delete from public.accounts where id = ?", acme);
    room.account("Globex");

    form.create(created::add);

    assertThat(form.form().failure().get()).containsInstanceOf(Gone.class);
    assertThat(form.form().failure().get().orElseThrow().sentence())
        .isEqualTo("Account not found.");
    assertThat(form.name().get()).isEqualTo("warehouse-sync");

    form.load();
    form.create(created::add);

    assertThat(created).hasSize(1);
    assertThat(form.form().failure().get()).isEmpty();
  }

  @Test
  void accountsThatCannotBeReadAreToldAndAskedForAgain() {
    room.sql.execute("alter view latchkey.accounts rename to accounts_elsewhere");
    NewKeyViewModel form;
    try {
      form = form(Clock.systemUTC());
    } finally {
      room.sql.execute("alter view latchkey.accounts_elsewhere rename to accounts");
    }
    assertThat(form.accounts().get()).isEmpty();
    assertThat(form.form().failure().get()).containsInstanceOf(Unexpected.class);

    form.load();
    form.create(created::add);

    assertThat(created).hasSize(1);
    assertThat(form.form().failure().get()).isEmpty();
  }

  @Test
  void whenTheServerStopsTheFormStaysAsItIs() {
    NewKeyViewModel form = form(Clock.systemUTC());
    room.sql.execute(
        """
        create function public.cut_new_key() returns trigger language plpgsql security definer as
        $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
        create trigger cut_new_key before insert on api_keys_private.api_keys
          for each row execute function public.cut_new_key()
        """);
    try {
      form.create(created::add);

      assertThat(form.form().failure().get())
          .containsInstanceOf(DatabaseFailure.OutcomeUnknown.class);
      assertThat(form.form().busy().get()).isFalse();
      assertThat(form.name().get()).isEqualTo("warehouse-sync");
      assertThat(created).isEmpty();
    } finally {
      room.sql.execute("drop function public.cut_new_key() cascade");
    }
    form.create(created::add);
    assertThat(created).hasSize(1);
  }

  private NewKeyViewModel form(Clock clock) {
    NewKeyViewModel form =
        new NewKeyViewModel(
            room.changes((_, approved) -> approved.run()),
            new ScopesViewModel(new PostgresScopes(room.database), tasks),
            room.source,
            tasks,
            clock,
            _ -> {});
    form.load();
    form.name().set("warehouse-sync");
    return form;
  }

  /** The name as the server keeps it; empty when it refuses it. */
  private Optional<String> storedBy(String name) {
    try {
      UUID id = room.scoped(acme, name, "[]");
      return Optional.of(room.source.key(id).orElseThrow().name());
    } catch (SqlFailure refusal) {
      assertThat(refusal.sqlState()).isEqualTo("22023");
      return Optional.empty();
    }
  }

  private long keys() {
    return room.sql.number("select count(*) from latchkey.keys");
  }
}
