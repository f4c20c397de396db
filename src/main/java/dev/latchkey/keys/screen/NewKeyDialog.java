package dev.latchkey.keys.screen;

import dev.latchkey.keys.Account;
import dev.latchkey.keys.CreatedKey;
import dev.latchkey.keys.KeyKind;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.form.FormField;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.kit.form.SecretDialog;
import dev.latchkey.scopes.screen.ScopesEditor;
import dev.latchkey.widget.CodePane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.Optional;
import javafx.beans.property.SimpleStringProperty;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/** The form for a new key, with the exact call below it. */
final class NewKeyDialog {
  private static final double CODE = 126;

  private final NewKeyViewModel model;
  private final Desk desk;
  private final FormParts<KeyField> parts;

  private NewKeyDialog(NewKeyViewModel model, Desk desk) {
    this.model = model;
    this.desk = desk;
    this.parts = new FormParts<>(desk, model.form());
  }

  static void show(NewKeyViewModel model, Desk desk) {
    new NewKeyDialog(model, desk).show();
  }

  private void show() {
    TextField about = FormParts.text("new-key-description", "", model.description());
    FormField description = parts.field("Description", about, KeyField.DESCRIPTION);
    FormField role =
        parts
            .field("Acts as role", FormParts.text("new-key-role", "", model.role()), KeyField.ROLE)
            .hint(
                Tone.WARNING,
                "service_role passes every row level security policy; prefer a role of your own.");
    FormField account = account();
    ScopesEditor scopes = new ScopesEditor(model.scopes());
    ScrollPane form =
        parts.scroll(
            kind(),
            new HBox(12, account, name()),
            description,
            role,
            scopes,
            parts.end("Expires", model.expiry(), KeyField.EXPIRY),
            preview());
    VBox.setMargin(form, Insets.EMPTY);
    model
        .kind()
        .subscribe(
            kind -> {
              show(account, kind == KeyKind.SCOPED);
              show(scopes, kind == KeyKind.SCOPED);
              show(description, kind != KeyKind.SCOPED);
              show(role, kind == KeyKind.SECRET);
            });
    model.load();
    parts
        .dialog("new-key", Icons.KEYS, "New key", form)
        .confirms("Create key", "create-key", close -> model.create(key -> created(key, close)))
        .show();
  }

  private FormField kind() {
    Segments<KeyKind> kinds = new Segments<>();
    kinds.getStyleClass().add(Styles.SMALL);
    for (KeyKind kind : KeyKind.values()) {
      kinds.add(kind, kind.label());
    }
    kinds.setId("new-key-kind");
    kinds.valueProperty().bindBidirectional(model.kind());
    FormField field = new FormField("Kind", kinds, new SimpleStringProperty(""));
    model.kind().subscribe(kind -> field.hint(Tone.NEUTRAL, explain(kind)));
    return field;
  }

  private static String explain(KeyKind kind) {
    return switch (kind) {
      case SCOPED -> "Belongs to an account and may do what its scopes say, as role api_key.";
      case PUBLISHABLE -> "Belongs to the project, may be public, and acts as role anon.";
      case SECRET ->
          "Belongs to the project and acts as a role of your choice. Keep it on servers.";
    };
  }

  private FormField account() {
    ComboBox<Account> box = new ComboBox<>();
    box.setId("new-key-account");
    box.setPromptText("Choose an account");
    box.setConverter(new AccountText());
    box.setMaxWidth(Double.MAX_VALUE);
    model.accounts().subscribe(known -> box.getItems().setAll(known));
    model.account().subscribe(chosen -> box.setValue(chosen.orElse(null)));
    box.valueProperty().subscribe(value -> model.account().set(Optional.ofNullable(value)));
    FormField field = parts.field("Account", box, KeyField.ACCOUNT);
    field.setPrefWidth(220);
    field.setMinWidth(180);
    return field;
  }

  private FormField name() {
    TextField name = FormParts.text("new-key-name", "such as warehouse-sync", model.name());
    FormField field = parts.field("Name", name, KeyField.NAME);
    HBox.setHgrow(field, Priority.ALWAYS);
    return field;
  }

  private VBox preview() {
    CodePane code = parts.code(FormParts.INCOMPLETE);
    code.setMinHeight(CODE);
    code.setPrefHeight(CODE);
    code.setMaxHeight(CODE);
    return FormParts.preview(code, "runs once, in one transaction");
  }

  private void created(CreatedKey key, Runnable close) {
    close.run();
    new SecretDialog(
            "Key created",
            "key",
            KeySecret.head(key.key(), desk.times()),
            KeySecret.once(key),
            desk.dialogs(),
            desk.clipboard())
        .show();
  }

  private static void show(Node node, boolean visible) {
    node.setVisible(visible);
    node.setManaged(visible);
  }
}
