package dev.latchkey.keys.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.change.Change;
import dev.latchkey.change.Environment;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.CreatedKey;
import dev.latchkey.keys.KeyColumn;
import dev.latchkey.keys.KeyFilter;
import dev.latchkey.keys.KeyRoom;
import dev.latchkey.keys.KeyStatus;
import dev.latchkey.kit.list.RowsState;
import dev.latchkey.rows.Gone;
import dev.latchkey.rows.Sort;
import dev.latchkey.scopes.ScopeVocabulary;
import dev.latchkey.task.Tasks;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class KeysViewModelTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private final DirectTasks tasks = new DirectTasks();
  private final List<String> shown = new ArrayList<>();
  private KeyRoom room;
  private KeysViewModel model;
  private UUID acme;

  @BeforeEach
  void open() {
    room = new KeyRoom(SERVER, tasks);
    room.empty();
    acme = room.account("Acme");
    model = room.model(this::approve);
  }

  @AfterEach
  void close() {
    room.close();
  }

  private void approve(Change<?> change, Runnable approved) {
    shown.add(change.request().preview());
    approved.run();
  }

  @Test
  void tellsAnEmptyDatabaseFromAFilterThatFindsNothing() {
    model.reload();
    assertThat(model.table().state().get()).isEqualTo(new RowsState.Empty());

    room.scoped(acme, "k", "[]");
    model.reload();
    assertThat(model.table().state().get()).isEqualTo(new RowsState.Shown());

    model.table().filterBy(KeyFilter.ALL.withText("nothing like it"));
    assertThat(model.table().state().get()).isEqualTo(new RowsState.NothingFound());
  }

  @Test
  void filtersByWhatWasTypedAfterAPause() {
    many(3);
    model.reload();

    model.table().search("key-00");
    model.table().search("key-001");
    assertThat(model.table().rows()).hasSize(3);
    tasks.elapse();

    assertThat(model.table().rows()).extracting(ApiKey::name).containsExactly("key-001");
    assertThat(model.table().counts().get().orElseThrow().shown()).isEqualTo(1);
  }

  @Test
  void choosingAStatusKeepsWhatWasTypedAMomentAgo() {
    many(3);
    model.reload();

    model.table().search("key-001");
    model.table().adjustFilter(filter -> filter.withStatus(KeyStatus.ACTIVE, true));
    tasks.elapse();

    assertThat(model.table().filter().get().text()).isEqualTo("key-001");
    assertThat(model.table().rows()).hasSize(1);
  }

  @Test
  void holdsAWindowOfRowsWhileScrollingThroughAllOfThemAndBack() {
    many(950);
    model.table().sortBy(new Sort<>(KeyColumn.NAME, true));
    List<String> seen = new ArrayList<>(names());
    int most = model.table().rows().size();
    for (int step = 0; step < 20; step++) {
      model.table().more();
      names().stream().filter(name -> !seen.contains(name)).forEach(seen::add);
      most = Math.max(most, model.table().rows().size());
    }

    assertThat(seen).hasSize(950).isSorted();
    assertThat(most).isEqualTo(300);
    assertThat(names()).endsWith("key-949").isSorted();
    for (int step = 0; step < 20; step++) {
      model.table().earlier();
    }
    assertThat(names()).startsWith("key-000").isSorted().doesNotHaveDuplicates();
    assertThat(model.table().rows()).hasSizeLessThanOrEqualTo(300);
  }

  @Test
  void saysHowFarRowsMovedSoThatTheViewCanStayWhereItIs() {
    many(500);
    model.table().sortBy(new Sort<>(KeyColumn.NAME, true));
    model.table().more();
    model.table().more();
    assertThat(model.table().shift()).isZero();
    ApiKey looked = model.table().rows().get(250);

    model.table().more();

    assertThat(model.table().rows().get(250 + model.table().shift())).isEqualTo(looked);
    model.table().earlier();
    assertThat(model.table().rows().get(model.table().shift() + 150)).isEqualTo(looked);
  }

  @Test
  void aWindowThatIsDeletedUnderTheReaderIsFollowedByWhatIsLeft() {
    many(300);
    model.table().sortBy(new Sort<>(KeyColumn.NAME, true));
    room.sql.execute("delete from api_keys_private.api_keys where name < 'key-150'");

    model.table().more();
    assertThat(names()).contains("key-150", "key-249");

    model.reload();
    assertThat(names()).startsWith("key-150");
  }

  @Test
  void readsFromTheBeginningWhenEverythingFromHereOnIsGone() {
    many(500);
    model.table().sortBy(new Sort<>(KeyColumn.NAME, true));
    for (int step = 0; step < 4; step++) {
      model.table().more();
    }
    assertThat(names()).startsWith("key-200");
    room.sql.execute("delete from api_keys_private.api_keys where name >= 'key-100'");

    model.reload();

    assertThat(names()).startsWith("key-000").hasSize(100);
  }

  @Test
  void theSelectionStaysWithItsKeysWhenRowsAreReadAgain() {
    List<UUID> ids = many(5);
    model.reload();
    model.table().select(Set.of(ids.get(3).toString()));

    room.scoped(acme, "aaa", "[]");
    model.reload();

    assertThat(model.table().selection().get()).containsExactly(ids.get(3).toString());
  }

  @Test
  void anOldAnswerDoesNotOverwriteANewerOne() {
    many(3);
    Held held = new Held();
    KeysViewModel slow =
        new KeysViewModel(
            room.source, () -> ScopeVocabulary.EMPTY, Optional.empty(), held, Clock.systemUTC());

    slow.table().filterBy(KeyFilter.ALL.withText("key-001"));
    slow.table().filterBy(KeyFilter.ALL.withText("key-002"));
    held.answerLastFirst();

    assertThat(slow.table().rows()).extracting(ApiKey::name).containsExactly("key-002");
  }

  @Test
  void createsAKeyAndShowsItSelected() {
    NewKeyViewModel form = form();
    List<CreatedKey> created = new ArrayList<>();

    String preview = form.form().change().get().orElseThrow().request().preview();
    form.create(created::add);

    assertThat(created).hasSize(1);
    assertThat(created.getFirst().secret().reveal()).matches("sk_[0-9A-Za-z]{65}");
    assertThat(created.toString()).doesNotContain(created.getFirst().secret().reveal());
    assertThat(preview).contains("p_name => 'warehouse-sync'::text");
    assertThat(names()).containsExactly("warehouse-sync");
    assertThat(model.table().selection().get()).containsExactly(created.getFirst().id().toString());
    assertThat(room.reported).containsExactly("Created warehouse-sync");
  }

  @Test
  void revokesWithAReasonAndOnlyOnce() {
    ApiKey key = made("k");
    model.show(key);
    RevokeKeyViewModel first = model.revoke(key).orElseThrow();
    RevokeKeyViewModel second = model.revoke(key).orElseThrow();

    first.revoke(() -> {});
    assertThat(first.form().of(KeyField.REASON).get()).startsWith("Say why");
    first.reason().text().set("leaked");
    first.revoke(() -> {});
    second.reason().text().set("again");
    second.revoke(() -> {});

    assertThat(second.form().failure().get().orElseThrow())
        .isInstanceOf(DatabaseFailure.ChangedMeanwhile.class);
    assertThat(second.form().failure().get().orElseThrow().sentence())
        .startsWith("The key was revoked on");
    assertThat(model.table().rows().getFirst().revocation().orElseThrow().reason())
        .contains("leaked");
    assertThat(model.drawer().details().get().orElseThrow().key().isRevoked()).isTrue();
  }

  @Test
  void tellsAndReloadsWhenAKeyWasRevokedBeforeItIsDisabled() {
    ApiKey key = made("k");
    room.sql.row("select latchkey.revoke_key(?, 'meanwhile')", key.id());

    model.disable(key);

    assertThat(shown).singleElement().asString().contains("latchkey.disable_api_key");
    assertThat(model.table().notice().get().orElseThrow())
        .isInstanceOf(DatabaseFailure.ChangedMeanwhile.class);
    assertThat(model.table().rows().getFirst().isRevoked()).isTrue();
  }

  @Test
  void disablesAndEnables() {
    model.disable(made("k"));
    assertThat(model.table().rows().getFirst().status()).isEqualTo(KeyStatus.DISABLED);

    model.enable(model.table().rows().getFirst());
    assertThat(model.table().rows().getFirst().status()).isEqualTo(KeyStatus.ACTIVE);
    assertThat(room.reported).containsExactly("Disabled k", "Enabled k");
  }

  @Test
  void twoConsolesChangingOneKeyAreToldApartAndNothingTypedIsLost() {
    ApiKey key = made("k");
    KeysViewModel other = room.model(this::approve);
    EditKeyViewModel mine = model.edit(key).orElseThrow();
    EditKeyViewModel theirs = other.edit(key).orElseThrow();
    mine.name().set("mine");
    theirs.description().set("theirs");
    theirs.save(() -> {});
    List<String> done = new ArrayList<>();

    mine.save(() -> done.add("saved"));

    assertThat(done).isEmpty();
    assertThat(mine.form().failure().get().orElseThrow())
        .isInstanceOf(DatabaseFailure.ChangedMeanwhile.class);
    assertThat(mine.overtaken().get().orElseThrow().version()).isEqualTo(1);
    assertThat(mine.base().get().version()).isEqualTo(2);
    assertThat(mine.name().get()).isEqualTo("mine");
    assertThat(mine.description().get()).isEqualTo("theirs");
    assertThat(model.table().rows().getFirst().version()).isEqualTo(2);

    mine.save(() -> done.add("saved"));

    assertThat(done).containsExactly("saved");
    ApiKey now = room.source.key(key.id()).orElseThrow();
    assertThat(now.name()).isEqualTo("mine");
    assertThat(now.description()).isEqualTo("theirs");
  }

  @Test
  void keepsItsRowsWhenTheServerStopsWhileTheTableLoads() {
    many(3);
    model.reload();
    room.door.cut();

    model.reload();

    assertThat(model.table().rows()).hasSize(3);
    assertThat(model.table().state().get()).isEqualTo(new RowsState.Shown());
    assertThat(model.table().notice().get().orElseThrow())
        .isInstanceOfAny(DatabaseFailure.ConnectionLost.class, DatabaseFailure.Unreachable.class);
  }

  @Test
  void saysWhatFailedWhenThereIsNothingToShowYet() {
    room.door.cut();

    model.reload();

    assertThat(model.table().state().get()).isInstanceOf(RowsState.Failed.class);
    assertThat(model.table().notice().get()).isEmpty();
  }

  @Test
  void doesNotPretendToKnowWhenTheServerStopsWhileAChangeRuns() {
    ApiKey key = made("k");
    SERVER
        .sql()
        .execute(
            "create or replace function public.cut() returns trigger language plpgsql security definer as $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$");
    SERVER
        .sql()
        .execute(
            "create trigger cut before update on api_keys_private.api_keys for each row execute function public.cut()");
    try {
      RevokeKeyViewModel form = model.revoke(key).orElseThrow();
      form.reason().text().set("leaked");

      form.revoke(() -> {});

      assertThat(form.form().failure().get().orElseThrow())
          .isInstanceOf(DatabaseFailure.OutcomeUnknown.class);
      assertThat(model.table().rows()).hasSize(1);
      assertThat(model.table().rows().getFirst().isRevoked()).isFalse();
    } finally {
      SERVER.sql().execute("drop trigger cut on api_keys_private.api_keys");
    }
  }

  @Test
  void aNoticeAboutALostConnectionGoesWhenTheServerIsBack() {
    many(2);
    model.reload();
    room.door.breakOpen();
    model.reload();
    model.reload();

    assertThat(model.table().notice().get()).isEmpty();
    assertThat(model.table().rows()).hasSize(2);
  }

  @Test
  void isReadOnlyInProductionUntilWriteModeIsOnAndWhenItEnds() {
    try (KeyRoom production = new KeyRoom(SERVER, tasks, Environment.PRODUCTION)) {
      KeysViewModel guarded = production.model(this::approve);
      assertThat(guarded.permission().obstacle().get().orElseThrow()).startsWith("Read-only");
      assertThat(guarded.permission().readOnly().get()).isTrue();

      production.writeMode.turnOn(Duration.ofMinutes(15));
      assertThat(guarded.permission().obstacle().get()).isEmpty();

      production.writeMode.turnOn(Duration.ofNanos(1));
      tasks.elapse();
      assertThat(guarded.permission().readOnly().get()).isTrue();
    }
  }

  @Test
  void withoutCallsItIsReadOnlyByType() {
    KeysViewModel offline =
        new KeysViewModel(
            room.source, () -> ScopeVocabulary.EMPTY, Optional.empty(), tasks, Clock.systemUTC());

    assertThat(offline.newKey()).isEmpty();
    assertThat(offline.permission().obstacle().get()).isPresent();
    assertThat(offline.permission().readOnly().get()).isFalse();
  }

  @Test
  void detailsOfAKeyThatIsGoneSaySo() {
    ApiKey key = made("k");
    model.show(key);
    room.sql.execute("delete from api_keys_private.api_keys");

    model.reload();

    assertThat(model.drawer().failure().get().orElseThrow()).isInstanceOf(Gone.class);
  }

  private NewKeyViewModel form() {
    NewKeyViewModel form = model.newKey().orElseThrow();
    form.load();
    form.name().set("warehouse-sync");
    form.scopes().rows().getFirst().entityType().set("invoice");
    form.scopes().rows().getFirst().action().set("read");
    return form;
  }

  private ApiKey made(String name) {
    UUID id = room.scoped(acme, name, "[]");
    model.reload();
    return room.source.key(id).orElseThrow();
  }

  private List<String> names() {
    return model.table().rows().stream().map(ApiKey::name).toList();
  }

  private List<UUID> many(int count) {
    return room
        .sql
        .texts(
            """
            insert into api_keys_private.api_keys
              (ksuid, kind, account_id, name, key_prefix, prefix, last4, key_hash, salt, role)
            select api_keys_private.ksuid(), 'scoped', ?, 'key-' || lpad(n::text, 3, '0'),
              'sk_aaaa', 'sk_', 'zzzz', '00', '\\x00', 'api_key'
            from generate_series(0, ? - 1) as n
            returning id
            """,
            acme,
            count)
        .stream()
        .map(UUID::fromString)
        .toList();
  }

  /** Holds answers back, to give them in another order than they were asked for. */
  private static final class Held implements Tasks {
    private final List<Runnable> answers = new ArrayList<>();

    @Override
    public <T> Job start(
        String name, Callable<T> work, Consumer<T> onSuccess, Consumer<Throwable> onFailure) {
      boolean[] cancelled = {false};
      answers.add(
          () -> {
            try {
              T result = work.call();
              if (!cancelled[0]) {
                onSuccess.accept(result);
              }
            } catch (Exception failure) {
              onFailure.accept(failure);
            }
          });
      return () -> cancelled[0] = true;
    }

    @Override
    public Job later(long millis, Runnable action) {
      return () -> {};
    }

    void answerLastFirst() {
      List.copyOf(answers).reversed().forEach(Runnable::run);
    }
  }
}
