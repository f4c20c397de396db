package dev.latchkey.desktop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.desktop.Preferences.ThemeChoice;
import dev.latchkey.desktop.Preferences.ZoneChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferencesViewModelTest {
  @TempDir Path folder;

  @Test
  void atFirstTheSystemsThemeAndUtc() {
    PreferencesViewModel model = new PreferencesViewModel(folder);
    assertThat(model.themeProperty().get()).isEqualTo(ThemeChoice.SYSTEM);
    assertThat(model.timeZone().getValue()).isEqualTo(ZoneOffset.UTC);
    assertThat(model.problemProperty().get()).isEmpty();
  }

  @Test
  void aChoiceIsThereNextTime() {
    PreferencesViewModel model = new PreferencesViewModel(folder);
    model.themeProperty().set(ThemeChoice.DARK);
    model.zoneProperty().set(ZoneChoice.LOCAL);
    PreferencesViewModel next = new PreferencesViewModel(folder);
    assertThat(next.themeProperty().get()).isEqualTo(ThemeChoice.DARK);
    assertThat(next.zoneProperty().get()).isEqualTo(ZoneChoice.LOCAL);
  }

  @Test
  void damagedPreferencesAreKeptAsideAndTold() throws IOException {
    Files.writeString(folder.resolve("preferences.json"), "{\"theme\": \"PINK\"}");
    PreferencesViewModel model = new PreferencesViewModel(folder);
    assertThat(model.themeProperty().get()).isEqualTo(ThemeChoice.SYSTEM);
    assertThat(model.problemProperty().get()).contains("damaged");
    assertThat(folder.resolve("preferences.json.broken")).content().contains("PINK");
  }

  @Test
  void aFolderThatCannotBeWrittenIsToldAndTheChoiceHoldsForNow() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    PreferencesViewModel model = new PreferencesViewModel(file.resolve("below"));
    model.themeProperty().set(ThemeChoice.DARK);
    assertThat(model.themeProperty().get()).isEqualTo(ThemeChoice.DARK);
    assertThat(model.problemProperty().get()).contains("could not be saved");
  }
}
