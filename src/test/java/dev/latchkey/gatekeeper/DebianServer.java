package dev.latchkey.gatekeeper;

import dev.latchkey.database.Migrations;
import dev.latchkey.testing.KeptConnections;
import dev.latchkey.testing.Sql;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A cluster of Debian's own PostgreSQL, 15 or newer, which is built with PAM: in a folder and on a
 * loopback port of its own, as OS user postgres, with TLS by a certificate authority of its own,
 * and with Latchkey's schema in database {@value #DATABASE}.
 *
 * <p>Its superuser signs in over TCP with a password, as an ordinary administrator does.
 */
public final class DebianServer implements AutoCloseable {
  public static final String DATABASE = "app";
  public static final String SUPERUSER = "postgres";

  /** The superuser's password: with what an attacker would use for quoting. */
  static final String PASSWORD = "of 'the' $(administrator)";

  /** A major version; without it the newest that is installed. */
  private static final String PROPERTY = "latchkey.gatekeeper.postgres";

  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private static final Path BINARIES = VERSIONS.resolve(version()).resolve("bin");
  static final Path INSTALLER = Path.of("installer", "gatekeeper").toAbsolutePath();
  private static final Path PAM = Path.of("/etc/pam.d");
  private static final Path STATE = Path.of("/var/lib/latchkey");
  private static final Path LIBRARY = Path.of("/usr/local/lib/latchkey");

  private final Path folder;
  private final int port;
  private final List<String> services = new ArrayList<>();
  private final Thread atExit = new Thread(this::close);
  private final KeptConnections superuser;
  private boolean closed;

  private DebianServer(Path folder, int port) {
    this.folder = folder;
    this.port = port;
    this.superuser = new KeptConnections(dataSource(DATABASE, SUPERUSER, PASSWORD));
  }

  /** Skips the test, with the reason, where such a server cannot be had. */
  public static DebianServer startOrSkip() {
    Optional<String> missing = missing();
    Assumptions.assumeTrue(missing.isEmpty(), () -> missing.orElseThrow());
    try {
      Path folder = Files.createTempDirectory("latchkey-gatekeeper-");
      var server = new DebianServer(folder, freePort());
      Runtime.getRuntime().addShutdownHook(server.atExit);
      server.start();
      return server;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static String version() {
    return Optional.ofNullable(System.getProperty(PROPERTY))
        .or(
            () ->
                Program.run(List.of("ls", VERSIONS.toString()))
                    .output()
                    .lines()
                    .filter(name -> name.matches("[0-9]+"))
                    .max(Comparator.comparingInt(Integer::parseInt)))
        .orElse("15");
  }

  private static Optional<String> missing() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.of("the PAM gatekeeper is tested on Linux only");
    }
    if (!System.getProperty("user.name").equals("root")) {
      return Optional.of("the PAM gatekeeper is installed and tested as root only");
    }
    for (Path program :
        List.of(
            BINARIES.resolve("postgres"),
            Path.of("/usr/bin/psql"),
            Path.of("/usr/bin/openssl"),
            Path.of("/usr/bin/perl"),
            Path.of("/usr/sbin/runuser"),
            PAM)) {
      if (!Files.exists(program)) {
        return Optional.of(program + " is missing: install Debian's postgresql");
      }
    }
    if (!Program.run(List.of("id", "postgres")).good()) {
      return Optional.of("there is no OS user postgres: install Debian's postgresql");
    }
    if (!Program.run(List.of("perl", "-e", "exit !glob '/{usr/,}lib/*/security/pam_exec.so'"))
        .good()) {
      return Optional.of("pam_exec is missing: install Debian's libpam-modules");
    }
    return Optional.empty();
  }

  private void start() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    must(List.of("chown", "postgres", folder.toString()));
    Path password = folder.resolve("password");
    Files.writeString(password, PASSWORD + "\n");
    must(
        asPostgres(
            BINARIES.resolve("initdb").toString(),
            "-D",
            data().toString(),
            "--no-sync",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--auth-local=peer",
            "--auth-host=scram-sha-256",
            "--pwfile=" + password));
    Files.delete(password);
    makeCertificates();
    must(asPostgres("mkdir", folder.resolve("socket").toString()));
    Files.writeString(
        data().resolve("postgresql.conf"),
        """
        port = %d
        unix_socket_directories = '%s'
        listen_addresses = '127.0.0.1'
        max_connections = 60
        ssl = on
        fsync = off
        shared_preload_libraries = 'auto_explain, pg_stat_statements'
        """
            .formatted(port, folder.resolve("socket")),
        StandardOpenOption.APPEND);
    must(
        asPostgres(
            BINARIES.resolve("pg_ctl").toString(),
            "-D",
            data().toString(),
            "-l",
            log().toString(),
            "-t",
            "120",
            "-w",
            "start"));
    Sql.on(dataSource("postgres", SUPERUSER, PASSWORD)).execute("create database " + DATABASE);
    new Migrations(dataSource(DATABASE, SUPERUSER, PASSWORD)).install();
  }

  private void makeCertificates() {
    must(
        asPostgres(
            "sh",
            "-c",
            """
            set -e
            cd "$1"
            openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
              -subj '/CN=Latchkey test CA' -keyout ca.key -out ca.crt
            openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
              -subj /CN=localhost -keyout data/server.key -out server.csr
            echo subjectAltName=IP:127.0.0.1 > server.ext
            openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 \
              -extfile server.ext -out data/server.crt
            chmod 600 data/server.key ca.key
            """,
            "sh",
            folder.toString()));
  }

  public int port() {
    return port;
  }

  /** The data directory; it has the server's certificate and key. */
  public Path data() {
    return folder.resolve("data");
  }

  public Path hbaFile() {
    return data().resolve("pg_hba.conf");
  }

  Path identFile() {
    return data().resolve("pg_ident.conf");
  }

  Path log() {
    return folder.resolve("server.log");
  }

  /** The unix socket's file. */
  public Path socket() {
    return folder.resolve("socket").resolve(".s.PGSQL." + port);
  }

  /** The certificate authority that clients trust. */
  public Path authority() {
    return folder.resolve("ca.crt");
  }

  /** A folder of root's that systemd does not look into. */
  Path units() throws IOException {
    Path units = Path.of("/root/latchkey-test-units-" + port);
    Files.createDirectories(
        units, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return units;
  }

  long postmaster() throws IOException {
    return Long.parseLong(Files.readAllLines(data().resolve("postmaster.pid")).getFirst());
  }

  /** Queries as superuser, on kept connections. */
  public Sql sql() {
    return Sql.on(superuser);
  }

  /** Over TLS that is verified against {@link #authority()}. */
  public PGSimpleDataSource dataSource(String database, String role, String password) {
    var source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(database);
    source.setUser(role);
    source.setPassword(password);
    source.setApplicationName("gatekeeper test");
    source.setSslMode("verify-full");
    source.setSslRootCert(authority().toString());
    source.setGssEncMode("disable");
    return source;
  }

  /** Replaces pg_hba.conf; the server reads it at once. */
  public void writeHba(String text) {
    try {
      Files.writeString(hbaFile(), text);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    sql().rows("select pg_reload_conf()");
  }

  /**
   * Runs installer/gatekeeper/install for this server, with an environment that would mislead it.
   */
  public Program.Outcome install(String service, String... options) {
    return installFrom(INSTALLER, service, options);
  }

  /** The same with the scripts of another folder. */
  Program.Outcome installFrom(Path installer, String service, String... options) {
    if (!services.contains(service)) {
      services.add(service);
    }
    var command = new ArrayList<String>();
    command.add(installer.resolve("install").toString());
    command.addAll(List.of("--data", data().toString(), "--database", DATABASE));
    command.addAll(List.of("--service", service));
    command.addAll(List.of(options));
    return Program.run(command, misleading(), new byte[0]);
  }

  public Program.Outcome uninstall(String service) {
    return uninstallFrom(INSTALLER, service);
  }

  Program.Outcome uninstallFrom(Path installer, String service) {
    return Program.run(
        List.of(installer.resolve("uninstall").toString(), "--service", service),
        misleading(),
        new byte[0]);
  }

  static Map<String, String> misleading() {
    return Map.of(
        "PGHOST", "192.0.2.1",
        "PGSERVICEFILE", "/nonexistent",
        "PGOPTIONS", "-c role=nobody",
        "PGUSER", "nobody",
        "PSQLRC", "/etc/passwd",
        "CDPATH", "/tmp:/",
        "POSIXLY_CORRECT", "1");
  }

  static Path pamFile(String service) {
    return PAM.resolve(service);
  }

  static Path helper(String service) {
    return LIBRARY.resolve(service).resolve("latchkey-gatekeeper");
  }

  static Path state(String service) {
    return STATE.resolve(service);
  }

  /** Where the state is before it is in force. */
  static Path unfinishedState(String service) {
    return STATE.resolve("." + service);
  }

  public static List<String> asPostgres(String... command) {
    var all = new ArrayList<>(List.of("runuser", "-u", "postgres", "--"));
    all.addAll(List.of(command));
    return all;
  }

  /** Processes that run the helper of any service for this server. */
  List<String> helpersRunning() {
    return ProcessHandle.allProcesses()
        .map(process -> process.info().commandLine().orElse(""))
        .filter(line -> line.contains("latchkey-gatekeeper ") && line.contains(socket().toString()))
        .toList();
  }

  public static String must(List<String> command) {
    Program.Outcome outcome = Program.run(command);
    if (!outcome.good()) {
      throw new AssertionError(String.join(" ", command) + ": " + outcome.output());
    }
    return outcome.output();
  }

  /** Stops the server and removes every file, whatever a test left. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    superuser.close();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException exiting) {
      // It is the hook that closes.
    }
    try {
      for (String service : services) {
        Files.deleteIfExists(pamFile(service));
        delete(helper(service).getParent());
        delete(state(service));
        delete(unfinishedState(service));
      }
      for (Path shared : Set.of(LIBRARY, STATE)) {
        if (Files.isDirectory(shared) && isEmpty(shared)) {
          Files.delete(shared);
        }
      }
      delete(units());
      Program.run(
          asPostgres(
              BINARIES.resolve("pg_ctl").toString(),
              "-D",
              data().toString(),
              "-m",
              "immediate",
              "stop"));
      delete(folder);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }

  private static void delete(Path folder) {
    if (Files.exists(folder)) {
      must(List.of("rm", "-rf", folder.toString()));
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Waits until the process is gone. */
  static void awaitEnd(Process process) throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running: " + process.info().commandLine().orElse("?"));
    }
  }
}
