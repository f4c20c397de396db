package dev.latchkey.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.change.Environment;
import dev.latchkey.database.Count;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.SchemaNeeds;
import dev.latchkey.database.SchemaObject;
import dev.latchkey.database.SchemaState;
import dev.latchkey.database.SignIn;
import dev.latchkey.database.TlsMode;
import dev.latchkey.doctor.TokenSamples;
import dev.latchkey.rows.Failure;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.FxHarness;
import dev.latchkey.token.Secret;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.Theme;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javafx.beans.property.SimpleObjectProperty;
import javafx.geometry.Bounds;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.TextArea;
import javafx.scene.control.TextField;
import javafx.scene.input.KeyCode;
import javafx.scene.layout.StackPane;
import javafx.stage.PopupWindow;
import javafx.stage.Window;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectViewTest {
  private static final Instant NOW = Instant.parse("2026-11-22T14:18:02Z");
  private static final String TOKEN = TokenSamples.temporary(NOW.minus(Duration.ofMinutes(8)));

  @RegisterExtension static final FxHarness fx = new FxHarness();

  @TempDir Path folder;
  private ConnectViewModel model;
  private DialogLayer layer;

  @BeforeEach
  void profiles() {
    ProfileList profiles = new ProfileList(ProfileFile.in(folder));
    put(profiles, "Acme staging", "db.staging.acme.io", Environment.STAGING, 26);
    put(profiles, "Acme production", "db.acme.io", Environment.PRODUCTION, 3);
    put(profiles, "Acme production (EU)", "db-eu.acme.io", Environment.PRODUCTION, 290);
    put(profiles, "Globex development", "10.20.4.11", Environment.DEVELOPMENT, 600);
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    DirectTasks tasks = new DirectTasks();
    model =
        new ConnectViewModel(
            profiles,
            new SignIn(),
            progress -> {
              throw new IllegalStateException("no sandbox in this test");
            },
            Keychain.none("This desktop offers no keychain that Latchkey can use."),
            tasks,
            Runnable::run,
            clock,
            session -> {});
    Times times = new Times(clock, new SimpleObjectProperty<ZoneId>(ZoneOffset.UTC));
    layer =
        fx.show(
            1280,
            725,
            () -> {
              StackPane place = new StackPane();
              DialogLayer built = new DialogLayer(place);
              place
                  .getChildren()
                  .add(new ConnectView(model, times, built, new TimedClipboard(tasks)));
              return built;
            });
  }

  @Test
  void showsProfilesAndTheSelectedOnesFields() {
    assertThat(fx.find("#host", TextField.class).getText()).isEqualTo("db.staging.acme.io");
    fx.picture("connect-profile");
    fx.theme(Theme.DARK);
    fx.picture("connect-profile-dark");
  }

  @Test
  void aPastedUrlFillsTheFieldsAndItsPasswordMovesToTheTokenField() {
    fx.click("#url");
    TextField url = fx.find("#url", TextField.class);
    fx.run(
        () -> url.setText("postgresql://admin:" + TOKEN + "@db.acme.io:6543/shop?sslmode=require"));
    fx.settle();
    assertThat(fx.find("#host", TextField.class).getText()).isEqualTo("db.acme.io");
    assertThat(fx.find("#url", TextField.class).getText()).doesNotContain("jit_");
    assertThat(model.tokenProperty().get().reveal()).isEqualTo(TOKEN);
    assertThat(fx.says("5 fields filled")).isTrue();
    fx.picture("connect-pasted");
  }

  @Test
  void rubbishSaysWhatIsWrongAndOverwritesNothing() {
    paste("https://db.acme.io/app");
    fx.run(() -> model.enterToken(Secret.of("jit_cut")));
    fx.settle();
    assertThat(fx.find("#host", TextField.class).getText()).isEqualTo("db.staging.acme.io");
    assertThat(
            fx.says(
                "This URL is for https. Paste one for PostgreSQL, which begins with postgresql://."))
        .isTrue();
    assertThat(fx.says("A temporary-access token that is cut off: 7 of 69 characters.")).isTrue();
    fx.picture("connect-rubbish");
  }

  @Test
  void aServerThatIsNotThereIsToldWithTheNextStep() {
    paste("postgresql://me@127.0.0.1:1/app");
    fx.run(() -> model.enterToken(Secret.of(TOKEN)));
    fx.clickText("Connect");
    assertThat(fx.says("127.0.0.1 is there, but nobody listens at port 1.")).isTrue();
    assertThat(fx.says("1 problem")).isTrue();
    fx.picture("connect-failed");
    fx.theme(Theme.DARK);
    fx.picture("connect-failed-dark");
    fx.theme(Theme.LIGHT);
    fx.clickText("Go to the port");
    assertThat(fx.<String>get(() -> fx.scene().getFocusOwner().getId())).isEqualTo("port");
    fx.run(() -> model.form().portProperty().set("2"));
    fx.settle();
    assertThat(fx.says("The profile or the token has changed since. Run again.")).isTrue();
  }

  @Test
  void theDoctorIsThereWithoutASignInAndForThePooler() {
    fx.resize(948, 620);
    paste(
        "postgresql://postgres@no-such-host.pooler.supabase.com:6543/postgres?options=-c%20jit%3Don");
    fx.run(() -> model.form().roleProperty().set("postgres.abcdefghijklmnopqrst"));
    fx.run(() -> model.enterToken(Secret.of("sbp_" + "0123456789abcdef".repeat(3))));
    fx.clickText("Diagnose");

    assertThat(fx.says("2 problems")).isTrue();
    assertThat(fx.says("Options: -c jit=on becomes -c jit=true")).isTrue();
    fx.picture("doctor-pooler-small");
    fx.clickText("Set the pooler option");
    assertThat(fx.find("#options", TextField.class).getText()).isEqualTo("-c jit=true");
    fx.picture("doctor-pooler-set-small");
    fx.run(model::diagnose);
    fx.settle();
    assertThat(fx.says("1 problem")).isTrue();
    fx.clickText("Show 8 checks");
    fx.picture("doctor-checks-small");
    fx.theme(Theme.DARK);
    fx.picture("doctor-checks-small-dark");
    fx.clickText("Hide the checks");
    fx.run(() -> model.doctor().close());
    assertThat(fx.says("Connection doctor")).isFalse();
  }

  static Stream<Arguments> obstacles() {
    return Stream.of(
        Arguments.of(
            new DatabaseFailure.NotPostgres("db:80/app", ""),
            "The server at db:80/app does not speak PostgreSQL.",
            "Check the port: 5432 is PostgreSQL's usual one, 6543 a pooler's."),
        Arguments.of(
            new DatabaseFailure.SchemaNewer(9, 4),
            "The Latchkey schema here is version 9; this console knows versions up to 4.",
            "Update Latchkey on this desktop. Nothing was read or changed."),
        Arguments.of(
            new DatabaseFailure.SchemaMissing("db:5432/app"),
            "The database db:5432/app has no Latchkey schema.",
            "Install it as the database's owner, or ask whoever administers the database."));
  }

  @ParameterizedTest
  @MethodSource("obstacles")
  void whatStandsInTheWayIsToldWithTheNextStep(Failure obstacle, String sentence, String nextStep) {
    fx.run(() -> model.show(new ConnectState.Failed(obstacle)));
    fx.settle();
    assertThat(fx.says(sentence)).isTrue();
    assertThat(fx.says(nextStep)).isTrue();
    assertThat(fx.says(obstacle.code())).isTrue();
  }

  @Test
  void missingFieldsAreNamed() {
    fx.run(model::newProfile);
    fx.clickText("Connect");
    assertThat(fx.says("Enter the server's name or address.")).isTrue();
    assertThat(fx.says("Enter the role to sign in as.")).isTrue();
    fx.picture("connect-missing");
  }

  @Test
  void progressAndTheSchemaOfferAreShown() {
    fx.run(() -> model.show(new ConnectState.Working("Loading sample data", 0.62)));
    fx.picture("connect-progress");
    fx.run(
        () ->
            model.show(
                new ConnectState.SchemaWanted(
                    new SchemaOffer(
                        Profile.blank("x").endpoint(), new SchemaState.Missing(), true))));
    fx.picture("connect-schema");
    assertThat(fx.says("Install the schema")).isTrue();
    assertThat(fx.says("Show the SQL")).isTrue();
  }

  @Test
  void whatTakingOverWouldDoIsSaidBeforeItIsDone() {
    var design = new SchemaState.PrivateSchemaDesign(Count.exactly(1), Count.about(12_345_678));
    offer(design, true);
    assertThat(
            fx.says(
                "This database has API keys of the published private-schema design: 1 key and"
                    + " about 12,345,678 log lines."))
        .isTrue();
    assertThat(fx.says("Take over and install")).isTrue();
    fx.picture("connect-takeover");
    fx.theme(Theme.DARK);
    offer(new SchemaState.BothDesigns(design, new SchemaState.KsuidDesign(Count.unknown())), false);
    assertThat(fx.find("#install", Button.class).isDisabled()).isTrue();
    fx.picture("connect-takeover-dark");
  }

  @Test
  void whatIsNotKnownIsNotInstalledOver() {
    offer(new SchemaState.Unknown("audit.record_version"), true);
    assertThat(
            fx.says(
                "This database has something that Latchkey does not know: audit.record_version."))
        .isTrue();
    assertThat(fx.find("#install", Button.class).isDisabled()).isTrue();
    fx.picture("connect-unknown");
  }

  @Test
  void beforeTablesComeBackEmptyItIsAskedOnceMore() {
    List<SchemaObject> tables =
        SchemaNeeds.ofThisProgram().objects().stream()
            .filter(object -> object.schema().equals("temporary_access"))
            .filter(object -> object.kind() != SchemaObject.Kind.FUNCTION)
            .toList();
    offer(new SchemaState.Damaged(tables), true);
    assertThat(
            fx.says(
                "Latchkey is installed here, but not all of it is there any more: schema temporary_access."))
        .isTrue();
    fx.picture("connect-damaged");
    fx.clickText("Mend the schema");
    assertThat(fx.says("8 tables come back empty")).isTrue();
    assertThat(
            fx.labelled(
                "temporary_access.grants\ntemporary_access.logins\ntemporary_access.members\n"
                    + "temporary_access.noise\ntemporary_access.role_settings\ntemporary_access.roles_to_clear\n"
                    + "temporary_access.settings\ntemporary_access.tokens"))
        .isNotNull();
    fx.picture("connect-damaged-empty");
    fx.theme(Theme.DARK);
    fx.picture("connect-damaged-empty-dark");
    fx.clickText("Cancel");
    assertThat(model.stateProperty().get()).isInstanceOf(ConnectState.SchemaWanted.class);

    fx.clickText("Mend the schema");
    fx.click("#make-empty");
    assertThat(model.stateProperty().get()).isInstanceOf(ConnectState.Failed.class);
  }

  @Test
  void otherFunctionsAreOfferedToBeReplaced() {
    offer(new SchemaState.Stale(Optional.of("a".repeat(64)), "b".repeat(64)), true);
    assertThat(
            fx.says(
                ("The Latchkey schema here is version %d, but its functions are not those of this program:"
                        + " code aaaaaaaaaaaa instead of bbbbbbbbbbbb.")
                    .formatted(SchemaState.NEEDED)))
        .isTrue();
    assertThat(fx.says("Replace the functions")).isTrue();
    fx.picture("connect-stale");
  }

  private void offer(SchemaState found, boolean privileged) {
    fx.run(
        () ->
            model.show(
                new ConnectState.SchemaWanted(
                    new SchemaOffer(Profile.blank("x").endpoint(), found, privileged))));
    fx.settle();
  }

  @Test
  void theSqlCanBeReadBeforeItRuns() {
    TimedClipboard clipboard = new TimedClipboard(new DirectTasks());
    fx.run(() -> new ScriptDialog(layer, clipboard).show("create schema latchkey;\n".repeat(60)));
    TextArea script = fx.find("#schema-script", TextArea.class);
    assertThat(script.getText()).startsWith("create schema latchkey;");
    assertThat(script.isEditable()).isFalse();
    fx.picture("connect-schema-sql");
  }

  @Test
  void aProfileIsRenamedAndDeletedInADialog() {
    fx.click("#menu");
    fx.picture("connect-menu");
    fx.press(KeyCode.ESCAPE);
    MenuButton menu = fx.find("#menu", MenuButton.class);
    fx.run(() -> menu.getItems().get(0).fire());
    fx.press(KeyCode.DELETE);
    fx.type("Acme 2");
    fx.picture("connect-rename");
    fx.press(KeyCode.ENTER);
    assertThat(fx.find("#title", Label.class).getText()).isEqualTo("Acme 2");
    fx.run(() -> menu.getItems().get(2).fire());
    fx.picture("connect-delete");
    fx.clickText("Delete profile");
    assertThat(model.profiles().size()).isEqualTo(3);
    assertThat(fx.find("#title", Label.class).getText()).isEqualTo("Acme production");
  }

  @Test
  void theTlsModesSayWhatTheyGive() {
    fx.click("#tls");
    for (TlsMode mode : TlsMode.values()) {
      assertThat(inPopups()).contains(mode.parameter(), "· " + mode.meaning());
    }
    fx.picture("connect-tls");
    fx.press(KeyCode.ESCAPE);
    assertThat(inPopups()).isEmpty();
    fx.theme(Theme.DARK);
    fx.click("#tls");
    fx.picture("connect-tls-dark");
    fx.press(KeyCode.ESCAPE);
  }

  @Test
  void itFitsIntoTheSmallestWindow() {
    fx.resize(948, 620);
    fx.clickText("Root certificate and options");
    fx.run(() -> model.paste("postgresql://postgres@eu.pooler.supabase.com/postgres"));
    fx.picture("connect-small");
    for (String control :
        List.of("#url", "#host", "#tls", "#rootCertificate", "#choose", "#options", "#token")) {
      assertThat(bounds(control)).as(control).satisfies(this::isInTheWindow);
    }
    for (String button : List.of("#connect", "#sandbox", "#diagnose", "#archive")) {
      Button shown = fx.find(button, Button.class);
      assertThat(bounds(button)).as(button).satisfies(this::isInTheWindow);
      assertThat(fx.<Double>get(() -> shown.getWidth() - shown.prefWidth(-1)))
          .as("room for the words of " + button)
          .isNotNegative();
    }
  }

  private Bounds bounds(String selector) {
    Node node = fx.find(selector);
    return fx.get(() -> node.localToScene(node.getLayoutBounds()));
  }

  /** From side to side; what is below is scrolled to. */
  private void isInTheWindow(Bounds bounds) {
    assertThat(bounds.getWidth()).isPositive();
    assertThat(bounds.getMinX()).isNotNegative();
    assertThat(bounds.getMaxX()).isLessThanOrEqualTo(fx.scene().getWidth());
  }

  /** What the labels in menus and lists of choices say. */
  private List<String> inPopups() {
    return fx.get(
        () ->
            Window.getWindows().stream()
                .filter(PopupWindow.class::isInstance)
                .flatMap(window -> window.getScene().getRoot().lookupAll(".label").stream())
                .filter(Label.class::isInstance)
                .map(label -> ((Label) label).getText())
                .toList());
  }

  private void paste(String text) {
    TextField url = fx.find("#url", TextField.class);
    fx.run(() -> url.setText(text));
    fx.settle();
  }

  private static void put(
      ProfileList profiles, String name, String host, Environment environment, int hours) {
    profiles.put(
        new Profile(
            name,
            name,
            host,
            5432,
            "app",
            "postgres",
            environment,
            TlsMode.VERIFY_FULL,
            Optional.empty(),
            "",
            false,
            Optional.of(NOW.minus(Duration.ofHours(hours))),
            "postgres"));
  }
}
