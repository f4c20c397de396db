package dev.latchkey.tour;

import dev.latchkey.database.Endpoint;
import dev.latchkey.desktop.Place;
import dev.latchkey.desktop.Wiring;
import dev.latchkey.sandbox.Sandbox;
import dev.latchkey.token.Secret;
import dev.latchkey.token.TokenKind;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javafx.scene.Node;
import javafx.scene.control.ButtonBase;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TableView;
import javafx.scene.control.ToggleButton;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;

/**
 * Temporary access from end to end: somebody is let in for an hour from one network, works with a
 * program of his own, and is sent away again in the middle of it.
 */
final class AccessWalk {
  private static final String MEMBER = "Ben Okoro";
  private static final String EMAIL = "b.okoro@acme.io";
  private static final String OPERATOR = "m.lindqvist@acme.io";
  private static final String ROLE = "support_ro";

  private final Steps steps;
  private final Hand hand;
  private final Camera camera;
  private final Wiring wiring;
  private final PostgresApplication application;

  AccessWalk(
      Steps steps, Hand hand, Camera camera, Wiring wiring, PostgresApplication application) {
    this.steps = steps;
    this.hand = hand;
    this.camera = camera;
    this.wiring = wiring;
    this.application = application;
  }

  void take(Sandbox sandbox) {
    Endpoint gate = sandbox.endpoint();
    steps.step("Add a member", this::addMember);
    steps.step("Grant him a role for one hour, from one network", this::grant);
    try (Secret token = steps.get("Create a token for him, shown once", this::createToken)) {
      steps.step(
          "See him refused as a role that he was not granted",
          () -> refused(gate, "auditor", token));
      try (PostgresVisitor visitor =
          steps.get("Let him in through the gate", () -> enter(gate, token))) {
        CompletableFuture<String> work = visitor.work();
        steps.step("See his session, and the person behind the role", this::session);
        steps.step("Revoke the grant, and see the sessions go to zero", this::revoke);
        steps.step("See his query end", () -> ended(work));
      }
      steps.step("See his token open nothing", () -> refused(gate, ROLE, token));
    }
    steps.step("Read what became of his logins", this::logins);
    steps.step("Read the story in the audit events", this::events);
    steps.step("See it all in a narrow window", this::narrow);
  }

  private void addMember() {
    hand.click("#nav-access");
    hand.waitUntil(
        "Temporary access is shown", () -> wiring.frame().placeProperty().get() == Place.ACCESS);
    list("members");
    hand.click("#grant-button");
    hand.write("#member-email", EMAIL);
    hand.write("#member-name", MEMBER);
    camera.picture("access-member");
    hand.click("#member-confirm");
    closed();
    find(MEMBER);
    openFirst("members");
    camera.picture("access-members");
  }

  private void grant() {
    hand.clickText("Grant…");
    MenuButton roles = hand.find("#grant-roles", MenuButton.class);
    hand.waitUntil(
        "the roles are there", () -> roles.getItems().stream().anyMatch(AccessWalk::isRole));
    hand.run(() -> roles.getItems().stream().filter(AccessWalk::isRole).forEach(MenuItem::fire));
    hand.run(() -> choose("1 h"));
    hand.write("#network-typed", "127.0.0.0/8");
    hand.press(KeyCode.ENTER);
    hand.write("#grant-reason", "OPS-231: invoices that do not add up");
    camera.picture("access-grant");
    hand.click("#grant-confirm");
    closed();
  }

  private static boolean isRole(MenuItem item) {
    return ROLE.equals(item.getText());
  }

  private void choose(String length) {
    wiring.dialogs().lookupAll("#grant-dialog .toggle-button").stream()
        .map(ToggleButton.class::cast)
        .filter(button -> length.equals(button.getAccessibleText()))
        .forEach(ButtonBase::fire);
  }

  private Secret createToken() {
    hand.clickText("New token…");
    hand.write("#token-name", "Laptop");
    camera.picture("access-token");
    hand.click("#token-confirm");
    hand.find("#new-secret", Node.class);
    camera.picture("access-token-once");
    hand.click("#secret-copy");
    String token = hand.ask(() -> Clipboard.getSystemClipboard().getString());
    Steps.expect(
        token != null && TokenKind.TEMPORARY.begins(token),
        "the token is in the clipboard after Copy");
    hand.click("#secret-stored");
    hand.click("#secret-close");
    closed();
    return Secret.of(token);
  }

  private void refused(Endpoint gate, String role, Secret token) {
    String state = PostgresVisitor.refusal(gate, role, token);
    Steps.expect(state.equals("28000"), "it is refused with 28000, but it was " + state);
  }

  private PostgresVisitor enter(Endpoint gate, Secret token) {
    PostgresVisitor visitor = PostgresVisitor.enter(gate, ROLE, token);
    Steps.expect(visitor.reads().equals(ROLE + " reads invoices"), "he reads invoices as " + ROLE);
    return visitor;
  }

  private void session() {
    Steps.expect(application.sees(EMAIL, "pg_sleep"), "the server shows his query");
    list("sessions");
    find(MEMBER);
    hand.waitUntil("his query is shown", () -> hand.saysSomewhere("pg_sleep"));
    openFirst("sessions");
    camera.picture("access-sessions");
    hand.press(KeyCode.ESCAPE);
  }

  private void revoke() {
    list("grants");
    openFirst("grants");
    hand.waitUntil("his session is shown", () -> hand.saysSomewhere("pg_sleep"));
    camera.picture("access-details");
    hand.clickText("Revoke…");
    hand.waitUntil(
        "what ends is shown", () -> hand.says("#act-dialog .label", "1 session will end:"));
    hand.write("#act-reason", "OPS-231 is solved");
    camera.picture("access-revoke");
    hand.click("#act-confirm");
    hand.waitUntil("none is left", () -> hand.says("#sessions-left", "0"));
    camera.picture("access-revoked");
    hand.click("#act-close");
    closed();
    hand.press(KeyCode.ESCAPE);
  }

  private void ended(CompletableFuture<String> work) {
    String state = PostgresVisitor.endOf(work);
    Steps.expect(
        List.of("57P01", "08006").contains(state), "his session ended, but it said " + state);
  }

  private void logins() {
    list("logins");
    find(MEMBER);
    hand.waitUntil(
        "the reasons are shown",
        () ->
            hand.saysSomewhere("no grant for role auditor") && hand.saysSomewhere("grant revoked"));
    camera.picture("access-logins");
  }

  private void events() {
    String story = application.accessStory(EMAIL);
    steps.told(story);
    Steps.expect(
        story.equals(
            "member.added by %1$s, grant.created by %1$s, token.created by %1$s, login.refused, login.accepted, grant.revoked by %1$s (1 ended, 0 left), login.refused"
                .formatted(OPERATOR)),
        "the events tell it in order: " + story);
  }

  private void narrow() {
    hand.write("#access-filter", "");
    for (String list : List.of("grants", "members", "tokens", "sessions", "logins")) {
      list(list);
      camera.narrow("access-narrow-" + list);
    }
    list("grants");
  }

  private void list(String plural) {
    MenuButton lists = hand.find("#access-list", MenuButton.class);
    hand.run(
        () ->
            lists.getItems().stream()
                .filter(item -> ("list-" + plural).equals(item.getId()))
                .forEach(MenuItem::fire));
    hand.waitUntil(
        plural + " are shown",
        () ->
            wiring.dialogs().lookup("#" + plural + "-table") instanceof TableView<?> table
                && !table.getItems().isEmpty());
  }

  private void find(String text) {
    hand.write("#access-filter", text);
    hand.waitUntil(
        "the filter leaves what has " + text,
        () ->
            wiring.dialogs().lookup(".lk-row-table") instanceof TableView<?> table
                && !table.getItems().isEmpty()
                && table.getItems().stream().allMatch(row -> row.toString().contains(text)));
  }

  private void openFirst(String plural) {
    TableView<?> table = hand.find("#" + plural + "-table", TableView.class);
    hand.run(
        () -> {
          table.requestFocus();
          table.getSelectionModel().clearAndSelect(0);
        });
    hand.press(KeyCode.ENTER);
    hand.find(".lk-drawer", Node.class);
  }

  private void closed() {
    hand.waitUntil("the dialog is closed", () -> !wiring.dialogs().openProperty().get());
  }
}
