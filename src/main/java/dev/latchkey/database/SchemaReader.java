package dev.latchkey.database;

import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads from the catalogue what a database has of Latchkey or of the published designs. Any role
 * may ask: only the numbers need rights on the tables, and the version that the schema be used. The
 * files V9 to V11 and the code look at the same marks before they change anything.
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

  /**
   * Whether Latchkey was installed, by the constraints that V9 looks for too, and what is gone of
   * it. One look at the catalogue, at every sign-in. The code's version is read there and not
   * called: a function that somebody replaced does not run, and needs no rights.
   */
  private static final String INSTALLED =
      """
      with ours as (
        select n.oid, n.nspname, n.nspname in ('public', 'auth') as is_shared
          from pg_catalog.pg_namespace as n
         where n.nspname in (
           'latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors', 'public', 'auth')
      ), functions as (
        select o.is_shared,
               pg_catalog.concat('function ', o.nspname, '.', p.proname) as name,
               -- Whether the schemas of types are printed depends on the search path.
               pg_catalog.regexp_replace(pg_catalog.oidvectortypes(p.proargtypes), '[a-z_]+[.]', '', 'g') as arguments
          from pg_catalog.pg_proc as p
          join ours as o on o.oid = p.pronamespace
      ), found (key) as (
        select pg_catalog.concat('schema ', o.nspname) from ours as o
        union all
        select pg_catalog.concat('view ', o.nspname, '.', c.relname)
          from pg_catalog.pg_class as c
          join ours as o on o.oid = c.relnamespace
         where c.relkind = 'v'
        union all
        -- What the application has by the name of a table may be anything that has rows.
        select pg_catalog.concat('table ', o.nspname, '.', c.relname)
          from pg_catalog.pg_class as c
          join ours as o on o.oid = c.relnamespace
         where c.relkind in ('r', 'p') or o.is_shared and c.relkind in ('v', 'm', 'f')
        union all
        select pg_catalog.concat(f.name, '(', f.arguments, ')') from functions as f
        union all
        select f.name from functions as f where f.is_shared
        union all
        select pg_catalog.concat('trigger ', o.nspname, '.', c.relname, ' ', g.tgname)
          from pg_catalog.pg_trigger as g
          join pg_catalog.pg_class as c on c.oid = g.tgrelid
          join ours as o on o.oid = c.relnamespace
         where not g.tgisinternal
      )
      select version.oid is not null as has_version,
             code.oid is not null as has_code,
             coalesce(pg_catalog.substring(pg_catalog.pg_get_function_sqlbody(code.oid), '^RETURN ''([0-9a-f]{64})''::text$'), '')
               as code,
             exists (
               select
                 from (values
                        ('audit', 'events', 'events_entry_fits'),
                        ('api_keys_private', 'api_keys', 'api_keys_ksuid_shape'),
                        ('temporary_access', 'settings', 'settings_only_row_check')) as mark (schema, name, con)
                 join pg_catalog.pg_namespace as n on n.nspname = mark.schema
                 join pg_catalog.pg_class as c on c.relnamespace = n.oid and c.relname = mark.name
                 join pg_catalog.pg_constraint as o on o.conrelid = c.oid and o.conname = mark.con) as was_here,
             array(
               select needed.place
                 from unnest(?::text[]) with ordinality as needed (key, place)
                where not exists (select from found where found.key = needed.key)
                order by needed.place) as missing
        from (select) as always
        left join (
          pg_catalog.pg_proc as version
          join pg_catalog.pg_namespace as vn on vn.oid = version.pronamespace and vn.nspname = 'latchkey')
          on version.proname = 'schema_version' and version.pronargs = 0
        left join (
          pg_catalog.pg_proc as code
          join pg_catalog.pg_namespace as cn on cn.oid = code.pronamespace and cn.nspname = 'latchkey')
          on code.proname = 'code_version' and code.pronargs = 0
      """;

  /** Of the files that the tool has run, as far as this role may read its table. */
  private static final String MAY_READ_HISTORY =
      """
      select count(*) > 0
        from pg_catalog.pg_class as c
        join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
       where n.nspname = 'latchkey'
         and c.relname = 'schema_history'
         and pg_catalog.has_schema_privilege(n.oid, 'usage')
         and pg_catalog.has_table_privilege(c.oid, 'select')
      """;

  private static final String NEWEST_IN_HISTORY =
      """
      select coalesce(max(h.version::integer), 0)
        from latchkey.schema_history as h
       where h.success and h.version ~ '^[0-9]{1,6}$'
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
         where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors')
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

  private record Look(
      boolean hasVersion,
      boolean hasCode,
      String code,
      boolean wasHere,
      List<SchemaObject> missing) {

    /** What has rows, or holds what has, and is gone; whichever functions there are. */
    List<SchemaObject> missingOfTables(int version) {
      return missing.stream().filter(object -> object.isOfTables(version)).toList();
    }
  }

  private final Connection connection;
  private final SchemaNeeds needs;

  SchemaReader(Connection connection) {
    this.connection = connection;
    this.needs = SchemaNeeds.ofThisProgram();
  }

  /** What there is, counted where that is possible. May take a while where keys are many. */
  SchemaState state() throws SQLException {
    Optional<SchemaState> installed = installed();
    return installed.isPresent() ? installed.get() : notInstalled();
  }

  /** What stands in the way of working with the database; empty when nothing does. Is quick. */
  Optional<Failure> obstacle(Endpoint endpoint) throws SQLException {
    return installed().orElseGet(SchemaState.Missing::new).obstacle(endpoint);
  }

  /** How Latchkey's own is; empty where it was never installed. */
  private Optional<SchemaState> installed() throws SQLException {
    Optional<String> stranger = SchemaOwner.stranger(connection);
    if (stranger.isPresent()) {
      throw new FailureException(new DatabaseFailure.StrangersSchema(stranger.get()));
    }
    Look look = look();
    int version = look.hasVersion() ? version() : 0;
    if (version > 0) {
      return Optional.of(of(version, look));
    }
    if (!look.hasVersion() && !look.wasHere()) {
      return Optional.empty();
    }
    int newest = newestInHistory();
    return Optional.of(
        newest > SchemaState.NEEDED
            ? new SchemaState.Newer(newest)
            : new SchemaState.Damaged(withVersion(look.missing())));
  }

  /** A function that answers nothing is as good as none. */
  private static List<SchemaObject> withVersion(List<SchemaObject> missing) {
    return Stream.concat(Stream.of(SchemaObject.VERSION), missing.stream()).distinct().toList();
  }

  private SchemaState of(int version, Look look) {
    if (version > SchemaState.NEEDED) {
      return new SchemaState.Newer(version);
    }
    List<SchemaObject> ofTables = look.missingOfTables(version);
    if (!ofTables.isEmpty()) {
      // Which functions there should be is known only where they are ours.
      boolean isOurs = look.code().equals(needs.code());
      return new SchemaState.Damaged(isOurs ? look.missing() : ofTables);
    }
    if (version < SchemaState.NEEDED) {
      return new SchemaState.Older(version);
    }
    if (look.hasCode() && !look.code().equals(needs.code())) {
      return new SchemaState.Stale(
          Optional.of(look.code()).filter(code -> !code.isEmpty()), needs.code());
    }
    return look.missing().isEmpty()
        ? new SchemaState.Current()
        : new SchemaState.Damaged(look.missing());
  }

  private Look look() throws SQLException {
    List<SchemaObject> objects = needs.objects();
    try (PreparedStatement statement = connection.prepareStatement(INSTALLED)) {
      Object[] keys = objects.stream().map(SchemaObject::key).toArray();
      statement.setArray(1, connection.createArrayOf("text", keys));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        Long[] missing = (Long[]) row.getArray("missing").getArray();
        return new Look(
            row.getBoolean("has_version"),
            row.getBoolean("has_code"),
            row.getString("code"),
            row.getBoolean("was_here"),
            Arrays.stream(missing).map(place -> objects.get(place.intValue() - 1)).toList());
      }
    }
  }

  /** What the schema itself says; 0 where it says nothing, which no Latchkey does. */
  private int version() throws SQLException {
    return number("select latchkey.schema_version()");
  }

  private int newestInHistory() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(MAY_READ_HISTORY)) {
      if (!row.next() || !row.getBoolean(1)) {
        return 0;
      }
    }
    return number(NEWEST_IN_HISTORY);
  }

  private int number(String question) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(question)) {
      return row.next() ? row.getInt(1) : 0;
    }
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
