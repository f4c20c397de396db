package dev.latchkey.keys.screen;

import dev.latchkey.keys.ApiKey;
import dev.latchkey.kit.Desk;

/** Opens the dialogs about keys, where the operator may change something now. */
final class KeyDialogs {
  private final KeysViewModel model;
  private final Desk desk;

  KeyDialogs(KeysViewModel model, Desk desk) {
    this.model = model;
    this.desk = desk;
  }

  void createNew() {
    if (model.permission().isGiven()) {
      model.newKey().ifPresent(form -> NewKeyDialog.show(form, desk));
    }
  }

  void edit(ApiKey key) {
    if (model.permission().isGiven() && !key.isRevoked()) {
      model.edit(key).ifPresent(form -> EditKeyDialog.show(form, desk));
    }
  }

  void revoke(ApiKey key) {
    if (model.permission().isGiven() && !key.isRevoked()) {
      model.revoke(key).ifPresent(form -> RevokeKeyDialog.show(form, desk));
    }
  }
}
