package dev.latchkey.desktop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.latchkey.desktop.Preferences.ThemeChoice;
import dev.latchkey.desktop.Preferences.ZoneChoice;
import dev.latchkey.settings.SettingsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZoneOffset;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;

/** The preferences: every change is in the file at once. */
public final class PreferencesViewModel {
  private final SettingsFile<Preferences> file;
  private final ObjectProperty<ThemeChoice> theme = new SimpleObjectProperty<>();
  private final ObjectProperty<ZoneChoice> zone = new SimpleObjectProperty<>();
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");

  /** Kept in {@code preferences.json} in {@code folder}. */
  public PreferencesViewModel(Path folder) {
    this.file =
        new SettingsFile<>(
            folder.resolve("preferences.json"),
            PreferencesViewModel::read,
            PreferencesViewModel::write);
    SettingsFile.Loaded<Preferences> loaded = file.load();
    Preferences found = loaded.value().orElse(Preferences.STANDARD);
    theme.set(found.theme());
    zone.set(found.zone());
    problem.set(loaded.problem().orElse(""));
    theme.addListener(_ -> save());
    zone.addListener(_ -> save());
  }

  public ObjectProperty<ThemeChoice> themeProperty() {
    return theme;
  }

  public ObjectProperty<ZoneChoice> zoneProperty() {
    return zone;
  }

  /** The zone in which times are said. */
  public ObservableValue<ZoneId> timeZone() {
    return zone.map(choice -> choice == ZoneChoice.UTC ? ZoneOffset.UTC : ZoneId.systemDefault());
  }

  /** Why they could not be read or saved, in a sentence; empty when all is well. */
  public ReadOnlyStringProperty problemProperty() {
    return problem.getReadOnlyProperty();
  }

  private void save() {
    try {
      file.save(new Preferences(theme.get(), zone.get()));
      problem.set("");
    } catch (IOException exception) {
      problem.set("The preferences could not be saved: the settings folder cannot be written.");
    }
  }

  private static Preferences read(JsonNode node) {
    return new Preferences(
        ThemeChoice.valueOf(node.path("theme").asText()),
        ZoneChoice.valueOf(node.path("times").asText()));
  }

  private static JsonNode write(Preferences preferences) {
    ObjectNode node = new JsonMapper().createObjectNode();
    node.put("theme", preferences.theme().name());
    node.put("times", preferences.zone().name());
    return node;
  }
}
