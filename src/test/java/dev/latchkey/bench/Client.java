package dev.latchkey.bench;

/** Makes load. Statements are prepared once per connection, and every one is a transaction. */
interface Client {
  /**
   * @param perSecond statements per second of all clients together; counts what was fetched, too
   * @param seconds how long the measured statement took a client on average
   */
  record Speed(double perSecond, double seconds) {}

  /** Lets that many clients repeat the load for that many seconds. */
  Speed run(Target target, Load load, int clients, int seconds) throws Exception;

  /** For the results. */
  String description();

  /** pgbench where PostgreSQL's programs are installed, else Java. */
  static Client best() {
    return PgBench.installed().<Client>map(found -> found).orElseGet(JavaClient::new);
  }
}
