package dev.latchkey.desktop;

import dev.latchkey.desktop.Preferences.ThemeChoice;
import dev.latchkey.kit.Found;
import dev.latchkey.kit.Screen;
import dev.latchkey.widget.Icons;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What the command palette offers. */
final class FrameCommands {
  private static final Supplier<Optional<String>> ALWAYS = Optional::empty;

  private final FrameViewModel model;
  private final PreferencesViewModel preferences;
  private final Supplier<Optional<Screen>> screen;
  private final RenewDialog renew;
  private final HelpSheet help;
  private final Runnable switchWriting;
  private final Runnable diagnose;

  FrameCommands(
      FrameViewModel model,
      PreferencesViewModel preferences,
      Supplier<Optional<Screen>> screen,
      RenewDialog renew,
      HelpSheet help,
      Runnable switchWriting,
      Runnable diagnose) {
    this.model = model;
    this.preferences = preferences;
    this.screen = screen;
    this.renew = renew;
    this.help = help;
    this.switchWriting = switchWriting;
    this.diagnose = diagnose;
  }

  List<Command> all() {
    List<Command> commands = new ArrayList<>();
    for (Place place : Place.WORK) {
      String shortcut = HelpSheet.shortcut(String.valueOf(Place.WORK.indexOf(place) + 1));
      commands.add(
          new Command(
              place.icon(),
              "Go to " + place.label(),
              shortcut,
              this::notConnected,
              () -> model.placeProperty().set(place)));
    }
    commands.add(
        new Command(
            Icons.ADD, "New key", "N", () -> notConnected().or(this::readOnly), this::newKey));
    commands.add(
        new Command(
            Icons.ADD,
            "Grant temporary access",
            "N",
            () -> notConnected().or(this::readOnly),
            this::grantAccess));
    commands.add(
        new Command(
            Icons.RELOAD,
            "Reload",
            "F5",
            this::notConnected,
            () -> screen.get().ifPresent(Screen::reload)));
    commands.add(
        new Command(
            Icons.WRITE,
            model.writingProperty().get() ? "Turn off write mode" : "Turn on write mode",
            "",
            model::writeObstacle,
            switchWriting));
    commands.add(new Command(Icons.ACCESS, "Renew access", "", this::notConnected, renew::open));
    commands.add(new Command(Icons.SIGN_OUT, "Sign out", "", this::notConnected, model::signOut));
    commands.add(
        new Command(
            Icons.DOCTOR, "Diagnose the connection", "", this::connected, this::diagnoseThere));
    for (ThemeChoice theme : ThemeChoice.values()) {
      commands.add(
          new Command(
              Icons.THEME,
              "Theme: " + theme.label().toLowerCase(Locale.ROOT),
              "",
              () -> already(theme),
              () -> preferences.themeProperty().set(theme)));
    }
    commands.add(
        new Command(
            Icons.PREFERENCES,
            "Preferences",
            HelpSheet.shortcut(","),
            ALWAYS,
            () -> model.placeProperty().set(Place.PREFERENCES)));
    commands.add(new Command(Icons.HELP, "Keyboard", "F1", ALWAYS, help::open));
    return commands;
  }

  /** Has the screens look for what they have by this name. */
  void find(String words, Consumer<List<Command>> found) {
    model
        .workProperty()
        .get()
        .ifPresent(
            work ->
                work.screens()
                    .forEach(
                        (place, screen) ->
                            screen.find(
                                words,
                                some ->
                                    found.accept(
                                        some.stream().map(one -> goTo(place, one)).toList()))));
  }

  private Command goTo(Place place, Found found) {
    return new Command(
        found.icon(),
        found.name(),
        found.detail(),
        "",
        ALWAYS,
        () -> {
          model.placeProperty().set(place);
          found.open().run();
        });
  }

  private void newKey() {
    model.placeProperty().set(Place.KEYS);
    screen.get().ifPresent(Screen::createNew);
  }

  private void diagnoseThere() {
    model.placeProperty().set(Place.CONNECT);
    diagnose.run();
  }

  private Optional<String> connected() {
    return model.workProperty().get().isPresent()
        ? Optional.of("You are connected. Sign out to examine a profile.")
        : Optional.empty();
  }

  private void grantAccess() {
    model.placeProperty().set(Place.ACCESS);
    screen.get().ifPresent(Screen::createNew);
  }

  private Optional<String> notConnected() {
    return model.workProperty().get().isEmpty()
        ? Optional.of("Connect to a database first.")
        : Optional.empty();
  }

  private Optional<String> readOnly() {
    return model.writingProperty().get()
        ? Optional.empty()
        : Optional.of("The console is read-only: turn on write mode.");
  }

  private Optional<String> already(ThemeChoice theme) {
    return preferences.themeProperty().get() == theme
        ? Optional.of("This is the theme now.")
        : Optional.empty();
  }
}
