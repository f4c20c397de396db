package dev.latchkey.audit.screen;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.audit.AuditEvent;
import dev.latchkey.audit.AuditFilter;
import dev.latchkey.audit.EventDetails;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.drawer.Drawer;
import dev.latchkey.kit.drawer.Leaf;
import dev.latchkey.kit.drawer.Portrait;
import dev.latchkey.kit.drawer.Sections;
import dev.latchkey.widget.Badge;
import dev.latchkey.widget.CodePane;
import dev.latchkey.widget.KeyValues;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javafx.scene.Node;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.layout.VBox;

/** One event at the right of the list: its facts, and what it changed. */
final class EventPortraits {
  private final AuditViewModel model;
  private final Desk desk;

  EventPortraits(AuditViewModel model, Desk desk) {
    this.model = model;
    this.desk = desk;
  }

  Drawer<String, EventDetails> drawer() {
    return new Drawer<>(
        "Details of the event",
        Drawer.Face.THING,
        model.drawer(),
        this::of,
        model.permission(),
        desk);
  }

  private Portrait of(EventDetails details) {
    AuditEvent event = details.event();
    Label type = new Label(event.type());
    type.getStyleClass().addAll(Styles.MONO, Styles.MUTED);
    List<EventDetails.Difference> differences = details.differences();
    return new Portrait(
        Optional.empty(),
        event.sentence(),
        false,
        event.refused() ? new Badge("Refused", Tone.DANGER) : new Badge("OK", Tone.SUCCESS),
        type,
        List.of(),
        Optional.empty(),
        List.of(
            new Leaf("Details", () -> facts(event)),
            new Leaf("Changes", differences.size(), () -> changes(differences)),
            new Leaf("Before and after", () -> states(details))));
  }

  private Node facts(AuditEvent event) {
    KeyValues facts = new KeyValues();
    facts.add("When", desk.times().exact(event.at()));
    facts.add("Who", narrow(event.actor().name(), filter -> filter.by(Optional.of(event.actor()))));
    facts.addMono("Actor", event.actor().type() + " " + event.actor().id());
    event.via().ifPresent(via -> facts.add("Came in", via));
    facts.addMono("From", event.address().orElse("server"));
    event.application().ifPresent(application -> facts.add("Program", application));
    facts.add(
        "Object",
        narrow(event.object().title(), filter -> filter.about(Optional.of(event.object()))));
    event.object().id().ifPresent(id -> facts.addMono("Its id", id));
    facts.add("Reason", event.reason().orElse("None was given"));
    event.code().ifPresent(code -> facts.addMono("Code", code));
    facts.addMono("Transaction", event.transaction());
    facts.addMono("Event", event.id());
    VBox page = Sections.page();
    page.getChildren().add(facts);
    return page;
  }

  private Hyperlink narrow(String text, UnaryOperator<AuditFilter> filter) {
    Hyperlink link = new Hyperlink(text);
    link.getStyleClass().add(Styles.DENSE);
    link.setOnAction(_ -> model.filter(filter));
    return link;
  }

  private static Node changes(List<EventDetails.Difference> differences) {
    VBox page = Sections.page();
    if (differences.isEmpty()) {
      page.getChildren().add(Sections.text("Nothing that is kept here was changed."));
    }
    for (EventDetails.Difference difference : differences) {
      Label before = Sections.text(difference.before().orElse("—"));
      before.getStyleClass().addAll(Styles.STRUCK, Styles.MUTED);
      Label field = Sections.text(difference.field().replace('_', ' '));
      field.getStyleClass().add(Styles.SMALL_STRONG);
      Label after = Sections.text(difference.after().orElse("—"));
      after.getStyleClass().add(Styles.STRONG);
      page.getChildren().add(new VBox(2, field, before, after));
    }
    return page;
  }

  private Node states(EventDetails details) {
    VBox page = Sections.page();
    page.getChildren().addAll(Sections.title("Before"), state(details.before()));
    page.getChildren().addAll(Sections.title("After"), state(details.after()));
    return page;
  }

  private Node state(Optional<JsonNode> state) {
    if (state.isEmpty()) {
      return Sections.muted("None.");
    }
    CodePane code = new CodePane(desk.clipboard());
    code.show(state.get().toPrettyString());
    return code;
  }
}
