package dev.latchkey.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.database.SchemaNeeds;
import dev.latchkey.database.SchemaObject;
import dev.latchkey.testing.SqlFiles;
import dev.latchkey.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The list that the build reads out of the SQL is what PostgreSQL makes of it. */
final class SchemaNeedsTest {
  @RegisterExtension static final TestDatabase DATABASE = new TestDatabase();

  private static final String MADE =
      """
      with ours as (
        select n.oid, n.nspname from pg_namespace as n
        where n.nspname in ('latchkey', 'api_keys_private', 'temporary_access', 'audit', 'http_gate', 'ksuid_keys', 'latchkey_doors', 'public', 'auth')
      )
      select 'schema ' || nspname from ours where nspname not in ('public', 'auth')
      union all
      select format('%s %s.%s', case c.relkind when 'v' then 'view' else 'table' end, o.nspname, c.relname)
      from pg_class as c join ours as o on o.oid = c.relnamespace
      where c.relkind in ('r', 'p', 'v') and c.relname !~ '^(schema_history$|api_key_logs_y)'
      union all
      select 'function ' || replace(p.oid::regprocedure::text, ',', ', ')
      from pg_proc as p join ours as o on o.oid = p.pronamespace
      where o.nspname not in ('public', 'auth')
      union all
      select 'function public.' || replace(p.oid::regprocedure::text, ',', ', ')
      from pg_proc as p
      where p.pronamespace = 'public'::regnamespace and p.proname <> 'has_role_on_account'
      union all
      values ('function public.has_role_on_account()'), ('function auth.jwt()'), ('function auth.uid()')
      union all
      select format('trigger %s on %s.%s', t.tgname, o.nspname, c.relname)
      from pg_trigger as t join pg_class as c on c.oid = t.tgrelid join ours as o on o.oid = c.relnamespace
      where not t.tgisinternal
      """;

  @Test
  void everythingThatInstallingMakesIsListedAndNothingElse() {
    List<String> listed =
        SchemaNeeds.ofThisProgram().objects().stream().map(SchemaObject::toString).toList();
    assertThat(listed).hasSizeGreaterThan(250).doesNotHaveDuplicates();
    List<String> made = DATABASE.sql().texts(MADE);
    assertThat(made.stream().filter(object -> !listed.contains(object))).as("not listed").isEmpty();
    assertThat(listed.stream().filter(object -> !made.contains(object))).as("not made").isEmpty();
  }

  @Test
  void theCodeIsThatOfTheBuild() {
    assertThat(SchemaNeeds.ofThisProgram().code())
        .isEqualTo(SqlFiles.codeVersion())
        .isEqualTo(DATABASE.sql().text("select latchkey.code_version()"));
  }
}
