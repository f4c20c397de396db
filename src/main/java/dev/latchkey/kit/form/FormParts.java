package dev.latchkey.kit.form;

import dev.latchkey.kit.Desk;
import dev.latchkey.widget.CodePane;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import javafx.beans.binding.Bindings;
import javafx.beans.property.StringProperty;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.control.TextInputControl;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;
import javafx.util.Subscription;
import org.kordamp.ikonli.Ikon;

/**
 * What the dialog of a form is made of.
 *
 * @param <F> the form's fields
 */
public final class FormParts<F extends Enum<F> & FormProblems.Field> {
  public static final String INCOMPLETE = "The call appears here when the form is complete.";

  /** For a scroll bar at the right of a form. */
  private static final double BAR = 12;

  private static final double GAP = 14;

  private final Desk desk;
  private final FormProblems<F> form;

  public FormParts(Desk desk, FormProblems<F> form) {
    this.desk = desk;
    this.form = form;
  }

  /**
   * A dialog of the usual width.
   *
   * @param id the node's
   */
  public FormDialog dialog(String id, Ikon icon, String title, Node body) {
    return new FormDialog(desk, form, id, Dialog.NORMAL, icon, Tone.NEUTRAL, title, body);
  }

  /** The parts one below the other, above them what went wrong. */
  public VBox body(Node... parts) {
    VBox body = new VBox(GAP, trouble());
    body.getChildren().addAll(parts);
    return body;
  }

  /** Scrolls where the window is low. */
  public ScrollPane scroll(Node... parts) {
    VBox body = body(parts);
    body.setPadding(new Insets(0, BAR, 0, 0));
    ScrollPane scroll = new ScrollPane(body);
    scroll.setFitToWidth(true);
    scroll.setFocusTraversable(false);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.getStyleClass().add(Styles.PLAIN_SCROLL);
    // The bar stands in the dialog's margin, so that fields and buttons end at the same line.
    VBox.setMargin(scroll, new Insets(0, -BAR, 0, 0));
    return scroll;
  }

  public FormField field(String name, Node control, F field) {
    return new FormField(name, control, form.of(field));
  }

  public FormField reason(ReasonViewModel reason, TextInputControl control, F field) {
    control.textProperty().bindBidirectional(reason.text());
    return field("Reason", control, field).hint(Tone.NEUTRAL, reason.rule().hint());
  }

  public EndField end(String name, EndViewModel end, F field) {
    return new EndField(name, end, form.of(field), desk.times());
  }

  public NetworksField networks(NetworksViewModel networks, F field) {
    return new NetworksField(networks, form.of(field));
  }

  /**
   * The exact call below a form.
   *
   * @param lines that it usually takes; more of them scroll
   */
  public VBox preview(String without, int lines) {
    CodePane code = code(without);
    code.showLines(lines);
    return preview(code, "runs as it stands here");
  }

  public static VBox preview(CodePane code, String how) {
    Label title = new Label("SQL");
    title.getStyleClass().add(Styles.FIELD_LABEL);
    Label lead = new Label(how);
    lead.getStyleClass().add(Styles.HINT);
    return new VBox(4, new HBox(8, title, lead), code);
  }

  /**
   * The call alone, as high as it is.
   *
   * @param without what to say while there is none
   */
  public CodePane code(String without) {
    CodePane code = new CodePane(desk.clipboard());
    form.preview().subscribe(call -> code.show(call.isEmpty() ? "-- " + without : call));
    return code;
  }

  /** A failure, while there is one. */
  public VBox trouble() {
    VBox box = new VBox(8);
    box.managedProperty().bind(Bindings.isNotEmpty(box.getChildren()));
    form.failure()
        .subscribe(
            now ->
                box.getChildren()
                    .setAll(
                        now.stream()
                            .map(told -> ErrorPane.inline(told, desk.clipboard()))
                            .toList()));
    return box;
  }

  public static TextField text(String id, String prompt) {
    TextField text = new TextField();
    text.setId(id);
    text.setPromptText(prompt);
    return text;
  }

  public static TextField text(String id, String prompt, StringProperty value) {
    TextField text = text(id, prompt);
    text.textProperty().bindBidirectional(value);
    return text;
  }

  /** For a few lines. */
  public static TextArea area(String id) {
    TextArea area = new TextArea();
    area.setId(id);
    area.setPrefRowCount(2);
    area.setWrapText(true);
    return area;
  }

  /** What a scroll pane holds gets into the window, and can have the focus, a moment later. */
  static void focus(Node field) {
    if (field.getScene() != null) {
      field.requestFocus();
      return;
    }
    Subscription[] waiting = {Subscription.EMPTY};
    waiting[0] =
        field
            .sceneProperty()
            .subscribe(
                (_, scene) -> {
                  waiting[0].unsubscribe();
                  field.requestFocus();
                });
  }

  public static HBox side(Node... parts) {
    HBox line = new HBox(12, parts);
    for (Node part : parts) {
      HBox.setHgrow(part, Priority.ALWAYS);
    }
    return line;
  }
}
