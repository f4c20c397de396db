package dev.latchkey.access.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.access.AccessRoom;
import dev.latchkey.access.Grant;
import dev.latchkey.access.SampleAccess;
import dev.latchkey.task.BackgroundTasks;
import dev.latchkey.task.FxThread;
import dev.latchkey.task.Tasks;
import dev.latchkey.testing.FxHarness;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.widget.CodePane;
import dev.latchkey.widget.Theme;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.CheckBox;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.ListCell;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TextInputControl;
import javafx.scene.input.Clipboard;
import javafx.scene.input.KeyCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The dialogs worked as a person would, each with its pictures in light and dark. */
final class AccessFormsTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();
  @RegisterExtension static final FxHarness FX = new FxHarness();

  private final Tasks tasks = new BackgroundTasks(new FxThread());
  private AccessRoom room;
  private AccessWindow window;
  private UUID first;

  @BeforeEach
  void open() {
    room = new AccessRoom(SERVER, tasks);
    first = new SampleAccess(room).make();
    show();
  }

  private void show() {
    window = AccessWindow.open(FX, room, tasks, Clock.systemUTC(), AccessWindow.WIDE, Theme.LIGHT);
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void thePolicyIsSavedAsItIsShownAndWhatIsWrongIsToldAtTheField() {
    FX.click("#policy-edit");
    pictures("access-policy");
    assertThat(button("#policy-save").isDisabled()).as("nothing to change").isTrue();
    window.write("#policy-days", "soon");
    assertThat(FX.says("Enter days from 0.04 to 36,500.")).isTrue();
    assertThat(button("#policy-save").isDisabled()).isTrue();
    FX.picture("access-policy-wrong");

    window.write("#policy-days", "30");
    window.write("#policy-pattern", "(Incident");
    FX.click("#policy-save");
    FX.waitUntil("the pattern is refused", () -> !help("#policy-pattern").startsWith("A regular"));
    assertThat(window.isOpen("#policy-dialog")).isTrue();
    assertThat(field("#policy-days")).as("nothing is lost").isEqualTo("30");

    window.write("#policy-pattern", "(Incident|Ticket) [0-9]+");
    FX.run(() -> FX.find("#policy-networks", CheckBox.class).setSelected(true));
    FX.click("#policy-save");
    window.waitUntilClosed("#policy-dialog");
    assertThat(
            room.sql.text(
                "select concat_ws(', ', max_duration, reason_required, reason_pattern, networks_required)"
                    + " from temporary_access.settings"))
        .isEqualTo("30 days, t, (Incident|Ticket) [0-9]+, t");
  }

  @Test
  void aTokenIsShownOnceAndIsNowhereAfterwards() {
    FX.run(() -> window.view.dialogs().createToken(window.person("Tomás Vidal")));
    FX.click("#token-confirm");
    assertThat(FX.says("Say where the token is kept, such as Laptop.")).isTrue();
    window.write("#token-name", "Release pipeline");
    window.choose("#token-roles", FX.find("#token-roles", MenuButton.class), AccessRoom.READER);
    window.write("#network-typed", "10.20.0.0/16");
    FX.press(KeyCode.ENTER);
    pictures("access-token");
    FX.click("#token-confirm");
    FX.waitUntil("the token is there", () -> FX.scene().getRoot().lookup("#new-secret") != null);
    FX.picture("access-token-once");

    assertThat(window.texts()).as("masked").noneMatch(AccessFormsTest::holdsToken);
    assertThat(button("#secret-close").isDisabled()).isTrue();
    FX.press(KeyCode.ESCAPE);
    assertThat(window.isOpen("#new-secret")).as("Esc would lose it").isTrue();
    FX.click("#secret-copy");
    String token = FX.get(() -> Clipboard.getSystemClipboard().getString());
    assertThat(token).matches("jit_[0-9A-Za-z]{65}");
    FX.click("#secret-reveal");
    assertThat(window.texts()).contains(token);
    FX.click("#secret-close");
    window.waitUntilClosed("#new-secret");

    assertThat(window.texts()).noneMatch(AccessFormsTest::holdsToken);
    window.list(AccessList.TOKENS);
    assertThat(window.texts()).contains("Release pipeline").noneMatch(AccessFormsTest::holdsToken);
    assertThat(room.reported.toString()).doesNotContain(token);
    assertThat(
            room.sql.text(
                "select roles::text || allowed_cidrs::text from latchkey.access_tokens where name = 'Release pipeline'"))
        .isEqualTo("{room_reader}{10.20.0.0/16}");
  }

  private static boolean holdsToken(String text) {
    return text.matches("(?s).*jit_[0-9A-Za-z]{30}.*");
  }

  @Test
  void connectionStringsHaveTheRoleAndNoToken() {
    FX.run(() -> window.view.dialogs().connectionStrings(window.grant("Q4 review")));
    pictures("access-connection");
    List<String> lines =
        FX.get(
            () ->
                FX.scene().getRoot().lookupAll("#connection-dialog .lk-code").stream()
                    .map(CodePane.class::cast)
                    .map(CodePane::code)
                    .toList());
    assertThat(lines)
        .hasSize(3)
        .allMatch(line -> line.contains(AccessRoom.READER))
        .noneMatch(line -> line.contains("jit_") || line.toLowerCase().contains("password"));
    FX.press(KeyCode.ESCAPE);
    window.waitUntilClosed("#connection-dialog");
  }

  @Test
  void aGrantIsExtendedByWhatTheButtonSays() {
    FX.run(() -> window.view.dialogs().extend(window.grant("Q4 review")));
    FX.click("#extend-confirm");
    assertThat(FX.says("Say why: the reason stays in the audit log.")).isTrue();
    window.choose("#extend-dialog", "8 h");
    window.write("#extend-reason", "The review takes longer");
    pictures("access-extend");
    assertThat(button("#extend-confirm").getText()).isEqualTo("Extend by 8 h");
    String before = ends();
    FX.click("#extend-confirm");
    window.waitUntilClosed("#extend-dialog");
    assertThat(
            room.sql.truth(
                "select date_trunc('second', expires_at) = date_trunc('second', ?::timestamptz) + interval '8 hours'"
                    + " from latchkey.grants where id = ?",
                before,
                first))
        .isTrue();
  }

  private String ends() {
    return room.sql.text("select expires_at::text from latchkey.grants where id = ?", first);
  }

  @Test
  void freezingAMemberEndsEverythingAtOnce() {
    FX.run(() -> window.view.dialogs().freeze(window.person("Tomás Vidal")));
    FX.waitUntil("what ends", () -> window.says("1 session will end:"));
    window.write("#act-reason", "Laptop stolen");
    pictures("access-freeze");
    FX.click("#act-confirm");
    waitUntilNoneIsLeft();
    pictures("access-frozen");
    FX.click("#act-close");
    assertThat(room.sql.number("select count(*) from latchkey.sessions")).isZero();
    assertThat(
            room.sql.text(
                "select status || ' ' || grant_count || ' ' || token_count from latchkey.members where display_name = 'Tomás Vidal'"))
        .startsWith("blocked");
  }

  @Test
  void oneSessionIsTerminatedAndTheGrantStays() {
    window.details(window.grant("Q4 review"));
    FX.clickText("Terminate");
    FX.waitUntil("what ends", () -> window.says("1 session will end:"));
    pictures("access-terminate");
    FX.click("#act-confirm");
    waitUntilNoneIsLeft();
    FX.click("#act-close");
    assertThat(room.sql.text("select status from latchkey.grants where id = ?", first))
        .isEqualTo("expiring");
  }

  @Test
  void endedAccessIsLookedForAtOnceAndTheResultIsTold() {
    FX.click("#enforce-now");
    FX.waitUntil("the call is shown", () -> FX.says("Enforce now"));
    FX.clickText("Enforce now");
    FX.waitUntil("the result", () -> window.says("No session was open whose access is over."));

    room.sql.execute(
        "update temporary_access.grants set expires_at = now() - interval '1 second' where id = ?",
        first);
    FX.click("#enforce-now");
    FX.waitUntil("the call is shown", () -> FX.says("Enforce now"));
    FX.clickText("Enforce now");
    FX.waitUntil("the result", () -> window.says("1 session ended, none is left."));
    pictures("access-enforced");
    assertThat(room.sql.number("select count(*) from latchkey.sessions")).isZero();
    assertThat(FX.find("#enforced", Label.class).getText()).isEqualTo("Enforced just now");
    FX.click(FX.find("#enforcement .button"));
    assertThat(window.isOpen("#enforcement")).isFalse();
  }

  @Test
  void endingOnesOwnAccessNeedsItsNameTyped() {
    UUID mara = window.person("Mara Lindqvist").id();
    room.enterConsole(room.token(mara));
    UUID jon = window.person("Jon Okafor").id();
    room.grant(jon, AccessRoom.OPERATOR, "1 hour", "{}", "Operates too");
    Grant own = window.grant("Operates the console");
    FX.run(() -> window.view.dialogs().revoke(own));
    window.write("#act-reason", "Going home");
    FX.click("#act-confirm");
    FX.waitUntil("the name is asked for", () -> FX.scene().getRoot().lookup("#own-access") != null);
    assertThat(button("#typed-confirm").isDisabled()).isTrue();
    window.write("#typed-name", "room_reader");
    assertThat(button("#typed-confirm").isDisabled()).as("another role's name").isTrue();
    window.write("#typed-name", AccessRoom.OPERATOR);
    assertThat(button("#typed-confirm").isDisabled()).isFalse();
    pictures("access-own");
    FX.press(KeyCode.ESCAPE);
    window.waitUntilClosed("#own-access");
    assertThat(window.isOpen("#act-dialog")).isTrue();
    assertThat(field("#act-reason")).as("nothing is lost").isEqualTo("Going home");
    assertThat(window.texts()).anyMatch(text -> text.contains("This ends your own access"));
    pictures("access-own-declined");
    assertThat(room.source.grant(own.id()).orElseThrow().status().isOpen()).isTrue();
  }

  @Test
  void theGrantFormShowsTheMemberWhomItWasOpenedFor() {
    FX.run(() -> window.view.dialogs().grantTo(window.person("Tomás Vidal")));
    FX.waitUntil(
        "members",
        () ->
            FX.scene().getRoot().lookup("#grant-member") instanceof ComboBox<?> box
                && box.getItems().size() > 1);
    Node shown = FX.find("#grant-member > .list-cell");
    assertThat(((ListCell<?>) shown).getText()).isEqualTo("Tomás Vidal · tom.s.vidal@acme.io");
  }

  @Test
  void aThousandNetworksAreToldAndNotLost() {
    FX.run(() -> window.view.dialogs().createToken(window.person("Tomás Vidal")));
    window.write("#token-name", "Everywhere");
    String thousand =
        IntStream.range(0, 1_000)
            .mapToObj(number -> "10.%d.%d.0/24".formatted(number / 256, number % 256))
            .collect(Collectors.joining(" "));
    window.write("#network-typed", thousand);
    FX.click("#token-confirm");
    assertThat(FX.says("At most 100 networks; these are 1,000.")).isTrue();
    assertThat(window.isOpen("#token-dialog")).isTrue();
    pictures("access-thousand-networks");
    assertThat(button("#token-confirm").localToScene(button("#token-confirm").getBoundsInLocal()))
        .as("the button is inside the window")
        .matches(bounds -> bounds.getMaxY() < AccessWindow.HEIGHT);
    assertThat(
            room.sql.number(
                "select count(*) from latchkey.access_tokens where name = 'Everywhere'"))
        .isZero();
  }

  @Test
  void hostileTextIsToldOrShownAsText() {
    window.list(AccessList.MEMBERS);
    FX.run(window.view::createNew);
    window.write("#member-email", "eve@acme.io");
    window.write("#member-name", "Eve\u202Egnp.exe");
    FX.click("#member-confirm");
    assertThat(FX.says("A name must not contain control characters or invisible ones.")).isTrue();
    window.write("#member-name", "E".repeat(5_000));
    FX.click("#member-confirm");
    assertThat(window.isOpen("#member-dialog")).isTrue();
    assertThat(room.sql.number("select count(*) from latchkey.members where email like 'eve%'"))
        .isZero();
    FX.picture("access-member-long");
    window.write("#member-name", "\u05E9\u05DC\u05D5\u05DD <b>'; drop table x; --");
    FX.click("#member-confirm");
    window.waitUntilClosed("#member-dialog");
    FX.waitUntil(
        "the member", () -> window.says("\u05E9\u05DC\u05D5\u05DD <b>'; drop table x; --"));

    FX.run(() -> window.view.dialogs().extend(window.grant("Q4 review")));
    window.write("#extend-reason", "r".repeat(100_000));
    FX.click("#extend-confirm");
    assertThat(FX.says("At most 500 characters; these are 100,000.")).isTrue();
    assertThat(field("#extend-reason")).hasSize(100_000);
    FX.picture("access-extend-long");
  }

  @Test
  void whatIsStoredTooLongStaysInItsPlace() {
    UUID eve = room.member("Eve");
    UUID grant = room.grant(eve, AccessRoom.READER, "1 hour", "{}", "ok");
    room.sql.execute(
        """
        update temporary_access.members set display_name = ? where user_id = ?
        """,
        "Eve\n\u202Eevil\u0007" + "W".repeat(5_000),
        eve);
    room.sql.execute(
        """
        update temporary_access.grants
        set reason = repeat('why ', 5000), allowed_cidrs = array(select format('10.0.%s.0/24', n)::cidr from generate_series(0, 99) as n)
        where id = ?
        """,
        grant);
    FX.run(window.model::reload);
    FX.waitUntil(
        "the grant",
        () -> window.model.grants().rows().stream().anyMatch(row -> row.id().equals(grant)));
    window.details(room.source.grant(grant).orElseThrow());
    FX.resize(AccessWindow.NARROW, AccessWindow.HEIGHT);
    FX.settle();
    pictures("access-hostile");
    assertThat(FX.find(".lk-drawer").getBoundsInParent().getWidth()).isLessThan(400);
    assertThat(FX.find(".lk-row-table").getBoundsInParent().getWidth()).isGreaterThan(500);
    FX.run(
        () ->
            window
                .view
                .dialogs()
                .extend(
                    window.model.grants().rows().stream()
                        .filter(row -> row.id().equals(grant))
                        .findFirst()
                        .orElseThrow()));
    pictures("access-hostile-extend");
    assertThat(FX.find("#extend-dialog").getBoundsInParent().getMaxY())
        .isLessThanOrEqualTo(AccessWindow.HEIGHT);
  }

  private void waitUntilNoneIsLeft() {
    FX.waitUntil(
        "none is left",
        () ->
            FX.scene().getRoot().lookup("#sessions-left") instanceof Label left
                && left.getText().equals("0"));
  }

  private void pictures(String name) {
    FX.picture(name);
    FX.theme(Theme.DARK);
    FX.picture(name + "-dark");
    FX.theme(Theme.LIGHT);
  }

  private static Button button(String selector) {
    return FX.find(selector, Button.class);
  }

  private static String field(String selector) {
    TextInputControl field = FX.find(selector, TextInputControl.class);
    return FX.get(field::getText);
  }

  /** For conditions, which are asked on the JavaFX thread. */
  private static String help(String selector) {
    return FX.scene().getRoot().lookup(selector).getAccessibleHelp();
  }
}
