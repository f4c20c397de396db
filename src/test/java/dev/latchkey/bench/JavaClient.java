package dev.latchkey.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Does what pgbench does, where there is none; costs more of the machine that it measures. */
final class JavaClient implements Client {
  /** {@code :name}, but not the second colon of a cast. */
  private static final Pattern VARIABLE = Pattern.compile("(?<!:):([a-z_]\\w*)");

  /** What one connection did. */
  private record Done(long statements, long nanoseconds) {}

  @Override
  public Speed run(Target target, Load load, int clients, int seconds) throws Exception {
    try (var threads = Executors.newFixedThreadPool(clients)) {
      List<Callable<Done>> all = new ArrayList<>();
      for (int client = 0; client < clients; client++) {
        all.add(() -> repeat(target, load, TimeUnit.SECONDS.toNanos(seconds)));
      }
      long statements = 0;
      long nanoseconds = 0;
      for (Future<Done> done : threads.invokeAll(all)) {
        statements += done.get().statements();
        nanoseconds += done.get().nanoseconds();
      }
      return new Speed((double) statements / seconds, nanoseconds / 1e9 / statements);
    }
  }

  @Override
  public String description() {
    return "Java threads with prepared statements, because pgbench is not installed";
  }

  private static Done repeat(Target target, Load load, long nanoseconds) throws SQLException {
    try (Connection connection = target.dataSource().getConnection();
        PreparedStatement fetch = prepare(connection, load.fetch());
        PreparedStatement statement = prepare(connection, load.statement())) {
      long end = System.nanoTime() + nanoseconds;
      long count = 0;
      long spent = 0;
      while (System.nanoTime() < end) {
        int number = ThreadLocalRandom.current().nextInt(load.range()) + 1;
        Map<String, String> variables = new HashMap<>(Map.of("n", String.valueOf(number)));
        if (!load.fetch().isEmpty()) {
          bind(fetch, load.fetch(), variables);
          read(fetch, variables);
        }
        bind(statement, load.statement(), variables);
        long begin = System.nanoTime();
        statement.execute();
        spent += System.nanoTime() - begin;
        count++;
      }
      return new Done(count, spent);
    }
  }

  private static PreparedStatement prepare(Connection connection, String sql) throws SQLException {
    return connection.prepareStatement(
        sql.isEmpty() ? "select" : VARIABLE.matcher(sql).replaceAll("?"));
  }

  /** As text of no type, which the server makes what the statement needs, as for pgbench. */
  private static void bind(PreparedStatement statement, String sql, Map<String, String> variables)
      throws SQLException {
    int index = 1;
    for (MatchResult variable : VARIABLE.matcher(sql).results().toList()) {
      statement.setObject(index++, variables.get(variable.group(1)), Types.OTHER);
    }
  }

  private static void read(PreparedStatement fetch, Map<String, String> variables)
      throws SQLException {
    try (ResultSet row = fetch.executeQuery()) {
      row.next();
      for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
        variables.put(row.getMetaData().getColumnLabel(column), row.getString(column));
      }
    }
  }
}
