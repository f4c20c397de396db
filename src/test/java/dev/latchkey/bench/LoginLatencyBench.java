package dev.latchkey.bench;

import dev.latchkey.gate.Gate;
import dev.latchkey.gate.GateLimits;
import dev.latchkey.gate.GateSettings;
import dev.latchkey.gatekeeper.DebianServer;
import dev.latchkey.gatekeeper.GatekeptServer;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * How long a sign-in takes with a token, through PAM and through the gate, beside a SCRAM password:
 * from opening the socket to a session that is ready, over TLS, on one Debian server. The ways take
 * turns in one run, so that what else the machine does falls on all of them.
 */
final class LoginLatencyBench {
  @RegisterExtension static final GatekeptServer SERVER = new GatekeptServer();

  private static final int ROUNDS = 10;
  private static final int SIGN_INS = 60;
  private static final String SCRAM_ROLE = "gatekept_scram";
  private static final String SCRAM_PASSWORD = "of-the-bench";
  private static final Path RESULT = Path.of("target", "bench", "login-latency.md");

  private static String hba;
  private static Gate gate;
  private static Map<String, PGSimpleDataSource> ways;

  @BeforeAll
  static void open() throws Exception {
    SERVER.role(SCRAM_ROLE, "login password '" + SCRAM_PASSWORD + "'");
    SERVER.sql().execute("alter role latchkey_gatekeeper login");
    hba = Files.readString(SERVER.server().hbaFile());
    SERVER
        .server()
        .writeHba(
            """
            local all latchkey_gatekeeper,%s trust
            hostssl all %s 127.0.0.1/32 scram-sha-256
            """
                    .formatted(GatekeptServer.ROLE, SCRAM_ROLE)
                + hba);
    gate =
        Gate.open(
            new GateSettings(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                SERVER.server().socket(),
                GateSettings.GATEKEEPER,
                DebianServer.DATABASE,
                GateLimits.standard(),
                Optional.of(tls())));

    String token = SERVER.access().token();
    ways = new LinkedHashMap<>();
    ways.put("SCRAM password", source(SCRAM_ROLE, SCRAM_PASSWORD));
    ways.put("token through PAM", source(GatekeptServer.ROLE, token));
    PGSimpleDataSource throughGate = source(GatekeptServer.ROLE, token);
    throughGate.setPortNumbers(new int[] {gate.address().getPort()});
    ways.put("token through the gate", throughGate);
  }

  @AfterAll
  static void close() {
    if (gate != null) {
      gate.close();
    }
    if (hba != null) {
      SERVER.server().writeHba(hba);
      SERVER.sql().execute("alter role latchkey_gatekeeper nologin");
    }
  }

  @Test
  void besideAPassword() throws Exception {
    var table = new StringBuilder();
    table.append("| way in | clients | p50 | p95 | p50 to SCRAM's |\n|---|--:|--:|--:|--:|\n");
    for (int clients : new int[] {1, 20}) {
      Map<String, List<Double>> millis = measure(clients);
      double scram = percentile(millis.get("SCRAM password"), 50);
      millis.forEach(
          (way, all) ->
              table.append(
                  "| %s | %d | %.1f ms | %.1f ms | %.1f |%n"
                      .formatted(
                          way,
                          clients,
                          percentile(all, 50),
                          percentile(all, 95),
                          percentile(all, 50) / scram)));
    }
    Files.createDirectories(RESULT.getParent());
    Files.writeString(RESULT, table);
  }

  private static Map<String, List<Double>> measure(int clients) throws Exception {
    Map<String, List<Double>> millis = new LinkedHashMap<>();
    ways.keySet().forEach(way -> millis.put(way, new ArrayList<>()));
    for (int round = -1; round < ROUNDS; round++) {
      List<String> order = List.copyOf(ways.keySet());
      for (String way : round % 2 == 0 ? order : order.reversed()) {
        List<Double> taken = signIns(ways.get(way), clients);
        if (round >= 0) {
          millis.get(way).addAll(taken);
        }
      }
    }
    return millis;
  }

  private static List<Double> signIns(PGSimpleDataSource source, int clients) throws Exception {
    Callable<List<Double>> client =
        () -> {
          List<Double> taken = new ArrayList<>();
          for (int time = 0; time < SIGN_INS / clients; time++) {
            long start = System.nanoTime();
            var connection = source.getConnection();
            taken.add((System.nanoTime() - start) / 1e6);
            connection.close();
          }
          return taken;
        };
    List<Double> all = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(clients)) {
      List<Callable<List<Double>>> every = new ArrayList<>();
      for (int number = 0; number < clients; number++) {
        every.add(client);
      }
      for (Future<List<Double>> taken : executor.invokeAll(every)) {
        all.addAll(taken.get());
      }
    }
    return all;
  }

  private static double percentile(List<Double> values, int percent) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted[(int) Math.ceil(percent / 100.0 * sorted.length) - 1];
  }

  private static PGSimpleDataSource source(String role, String password) {
    return SERVER.server().dataSource(DebianServer.DATABASE, role, password);
  }

  /** The gate shows the server's own certificate. */
  private static SSLContext tls() throws Exception {
    Path data = SERVER.server().data();
    Path store = Files.createTempFile("latchkey-bench-", ".p12");
    try {
      DebianServer.must(
          List.of(
              "openssl",
              "pkcs12",
              "-export",
              "-in",
              data.resolve("server.crt").toString(),
              "-inkey",
              data.resolve("server.key").toString(),
              "-passout",
              "pass:bench",
              "-out",
              store.toString()));
      KeyStore keys = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(store)) {
        keys.load(in, "bench".toCharArray());
      }
      var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(keys, "bench".toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      return context;
    } finally {
      Files.delete(store);
    }
  }
}
