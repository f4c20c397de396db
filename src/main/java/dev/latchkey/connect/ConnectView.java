package dev.latchkey.connect;

import atlantafx.base.controls.CustomTextField;
import dev.latchkey.database.Environment;
import dev.latchkey.database.TlsMode;
import dev.latchkey.doctor.Diagnosis;
import dev.latchkey.doctor.DoctorPane;
import dev.latchkey.doctor.Field;
import dev.latchkey.doctor.Remedy;
import dev.latchkey.doctor.TokenShape;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Fxml;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Screen;
import dev.latchkey.widget.SearchField;
import dev.latchkey.widget.SecretField;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.StatusLine;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.io.File;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.value.ObservableValue;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.Parent;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.ListView;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.control.TextFormatter;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;

/** The Connect screen: profiles at the left, the selected one's fields at the right. */
public final class ConnectView extends HBox implements Screen {
  /** What stays visible above the doctor when it is scrolled to. */
  private static final double ABOVE = 60;

  private final ConnectViewModel model;
  private final Times times;
  private final ProfileDialogs dialogs;
  private final SimpleObjectProperty<StatusLine> status =
      new SimpleObjectProperty<>(StatusLine.EMPTY);

  @FXML private Button add;
  @FXML private SearchField filter;
  @FXML private ListView<Profile> list;
  @FXML private Label foot;
  @FXML private Label title;
  @FXML private Label subtitle;
  @FXML private MenuButton menu;
  @FXML private MenuItem rename;
  @FXML private MenuItem duplicate;
  @FXML private MenuItem delete;
  @FXML private CustomTextField url;
  @FXML private Label urlHint;
  @FXML private TextField host;
  @FXML private Label hostHint;
  @FXML private TextField port;
  @FXML private Label portHint;
  @FXML private TextField database;
  @FXML private Label databaseHint;
  @FXML private TextField role;
  @FXML private Label roleHint;
  @FXML private Segments<Environment> environment;
  @FXML private ComboBox<TlsMode> tls;
  @FXML private Label tlsHint;
  @FXML private Hyperlink more;
  @FXML private HBox extras;
  @FXML private TextField rootCertificate;
  @FXML private Label rootCertificateHint;
  @FXML private Button choose;
  @FXML private TextField options;
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
    bindList();
    bindForm();
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
            case Remedy.ChooseRootCertificate _ -> chooseCertificate();
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
    switch (field) {
      case HOST -> host.requestFocus();
      case PORT -> port.requestFocus();
      case DATABASE -> database.requestFocus();
      case ROLE -> role.requestFocus();
      case TLS -> tls.requestFocus();
      case ROOT_CERTIFICATE, OPTIONS -> {
        extras.setVisible(true);
        (field == Field.OPTIONS ? options : rootCertificate).requestFocus();
      }
      case TOKEN -> token.focusText();
    }
    scroll.setVvalue(0);
  }

  @Override
  public Parent root() {
    return this;
  }

  @Override
  public void focusFilter() {
    filter.requestFocus();
  }

  @Override
  public void createNew() {
    model.newProfile();
    url.requestFocus();
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
    return status;
  }

  private void bindList() {
    add.setGraphic(Icons.of(Icons.ADD));
    Icons.name(add, "New connection");
    add.setOnAction(_ -> createNew());
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
    model.selectedProperty().subscribe(this::selected);
    list.getItems().subscribe(this::count);
    count();
    model.profiles().problemProperty().subscribe(this::showProblem);
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
    url.clear();
    extras.setVisible(
        selected
            .filter(p -> p.rootCertificate().isPresent() || !p.options().isBlank())
            .isPresent());
    selected.ifPresentOrElse(this::select, () -> list.getSelectionModel().clearSelection());
  }

  private void select(Profile profile) {
    for (int index = 0; index < list.getItems().size(); index++) {
      if (list.getItems().get(index).id().equals(profile.id())) {
        list.getSelectionModel().select(index);
      }
    }
  }

  private void bindForm() {
    ProfileForm form = model.form();
    url.setLeft(Icons.of(Icons.LINK, 14));
    url.setPromptText("postgresql://role@host:5432/database");
    url.setTextFormatter(new TextFormatter<>(this::pasted));
    model.pastedProperty().subscribe(this::showPasted);
    host.textProperty().bindBidirectional(form.hostProperty());
    port.textProperty().bindBidirectional(form.portProperty());
    database.textProperty().bindBidirectional(form.databaseProperty());
    role.textProperty().bindBidirectional(form.roleProperty());
    rootCertificate.textProperty().bindBidirectional(form.rootCertificateProperty());
    options.textProperty().bindBidirectional(form.optionsProperty());
    environment
        .add(Environment.DEVELOPMENT, "Development", Tone.ACCENT)
        .add(Environment.STAGING, "Staging", Tone.WARNING)
        .add(Environment.PRODUCTION, "Production", Tone.DANGER);
    environment.valueProperty().bindBidirectional(form.environmentProperty());
    tls.getItems().setAll(TlsMode.values());
    tls.setCellFactory(_ -> new TlsCell());
    tls.setButtonCell(new TlsCell());
    tls.valueProperty().bindBidirectional(form.tlsProperty());
    form.tlsProperty().subscribe(mode -> hint(tlsHint, mode.givenUp()));
    extras.managedProperty().bind(extras.visibleProperty());
    more.setOnAction(_ -> extras.setVisible(!extras.isVisible()));
    choose.setOnAction(_ -> chooseCertificate());
    bindMistakes();
  }

  private void bindMistakes() {
    Map<String, Node> fields = new LinkedHashMap<>();
    fields.put("host", host);
    fields.put("port", port);
    fields.put("database", database);
    fields.put("role", role);
    fields.put("rootCertificate", rootCertificate);
    Map<String, Label> hints =
        Map.of(
            "host", hostHint,
            "port", portHint,
            "database", databaseHint,
            "role", roleHint,
            "rootCertificate", rootCertificateHint);
    model
        .mistakesProperty()
        .subscribe(
            mistakes -> {
              hints.forEach((name, label) -> hint(label, mistakes.getOrDefault(name, "")));
              fields.forEach((name, field) -> mark(field, mistakes.containsKey(name)));
              fields.keySet().stream()
                  .filter(mistakes::containsKey)
                  .findFirst()
                  .ifPresent(name -> fields.get(name).requestFocus());
            });
  }

  /** Never lets a password into the field, not even into what Undo brings back. */
  private TextFormatter.Change pasted(TextFormatter.Change change) {
    if (!change.isContentChange()) {
      return change;
    }
    String wanted = change.getControlNewText();
    String kept = model.paste(wanted);
    if (!kept.equals(wanted)) {
      change.setRange(0, change.getControlText().length());
      change.setText(kept);
      change.selectRange(kept.length(), kept.length());
    }
    return change;
  }

  private void showPasted(ConnectionText read) {
    url.setRight(null);
    mark(url, read instanceof ConnectionText.Wrong);
    switch (read) {
      case ConnectionText.Empty _ -> hint(urlHint, "");
      case ConnectionText.Wrong wrong -> {
        Tone.DANGER.applyTo(urlHint);
        hint(urlHint, wrong.sentence());
      }
      case ConnectionText.Found found -> {
        int fields = found.fields();
        Label filled =
            new Label(
                fields == 1 ? "1 field filled" : fields + " fields filled",
                Icons.of(Icons.DONE, 14, Tone.SUCCESS));
        filled.getStyleClass().addAll(Styles.SMALL_TEXT, Tone.SUCCESS.styleClass(), "lk-sans");
        url.setRight(filled);
        Tone.NEUTRAL.applyTo(urlHint);
        String moved =
            found.password().isPresent() ? "The password was moved to the token field. " : "";
        hint(urlHint, (moved + String.join(" ", found.remarks())).strip());
      }
    }
  }

  private void bindToken() {
    token.setName("Temporary-access token");
    token.textProperty().bindBidirectional(model.tokenProperty());
    token.promptTextProperty().set("jit_…");
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

  private void chooseCertificate() {
    FileChooser chooser = new FileChooser();
    chooser.setTitle("Root certificate");
    File file = chooser.showOpenDialog(getScene().getWindow());
    if (file != null) {
      extras.setVisible(true);
      rootCertificate.setText(file.getPath());
    }
  }

  private static void hint(Label label, String text) {
    label.setText(text);
    label.setVisible(!text.isEmpty());
    label.setManaged(!text.isEmpty());
  }

  private static void mark(Node field, boolean invalid) {
    field.getStyleClass().remove(Styles.INVALID);
    if (invalid) {
      field.getStyleClass().add(Styles.INVALID);
    }
  }
}
