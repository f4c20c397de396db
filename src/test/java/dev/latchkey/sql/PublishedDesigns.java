package dev.latchkey.sql;

import dev.latchkey.testing.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A database of somebody who uses the published designs, with all that such a database may hold.
 * The SQL of the designs was written again from the description of it.
 */
record PublishedDesigns(Sql sql) {
  static final UUID OWNER = UUID.fromString("00000000-0000-4000-8000-00000000000a");
  static final UUID OTHER_OWNER = UUID.fromString("00000000-0000-4000-8000-00000000000b");
  static final UUID ACCOUNT = UUID.fromString("00000000-0000-4000-8000-0000000000aa");
  static final UUID OTHER_ACCOUNT = UUID.fromString("00000000-0000-4000-8000-0000000000bb");

  /** Two accounts with an owner each. */
  PublishedDesigns application() {
    run("application.sql");
    return people();
  }

  /** The owners and their accounts, where the tables for them are there. */
  PublishedDesigns people() {
    sql.execute(
        "insert into auth.users values (?, 'ada@example.com'), (?, 'bob@example.com')",
        OWNER,
        OTHER_OWNER);
    sql.execute(
        "insert into public.accounts (id, name, slug) values (?, 'Acme', 'acme'), (?, 'Other',"
            + " 'other')",
        ACCOUNT,
        OTHER_ACCOUNT);
    sql.execute(
        "insert into public.accounts_memberships values (?, ?, 'owner'), (?, ?, 'owner')",
        OWNER,
        ACCOUNT,
        OTHER_OWNER,
        OTHER_ACCOUNT);
    return this;
  }

  PublishedDesigns privateSchema() {
    run("published-private-schema.sql");
    return this;
  }

  PublishedDesigns ksuid() {
    run("published-ksuid.sql");
    return this;
  }

  private void run(String file) {
    sql.execute(read(file));
  }

  static String read(String file) {
    try (InputStream resource = PublishedDesigns.class.getResourceAsStream(file)) {
      return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * A key as the published function makes it, by the cheapest bcrypt that there is; returns it.
   *
   * @param cost 12 as published, or less for a test in a hurry
   */
  String key(UUID account, String name, String scopes, int cost) {
    return sql.text(
        """
        with made as (
          select 'sk_' || translate(encode(extensions.gen_random_bytes(32), 'base64'), '/+=', '') as key
        ), kept as (
          insert into api_keys_private.api_keys (account_id, name, key_prefix, key_hash, scopes, created_by)
          select ?, ?, left(m.key, 7), extensions.crypt(m.key, extensions.gen_salt('bf', ?)), ?::jsonb, ?
          from made as m
        )
        select m.key from made as m
        """,
        account,
        name,
        cost,
        scopes,
        OWNER);
  }

  String key(UUID account, String name) {
    return key(account, name, KeyFixture.READ_ALL, 4);
  }

  UUID idOf(String key) {
    return UUID.fromString(
        sql.text(
            "select id from api_keys_private.api_keys where key_prefix = ?", key.substring(0, 7)));
  }

  /** Keys that our own functions would not have made. */
  void oddKeys() {
    for (String name : List.of("n".repeat(300), "", "two\nlines", "null")) {
      key(OTHER_ACCOUNT, name);
    }
    for (String scopes :
        List.of(
            "{}",
            "null",
            "\"*\"",
            "[1, null, [], \"x\"]",
            "[{\"entity_type\": \"*\", \"entity_id\": \"*\", \"action\": \"*\", \"effect\": \"deny\"}]",
            "[{\"entity_type\": \"document\", \"entity_id\": null, \"action\": \"read\"}]")) {
      key(ACCOUNT, "Odd scopes", scopes, 4);
    }
    sql.execute(
        """
        insert into api_keys_private.api_keys (
          account_id, name, key_prefix, key_hash, scopes, expires_at, created_at, last_used_at, created_by, is_active)
        values
          (gen_random_uuid(), 'No account', 'sk_', '', '[]', null, now(), null, gen_random_uuid(), true),
          (gen_random_uuid(), 'No bcrypt', 'sk_oddA', 'x', '[]', 'infinity', '-infinity', 'infinity', gen_random_uuid(), true),
          (gen_random_uuid(), 'Endless bcrypt', 'sk_oddB', '$2a$31$' || repeat('a', 53), '[]', '-infinity', '2999-01-01', null,
            gen_random_uuid(), false),
          (gen_random_uuid(), 'No prefix', '', 'null', '[]', null, now(), now(), gen_random_uuid(), false)
        """);
  }

  /** Lines as they come in years, with everything that was once sent as an address. */
  void lines(UUID key, int count) {
    sql.execute(
        """
        insert into api_keys_private.api_key_logs (api_key_id, endpoint, method, status_code, ip_address, user_agent, timestamp)
        select
          case when i % 50 > 0 then ?::uuid end,
          case when i % 7 = 0 then 'authentication' else '/v1/things/' || i end,
          case when i % 7 = 0 then 'AUTH' else 'GET' end,
          (array[200, 201, 204, 401, 403, 404, 500, null, 0, 99999])[i % 10 + 1],
          (array['unknown', '', null, '203.0.113.7', ' 203.0.113.8 ', '2001:DB8::1', '::ffff:1.2.3.4', '10.0.0.1, 10.0.0.2',
            '10.0.0.0/8', '2001:db8::1', 'fe80::1%eth0', repeat('x', 500)])[i % 12 + 1],
          case when i % 5 > 0 then repeat('agent ', i % 400) end,
          timestamptz '2026-03-01 00:00Z' - make_interval(hours => i)
        from generate_series(1, ?) as i
        """,
        key, count);
    sql.execute(
        """
        insert into api_keys_private.api_key_logs (api_key_id, endpoint, method, timestamp)
        select ?, '', '', t::timestamptz
        from unnest(array['1970-01-01', '1999-12-31 23:59:59.999Z', '2100-01-01', '9999-12-31', 'infinity', '-infinity']) as t
        """,
        key);
  }

  /** Every published column of every key, a line for each. */
  List<String> keys() {
    return sql.texts(
        """
        select concat_ws(' | ', id, account_id, quote_nullable(name), quote_nullable(key_prefix), quote_nullable(key_hash), scopes,
          quote_nullable(expires_at), created_at, quote_nullable(last_used_at), created_by, is_active)
        from api_keys_private.api_keys order by id
        """);
  }

  /** Every published column of every line of the published log. */
  List<String> lines() {
    return lines("api_key_id", "ip_address");
  }

  /** The same of our log. */
  List<String> linesNow() {
    return lines(
        "nullif(api_key_id, '00000000-0000-0000-0000-000000000000')",
        "coalesce(ip_text, host(ip_address))");
  }

  private List<String> lines(String key, String address) {
    return sql.texts(
        """
        select concat_ws(' | ', id, quote_nullable(%s), endpoint, method, quote_nullable(status_code), quote_nullable(%s),
          quote_nullable(user_agent), timestamp)
        from api_keys_private.api_key_logs order by id
        """
            .formatted(key, address));
  }

  /** A key of the KSUID design, by its published function. */
  String ksuidKey(UUID client, String name) {
    return sql.text("select public.create_api_key(?, ?)", client, name);
  }

  List<Map<String, Object>> ksuidRows(String table) {
    return sql.rows(
        "select id, client_id, name, encode(secret_hash, 'hex') as hash, encode(salt, 'hex') as salt, last4,"
            + " created_at from "
            + table
            + " order by id");
  }
}
