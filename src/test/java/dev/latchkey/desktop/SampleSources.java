package dev.latchkey.desktop;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.latchkey.access.AccessDetails;
import dev.latchkey.access.AccessFilter;
import dev.latchkey.access.AccessOverview;
import dev.latchkey.access.AccessSource;
import dev.latchkey.access.AccessToken;
import dev.latchkey.access.Attempts;
import dev.latchkey.access.Grant;
import dev.latchkey.access.GrantColumn;
import dev.latchkey.access.GrantStatus;
import dev.latchkey.access.LiveSession;
import dev.latchkey.access.Login;
import dev.latchkey.access.LoginColumn;
import dev.latchkey.access.Member;
import dev.latchkey.access.MemberColumn;
import dev.latchkey.access.Person;
import dev.latchkey.access.Policy;
import dev.latchkey.access.SessionColumn;
import dev.latchkey.access.TokenColumn;
import dev.latchkey.audit.AuditColumn;
import dev.latchkey.audit.AuditEvent;
import dev.latchkey.audit.AuditFilter;
import dev.latchkey.audit.AuditSource;
import dev.latchkey.audit.EventDetails;
import dev.latchkey.change.Subject;
import dev.latchkey.keys.Account;
import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.DailyCalls;
import dev.latchkey.keys.KeyColumn;
import dev.latchkey.keys.KeyCounts;
import dev.latchkey.keys.KeyDetails;
import dev.latchkey.keys.KeyFilter;
import dev.latchkey.keys.KeyKind;
import dev.latchkey.keys.KeySource;
import dev.latchkey.keys.KeyStatus;
import dev.latchkey.rows.Counts;
import dev.latchkey.rows.Page;
import dev.latchkey.rows.Position;
import dev.latchkey.rows.Range;
import dev.latchkey.rows.RowSource;
import dev.latchkey.rows.Sort;
import dev.latchkey.scopes.StoredScopes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.IntFunction;

/** Sources that hold a few records in memory: what an archive or an HTTP API would be. */
final class SampleSources {
  private static final Instant NOON = Instant.parse("2026-11-05T12:00:00Z");
  private static final Account ACME = new Account(new UUID(0, 1), "Acme Corp");
  private static final Person MARA =
      new Person(new UUID(0, 2), "Mara Lindqvist", "mara@acme.example");

  private SampleSources() {}

  /** Rows that are filtered here and are all on one page. */
  private record Listed<T, F, C, N>(List<T> all, BiPredicate<F, T> lets, IntFunction<N> counts)
      implements RowSource<T, F, C, N> {
    @Override
    public Page<T, Position> page(F filter, Sort<C> sort, Range range, int limit) {
      return new Page<>(matching(filter), Optional.empty(), Optional.empty());
    }

    @Override
    public N counts(F filter) {
      return counts.apply(matching(filter).size());
    }

    private List<T> matching(F filter) {
      return all.stream().filter(row -> lets.test(filter, row)).toList();
    }
  }

  static ApiKey key(String name, KeyStatus status) {
    return new ApiKey(
        UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)),
        "",
        KeyKind.SCOPED,
        Optional.of(ACME),
        name,
        "",
        "sk_2bKq",
        "x9f3",
        "api_key",
        StoredScopes.NONE,
        status,
        Optional.of(NOON.plusSeconds(86_400)),
        NOON,
        Optional.of("Mara Lindqvist"),
        Optional.of(NOON),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        1,
        NOON,
        0,
        false);
  }

  static Grant grant() {
    return new Grant(
        new UUID(0, 3),
        MARA,
        "support_ro",
        GrantStatus.ACTIVE,
        NOON,
        Optional.empty(),
        List.of("10.8.0.0/16"),
        Optional.of("Ticket 8812"),
        NOON,
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0);
  }

  static AuditEvent event(String type, boolean refused) {
    return new AuditEvent(
        "event-" + type,
        type,
        NOON,
        new AuditEvent.Actor(MARA.id().toString(), "member", MARA.name()),
        Optional.empty(),
        new AuditEvent.Thing("key", Optional.of("k"), Optional.of("partner-invoices")),
        refused,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "1");
  }

  /** Keys by name. */
  static final class Keys implements KeySource {
    private final List<ApiKey> keys =
        List.of(
            SampleSources.key("partner-invoices", KeyStatus.ACTIVE),
            SampleSources.key("old-import", KeyStatus.EXPIRED));

    @Override
    public Page<ApiKey, Position> page(
        KeyFilter filter, Sort<KeyColumn> sort, Range range, int limit) {
      return new Page<>(matching(filter), Optional.empty(), Optional.empty());
    }

    @Override
    public KeyCounts counts(KeyFilter filter) {
      long shown = matching(filter).size();
      return new KeyCounts(
          shown, keys.size(), shown, Map.of(KeyKind.SCOPED, shown), Map.of(), 0, 0);
    }

    private List<ApiKey> matching(KeyFilter filter) {
      return keys.stream().filter(key -> key.name().contains(filter.text())).toList();
    }

    @Override
    public Map<UUID, DailyCalls> calls(Collection<UUID> ids) {
      return Map.of();
    }

    @Override
    public Optional<ApiKey> key(UUID id) {
      return keys.stream().filter(key -> key.id().equals(id)).findFirst();
    }

    @Override
    public Optional<KeyDetails> details(UUID id) {
      return key(id).map(key -> new KeyDetails(key, List.of(), List.of()));
    }

    @Override
    public List<Account> accounts() {
      return List.of(ACME);
    }
  }

  /** One grant of one member. */
  static final class Access implements AccessSource {
    private static <T, C> RowSource<T, AccessFilter, C, Counts> rows(List<T> rows) {
      return new Listed<>(rows, (_, _) -> true, shown -> new Counts(shown, rows.size()));
    }

    @Override
    public AccessOverview overview() {
      return new AccessOverview(
          true,
          Optional.of(NOON),
          Optional.of(NOON),
          new Policy(Optional.empty(), false, Optional.empty(), false, false),
          new AccessOverview.Own(Optional.empty(), Optional.empty(), Optional.empty()),
          1,
          1,
          OptionalInt.of(0),
          Optional.empty());
    }

    @Override
    public RowSource<Grant, AccessFilter, GrantColumn, Counts> grants() {
      return rows(List.of(SampleSources.grant()));
    }

    @Override
    public RowSource<Member, AccessFilter, MemberColumn, Counts> members() {
      return rows(List.of());
    }

    @Override
    public RowSource<AccessToken, AccessFilter, TokenColumn, Counts> tokens() {
      return rows(List.of());
    }

    @Override
    public RowSource<LiveSession, AccessFilter, SessionColumn, Counts> sessions() {
      return rows(List.of());
    }

    @Override
    public RowSource<Login, AccessFilter, LoginColumn, Counts> logins() {
      return rows(List.of());
    }

    @Override
    public Optional<AccessDetails> details(Subject subject) {
      return Optional.of(
          new AccessDetails.OfGrant(SampleSources.grant(), List.of(), Attempts.NONE));
    }

    @Override
    public Optional<Grant> grant(UUID id) {
      return Optional.of(SampleSources.grant());
    }

    @Override
    public Optional<Member> member(UUID id) {
      return Optional.empty();
    }

    @Override
    public Optional<AccessToken> token(UUID id) {
      return Optional.empty();
    }
  }

  /** Two events. */
  static final class Audit implements AuditSource {
    private final List<AuditEvent> events =
        List.of(event("key.revoked", false), event("key.created", true));

    @Override
    public RowSource<AuditEvent, AuditFilter, AuditColumn, Counts> events() {
      return new Listed<>(
          events,
          (filter, event) -> filter.refused().filter(only -> only != event.refused()).isEmpty(),
          shown -> new Counts(shown, events.size()));
    }

    @Override
    public Optional<EventDetails> details(String id) {
      return events.stream()
          .filter(event -> event.id().equals(id))
          .map(
              event ->
                  new EventDetails(
                      event,
                      Optional.empty(),
                      Optional.of(
                          JsonNodeFactory.instance.objectNode().put("name", "partner-invoices"))))
          .findFirst();
    }

    @Override
    public Choices choices() {
      return new Choices(List.of(), List.of("key.created", "key.revoked"));
    }
  }
}
