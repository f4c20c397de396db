package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.KeyDetails;
import dev.latchkey.keys.KeyStatus;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.drawer.Act;
import dev.latchkey.kit.drawer.Drawer;
import dev.latchkey.kit.drawer.Leaf;
import dev.latchkey.kit.drawer.Portrait;
import dev.latchkey.widget.Badge;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Styles;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javafx.geometry.Pos;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;

/** One key at the right of the table: facts, scopes, usage, history, and what can be done. */
final class KeyPortraits {
  private static final String SCOPES = "Scopes";

  private final KeysViewModel model;
  private final KeyDialogs dialogs;
  private final Desk desk;
  private final KeyDrawerPages pages;
  private final Drawer<UUID, KeyDetails> drawer;

  KeyPortraits(KeysViewModel model, KeyDialogs dialogs, Desk desk) {
    this.model = model;
    this.dialogs = dialogs;
    this.desk = desk;
    this.pages =
        new KeyDrawerPages(
            desk.times(), dialogs::edit, () -> model.permission().obstacle().get().isEmpty());
    this.drawer =
        new Drawer<>(
            "Details of the key",
            Drawer.Face.THING,
            model.drawer(),
            this::of,
            model.permission(),
            desk);
  }

  Drawer<UUID, KeyDetails> drawer() {
    return drawer;
  }

  private Portrait of(KeyDetails details) {
    ApiKey key = details.key();
    Badge status = new Badge();
    KeyStatusBadge.show(key, desk.times(), status);
    Optional<String> ended =
        key.isRevoked() ? Optional.of("A revoked key stays as it is.") : Optional.empty();
    return new Portrait(
        Optional.empty(),
        key.name(),
        key.isRevoked(),
        status,
        keyLine(key),
        List.of(
            key.status() == KeyStatus.DISABLED
                ? Act.of("Enable", Icons.START, ended, () -> model.enable(key))
                : Act.of("Disable", Icons.DISABLE, ended, () -> model.disable(key)),
            Act.of("Edit…", Icons.WRITE, ended, () -> dialogs.edit(key)),
            Act.takingAway("Revoke…", Icons.DELETE, ended, () -> dialogs.revoke(key))),
        ended,
        List.of(
            new Leaf("Details", () -> pages.details(details, () -> drawer().turnTo(SCOPES))),
            new Leaf(
                SCOPES,
                key.scopes().scopes().size() + key.scopes().malformed().size(),
                () -> pages.scopes(key)),
            new Leaf("Usage", () -> pages.usage(details)),
            new Leaf("History", details.history().size(), () -> pages.history(details))));
  }

  private Node keyLine(ApiKey key) {
    Label shortKey = new Label(key.shortKey());
    shortKey.getStyleClass().addAll(Styles.MONO, Styles.MUTED);
    Button copy =
        Icons.button(
            Icons.COPY, "Copy the key's id", () -> desk.clipboard().copy(key.id().toString()));
    copy.getStyleClass().remove(Styles.SMALL);
    copy.getStyleClass().add(Styles.IN_CARD);
    Label owner = new Label("·  " + key.owner());
    owner.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    HBox line = new HBox(2, shortKey, copy, owner);
    line.setAlignment(Pos.CENTER_LEFT);
    return line;
  }
}
