package dev.latchkey.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The client that stands in for pgbench, on machines where nobody would notice that it failed. */
final class JavaClientTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.empty();

  @Test
  void runsWhatPgbenchWouldRun() throws Exception {
    DATABASE
        .sql()
        .execute(
            "create table drawn (n integer, text text); create table names (n integer, name text);"
                + " insert into names select n, 'name ' || n from generate_series(1, 3) as n");
    Target target = Target.of(DATABASE.address(), DATABASE.name(), "postgres");
    Load load =
        Load.drawing(3, "insert into drawn values (:n::integer, :name)")
            .fetching("select name from names where n = :n");

    Client.Speed speed = new JavaClient().run(target, load, 2, 1);

    assertThat(DATABASE.sql().texts("select distinct text from drawn where text = 'name ' || n"))
        .isNotEmpty()
        .isSubsetOf("name 1", "name 2", "name 3");
    assertThat(DATABASE.sql().number("select count(*) from drawn where text is null")).isZero();
    assertThat(speed.perSecond()).isPositive();
    assertThat(speed.seconds()).isBetween(0.0, 10.0).isNotZero();
  }
}
