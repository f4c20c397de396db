package dev.latchkey.access.screen.token;

import dev.latchkey.access.CreatedToken;
import dev.latchkey.access.NewToken;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.form.ChipField;
import dev.latchkey.kit.form.FormField;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.kit.form.SecretDialog;
import dev.latchkey.kit.form.SecretOnce;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.layout.VBox;

/** The form for an access token; afterwards the token is shown, this once. */
public final class TokenDialog {
  private final TokenFormViewModel model;
  private final Desk desk;
  private final FormParts<AccessField> parts;
  private final MenuButton addRole = new MenuButton("Only for…");

  private TokenDialog(TokenFormViewModel model, Desk desk) {
    this.model = model;
    this.desk = desk;
    this.parts = new FormParts<>(desk, model.form());
  }

  public static void show(TokenFormViewModel model, Desk desk) {
    new TokenDialog(model, desk).show();
  }

  private void show() {
    TextField name = FormParts.text("token-name", "such as Laptop, Release pipeline", model.name());
    var body =
        parts.scroll(
            parts.field("Name", name, AccessField.NAME),
            parts.end("Lasts", model.end(), AccessField.END),
            rolesField(),
            parts.networks(model.networks(), AccessField.NETWORKS),
            parts.preview(FormParts.INCOMPLETE, 7));
    model.load();
    parts
        .dialog("token-dialog", Icons.KEYS, "New token for " + model.member().called(), body)
        .confirms("Create token", "token-confirm", close -> model.create(made -> made(made, close)))
        .show(name);
  }

  private FormField rolesField() {
    addRole.setId("token-roles");
    addRole.setAccessibleText("Add a role that the token is to open");
    model.granted().subscribe(_ -> fillRoles());
    addRole.setOnShowing(_ -> fillRoles());
    ChipField<String> chips =
        new ChipField<>(model.roles(), role -> role, model.roles()::remove, addRole);
    return parts
        .field("Roles", chips, AccessField.TOKEN_ROLES)
        .hint(Tone.NEUTRAL, "Empty for all that are granted, now and later");
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

  private void made(CreatedToken created, Runnable close) {
    close.run();
    NewToken token = created.token();
    Label title = new Label(token.name());
    title.getStyleClass().add(Styles.STRONG);
    String end = token.expiresAt().map(at -> "ends " + desk.times().minute(at)).orElse("no end");
    Label about = new Label("%s · %s".formatted(token.member().called(), end));
    about.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    new SecretDialog(
            "Token created",
            "token",
            new VBox(title, about),
            new SecretOnce(
                created.secret(), new SecretOnce.Format(".env", secret -> "PGPASSWORD=" + secret)),
            desk.dialogs(),
            desk.clipboard())
        .show();
  }
}
