package dev.latchkey.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads from the catalogue what a database has of Latchkey or of the published designs. Any role
 * may ask: only the numbers need rights on the tables. The files V9 to V11 and the code look at the
 * same marks before they change anything.
 */
final class SchemaReader {
  /** Above this the server's own estimate has to do: counting takes seconds by the million. */
  private static final long MOST_TO_COUNT = 2_000_000;

  private static final Set<String> PUBLISHED_KEY =
      Set.of(
          "id uuid",
          "account_id uuid",
          "name text",
          "key_prefix character varying(7)",
          "key_hash text",
          "scopes jsonb",
          "expires_at timestamp with time zone",
          "created_at timestamp with time zone",
          "last_used_at timestamp with time zone",
          "created_by uuid",
          "is_active boolean");
  private static final Set<String> PUBLISHED_LOG =
      Set.of(
          "id uuid",
          "api_key_id uuid",
          "endpoint text",
          "method text",
          "status_code integer",
          "ip_address text",
          "user_agent text",
          "timestamp timestamp with time zone");
  private static final Set<String> KSUID_KEY =
      Set.of(
          "id text",
          "client_id uuid",
          "name text",
          "secret_hash bytea",
          "salt bytea",
          "last4 text",
          "created_at timestamp with time zone");

  private static final String HAS_VERSION =
      """
      select count(*) > 0
        from pg_catalog.pg_proc as p
        join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
       where n.nspname = 'latchkey' and p.proname = 'schema_version' and p.pronargs = 0
      """;

  private static final String TABLE =
      """
      select c.relkind = 'r' as is_plain,
             array(select a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod)
                     from pg_catalog.pg_attribute as a
                    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
             array(select a.attname::text
                     from pg_catalog.pg_attribute as a
                    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                      and a.attnotnull and not a.atthasdef and a.attidentity = '') as must_be_given,
             greatest(c.reltuples, 0)::bigint as estimate,
             pg_catalog.has_schema_privilege(n.oid, 'usage')
               and pg_catalog.has_table_privilege(c.oid, 'select')
               and not pg_catalog.row_security_active(c.oid) as may_count
        from pg_catalog.pg_class as c
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
       where n.nspname = ? and c.relname = ? and c.relkind in ('r', 'p', 'v', 'm', 'f')
      """;

  private static final String STRANGER =
      """
      with schemas as (
        select n.oid, n.nspname
          from pg_catalog.pg_namespace as n
         where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys')
      )
      select min(found.stranger collate "C")
        from (
          select pg_catalog.format('%I.%I', s.nspname, c.relname)
            from pg_catalog.pg_class as c
            join schemas as s on s.oid = c.relnamespace
           where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
             and (s.nspname, c.relname) not in (
               ('latchkey', 'schema_history'), ('api_keys_private', 'api_keys'), ('api_keys_private', 'api_key_logs'))
          union all
          select pg_catalog.format('%I.%I()', s.nspname, p.proname)
            from pg_catalog.pg_proc as p
            join schemas as s on s.oid = p.pronamespace
          union all
          select pg_catalog.format('public.%I()', p.proname)
            from pg_catalog.pg_proc as p
            join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
           where n.nspname = 'public'
             and p.proname in (
               'create_api_key', 'list_api_keys', 'revoke_api_key', 'verify_api_key', 'log_api_key_usage', 'has_scope',
               'get_api_key_account_id', 'has_scope_on_all', 'scoped_ids', 'log_api_key_usage_batch',
               'register_user_token', 'list_user_tokens', 'revoke_user_token')
             and not (
               ?
               and p.proname in (
                 'create_api_key', 'list_api_keys', 'revoke_api_key', 'verify_api_key', 'log_api_key_usage', 'has_scope',
                 'get_api_key_account_id')
               and coalesce(p.proargnames[1], '') in ('p_account_id', 'p_api_key_id', 'p_api_key', 'p_entity_type', ''))
             and not (
               ?
               and p.proname in ('create_api_key', 'list_api_keys', 'verify_api_key')
               and p.proargnames[1] in ('client_id', 'full_key'))
          union all
          select pg_catalog.format('public.accounts without a column %I', wanted.name)
            from (values ('id'), ('name'), ('slug')) as wanted (name)
            join pg_catalog.pg_class as c on c.relname = 'accounts'
            join pg_catalog.pg_namespace as n on n.oid = c.relnamespace and n.nspname = 'public'
           where not exists (
             select from pg_catalog.pg_attribute as a
              where a.attrelid = c.oid and a.attname = wanted.name and not a.attisdropped)
        ) as found (stranger)
      """;

  private record Table(
      String name,
      boolean isPlain,
      Set<String> columns,
      Set<String> mustBeGiven,
      long estimate,
      boolean mayCount) {

    /** The published table of keys, and perhaps columns of its own that need not be filled. */
    boolean isPublishedKeys() {
      return isPlain
          && columns.containsAll(PUBLISHED_KEY)
          && !columns.contains("ksuid text")
          && Set.of("id", "account_id", "name", "key_prefix", "key_hash", "created_by")
              .containsAll(mustBeGiven);
    }

    boolean isPublishedLog() {
      return isPlain && columns.containsAll(PUBLISHED_LOG);
    }

    boolean isKsuidKeys() {
      return isPlain && columns.equals(KSUID_KEY);
    }
  }

  private final Connection connection;

  SchemaReader(Connection connection) {
    this.connection = connection;
  }

  /** The number of the newest file that was run; 0 for none. */
  int version() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet row = statement.executeQuery(HAS_VERSION)) {
        if (!row.next() || !row.getBoolean(1)) {
          return 0;
        }
      }
      try (ResultSet row = statement.executeQuery("select latchkey.schema_version()")) {
        return row.next() ? row.getInt(1) : 0;
      }
    }
  }

  SchemaState state() throws SQLException {
    int version = version();
    return version == 0 ? notInstalled() : SchemaState.of(version);
  }

  private SchemaState notInstalled() throws SQLException {
    Optional<Table> keys = table("api_keys_private", "api_keys");
    Optional<Table> log = table("api_keys_private", "api_key_logs");
    Optional<Table> ksuidKeys = table("public", "api_keys").filter(Table::isKsuidKeys);
    Optional<Table> otherDesign =
        keys.filter(table -> !table.isPublishedKeys())
            .or(() -> log.filter(table -> !table.isPublishedLog()));
    if (otherDesign.isPresent()) {
      return new SchemaState.Unknown(otherDesign.get().name());
    }
    Optional<String> stranger = stranger(keys.isPresent(), ksuidKeys.isPresent());
    if (stranger.isPresent()) {
      return new SchemaState.Unknown(stranger.get());
    }

    if (keys.isEmpty() && log.isEmpty()) {
      return ksuidKeys.isEmpty() ? new SchemaState.Missing() : ksuid(ksuidKeys.get());
    }
    var found = new SchemaState.PrivateSchemaDesign(count(keys), count(log));
    return ksuidKeys.isEmpty() ? found : new SchemaState.BothDesigns(found, ksuid(ksuidKeys.get()));
  }

  private SchemaState.KsuidDesign ksuid(Table keys) throws SQLException {
    return new SchemaState.KsuidDesign(count(Optional.of(keys)));
  }

  private Optional<Table> table(String schema, String name) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(TABLE)) {
      statement.setString(1, schema);
      statement.setString(2, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Table(
                    schema + "." + name,
                    row.getBoolean("is_plain"),
                    texts(row, "columns"),
                    texts(row, "must_be_given"),
                    row.getLong("estimate"),
                    row.getBoolean("may_count")))
            : Optional.empty();
      }
    }
  }

  private static Set<String> texts(ResultSet row, String column) throws SQLException {
    return Set.copyOf(List.of((String[]) row.getArray(column).getArray()));
  }

  private Optional<String> stranger(boolean privateDesign, boolean ksuidDesign)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(STRANGER)) {
      statement.setBoolean(1, privateDesign);
      statement.setBoolean(2, ksuidDesign);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
      }
    }
  }

  private Count count(Optional<Table> table) throws SQLException {
    if (table.isEmpty()) {
      return Count.exactly(0);
    }
    Table found = table.get();
    if (found.estimate() > MOST_TO_COUNT) {
      return Count.about(found.estimate());
    }
    if (!found.mayCount()) {
      return Count.unknown();
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("select count(*) from " + found.name())) {
      return row.next() ? Count.exactly(row.getLong(1)) : Count.unknown();
    }
  }
}
