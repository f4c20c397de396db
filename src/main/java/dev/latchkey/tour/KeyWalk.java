package dev.latchkey.tour;

import dev.latchkey.desktop.Wiring;
import dev.latchkey.token.TokenKind;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.ComboBox;
import javafx.scene.control.TableView;
import javafx.scene.control.TextArea;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;

/** The main job: a scoped key is created, used, refused where it is wrong, and revoked. */
final class KeyWalk {
  private static final String NAME = "warehouse-sync";
  private static final String SCOPES =
      """
      [{"entity_type": "document", "entity_id": "*", "action": "read"},
       {"entity_type": "invoice", "entity_id": "*", "action": "read"}]
      """;
  private static final String BAD_SCOPES =
      """
      [{"entity_type": "document", "entity_id": "*", "action": "read", "effect": "allow"}]
      """;

  private final Steps steps;
  private final Hand hand;
  private final Camera camera;
  private final Wiring wiring;
  private final PostgresApplication application;

  KeyWalk(Steps steps, Hand hand, Camera camera, Wiring wiring, PostgresApplication application) {
    this.steps = steps;
    this.hand = hand;
    this.camera = camera;
    this.wiring = wiring;
    this.application = application;
  }

  void take() {
    steps.step("List the keys", this::list);
    steps.step("Open a key's details", this::details);
    steps.step("Refuse a scope with a field too many, at the field", this::badScope);
    steps.step(
        "Refuse the same scope in SQL",
        () -> {
          Optional<String> refusal = application.refusal(BAD_SCOPES);
          Steps.expect(
              refusal.filter(text -> text.startsWith("22023 ")).isPresent(),
              "create_api_key refuses it with 22023, but it said " + refusal);
        });
    String key = steps.get("Create a scoped key", this::create);
    String id =
        steps.get(
            "Verify the key in SQL",
            () -> {
              Steps.expect(application.accepts(key), "verify_api_key accepts the new key");
              return application.idOf(key);
            });
    steps.step("Log usage with it", () -> use(id));
    steps.step("Revoke the key with a reason", this::revoke);
    steps.step(
        "See verification fail",
        () -> Steps.expect(!application.accepts(key), "verify_api_key refuses the revoked key"));
  }

  private void list() {
    waitForRows(20);
    camera.picture("keys");
  }

  private void details() {
    hand.write("#key-filter", "partner-invoices");
    waitForFewRows();
    openFirst();
    hand.write("#key-filter", "");
    waitForRows(20);
    camera.picture("keys-details");
    hand.press(KeyCode.ESCAPE);
  }

  private void badScope() {
    startNewKey();
    scopes(BAD_SCOPES);
    hand.click("#create-key");
    hand.find("#new-key", Node.class);
    camera.picture("keys-bad-scope");
    hand.press(KeyCode.ESCAPE);
    hand.waitUntil("the form is closed", () -> !wiring.dialogs().openProperty().get());
  }

  private String create() {
    startNewKey();
    scopes(SCOPES);
    camera.picture("keys-new");
    hand.click("#create-key");
    hand.find("#new-secret", Node.class);
    camera.picture("keys-secret");
    hand.click("#secret-copy");
    String key = hand.ask(() -> Clipboard.getSystemClipboard().getString());
    Steps.expect(
        key != null && TokenKind.SCOPED_KEY.begins(key),
        "the secret is in the clipboard after Copy");
    hand.click("#secret-stored");
    hand.click("#secret-close");
    hand.waitUntil("the secret is gone", () -> !wiring.dialogs().openProperty().get());
    return key;
  }

  private void use(String id) {
    for (int call = 0; call < 12; call++) {
      application.logUse(id, "/rest/v1/documents", call % 5 == 4 ? 403 : 200);
    }
    Steps.expect(application.linesOf(id) == 12, "the usage log has its 12 lines");
    hand.write("#key-filter", NAME);
    waitForFewRows();
    hand.press(KeyCode.F5);
    openFirst();
    camera.picture("keys-created");
  }

  private void revoke() {
    hand.clickText("Revoke…");
    hand.write("#revoke-reason", "The tour is over");
    camera.picture("keys-revoke");
    hand.click("#revoke-confirm");
    hand.waitUntil("the form is closed", () -> !wiring.dialogs().openProperty().get());
    hand.waitUntil("the details say Revoked", () -> hand.says(".lk-drawer .lk-badge", "Revoked"));
    camera.picture("keys-revoked");
    hand.press(KeyCode.ESCAPE);
    hand.write("#key-filter", "no such key");
    hand.waitUntil("nothing is found", () -> rows() == 0);
    camera.picture("keys-nothing-found");
    hand.write("#key-filter", "");
    waitForRows(20);
  }

  private void startNewKey() {
    hand.click("#new-key-button");
    ComboBox<?> accounts = hand.find("#new-key-account", ComboBox.class);
    hand.waitUntil("the accounts are there", () -> !accounts.getItems().isEmpty());
    hand.run(() -> accounts.getSelectionModel().select(0));
    hand.write("#new-key-name", NAME);
  }

  private void scopes(String json) {
    hand.clickText("JSON");
    TextArea text = hand.find("#new-key .lk-scopes-editor .text-area", TextArea.class);
    hand.run(() -> text.setText(json));
    hand.settle();
  }

  private void openFirst() {
    hand.run(
        () -> {
          table().requestFocus();
          table().getSelectionModel().clearAndSelect(0);
        });
    hand.press(KeyCode.ENTER);
    hand.find(".lk-drawer", Node.class);
  }

  private void waitForRows(int least) {
    hand.waitUntil(least + " keys are shown", () -> rows() >= least);
  }

  private void waitForFewRows() {
    hand.waitUntil("the filter leaves a few keys", () -> rows() > 0 && rows() < 5);
  }

  /** A screen without rows shows something else instead of the table. */
  private int rows() {
    return wiring.dialogs().lookup(".table-view") instanceof TableView<?> shown
        ? shown.getItems().size()
        : 0;
  }

  private TableView<?> table() {
    return (TableView<?>) wiring.dialogs().lookup(".table-view");
  }
}
