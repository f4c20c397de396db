package dev.latchkey.access.screen.token;

import dev.latchkey.access.CreatedToken;
import dev.latchkey.access.NewToken;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.kit.form.ChipField;
import dev.latchkey.kit.form.FormField;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.kit.form.NetworksField;
import dev.latchkey.kit.form.SecretDialog;
import dev.latchkey.kit.form.SecretOnce;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

/** The form for an access token; afterwards the token is shown, this once. */
public final class TokenDialog {
  private final TokenFormViewModel model;
  private final FormParts parts;
  private final TextField name = new TextField();
  private final MenuButton addRole = new MenuButton("Only for…");
  private final Dialog dialog;

  public TokenDialog(TokenFormViewModel model, FormParts parts) {
    this.model = model;
    this.parts = parts;
    name.setId("token-name");
    name.setPromptText("such as Laptop, Release pipeline");
    name.textProperty().bindBidirectional(model.name());
    Button cancel = new Button("Cancel");
    Button create = new Button("Create token");
    create.setId("token-confirm");
    parts.markConfirming(create);
    create.disableProperty().bind(model.submission().busy());
    this.dialog =
        new Dialog(
            Dialog.NORMAL,
            Icons.KEYS,
            Tone.NEUTRAL,
            "New token for " + model.member().called(),
            FormParts.scroll(
                parts.trouble(model.submission().failure()),
                new FormField("Name", name, model.problems().of(AccessField.NAME)),
                parts.end("Lasts", model.end(), model.problems().of(AccessField.END)),
                rolesField(),
                new NetworksField(model.networks(), model.problems().of(AccessField.NETWORKS)),
                parts.preview(
                    model.change(), "The call appears here when the form is complete.", 7)),
            Dialog.spring(),
            cancel,
            create);
    dialog.setId("token-dialog");
    cancel.setOnAction(_ -> parts.dialogs().close(dialog));
    create.setOnAction(_ -> model.create(this::created));
  }

  public void show() {
    model.load();
    parts.dialogs().show(dialog);
    FormParts.focus(name);
  }

  private FormField rolesField() {
    addRole.setId("token-roles");
    addRole.setAccessibleText("Add a role that the token is to open");
    model.granted().subscribe(_ -> fillRoles());
    addRole.setOnShowing(_ -> fillRoles());
    ChipField<String> chips =
        new ChipField<>(model.roles(), role -> role, model.roles()::remove, addRole);
    FormField field = new FormField("Roles", chips, model.problems().of(AccessField.TOKEN_ROLES));
    field.hint(Tone.NEUTRAL, "Empty for all that are granted, now and later");
    return field;
  }

  private void fillRoles() {
    addRole
        .getItems()
        .setAll(
            model.granted().get().stream()
                .filter(role -> !model.roles().contains(role))
                .map(
                    role -> {
                      MenuItem item = new MenuItem(role);
                      item.setMnemonicParsing(false);
                      item.setOnAction(_ -> model.roles().add(role));
                      return item;
                    })
                .toList());
    if (addRole.getItems().isEmpty()) {
      MenuItem none = new MenuItem("No other role is granted");
      none.setDisable(true);
      addRole.getItems().add(none);
    }
  }

  private void created(CreatedToken created) {
    parts.dialogs().close(dialog);
    NewToken token = created.token();
    Label title = new Label(token.name());
    title.getStyleClass().add(Styles.STRONG);
    Label about =
        new Label(
            "%s · %s"
                .formatted(
                    token.member().called(),
                    token
                        .expiresAt()
                        .map(at -> "ends " + parts.times().minute(at))
                        .orElse("no end")));
    about.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    new SecretDialog(
            "Token created",
            "token",
            new VBox(title, about),
            new SecretOnce(
                created.secret(), new SecretOnce.Format(".env", secret -> "PGPASSWORD=" + secret)),
            parts.dialogs(),
            parts.clipboard())
        .show();
  }
}
