package dev.latchkey.connect;

import dev.latchkey.settings.SettingsFile;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;
import javafx.collections.transformation.FilteredList;

/** The saved profiles: every change is in the file at once. */
public final class ProfileList {
  private final SettingsFile<List<Profile>> file;
  private final ObservableList<Profile> profiles = FXCollections.observableArrayList();
  private final FilteredList<Profile> shown = new FilteredList<>(profiles);
  private final StringProperty filter = new SimpleStringProperty("");
  private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper("");

  public ProfileList(SettingsFile<List<Profile>> file) {
    this.file = file;
    SettingsFile.Loaded<List<Profile>> loaded = file.load();
    profiles.setAll(loaded.value().orElse(List.of()));
    problem.set(loaded.problem().orElse(""));
    filter.subscribe(text -> shown.setPredicate(profile -> matches(profile, text)));
  }

  /** Those that the filter finds. */
  public ObservableList<Profile> shown() {
    return FXCollections.unmodifiableObservableList(shown);
  }

  /** Whatever the filter says. */
  public List<Profile> all() {
    return List.copyOf(profiles);
  }

  public int size() {
    return profiles.size();
  }

  public StringProperty filterProperty() {
    return filter;
  }

  /** Why profiles could not be read or saved, in a sentence; empty when all is well. */
  public ReadOnlyStringProperty problemProperty() {
    return problem.getReadOnlyProperty();
  }

  public Optional<Profile> find(String id) {
    return profiles.stream().filter(profile -> profile.id().equals(id)).findFirst();
  }

  /** Adds the profile, or puts it in the place of the one with its id. */
  public void put(Profile profile) {
    Optional<Profile> before = find(profile.id());
    if (before.filter(profile::equals).isPresent()) {
      return;
    }
    before.ifPresentOrElse(
        old -> profiles.set(profiles.indexOf(old), profile), () -> profiles.add(profile));
    save();
  }

  public void remove(String id) {
    profiles.removeIf(profile -> profile.id().equals(id));
    save();
  }

  /** {@code wanted}, or with a number after it where the name is taken. */
  public String freeName(String wanted) {
    String name = wanted;
    for (int number = 2; isTaken(name); number++) {
      name = wanted + " " + number;
    }
    return name;
  }

  private boolean isTaken(String name) {
    return profiles.stream().anyMatch(profile -> profile.name().equalsIgnoreCase(name));
  }

  private void save() {
    try {
      file.save(List.copyOf(profiles));
      problem.set("");
    } catch (IOException exception) {
      problem.set("The profiles could not be saved: the settings folder cannot be written.");
    }
  }

  private static boolean matches(Profile profile, String filter) {
    String text = filter.strip().toLowerCase(Locale.ROOT);
    return (profile.name() + " " + profile.place() + " " + profile.role())
        .toLowerCase(Locale.ROOT)
        .contains(text);
  }
}
