package dev.latchkey.connect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.latchkey.change.Environment;
import dev.latchkey.database.TlsMode;
import dev.latchkey.settings.SettingsFile;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The profiles as JSON: {@code {"profiles": […]}}. */
public final class ProfileFile {
  private static final JsonMapper JSON = new JsonMapper();

  private ProfileFile() {}

  /** The file {@code profiles.json} in {@code folder}. */
  public static SettingsFile<List<Profile>> in(Path folder) {
    return new SettingsFile<>(
        folder.resolve("profiles.json"), ProfileFile::read, ProfileFile::write);
  }

  private static JsonNode write(List<Profile> profiles) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode list = root.putArray("profiles");
    for (Profile profile : profiles) {
      ObjectNode node = list.addObject();
      node.put("id", profile.id());
      node.put("name", profile.name());
      node.put("host", profile.host());
      node.put("port", profile.port());
      node.put("database", profile.database());
      node.put("role", profile.role());
      node.put("environment", profile.environment().name());
      node.put("tls", profile.tls().parameter());
      profile.rootCertificate().ifPresent(path -> node.put("rootCertificate", path.toString()));
      node.put("options", profile.options());
      node.put("remember", profile.remember());
      profile.lastConnected().ifPresent(when -> node.put("lastConnected", when.toString()));
      node.put("lastRole", profile.lastRole());
    }
    return root;
  }

  private static List<Profile> read(JsonNode root) {
    if (!root.path("profiles").isArray()) {
      throw new IllegalArgumentException("no list of profiles");
    }
    List<Profile> profiles = new ArrayList<>();
    root.path("profiles").forEach(node -> profiles.add(profile(node)));
    return List.copyOf(profiles);
  }

  private static Profile profile(JsonNode node) {
    return new Profile(
        text(node, "id"),
        text(node, "name"),
        text(node, "host"),
        node.path("port").asInt(Profile.USUAL_PORT),
        text(node, "database"),
        text(node, "role"),
        Environment.valueOf(text(node, "environment")),
        tls(text(node, "tls")),
        Optional.of(text(node, "rootCertificate")).filter(path -> !path.isBlank()).map(Path::of),
        text(node, "options"),
        node.path("remember").asBoolean(false),
        Optional.of(text(node, "lastConnected"))
            .filter(when -> !when.isBlank())
            .map(ProfileFile::instant),
        text(node, "lastRole"));
  }

  private static String text(JsonNode node, String name) {
    return node.path(name).asText("");
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException exception) {
      throw new IllegalArgumentException(exception);
    }
  }

  private static TlsMode tls(String parameter) {
    for (TlsMode mode : TlsMode.values()) {
      if (mode.parameter().equals(parameter)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("unknown TLS mode");
  }
}
