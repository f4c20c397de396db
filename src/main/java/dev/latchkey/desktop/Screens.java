package dev.latchkey.desktop;

import dev.latchkey.access.AccessCalls;
import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.OwnAccessCheck;
import dev.latchkey.access.screen.AccessView;
import dev.latchkey.access.screen.AccessViewModel;
import dev.latchkey.audit.screen.AuditScreen;
import dev.latchkey.audit.screen.AuditViewModel;
import dev.latchkey.change.ChangeRunner;
import dev.latchkey.change.Changes;
import dev.latchkey.change.WriteMode;
import dev.latchkey.keys.KeyCalls;
import dev.latchkey.keys.KeyChanges;
import dev.latchkey.keys.screen.KeysView;
import dev.latchkey.keys.screen.KeysViewModel;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.Screen;
import dev.latchkey.kit.form.ReviewDialog;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes the screens of one sign-in from what they read, whatever that is. */
final class Screens {
  private final Sources sources;
  private final WriteMode writeMode;
  private final Desk desk;
  private final Clock clock;
  private final Consumer<String> report;

  /**
   * @param report is told what was done, for the status bar
   */
  Screens(Sources sources, WriteMode writeMode, Desk desk, Clock clock, Consumer<String> report) {
    this.sources = sources;
    this.writeMode = writeMode;
    this.desk = desk;
    this.clock = clock;
    this.report = report;
  }

  /** A screen for each place. */
  Map<Place, Screen> all() {
    Map<Place, Screen> screens = new EnumMap<>(LaterScreens.all());
    screens.put(Place.KEYS, keys());
    screens.put(Place.ACCESS, access());
    screens.put(
        Place.AUDIT,
        AuditScreen.of(new AuditViewModel(sources.audit(), desk.tasks(), clock), desk));
    return screens;
  }

  private Screen keys() {
    Optional<KeyChanges> changes =
        sources
            .writing()
            .map(writing -> new KeyChanges(new KeyCalls(sources.keys()), changes(writing)));
    return new KeysView(
        new KeysViewModel(sources.keys(), sources.scopes(), changes, desk.tasks(), clock), desk);
  }

  private Screen access() {
    Optional<AccessChanges> changes =
        sources
            .writing()
            .map(
                writing ->
                    new AccessChanges(
                        new AccessCalls(sources.access(), writing.choices()),
                        writing.choices(),
                        changes(writing)));
    return new AccessView(
        new AccessViewModel(sources.access(), changes, desk.tasks(), clock),
        sources.endpoint(),
        desk);
  }

  private Changes changes(Sources.Writing writing) {
    ChangeRunner runner =
        new ChangeRunner(
            writing.door(),
            writeMode,
            new ReviewDialog(desk.dialogs(), desk.clipboard()),
            List.of(new OwnAccessCheck(sources.access(), writing.choices())),
            desk.tasks(),
            report);
    return new Changes(runner, writeMode, writing.ended());
  }
}
