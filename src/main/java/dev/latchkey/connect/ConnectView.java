package dev.latchkey.connect;

import dev.latchkey.doctor.Diagnosis;
import dev.latchkey.doctor.DoctorPane;
import dev.latchkey.doctor.Field;
import dev.latchkey.doctor.Remedy;
import dev.latchkey.kit.Screen;
import dev.latchkey.kit.StatusLine;
import dev.latchkey.token.Secret;
import dev.latchkey.token.TokenKind;
import dev.latchkey.token.TokenShape;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Fxml;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.SecretField;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.Optional;
import javafx.beans.value.ObservableValue;
import javafx.fxml.FXML;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;

/** The Connect screen: profiles at the left, the selected one's fields at the right. */
public final class ConnectView extends HBox implements Screen {
  /** What stays visible above the doctor when it is scrolled to. */
  private static final double ABOVE = 60;

  private final ConnectViewModel model;
  private final Times times;
  private final ProfileDialogs dialogs;
  private final ProfilesPane profiles;
  private final ProfileFields fields;

  @FXML private Label title;
  @FXML private Label subtitle;
  @FXML private MenuButton menu;
  @FXML private MenuItem rename;
  @FXML private MenuItem duplicate;
  @FXML private MenuItem delete;
  @FXML private VBox profile;
  @FXML private SecretField token;
  @FXML private Label tokenHint;
  @FXML private CheckBox remember;
  @FXML private Button connect;
  @FXML private Button sandbox;
  @FXML private Button diagnose;
  @FXML private ScrollPane scroll;
  @FXML private HBox archiveBox;
  @FXML private Button archive;
  @FXML private VBox outcome;

  public ConnectView(
      ConnectViewModel model, Times times, DialogLayer layer, TimedClipboard clipboard) {
    this.model = model;
    this.times = times;
    this.dialogs = new ProfileDialogs(layer, model);
    Fxml.load(this, "connect.fxml");
    this.profiles = new ProfilesPane(model, times, this::createNew);
    this.fields = new ProfileFields(model);
    getChildren().addFirst(profiles);
    profile.getChildren().setAll(fields);
    model.selectedProperty().subscribe(this::selected);
    bindToken();
    bindCommands();
    OutcomePane pane = new OutcomePane(model, layer, clipboard);
    pane.managedProperty().bind(pane.visibleProperty());
    outcome.getChildren().setAll(pane, doctor(times, layer, clipboard));
    model.doctor().diagnosisProperty().subscribe(this::reveal);
    model.attentionProperty().subscribe(field -> field.ifPresent(this::attend));
  }

  private DoctorPane doctor(Times now, DialogLayer layer, TimedClipboard clipboard) {
    AskLoginsDialog ask = new AskLoginsDialog(model, layer, clipboard);
    return new DoctorPane(
        model.doctor(),
        now,
        clipboard,
        remedy -> {
          switch (remedy) {
            case Remedy.ChooseRootCertificate _ -> fields.chooseCertificate();
            case Remedy.AskLogins _ -> ask.open();
            default -> model.apply(remedy);
          }
        },
        this::obstacle,
        model::diagnose);
  }

  private Optional<String> obstacle(Remedy remedy) {
    return remedy instanceof Remedy.AskLogins && model.otherProfiles().isEmpty()
        ? Optional.of("Needs another profile, of an operator. The SQL below asks the same.")
        : Optional.empty();
  }

  /** Down to the doctor when it opens: it may be below what is visible. */
  private void reveal(Optional<Diagnosis> before, Optional<Diagnosis> now) {
    if (before.isEmpty() && now.isPresent() || now.filter(Diagnosis::complete).isPresent()) {
      applyCss();
      layout();
      double hidden =
          scroll.getContent().getLayoutBounds().getHeight()
              - scroll.getViewportBounds().getHeight();
      double top = outcome.getBoundsInParent().getMinY() - ABOVE;
      scroll.setVvalue(hidden <= 0 ? 0 : Math.min(1, top / hidden));
    }
  }

  private void attend(Field field) {
    if (field == Field.TOKEN) {
      token.focusText();
    } else {
      fields.attend(field);
    }
    scroll.setVvalue(0);
  }

  @Override
  public Parent root() {
    return this;
  }

  @Override
  public void focusFilter() {
    profiles.focusFilter();
  }

  @Override
  public void createNew() {
    model.newProfile();
    fields.focusUrl();
  }

  @Override
  public boolean escape() {
    if (model.stateProperty().get() instanceof ConnectState.Working) {
      model.cancel();
      return true;
    }
    if (model.doctor().runningProperty().get()) {
      model.doctor().stop();
      return true;
    }
    return false;
  }

  @Override
  public ObservableValue<StatusLine> statusLine() {
    return profiles.statusLine();
  }

  private void selected(Optional<Profile> selected) {
    title.setText(selected.map(Profile::name).orElse("Connect to a database"));
    subtitle.setText(
        selected
            .flatMap(
                profile ->
                    profile
                        .lastConnected()
                        .map(
                            when ->
                                "Last connected %s as %s"
                                    .formatted(times.agoInWords(when), profile.lastRole())))
            .orElse(
                selected.isPresent()
                    ? "Not connected yet"
                    : "Paste a connection URL, or open the sandbox to look around"));
    menu.setVisible(selected.isPresent());
  }

  private void bindToken() {
    token.setName("Temporary-access token");
    token.onEdit(this::tokenEdited);
    model.tokenProperty().subscribe(token::show);
    token.promptTextProperty().set(TokenKind.TEMPORARY.abbreviated());
    token.onEnter(model::connect);
    model.shapeProperty().subscribe(this::showShape);
    model
        .mistakesProperty()
        .subscribe(
            mistakes -> {
              if (mistakes.containsKey("token")) {
                Tone.DANGER.applyTo(tokenHint);
                tokenHint.setText(mistakes.get("token"));
                token.markInvalid(true);
                if (mistakes.size() == 1) {
                  token.focusText();
                }
              }
            });
    remember.selectedProperty().bindBidirectional(model.form().rememberProperty());
    model
        .keychainObstacle()
        .ifPresent(
            reason -> {
              remember.setDisable(true);
              Tooltip.install(remember.getParent(), new Tooltip(reason));
              remember.setAccessibleText("Remember in OS keychain. " + reason);
              remember.setText("No OS keychain here");
            });
  }

  private void tokenEdited() {
    try (Secret entered = token.secret()) {
      model.enterToken(entered);
    }
  }

  private void showShape(TokenShape shape) {
    TokenHint hint = TokenHint.of(shape, times);
    hint.tone().applyTo(tokenHint);
    tokenHint.setText(hint.text());
    tokenHint.setGraphic(
        switch (hint.tone()) {
          case SUCCESS -> Icons.of(Icons.OK, 12, Tone.SUCCESS);
          case DANGER -> Icons.of(Icons.FAILED, 12, Tone.DANGER);
          default -> null;
        });
    token.markInvalid(hint.tone() == Tone.DANGER);
  }

  private void bindCommands() {
    menu.setGraphic(Icons.of(Icons.MORE));
    menu.setAccessibleText("More for this connection");
    menu.setTooltip(new Tooltip("More for this connection"));
    rename.setOnAction(_ -> dialogs.rename());
    duplicate.setOnAction(_ -> model.duplicate());
    delete.setOnAction(_ -> dialogs.delete());
    connect.setGraphic(Icons.of(Icons.CONNECT, 14));
    connect.setOnAction(_ -> model.connect());
    sandbox.setGraphic(Icons.of(Icons.START, 14));
    sandbox.setOnAction(_ -> model.openSandbox());
    diagnose.setGraphic(Icons.of(Icons.DOCTOR, 14));
    diagnose.setOnAction(_ -> model.diagnose());
    diagnose.disableProperty().bind(model.doctor().runningProperty());
    archive.setGraphic(Icons.of(Icons.ARCHIVE, 14));
    archive.setDisable(true);
    String reason = "Reading an audit archive comes with a later version.";
    Tooltip.install(archiveBox, new Tooltip(reason));
    archive.setAccessibleText("Open an audit archive. " + reason);
    model
        .stateProperty()
        .subscribe(
            state -> {
              boolean working = state instanceof ConnectState.Working;
              connect.setDisable(working);
              sandbox.setDisable(working);
            });
  }
}
