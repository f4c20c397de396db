package dev.latchkey.settings;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Function;

/**
 * One JSON file with settings. Saved through a temporary file that takes the old one's place in one
 * step, so that a crash leaves either the old or the new one. A file that cannot be read is kept
 * aside, never overwritten.
 *
 * @param <T> the settings
 */
public final class SettingsFile<T> {
  private static final long LARGEST = 4L << 20;

  private final JsonMapper json = new JsonMapper();
  private final Path file;
  private final Function<JsonNode, T> reader;
  private final Function<T, JsonNode> writer;

  /**
   * @param reader throws {@link IllegalArgumentException} for what it does not understand
   */
  public SettingsFile(Path file, Function<JsonNode, T> reader, Function<T, JsonNode> writer) {
    this.file = file;
    this.reader = reader;
    this.writer = writer;
  }

  /**
   * What was found.
   *
   * @param value empty when there was no file, or none that could be read
   * @param problem a sentence for the operator, when there was one that could not be read
   */
  public record Loaded<T>(Optional<T> value, Optional<String> problem) {}

  public Loaded<T> load() {
    if (!Files.exists(file)) {
      return new Loaded<>(Optional.empty(), Optional.empty());
    }
    try {
      if (Files.size(file) > LARGEST) {
        return aside();
      }
      return new Loaded<>(
          Optional.of(reader.apply(json.readTree(Files.readString(file)))), Optional.empty());
    } catch (JsonProcessingException
        | IllegalArgumentException
        | CharacterCodingException exception) {
      return aside();
    } catch (IOException exception) {
      return new Loaded<>(
          Optional.empty(), Optional.of("The file %s cannot be read.".formatted(file)));
    }
  }

  /**
   * @throws IOException when it could not be written; the file is then as it was
   */
  public void save(T value) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    createPrivate(folder);
    Path fresh = Files.createTempFile(folder, file.getFileName().toString(), ".new");
    try {
      Files.writeString(
          fresh, json.writerWithDefaultPrettyPrinter().writeValueAsString(writer.apply(value)));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  private Loaded<T> aside() {
    Path kept = file.resolveSibling(file.getFileName() + ".broken");
    for (int number = 2; Files.exists(kept); number++) {
      kept = file.resolveSibling(file.getFileName() + ".broken-" + number);
    }
    try {
      Files.move(file, kept);
    } catch (IOException exception) {
      return new Loaded<>(Optional.empty(), Optional.of("The file %s is damaged.".formatted(file)));
    }
    return new Loaded<>(
        Optional.empty(),
        Optional.of(
            "The file %s was damaged. It is kept as %s.".formatted(file, kept.getFileName())));
  }

  private static void createPrivate(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(folder);
    }
  }
}
