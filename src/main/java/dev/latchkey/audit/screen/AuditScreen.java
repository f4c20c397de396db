package dev.latchkey.audit.screen;

import dev.latchkey.audit.AuditColumn;
import dev.latchkey.audit.AuditEvent;
import dev.latchkey.audit.AuditFilter;
import dev.latchkey.audit.AuditFilter.Period;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.Screen;
import dev.latchkey.kit.list.ChoiceMenu;
import dev.latchkey.kit.list.ListActs;
import dev.latchkey.kit.list.ListPane;
import dev.latchkey.kit.list.ListScreen;
import dev.latchkey.widget.EmptyPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import java.util.List;
import java.util.Optional;
import javafx.scene.control.Button;

/** The screen of events: filters, the list, and the details of one event. */
public final class AuditScreen {
  private final AuditViewModel model;
  private final ListScreen screen;

  private AuditScreen(AuditViewModel model, Desk desk) {
    this.model = model;
    ListPane<AuditEvent, AuditColumn> list =
        new ListPane<>(
            model.events(),
            "events",
            "%,d"::formatted,
            AuditTable.of(model, desk),
            new ListActs<>(model::show, _ -> {}, AuditScreen::empty, this::showAll, model::reload),
            () -> model.drawer().open().get().isPresent(),
            desk);
    this.screen =
        new ListScreen(
                "Audit",
                "Text, address, reason",
                list,
                model.drawer(),
                new EventPortraits(model, desk).drawer(),
                model::reload,
                desk)
            .beside(periods())
            .filters(actor(), type(), outcome(), object());
  }

  public static Screen of(AuditViewModel model, Desk desk) {
    return new AuditScreen(model, desk).screen;
  }

  private static EmptyPane empty() {
    return new EmptyPane(
        Icons.AUDIT, "No events yet", "Every change is written here, with who made it.");
  }

  private void showAll() {
    screen.clearSearch();
    model.events().filterBy(AuditFilter.WEEK.within(Period.ALL));
  }

  private Segments<Period> periods() {
    Segments<Period> periods = new Segments<>();
    List.of(Period.values()).forEach(period -> periods.add(period, period.label()));
    model.events().filter().subscribe(now -> periods.setValue(now.period()));
    periods.valueProperty().subscribe((_, to) -> model.filter(now -> now.within(to)));
    return periods;
  }

  private ChoiceMenu<AuditEvent.Actor> actor() {
    ChoiceMenu<AuditEvent.Actor> menu =
        new ChoiceMenu<>(
            "Who", "anyone", AuditEvent.Actor::name, to -> model.filter(now -> now.by(to)));
    model.choices().subscribe(choices -> menu.offer(choices.actors()));
    model.events().filter().subscribe(now -> menu.show(now.actor()));
    return menu;
  }

  private ChoiceMenu<String> type() {
    ChoiceMenu<String> menu =
        new ChoiceMenu<>("Action", "any", text -> text, to -> model.filter(now -> now.ofType(to)));
    model.choices().subscribe(choices -> menu.offer(choices.types()));
    model.events().filter().subscribe(now -> menu.show(now.type()));
    return menu;
  }

  private ChoiceMenu<Boolean> outcome() {
    ChoiceMenu<Boolean> menu =
        new ChoiceMenu<>(
            "Outcome",
            "any",
            refused -> refused ? "refused" : "OK",
            to -> model.filter(now -> now.refused(to)));
    menu.offer(List.of(true, false));
    model.events().filter().subscribe(now -> menu.show(now.refused()));
    return menu;
  }

  /** Chosen in the drawer; there only while it is. */
  private Button object() {
    Button all = new Button("", Icons.of(Icons.CLOSE, 12));
    all.setId("audit-object");
    all.getStyleClass().add(Styles.SMALL);
    all.setAccessibleText("Show all objects again");
    all.managedProperty().bind(all.visibleProperty());
    all.setOnAction(_ -> model.filter(now -> now.about(Optional.empty())));
    model
        .events()
        .filter()
        .subscribe(
            now -> {
              all.setVisible(now.object().isPresent());
              all.setText(now.object().map(AuditEvent.Thing::title).orElse(""));
            });
    return all;
  }
}
