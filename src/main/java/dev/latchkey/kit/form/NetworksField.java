package dev.latchkey.kit.form;

import dev.latchkey.change.Network;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.input.KeyEvent;
import javafx.scene.layout.VBox;

/** Networks as chips, with what they span, and whether the operator's address is inside. */
public final class NetworksField extends VBox {
  private final NetworksViewModel model;
  private final TextField typed = new TextField();
  private final Label own = new Label();
  private final FormField field;

  public NetworksField(NetworksViewModel model, ObservableValue<String> problem) {
    super(4);
    this.model = model;
    typed.setId("network-typed");
    typed.setPromptText("Add CIDR");
    typed.setPrefWidth(190);
    typed.textProperty().bindBidirectional(model.typed());
    typed.addEventFilter(KeyEvent.KEY_PRESSED, this::keyPressed);
    typed.focusedProperty().subscribe((_, now) -> leave(now));
    ChipField<Network> chips = new ChipField<>(model.chosen(), Network::cidr, model::remove, typed);
    this.field = new FormField("Networks", chips, problem);
    typed.setAccessibleText("Add a network in CIDR notation");
    own.getStyleClass().addAll(Styles.HINT);
    own.setId("own-address");
    own.setWrapText(true);
    own.managedProperty().bind(own.visibleProperty());
    getChildren().addAll(field, own);
    model.onChange(this::show);
    show();
  }

  private void leave(boolean focused) {
    if (!focused) {
      model.add();
    }
  }

  private void keyPressed(KeyEvent event) {
    boolean ends =
        event.getCode() == KeyCode.ENTER
            || event.getCode() == KeyCode.COMMA
            || event.getCode() == KeyCode.SPACE;
    if (ends && !typed.getText().isBlank()) {
      model.add();
      event.consume();
    } else if (event.getCode() == KeyCode.BACK_SPACE
        && typed.getText().isEmpty()
        && !model.chosen().isEmpty()) {
      model.remove(model.chosen().getLast());
      event.consume();
    }
  }

  private void show() {
    field.hint(
        Tone.NEUTRAL,
        model.calculation().orElse("IPv4 or IPv6 CIDR, such as 10.8.0.0/16; empty means any"));
    Optional<NetworksViewModel.OwnAddress> address = model.own();
    own.setVisible(address.isPresent());
    address.ifPresent(
        now -> {
          own.setText(now.sentence());
          own.setGraphic(
              Icons.of(
                  now.inside() ? Icons.OK : Icons.WARNING,
                  12,
                  now.inside() ? Tone.SUCCESS : Tone.WARNING));
        });
  }
}
