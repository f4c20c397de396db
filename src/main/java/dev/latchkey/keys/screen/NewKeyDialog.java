package dev.latchkey.keys.screen;

import dev.latchkey.keys.Account;
import dev.latchkey.keys.CreatedKey;
import dev.latchkey.keys.KeyKind;
import dev.latchkey.kit.form.FormField;
import dev.latchkey.kit.form.SecretDialog;
import dev.latchkey.scopes.screen.ScopesEditor;
import dev.latchkey.widget.CodePane;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;
import java.util.Optional;
import javafx.beans.binding.Bindings;
import javafx.beans.property.SimpleStringProperty;
import javafx.geometry.Insets;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Control;
import javafx.scene.control.Label;
import javafx.scene.control.ScrollPane;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.VBox;

/** The form for a new key, with the exact call below it. */
final class NewKeyDialog {
  private static final String INCOMPLETE = "-- The call appears here when the form is complete.";
  private static final double CODE = 126;

  private final NewKeyViewModel model;
  private final DialogLayer dialogs;
  private final TimedClipboard clipboard;
  private final Times times;
  private final TextField name = new TextField();
  private final Button create = new Button("Create key");
  private final VBox trouble = new VBox();
  private final VBox form = new VBox(14);
  private final Dialog dialog;

  NewKeyDialog(NewKeyViewModel model, DialogLayer dialogs, TimedClipboard clipboard, Times times) {
    this.model = model;
    this.dialogs = dialogs;
    this.clipboard = clipboard;
    this.times = times;
    ScrollPane scroll = new ScrollPane(form);
    scroll.setFitToWidth(true);
    scroll.setFocusTraversable(false);
    scroll.setHbarPolicy(ScrollPane.ScrollBarPolicy.NEVER);
    scroll.getStyleClass().add(Styles.PLAIN_SCROLL);
    Button cancel = new Button("Cancel");
    create.getStyleClass().add(Styles.ACCENT);
    this.dialog =
        new Dialog(
            Dialog.NORMAL,
            Icons.KEYS,
            Tone.NEUTRAL,
            "New key",
            scroll,
            Dialog.spring(),
            cancel,
            create);
    dialog.setId("new-key");
    create.setId("create-key");
    cancel.setOnAction(_ -> dialogs.close(dialog));
    create.setOnAction(_ -> model.create(this::created));
    create.disableProperty().bind(model.busy());
    fill();
  }

  void show() {
    model.load();
    dialogs.show(dialog);
    name.requestFocus();
  }

  private void fill() {
    FormField description =
        field("Description", bound(new TextField(), "description"), KeyField.DESCRIPTION);
    FormField role = field("Acts as role", bound(new TextField(), "role"), KeyField.ROLE);
    role.hint(
        Tone.WARNING,
        "service_role passes every row level security policy; prefer a role of your own.");
    HBox scopedOrNot = new HBox(12, account(), nameField());
    ScopesEditor scopes = new ScopesEditor(model.scopes());
    ExpiryField expiry =
        new ExpiryField(
            model.expiry(), model.problems().of(KeyField.EXPIRY), times, Optional.empty());
    form.setPadding(new Insets(0, 12, 0, 0));
    form.getChildren()
        .addAll(trouble, kind(), scopedOrNot, description, role, scopes, expiry.field(), preview());
    trouble.managedProperty().bind(Bindings.isNotEmpty(trouble.getChildren()));
    model
        .kind()
        .subscribe(
            kind -> {
              show(scopedOrNot.getChildren().getFirst(), kind == KeyKind.SCOPED);
              show(scopes, kind == KeyKind.SCOPED);
              show(description, kind != KeyKind.SCOPED);
              show(role, kind == KeyKind.SECRET);
            });
    model
        .failure()
        .subscribe(
            failure ->
                trouble
                    .getChildren()
                    .setAll(
                        failure.stream().map(told -> ErrorPane.inline(told, clipboard)).toList()));
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
    FormField field = field("Account", box, KeyField.ACCOUNT);
    field.setPrefWidth(220);
    field.setMinWidth(180);
    return field;
  }

  private FormField nameField() {
    name.setId("new-key-name");
    name.setPromptText("such as warehouse-sync");
    name.textProperty().bindBidirectional(model.name());
    FormField field = field("Name", name, KeyField.NAME);
    HBox.setHgrow(field, Priority.ALWAYS);
    return field;
  }

  private TextField bound(TextField text, String property) {
    text.setId("new-key-" + property);
    text.textProperty()
        .bindBidirectional(property.equals("role") ? model.role() : model.description());
    return text;
  }

  private FormField field(String label, Control control, KeyField field) {
    return new FormField(label, control, model.problems().of(field));
  }

  private VBox preview() {
    Label title = new Label("SQL");
    title.getStyleClass().add(Styles.FIELD_LABEL);
    Label lead = new Label("runs once, in one transaction");
    lead.getStyleClass().add(Styles.HINT);
    CodePane code = new CodePane(clipboard);
    code.setMinHeight(CODE);
    code.setPrefHeight(CODE);
    code.setMaxHeight(CODE);
    model
        .change()
        .subscribe(
            change -> code.show(change.map(ready -> ready.request().preview()).orElse(INCOMPLETE)));
    return new VBox(4, new HBox(8, title, lead), code);
  }

  private void created(CreatedKey key) {
    dialogs.close(dialog);
    new SecretDialog(
            "Key created",
            "key",
            KeySecret.head(key.key(), times),
            KeySecret.once(key),
            dialogs,
            clipboard)
        .show();
  }

  private static void show(Node node, boolean visible) {
    node.setVisible(visible);
    node.setManaged(visible);
  }

  /** The dialog's node, for finding it in tests. */
  Region node() {
    return dialog;
  }
}
