package dev.latchkey.testing;

import dev.latchkey.database.Migrations;
import dev.latchkey.sandbox.server.EmbeddedServer;
import dev.latchkey.sandbox.server.ServerAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;

/**
 * The data that test servers of one major version begin with, so that not each of them has to be
 * initialised and migrated. It is made once, and anew when what goes into it has changed: the
 * server's programs, the SQL, or the classes that start the one and install the other.
 */
record PreparedData(TestPostgres postgres) {
  static final String EMPTY = "template0";

  private static final String PREFIX = "prepared-";
  private static final String UNFINISHED = "preparing";
  private static final String SUPERUSER = "postgres";

  /** Gives the folder of a server that was never started its data. */
  void copyTo(Path server) throws IOException {
    Path home = Files.createDirectories(postgres.home());
    // Of several processes one makes it and the others wait.
    try (FileChannel turn =
        FileChannel.open(
            home.resolve("prepared.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      turn.lock();
      Path ready = home.resolve(PREFIX + fingerprint());
      if (!Files.isDirectory(ready)) {
        removeOlder(home);
        make(home.resolve(UNFINISHED));
        Files.move(home.resolve(UNFINISHED), ready, StandardCopyOption.ATOMIC_MOVE);
      }
      // In one step, so that what was copied half is never taken for data.
      Path half = server.resolve("data.copied");
      Folders.copy(ready.resolve("data"), half);
      Files.move(half, server.resolve("data"), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private void make(Path folder) {
    try (EmbeddedServer server = EmbeddedServer.start(postgres.settings(folder))) {
      ServerAddress address = server.address();
      Sql.on(address.dataSource("postgres", SUPERUSER))
          .execute("create database " + TestPostgres.MIGRATED + " template " + EMPTY);
      new Migrations(address.dataSource(TestPostgres.MIGRATED, SUPERUSER)).install();
    }
  }

  /** A making that was killed may have left its server running. */
  private void removeOlder(Path home) throws IOException {
    Path unfinished = home.resolve(UNFINISHED);
    if (Files.isDirectory(unfinished.resolve("data"))) {
      EmbeddedServer.start(postgres.settings(unfinished)).close();
    }
    Folders.delete(unfinished);
    try (var older = Files.newDirectoryStream(home, PREFIX + "*")) {
      for (Path folder : older) {
        Folders.delete(folder);
      }
    }
  }

  private String fingerprint() throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), digest);
          InputStream archive = postgres.archive().open()) {
        archive.transferTo(out);
        Path classes = place(Migrations.class);
        for (Path folder :
            List.of(
                classes.resolve("db"),
                room(classes, EmbeddedServer.class),
                room(classes, Migrations.class))) {
          for (Path file : files(folder)) {
            out.write(classes.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
            Files.copy(file, out);
          }
        }
        out.write(place(Flyway.class).toString().getBytes(StandardCharsets.UTF_8));
      }
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Path place(Class<?> of) {
    try {
      return Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static Path room(Path classes, Class<?> of) {
    return classes.resolve(of.getPackageName().replace('.', '/'));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
