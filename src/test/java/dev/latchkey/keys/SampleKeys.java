package dev.latchkey.keys;

import java.util.List;
import java.util.Random;
import java.util.UUID;

/** A table's worth of keys in every kind and state, for looking at. */
public final class SampleKeys {
  private static final String READ =
      "[{\"entity_type\":\"document\",\"entity_id\":\"*\",\"action\":\"read\"}]";
  private static final String MANY =
      """
      [{"entity_type":"document","entity_id":"*","action":"read"},
       {"entity_type":"document","entity_id":"7f3a91c4-0e2b-4a57-9f0e-2f8f7f3a91c4","action":"update"},
       {"entity_type":"invoice","entity_id":"*","action":"read"},
       {"entity_type":"project","entity_id":"*","action":"read"},
       {"entity_type":"project","entity_id":"*","action":"delete"},
       {"entity_type":"*","entity_id":"*","action":"read"}]
      """;
  private static final String TWO =
      """
      [{"entity_type":"invoice","entity_id":"*","action":"*"},
       {"entity_type":"project","entity_id":"*","action":"read"}]
      """;
  private static final String ALL =
      "[{\"entity_type\":\"*\",\"entity_id\":\"*\",\"action\":\"*\"}]";

  private final KeyRoom room;
  private final Random random = new Random(7);

  public SampleKeys(KeyRoom room) {
    this.room = room;
  }

  /** Makes them; answers the id of the one that expires first. */
  public UUID make() {
    room.empty();
    UUID northwind = room.account("Northwind GmbH");
    UUID globex = room.account("Globex");
    UUID acme = room.account("Acme Corp");
    UUID initech = room.account("Initech");
    UUID first = key(northwind, "partner-invoices", MANY, "4 minutes", "3 days 2 hours");
    room.set(
        first,
        "version = 7, updated_at = now() - interval '5 days', created_by_name = 'Mara Lindqvist',"
            + " created_at = now() - interval '92 days', last_used_from = '198.51.100.24',"
            + " allowed_cidrs = '{198.51.100.0/24,2001:db8::/32}',"
            + " description = 'Reads invoices for the partner portal'");
    UUID disabled = key(northwind, "partner-sandbox", TWO, "22 days", "3 days 4 hours");
    room.set(disabled, "disabled_at = now() - interval '2 days'");
    key(globex, "billing-webhook", TWO, "38 seconds", "30 days");
    key(globex, "crm-sync", TWO, "6 minutes", "41 days");
    key(acme, "etl-nightly", TWO, "9 hours", "70 days");
    key(initech, "docs-indexer", READ, "21 seconds", "115 days");
    key(acme, "support-console", MANY, "1 minute", "146 days");
    UUID expired = key(initech, "trial-import", READ, "40 days", "1 day");
    room.set(expired, "expires_at = now() - interval '12 days'");
    UUID idle =
        key(
            acme,
            "bi-readonly",
            "[{\"entity_type\":\"*\",\"entity_id\":\"*\",\"action\":\"read\"}]",
            "94 days",
            null);
    room.set(idle, "created_at = now() - interval '300 days'");
    UUID never = room.scoped(acme, "someday-maybe", READ);
    room.set(never, "created_at = now() - interval '30 days'");
    room.scoped(globex, "made-just-now", ALL);
    UUID odd = room.scoped(globex, "moved-from-elsewhere", READ);
    room.set(
        odd,
        "scopes = '[{\"entity_type\":\"document\",\"action\":\"read\",\"effect\":\"allow\"}]'");
    for (String name : List.of("mobile-app-ios", "web-storefront")) {
      UUID id = room.project("publishable", name);
      room.set(id, "last_used_at = now() - interval '2 seconds'");
      chart(id, 300);
    }
    UUID secret = room.project("secret", "edge-functions");
    room.set(secret, "last_used_at = now() - interval '2 seconds'");
    chart(secret, 500);
    UUID revoked = room.scoped(acme, "migration-2025", ALL);
    room.sql.text("select (latchkey.revoke_key(?, 'The move is done')).status", revoked);
    room.set(revoked, "last_used_at = now() - interval '61 days'");
    for (int number = 1; number <= 26; number++) {
      key(acme, "worker-%02d".formatted(number), READ, number + " hours", (200 + number) + " days");
    }
    return first;
  }

  private UUID key(UUID account, String name, String scopes, String usedAgo, String endsIn) {
    UUID id = room.scoped(account, name, scopes);
    room.set(
        id,
        "last_used_at = now() - interval '%s', last_used_from = '203.0.113.7', created_at = now() - interval '200 days'"
            .formatted(usedAgo));
    if (endsIn != null) {
      room.set(id, "expires_at = now() + interval '" + endsIn + "'");
    }
    if (!usedAgo.contains("days") && !name.startsWith("worker")) {
      chart(id, 60);
    }
    return id;
  }

  private void chart(UUID id, int most) {
    for (int day = 0; day < 14; day++) {
      room.calls(id, day, most / 3 + random.nextInt(most), 200);
    }
    room.calls(id, 2, 4, 403);
    room.calls(id, 6, 7, 403);
  }
}
