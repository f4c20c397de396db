package dev.latchkey.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.audit.AuditFilter.Period;
import dev.latchkey.keys.KeyRoom;
import dev.latchkey.rows.Page;
import dev.latchkey.rows.Position;
import dev.latchkey.rows.Range;
import dev.latchkey.rows.Sort;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PostgresAuditTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private KeyRoom room;
  private PostgresAudit audit;
  private UUID acme;

  @BeforeEach
  void open() {
    room = new KeyRoom(SERVER, new DirectTasks());
    room.empty();
    audit = new PostgresAudit(room.database);
    acme = room.account("Acme");
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void everyFilterNarrows() {
    UUID key = room.scoped(acme, "audit-" + UUID.randomUUID(), "[]");
    room.sql.execute("select latchkey.disable_api_key('" + key + "')");
    AuditEvent disabled =
        page(all().about(thing(key)).ofType(Optional.of("key.disabled"))).getFirst();

    assertThat(types(all().about(thing(key)))).containsExactly("key.disabled", "key.created");
    assertThat(types(all().about(thing(key)).by(Optional.of(disabled.actor())))).hasSize(2);
    assertThat(types(all().about(thing(key)).by(Optional.of(nobody())))).isEmpty();
    assertThat(types(all().about(thing(key)).refused(Optional.of(true)))).isEmpty();
    assertThat(types(all().about(thing(key)).refused(Optional.of(false)))).hasSize(2);
    assertThat(types(all().about(thing(key)).withText("DISABLED"))).containsExactly("key.disabled");
    assertThat(types(all().about(thing(key)).within(Period.DAY))).hasSize(2);
    assertThat(audit.events().counts(all().about(thing(key))).shown()).isEqualTo(2);
  }

  @Test
  void theObjectIsNamedByItsTypeToo() {
    UUID key = room.scoped(acme, "twin", "[]");

    assertThat(
            types(
                all()
                    .about(
                        Optional.of(
                            new AuditEvent.Thing(
                                "grant", Optional.of(key.toString()), Optional.empty())))))
        .isEmpty();
  }

  @Test
  void whatIsTypedIsATextAndNoPattern() {
    UUID key = room.scoped(acme, "100%_done';--", "[]");

    assertThat(types(all().withText("100%_done';--").about(thing(key))))
        .containsExactly("key.created");
    assertThat(types(all().withText("%").about(thing(room.scoped(acme, "plain", "[]"))))).isEmpty();
  }

  @Test
  void pagesFollowEachOtherInBothDirectionsWithoutGapOrRepeat() {
    String batch = "batch " + UUID.randomUUID();
    for (int number = 0; number < 7; number++) {
      room.scoped(acme, batch + " " + number, "[]");
    }
    AuditFilter filter = all().withText(batch);
    for (boolean ascending : List.of(true, false)) {
      for (AuditColumn column : AuditColumn.values()) {
        Sort<AuditColumn> sort = new Sort<>(column, ascending);
        List<AuditEvent> whole = audit.events().page(filter, sort, new Range.First(), 100).rows();
        assertThat(whole).hasSize(7);

        Page<AuditEvent, Position> page = audit.events().page(filter, sort, new Range.First(), 3);
        List<AuditEvent> forwards = new ArrayList<>(page.rows());
        Page<AuditEvent, Position> last = page;
        while (last.after().isPresent()) {
          last = audit.events().page(filter, sort, new Range.After(last.after().orElseThrow()), 3);
          forwards.addAll(last.rows());
        }
        assertThat(forwards).as("%s forwards", sort).isEqualTo(whole);

        List<AuditEvent> backwards = new ArrayList<>(last.rows());
        while (last.before().isPresent()) {
          last =
              audit.events().page(filter, sort, new Range.Before(last.before().orElseThrow()), 3);
          backwards.addAll(0, last.rows());
        }
        assertThat(backwards).as("%s backwards", sort).isEqualTo(whole);
      }
    }
  }

  @Test
  void detailsSayWhatAnEventChanged() {
    UUID key = room.scoped(acme, "before", "[]");
    room.sql.execute(
        "select latchkey.update_api_key('%s', 1, '{\"name\": \"after\"}')".formatted(key));
    AuditEvent event = page(all().about(thing(key)).ofType(Optional.of("key.updated"))).getFirst();

    EventDetails details = audit.details(event.id()).orElseThrow();

    assertThat(details.event()).isEqualTo(event);
    assertThat(details.differences())
        .contains(new EventDetails.Difference("name", Optional.of("before"), Optional.of("after")));
    assertThat(audit.details("nothing")).isEmpty();
  }

  @Test
  void hiddenCharactersOfANameAreMarked() {
    UUID key = room.scoped(acme, "plain", "[]");
    room.sql.execute(
        """
        select audit.record_event('key.updated', 'key', '%s', U&'evil\\202Etxt\\200B', 'update', 'ok', null,
          U&'why\\2066', null, null)
        """
            .formatted(key));

    AuditEvent event = page(all().about(thing(key)).ofType(Optional.of("key.updated"))).getFirst();

    assertThat(event.object().label()).contains("evil\uFFFDtxt\uFFFD");
    assertThat(event.reason()).contains("why\uFFFD");
  }

  @Test
  void offersWhoHasDoneWhat() {
    room.scoped(acme, "offered", "[]");

    AuditSource.Choices choices = audit.choices();

    assertThat(choices.types()).contains("key.created").doesNotHaveDuplicates().isSorted();
    assertThat(choices.actors()).extracting(AuditEvent.Actor::id).doesNotHaveDuplicates();
    assertThat(choices.actors()).isNotEmpty();
  }

  private static AuditFilter all() {
    return AuditFilter.WEEK.within(Period.ALL);
  }

  private static AuditEvent.Actor nobody() {
    return new AuditEvent.Actor("nobody", "role", "Nobody");
  }

  private static Optional<AuditEvent.Thing> thing(UUID key) {
    return Optional.of(new AuditEvent.Thing("key", Optional.of(key.toString()), Optional.empty()));
  }

  private List<AuditEvent> page(AuditFilter filter) {
    return audit.events().page(filter, AuditColumn.USUAL, new Range.First(), 100).rows();
  }

  private List<String> types(AuditFilter filter) {
    return page(filter).stream().map(AuditEvent::type).toList();
  }
}
