package dev.latchkey.connect;

import dev.latchkey.kit.StatusLine;
import dev.latchkey.widget.Fxml;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.SearchField;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.Optional;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.fxml.FXML;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.layout.VBox;

/** The profiles at the left of the Connect screen, one of them selected. */
final class ProfilesPane extends VBox {
  private final ConnectViewModel model;
  private final SimpleObjectProperty<StatusLine> status =
      new SimpleObjectProperty<>(StatusLine.EMPTY);

  @FXML private Button add;
  @FXML private SearchField filter;
  @FXML private ListView<Profile> list;
  @FXML private Label foot;

  /**
   * @param onNew makes a new profile
   */
  ProfilesPane(ConnectViewModel model, Times times, Runnable onNew) {
    this.model = model;
    Fxml.load(this, "profiles.fxml");
    add.setGraphic(Icons.of(Icons.ADD));
    Icons.name(add, "New connection");
    add.setOnAction(_ -> onNew.run());
    filter.setPromptText("Filter profiles");
    filter.textProperty().bindBidirectional(model.profiles().filterProperty());
    list.setItems(model.profiles().shown());
    list.setCellFactory(_ -> new ProfileCell(times));
    list.setFixedCellSize(52);
    list.setAccessibleText("Connections");
    Label none = new Label("No connection yet");
    none.getStyleClass().add(Styles.MUTED);
    list.setPlaceholder(none);
    list.getSelectionModel().selectedItemProperty().subscribe(this::chosen);
    model
        .selectedProperty()
        .subscribe(
            selected ->
                selected.ifPresentOrElse(this::select, list.getSelectionModel()::clearSelection));
    list.getItems().subscribe(this::count);
    count();
    model.profiles().problemProperty().subscribe(this::showProblem);
  }

  void focusFilter() {
    filter.requestFocus();
  }

  ObservableValue<StatusLine> statusLine() {
    return status;
  }

  private void count() {
    int profiles = model.profiles().size();
    status.set(
        new StatusLine(profiles == 1 ? "1 profile" : profiles + " profiles", 0, Optional.empty()));
  }

  private void showProblem(String problem) {
    foot.setText(problem.isEmpty() ? "Profiles never contain the token." : problem);
    (problem.isEmpty() ? Tone.NEUTRAL : Tone.WARNING).applyTo(foot);
  }

  private void chosen(Profile profile) {
    boolean other =
        profile != null
            && model
                .selectedProperty()
                .get()
                .filter(now -> now.id().equals(profile.id()))
                .isEmpty();
    if (other) {
      model.selectedProperty().set(Optional.of(profile));
    }
  }

  private void select(Profile profile) {
    for (int index = 0; index < list.getItems().size(); index++) {
      if (list.getItems().get(index).id().equals(profile.id())) {
        list.getSelectionModel().select(index);
      }
    }
  }
}
