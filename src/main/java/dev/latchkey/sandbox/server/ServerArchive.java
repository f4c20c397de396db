package dev.latchkey.sandbox.server;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.IOException;
import java.io.InputStream;

/** Where the programs of a PostgreSQL server come from: one tar archive, packed with xz. */
@FunctionalInterface
public interface ServerArchive {
  /**
   * Opens the archive from its beginning, each time anew.
   *
   * @throws IOException when there is none for this system, in words for its user
   */
  InputStream open() throws IOException;

  /** The archive in the class path: the one major version that this program carries. */
  static ServerArchive carried() {
    return () -> {
      String architecture = System.getProperty("os.arch");
      try {
        InputStream archive =
            DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(
                ServerBinaries.system(), architecture);
        if (archive != null) {
          return archive;
        }
      } catch (IllegalStateException missing) {
        throw new IOException(missing.getMessage(), missing);
      }
      throw new IOException(
          "this build holds no PostgreSQL for " + ServerBinaries.system() + " on " + architecture);
    };
  }
}
