package dev.latchkey.sql;

import dev.latchkey.sql.KeyFixture.MadeKey;
import dev.latchkey.testing.Sql;
import java.time.Instant;
import java.util.UUID;

/**
 * Documents under row level security, and keys and tokens in every state, for requests over HTTP.
 */
record HttpGateFixture(Sql sql, KeyFixture keys, UUID account, UUID user) {
  /** A role of the application's own that authenticator may become. */
  static final String WORKER = "http_gate_worker";

  /** One document for everybody, two of the user, three of the account, one of nobody here. */
  static HttpGateFixture make(Sql sql) {
    KeyFixture keys = new KeyFixture(sql);
    UUID account = keys.account("Acme");
    UUID user = UUID.randomUUID();
    sql.execute(
        """
        create role http_gate_worker;
        grant http_gate_worker to authenticator;
        create table public.documents (
          id uuid primary key default gen_random_uuid(), account_id uuid, owner_id uuid, is_public boolean not null default false);
        alter table public.documents enable row level security;
        grant select on public.documents to anon, authenticated, api_key, service_role, http_gate_worker;
        create policy everybody on public.documents for select to anon using (is_public);
        create policy owners on public.documents for select to authenticated using (owner_id = auth.uid());
        create policy keys on public.documents for select to api_key
          using (account_id = public.get_api_key_account_id() and public.has_scope('document', id::text, 'read'));
        """);
    sql.execute(
        """
        insert into public.documents (account_id, owner_id, is_public)
        values (null, null, true), (null, ?, false), (null, ?, false), (?, null, false), (?, null, false), (?, null, false),
          (gen_random_uuid(), gen_random_uuid(), false)
        """,
        user,
        user,
        account,
        account,
        account);
    return new HttpGateFixture(sql, keys, account, user);
  }

  void dropRole() {
    sql.execute("drop owned by http_gate_worker; drop role http_gate_worker");
  }

  /**
   * A key of that kind (publishable, secret, worker, scoped) in that state, or a string that is
   * none.
   */
  String apiKey(String kind, String state) {
    if (kind.equals("none")) {
      return "";
    }
    MadeKey made =
        switch (kind) {
          case "scoped" -> keys.key(account);
          case "worker" ->
              keys.made("select latchkey.create_project_key('secret', 'Worker', ?)", WORKER);
          default -> keys.projectKey(kind);
        };
    switch (state) {
      case "active" -> {}
      case "disabled" -> sql.row("select latchkey.disable_api_key(?)", made.id());
      case "revoked" -> sql.row("select latchkey.revoke_key(?, 'Over')", made.id());
      case "expired" -> keys.expire(made.id());
      case "enabled" -> {
        sql.row("select latchkey.disable_api_key(?)", made.id());
        sql.row("select latchkey.enable_api_key(?)", made.id());
      }
      case "unknown" -> {
        return sql.text(
            "select key from api_keys_private.generate_key(?)",
            made.key().substring(0, made.key().length() - 65));
      }
      case "mistyped" -> {
        return made.key().substring(0, made.key().length() - 1) + "-";
      }
      default -> throw new IllegalArgumentException(state);
    }
    return made.key();
  }

  /** The claims of a token of that kind; empty for none. */
  String claims(String kind) {
    long now = Instant.now().getEpochSecond();
    return switch (kind) {
      case "none" -> "";
      case "user" -> claims(user, "authenticated", now, now + 3600, "");
      case "numbered" -> claims(user, "authenticated", now, now + 3600, "oauth-4711");
      case "user-token" -> registered();
      case "revoked-token" -> {
        String claims = registered();
        sql.row("select public.revoke_user_token(?::jsonb ->> 'jti')", claims);
        yield claims;
      }
      case "ended-token" -> {
        String claims = registered();
        sql.execute(
            "update api_keys_private.user_tokens set expires_at = now() where jti = ?::jsonb ->> 'jti'",
            claims);
        yield claims;
      }
      case "another-users-token" ->
          registered().replace(user.toString(), UUID.randomUUID().toString());
      case "raised-token" -> registered().replace("\"authenticated\"", "\"service_role\"");
      case "unknown-token" ->
          claims(
              user, "authenticated", now, now + 3600, sql.text("select api_keys_private.ksuid()"));
      case "unknown-long-token" ->
          claims(user, "authenticated", now, now + 100_000_000, "oauth-4711");
      case "legacy-anon" -> legacy("anon", now);
      case "legacy-service" -> legacy("service_role", now);
      case "short-service" ->
          "{\"role\": \"service_role\", \"iat\": %d, \"exp\": %d}".formatted(now, now + 300);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  static String legacy(String role, long now) {
    return """
        {"iss": "latchkey-test", "role": "%s", "iat": %d, "exp": %d}"""
        .formatted(role, now - 1000, now + 315_360_000);
  }

  private static String claims(UUID user, String role, long from, long until, String jti) {
    return """
        {"sub": "%s", "role": "%s", "iat": %d, "exp": %d%s}"""
        .formatted(user, role, from, until, jti.isEmpty() ? "" : ", \"jti\": \"" + jti + "\"");
  }

  private String registered() {
    return sql.text(
        "select public.register_user_token('Laptop', now() + interval '1 year', jsonb_build_object('sub', ?::text))",
        user.toString());
  }

  /** Both legacy keys on, and never used. */
  void resetLegacyKeys() {
    sql.execute(
        """
        update api_keys_private.legacy_keys
        set switched_off_at = null, switched_off_by_name = null, revoked_at = null, revoked_by_name = null, revoke_reason = null;
        delete from api_keys_private.legacy_key_minutes;
        """);
  }
}
