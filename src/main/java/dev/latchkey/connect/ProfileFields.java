package dev.latchkey.connect;

import atlantafx.base.controls.CustomTextField;
import dev.latchkey.change.Environment;
import dev.latchkey.database.TlsMode;
import dev.latchkey.doctor.Field;
import dev.latchkey.widget.Fxml;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.io.File;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javafx.fxml.FXML;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.TextField;
import javafx.scene.control.TextFormatter;
import javafx.scene.layout.HBox;
import javafx.scene.layout.VBox;
import javafx.stage.FileChooser;

/** What a profile says, field by field, and the URL that fills them. */
final class ProfileFields extends VBox {
  private final ConnectViewModel model;

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

  ProfileFields(ConnectViewModel model) {
    this.model = model;
    Fxml.load(this, "profile-fields.fxml");
    bind();
  }

  void focusUrl() {
    url.requestFocus();
  }

  /** Puts the cursor into a field of the profile; the token is none of them. */
  void attend(Field field) {
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
      case TOKEN -> {
        // It belongs to no profile.
      }
    }
  }

  private void bind() {
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
    model.selectedProperty().subscribe(this::selected);
  }

  private void selected(Optional<Profile> selected) {
    url.clear();
    extras.setVisible(
        selected
            .filter(
                profile -> profile.rootCertificate().isPresent() || !profile.options().isBlank())
            .isPresent());
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

  /** Asks for the file of certificates to trust. */
  void chooseCertificate() {
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
