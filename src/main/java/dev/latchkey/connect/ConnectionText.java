package dev.latchkey.connect;

import dev.latchkey.database.TlsMode;
import dev.latchkey.token.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a pasted connection URL or conninfo string says. Either all of it was understood, or a
 * sentence tells what is wrong and nothing of it is used.
 */
public sealed interface ConnectionText {

  /** Nothing pasted. */
  record Empty() implements ConnectionText {}

  /** Not to be used: {@code sentence} says why. */
  record Wrong(String sentence) implements ConnectionText {}

  /**
   * What was found; what is empty was not told.
   *
   * @param password taken out of the text; the caller closes it
   * @param remarks sentences about what was changed or left out
   */
  record Found(
      String host,
      Optional<Integer> port,
      Optional<String> database,
      Optional<String> role,
      Optional<TlsMode> tls,
      Optional<Path> rootCertificate,
      Optional<String> options,
      Optional<Secret> password,
      List<String> remarks)
      implements ConnectionText {

    /** How many of a profile's fields it fills. */
    int fields() {
      return 1
          + (int)
              List.of(port, database, role, tls, rootCertificate, options).stream()
                  .filter(Optional::isPresent)
                  .count();
    }
  }

  static ConnectionText of(String text) {
    return new ConnectionReader(text).read();
  }
}
