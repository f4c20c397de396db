package dev.latchkey.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.StringEntry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/**
 * What a token or key looks like is known in room {@code token} and nowhere else: no text of any
 * other class begins like one, counts its characters or has its alphabet. Read from the compiled
 * classes, so that comments may show examples.
 */
final class TokenRoomTest {
  private static final Pattern SHAPE =
      Pattern.compile(
          "(?<![0-9A-Za-z_])(?:jit_|sk_|sbp_|sb_secret_|sb_publishable_|eyJ)"
              + "|\\{(?:27|32|65)}"
              + "|0123456789ABCDEFGHIJ");

  /** A text of a class, and where it stands. */
  private record Text(Path file, String text) {
    boolean isInRoom() {
      return file.startsWith("token");
    }

    boolean isShape() {
      return SHAPE.matcher(text).find();
    }
  }

  @Test
  void noOtherRoomHasAShapeOfATokenInItsTexts() throws Exception {
    assertThat(texts().stream().filter(Text::isShape).filter(text -> !text.isInRoom())).isEmpty();
  }

  @Test
  void theRoomItselfKnowsEveryPrefix() throws Exception {
    assertThat(texts().stream().filter(Text::isInRoom).filter(Text::isShape).map(Text::text))
        .contains("jit_", "sk_", "sbp_", "sb_secret_", "sb_publishable_");
  }

  private static List<Text> texts() throws IOException, URISyntaxException {
    Path classes =
        Path.of(dev.latchkey.Main.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .resolve("dev/latchkey");
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .flatMap(file -> texts(classes, file))
          .toList();
    }
  }

  private static Stream<Text> texts(Path classes, Path file) {
    try {
      return StreamSupport.stream(ClassFile.of().parse(file).constantPool().spliterator(), false)
          .filter(StringEntry.class::isInstance)
          .map(entry -> new Text(classes.relativize(file), ((StringEntry) entry).stringValue()));
    } catch (IOException exception) {
      throw new UncheckedIOException(exception);
    }
  }
}
