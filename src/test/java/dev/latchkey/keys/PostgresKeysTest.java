package dev.latchkey.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.database.Database;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.rows.Page;
import dev.latchkey.rows.Position;
import dev.latchkey.rows.Range;
import dev.latchkey.rows.Sort;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.token.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class PostgresKeysTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private static final String READ =
      "[{\"entity_type\":\"document\",\"entity_id\":\"*\",\"action\":\"read\"}]";

  private KeyRoom room;
  private UUID acme;

  @BeforeEach
  void open() {
    room = new KeyRoom(SERVER, new DirectTasks());
    room.empty();
    acme = room.account("Acme Corp");
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void readsAKeyAsItIs() {
    UUID id =
        room.scoped(
            acme,
            "it's \\ \"ours\"",
            """
            [{"entity_type":"document","entity_id":"7","action":"read"},
             {"entity_type":"invoice","entity_id":null,"action":"*"}]
            """);
    room.set(
        id,
        "description = 'why', expires_at = '2099-01-02 03:04:05.678901+00', rate_limit = 60,"
            + " allowed_cidrs = '{10.0.0.0/8,2001:db8::/32}', last_used_at = now(),"
            + " last_used_from = '2001:db8::1'");

    ApiKey key = room.source.key(id).orElseThrow();

    assertThat(key.name()).isEqualTo("it's \\ \"ours\"");
    assertThat(key.kind()).isEqualTo(KeyKind.SCOPED);
    assertThat(key.account()).contains(new Account(acme, "Acme Corp"));
    assertThat(key.description()).isEqualTo("why");
    assertThat(key.shortKey()).matches("sk_[0-9A-Za-z]{4}…[0-9A-Za-z]{4}");
    assertThat(key.role()).isEqualTo("api_key");
    assertThat(key.status()).isEqualTo(KeyStatus.ACTIVE);
    assertThat(key.scopes().scopes().list()).hasSize(2);
    assertThat(key.expiresAt()).hasToString("Optional[2099-01-02T03:04:05.678901Z]");
    assertThat(key.lastUsedFrom()).contains("2001:db8::1");
    assertThat(key.allowedNetworks()).containsExactly("10.0.0.0/8", "2001:db8::/32");
    assertThat(key.rateLimit()).contains(60);
    assertThat(key.version()).isEqualTo(1);
    assertThat(key.neverUsed()).isFalse();
    assertThat(room.source.key(UUID.randomUUID())).isEmpty();
  }

  @Test
  void showsKeysFromElsewhereThatBreakTheRules() {
    UUID id = room.scoped(acme, "old", READ);
    room.set(
        id,
        "ksuid = null, last4 = null, hash_method = 'bcrypt', salt = null, expires_at = 'infinity',"
            + " scopes = '{\"no\":\"array\"}'");

    ApiKey key = room.source.key(id).orElseThrow();

    assertThat(key.expiresAt()).isEmpty();
    assertThat(key.scopes().malformed()).hasSize(1);
    assertThat(ids(KeyFilter.ALL.withText("old"))).containsExactly(id);
  }

  @Test
  void aDeletedAccountsKeysAreStillShown() {
    UUID other = room.account("Gone Ltd");
    UUID id = room.scoped(other, "orphan", READ);
    room.sql.execute("delete from public.accounts where id = ?", other);

    ApiKey key = room.source.key(id).orElseThrow();

    assertThat(key.owner()).isEqualTo("Deleted account");
    assertThat(key.revocation().orElseThrow().reason()).contains("The account was deleted");
  }

  @Test
  void everyFilterFindsExactlyWhatMatches() {
    fill(new Random(1), 400);
    List<ApiKey> all = all(KeyFilter.ALL, KeyColumn.USUAL, 500);
    UUID account = all.stream().flatMap(key -> key.account().stream()).findFirst().get().id();

    for (KeyKind kind : KeyKind.values()) {
      check(all, KeyFilter.ALL.withKind(Optional.of(kind)), key -> key.kind() == kind);
    }
    for (KeyStatus status : KeyStatus.values()) {
      check(all, KeyFilter.ALL.withStatus(status, true), key -> key.status() == status);
    }
    check(all, KeyFilter.ALL.withUnused(true), ApiKey::isUnused);
    check(all, KeyFilter.ALL.withNeverUsed(true), key -> key.neverUsed() && key.status().works());
    check(
        all,
        KeyFilter.ALL.withUnused(true).withStatus(KeyStatus.REVOKED, true),
        key -> key.isUnused() || key.isRevoked());
    check(
        all,
        KeyFilter.ALL.withAccount(Optional.of(account)),
        key -> key.account().filter(owner -> owner.id().equals(account)).isPresent());
    check(
        all,
        KeyFilter.ALL
            .withKind(Optional.of(KeyKind.SCOPED))
            .withStatus(KeyStatus.ACTIVE, true)
            .withAccount(Optional.of(account))
            .withText("Z-LA"),
        key ->
            key.kind() == KeyKind.SCOPED
                && key.status() == KeyStatus.ACTIVE
                && key.account().orElseThrow().id().equals(account)
                && key.name().equals("z-last"));
  }

  @Test
  void textFindsNameAccountDescriptionIdsAndScopesAndTakesNothingAsAPattern() {
    UUID id =
        room.scoped(
            acme,
            "100%_Sure\\",
            "[{\"entity_type\":\"invoice\",\"entity_id\":\"77\",\"action\":\"pay\"}]");
    room.scoped(room.account("Other"), "1000 surely", READ);
    room.set(id, "description = 'Über the moon'");
    ApiKey key = room.source.key(id).orElseThrow();

    for (String text :
        List.of(
            "100%_sure\\",
            "ACME",
            "über",
            "voice/77:pay",
            id.toString(),
            key.ksuid(),
            key.shortKey(),
            key.last4(),
            " 100% ")) {
      assertThat(ids(KeyFilter.ALL.withText(text))).as(text).containsExactly(id);
    }
    assertThat(ids(KeyFilter.ALL.withText("_' or true --"))).isEmpty();
  }

  @Test
  void aPastedKeyIsFoundByItsIdAndItsSecretStaysHere() {
    String pasted =
        room.sql.text("select public.create_api_key(?, 'k', '[]', null) ->> 'key'", acme);

    KeyFilter filter = KeyFilter.ALL.withText(pasted);

    assertThat(filter.text()).hasSize(27).isSubstringOf(pasted);
    assertThat(ids(filter)).hasSize(1);
  }

  @Test
  void pagesInBothDirectionsHoldEveryKeyOnceForEverySort() {
    for (long seed = 1; seed <= 3; seed++) {
      Random random = new Random(seed);
      room.empty();
      fill(random, 50);
      Set<UUID> expected =
          new HashSet<>(
              room.sql.texts("select id from latchkey.keys").stream()
                  .map(UUID::fromString)
                  .toList());
      for (KeyColumn column : KeyColumn.values()) {
        for (boolean ascending : List.of(true, false)) {
          Sort<KeyColumn> sort = new Sort<KeyColumn>(column, ascending);
          int limit = 1 + random.nextInt(17);
          List<UUID> forwards = walk(sort, limit);
          assertThat(forwards).as("%s by %d", sort, limit).doesNotHaveDuplicates();
          assertThat(new HashSet<>(forwards)).isEqualTo(expected);
          assertThat(walkBack(sort, limit)).as("%s back", sort).isEqualTo(forwards.reversed());
          assertThat(ids(all(KeyFilter.ALL, sort, 1_000))).isEqualTo(forwards);
        }
      }
    }
  }

  @Test
  void valuesAreInOrderAndKeysWithoutOneComeLastInBothDirections() {
    fill(new Random(5), 60);
    for (boolean ascending : List.of(true, false)) {
      List<ApiKey> byUse = all(KeyFilter.ALL, new Sort<>(KeyColumn.LAST_USED, ascending), 500);
      List<ApiKey> used = byUse.stream().filter(key -> !key.neverUsed()).toList();
      Comparator<ApiKey> order = Comparator.comparing(key -> key.lastUsedAt().orElseThrow());

      assertThat(used).isNotEmpty().isSortedAccordingTo(ascending ? order : order.reversed());
      assertThat(byUse.subList(0, used.size())).isEqualTo(used);
    }
  }

  @Test
  void aWholeWindowOfKeysDeletedUnderTheReaderLosesNoOther() {
    fill(new Random(9), 60);
    for (KeyColumn column : KeyColumn.values()) {
      Sort<KeyColumn> sort = new Sort<KeyColumn>(column, true);
      List<UUID> order = ids(all(KeyFilter.ALL, sort, 500));
      Page<ApiKey, Position> first = room.source.page(KeyFilter.ALL, sort, new Range.First(), 10);

      room.sql.execute(
          "delete from api_keys_private.api_keys where id = any (?::uuid[])",
          array(order.subList(0, 10)));
      Page<ApiKey, Position> next =
          room.source.page(KeyFilter.ALL, sort, new Range.After(first.after().orElseThrow()), 10);
      Page<ApiKey, Position> back =
          room.source.page(KeyFilter.ALL, sort, new Range.Before(next.before().orElseThrow()), 10);

      assertThat(ids(next.rows())).as("%s", column).isEqualTo(order.subList(10, 20));
      assertThat(back.rows()).isEmpty();
      assertThat(back.before()).isEmpty();
      fill(new Random(column.ordinal()), 10);
    }
  }

  @Test
  void readsAgainFromAPlaceWithTheRowThatIsThere() {
    fill(new Random(11), 30);
    Sort<KeyColumn> sort = new Sort<>(KeyColumn.NAME, false);
    List<UUID> order = ids(all(KeyFilter.ALL, sort, 500));
    Page<ApiKey, Position> first = room.source.page(KeyFilter.ALL, sort, new Range.First(), 10);
    Page<ApiKey, Position> second =
        room.source.page(KeyFilter.ALL, sort, new Range.After(first.after().orElseThrow()), 10);

    Page<ApiKey, Position> again =
        room.source.page(KeyFilter.ALL, sort, new Range.From(second.before().orElseThrow()), 10);

    assertThat(ids(again.rows())).isEqualTo(order.subList(10, 20));
    assertThat(again.before()).isPresent();
  }

  @Test
  void theLastPageSaysThatNothingFollows() {
    fill(new Random(12), 20);
    Sort<KeyColumn> sort = KeyColumn.USUAL;
    int all = all(KeyFilter.ALL, sort, 500).size();
    Page<ApiKey, Position> exact = room.source.page(KeyFilter.ALL, sort, new Range.First(), all);

    assertThat(exact.before()).isEmpty();
    assertThat(exact.after()).isEmpty();
  }

  @Test
  void neverSkipsRowsByNumber() throws Exception {
    for (String file : List.of("PostgresKeys", "PostgresKeyOrder", "PostgresKeyRows")) {
      String source = Files.readString(Path.of("src/main/java/dev/latchkey/keys", file + ".java"));
      assertThat(source.toLowerCase()).doesNotContain("offset ", "offset\n");
    }
  }

  @Test
  void countsSayWhatChoosingEachFilterWouldGive() {
    fill(new Random(21), 120);
    KeyFilter filter =
        KeyFilter.ALL
            .withKind(Optional.of(KeyKind.SCOPED))
            .withStatus(KeyStatus.ACTIVE, true)
            .withText("a");

    KeyCounts counts = room.source.counts(filter);

    assertThat(counts.all()).isEqualTo(all(KeyFilter.ALL, KeyColumn.USUAL, 500).size());
    assertThat(counts.shown()).isEqualTo(found(filter));
    assertThat(counts.allKinds()).isEqualTo(found(filter.withKind(Optional.empty())));
    for (KeyKind kind : KeyKind.values()) {
      assertThat(counts.of(kind)).isEqualTo(found(filter.withKind(Optional.of(kind))));
    }
    KeyFilter open = filter.withStatus(KeyStatus.ACTIVE, false);
    for (KeyStatus status : KeyStatus.values()) {
      assertThat(counts.of(status))
          .as("%s", status)
          .isEqualTo(found(open.withStatus(status, true)));
    }
    assertThat(counts.unused()).isEqualTo(found(open.withUnused(true)));
    assertThat(counts.neverUsed()).isEqualTo(found(open.withNeverUsed(true)));
  }

  @Test
  void callsAreCountedByDayWithGapsAsZeros() {
    UUID id = room.scoped(acme, "k", READ);
    room.calls(id, 0, 3, 200);
    room.calls(id, 13, 5, 403);
    room.calls(id, 14, 7, 200);
    UUID idle = room.scoped(acme, "idle", READ);

    var calls = room.source.calls(List.of(id, idle));

    assertThat(calls.get(id).counts()).hasSize(14).startsWith(5L).endsWith(3L);
    assertThat(calls.get(id).total()).isEqualTo(8);
    assertThat(calls.get(idle)).isEqualTo(DailyCalls.NONE);
  }

  @Test
  void detailsHaveUsageByOutcomeAndTheHistory() {
    UUID id = room.scoped(acme, "k", READ);
    room.calls(id, 0, 3, 200);
    room.calls(id, 0, 2, 401);
    room.calls(id, 1, 4, 500);
    room.sql.row("select latchkey.disable_api_key(?)", id);
    room.sql.row("select latchkey.revoke_key(?, 'leaked')", id);

    KeyDetails details = room.source.details(id).orElseThrow();

    assertThat(details.usage()).hasSize(14);
    assertThat(details.usage().getLast())
        .extracting(UsageDay::ok, UsageDay::denied)
        .containsExactly(3L, 2L);
    assertThat(details.usage().get(12).serverErrors()).isEqualTo(4);
    assertThat(details.history())
        .extracting(KeyEvent::label)
        .containsExactly("Revoked", "Disabled", "Created");
    assertThat(details.history().getFirst().reason()).contains("leaked");
    assertThat(room.source.details(UUID.randomUUID())).isEmpty();
  }

  @Test
  void whoIsNoOperatorIsToldSo() {
    SERVER.sql().execute("drop role if exists keys_test_nobody");
    SERVER.sql().execute("create role keys_test_nobody login");
    try (Database nobody = new Database(room.door.endpoint(SERVER, "keys_test_nobody"))) {
      nobody.signIn(Secret.of("any"));

      var refused =
          catchThrowableOfType(
              FailureException.class, () -> new PostgresKeys(nobody).counts(KeyFilter.ALL));

      assertThat(refused.failure()).isInstanceOf(DatabaseFailure.NotAllowed.class);
    } finally {
      SERVER.sql().execute("drop role keys_test_nobody");
    }
  }

  private void check(List<ApiKey> all, KeyFilter filter, Predicate<ApiKey> matches) {
    assertThat(ids(filter))
        .as("%s", filter)
        .containsExactlyInAnyOrderElementsOf(ids(all.stream().filter(matches).toList()));
  }

  private long found(KeyFilter filter) {
    return ids(filter).size();
  }

  private List<UUID> ids(KeyFilter filter) {
    return ids(all(filter, KeyColumn.USUAL, 500));
  }

  private static List<UUID> ids(List<ApiKey> keys) {
    return keys.stream().map(ApiKey::id).toList();
  }

  private List<ApiKey> all(KeyFilter filter, Sort<KeyColumn> sort, int limit) {
    return room.source.page(filter, sort, new Range.First(), limit).rows();
  }

  private List<UUID> walk(Sort<KeyColumn> sort, int limit) {
    List<UUID> seen = new ArrayList<>();
    Optional<Range> range = Optional.of(new Range.First());
    while (range.isPresent()) {
      Page<ApiKey, Position> page = room.source.page(KeyFilter.ALL, sort, range.get(), limit);
      seen.addAll(ids(page.rows()));
      range = page.after().map(Range.After::new);
    }
    return seen;
  }

  /** From the last row back to the first. */
  private List<UUID> walkBack(Sort<KeyColumn> sort, int limit) {
    Page<ApiKey, Position> end = room.source.page(KeyFilter.ALL, sort, new Range.First(), 1);
    while (end.after().isPresent()) {
      end = room.source.page(KeyFilter.ALL, sort, new Range.After(end.after().get()), 40);
    }
    List<UUID> seen = new ArrayList<>(ids(end.rows()).reversed());
    Optional<Position> before = end.before();
    while (before.isPresent()) {
      Page<ApiKey, Position> page =
          room.source.page(KeyFilter.ALL, sort, new Range.Before(before.get()), limit);
      seen.addAll(ids(page.rows()).reversed());
      before = page.before();
    }
    return seen;
  }

  private static String array(List<UUID> ids) {
    return "{" + String.join(",", ids.stream().map(UUID::toString).toList()) + "}";
  }

  /** Keys with many ties and many missing values. */
  private void fill(Random random, int count) {
    for (String name : List.of("Acme Corp", "acme corp", "Zeta")) {
      room.account(name);
    }
    room.sql.execute(
        """
        with chosen as materialized (
          select
            (array['scoped', 'scoped', 'publishable', 'secret'])[1 + floor(random() * 4)] as kind,
            (array['a', 'A', 'b', 'ä', 'Zürich', 'z-last'])[1 + floor(random() * 6)] as name,
            (array['aaaa', 'AAAA', 'zzzz', '0000', null])[1 + floor(random() * 5)] as last4,
            (array[now() + interval '2 days', now() - interval '1 day', '2099-01-01', null])
              [1 + floor(random() * 4)] as expires_at,
            (array[now(), now() - interval '100 days', '2026-01-01', null])
              [1 + floor(random() * 4)] as last_used_at,
            now() - floor(random() * 3) * interval '50 days' as created_at,
            (array[now(), null, null, null])[1 + floor(random() * 4)] as disabled_at,
            (array[now(), null, null, null])[1 + floor(random() * 4)] as revoked_at,
            random() < 0.5 as scopes,
            random() as account
          from setseed(SEED) cross join generate_series(1, COUNT)
        ), accounts as (
          select array_agg(id order by name, id) as ids from public.accounts
        )
        insert into api_keys_private.api_keys (
          ksuid, kind, account_id, name, key_prefix, prefix, last4, key_hash, salt, role, scopes,
          expires_at, last_used_at, created_at, disabled_at, revoked_at)
        select
          api_keys_private.ksuid(), c.kind,
          case c.kind when 'scoped' then a.ids[1 + floor(c.account * array_length(a.ids, 1))] end,
          c.name, 'sk_' || left(c.name, 1), 'sk_', c.last4, '00', '\\x00',
          case c.kind when 'scoped' then 'api_key' when 'secret' then 'service_role' else 'anon' end,
          case when c.scopes and c.kind = 'scoped'
            then '[{"entity_type":"document","entity_id":"*","action":"read"}]'::jsonb else '[]' end,
          c.expires_at, c.last_used_at, c.created_at, c.disabled_at, c.revoked_at
        from chosen as c
        cross join accounts as a
        """
            .replace("SEED", Double.toString(random.nextDouble()))
            .replace("COUNT", Integer.toString(count)));
  }
}
