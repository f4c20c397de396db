package dev.latchkey.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Session;
import dev.latchkey.database.SignIn;
import dev.latchkey.gate.Gate;
import dev.latchkey.gate.GateSettings;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.FxHarness;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.token.Secret;
import dev.latchkey.widget.DialogLayer;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.TimedClipboard;
import dev.latchkey.widget.Times;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javafx.beans.property.SimpleObjectProperty;
import javafx.scene.control.TextField;
import javafx.scene.input.Clipboard;
import javafx.scene.layout.StackPane;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The operator's own way in: the Connect screen, the gate, a token that temporary access made. */
class GateSignInTest {
  @RegisterExtension static final TestDatabase database = new TestDatabase();
  @RegisterExtension static final FxHarness fx = new FxHarness();

  private static final String ROLE = "connect_operator";
  private static final String NOT_GRANTED = "connect_other";
  private static Gate gate;
  private static int members;

  @TempDir Path folder;
  private final DirectTasks tasks = new DirectTasks();
  private final List<Session> sessions = new ArrayList<>();
  private ConnectViewModel model;

  /** A member's grant and token. */
  private record Access(String member, String grant, String tokenId, String token) {
    @Override
    public String toString() {
      return grant;
    }
  }

  @BeforeAll
  static void openGate() throws IOException {
    database
        .sql()
        .execute(
            """
            create role %s login in role latchkey_operator;
            create role %s login in role latchkey_operator;
            alter role latchkey_gatekeeper login;
            select latchkey.set_temporary_access('enabled')
            """
                .formatted(ROLE, NOT_GRANTED));
    gate =
        Gate.open(
            GateSettings.of(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                database.socket(),
                database.name()));
  }

  @AfterAll
  static void closeGate() {
    gate.close();
    database
        .sql()
        .execute(
            "select pg_terminate_backend(pid, 2000) from pg_stat_activity where usename in (?, ?)",
            ROLE,
            NOT_GRANTED);
    database.sql().execute("drop role " + ROLE);
    database.sql().execute("drop role " + NOT_GRANTED);
  }

  @BeforeEach
  void screen() {
    fx.show(
        1280,
        725,
        () -> {
          Clock clock = Clock.systemUTC();
          model =
              new ConnectViewModel(
                  new ProfileList(ProfileFile.in(folder)),
                  new SignIn(),
                  progress -> {
                    throw new IllegalStateException("no sandbox in this test");
                  },
                  Keychain.none("No keychain in this test."),
                  tasks,
                  Runnable::run,
                  clock,
                  sessions::add);
          Times times = new Times(clock, new SimpleObjectProperty<ZoneId>(ZoneOffset.UTC));
          StackPane place = new StackPane();
          DialogLayer layer = new DialogLayer(place);
          place.getChildren().add(new ConnectView(model, times, layer, new TimedClipboard(tasks)));
          return layer;
        });
  }

  @AfterEach
  void closeSessions() {
    sessions.forEach(session -> session.database().close());
  }

  @Test
  void aGoodTokenSignsInAndTheServerKnowsThePerson() {
    Access access = access("{}");
    enter(ROLE, access.token());

    fx.clickText("Connect");

    assertThat(sessions).hasSize(1);
    assertThat(sessions.getFirst().who().email()).contains("member" + members + "@example.org");
    assertThat(sessions.getFirst().who().accessEndsAt()).isPresent();
    assertThat(fx.<String>get(() -> model.tokenProperty().get().reveal())).isEmpty();
  }

  static Stream<Arguments> spoilt() {
    return Stream.of(
        Arguments.of(
            "update temporary_access.tokens set expires_at = now() - interval '1 s' where id = '%3$s'",
            "token_expired"),
        Arguments.of("select latchkey.revoke_access_token('%3$s', 'lost')", "token_revoked"),
        Arguments.of("select latchkey.block_member('%1$s', 'left')", "member_blocked"),
        Arguments.of("select latchkey.freeze_member('%1$s', 'stolen')", "token_revoked"),
        Arguments.of("select latchkey.revoke_grant('%2$s', 'done')", "grant_revoked"),
        Arguments.of(
            """
            update temporary_access.grants
            set starts_at = now() - interval '2 h', expires_at = now() - interval '1 h' where id = '%2$s'
            """,
            "grant_expired"),
        Arguments.of(
            "update temporary_access.grants set allowed_cidrs = '{192.0.2.0/24}' where id = '%2$s'",
            "address_not_allowed"));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("spoilt")
  void aTokenThatNoLongerLetsInIsToldAndEveryFieldStays(String harm, String outcome) {
    Access access = access("{}");
    database
        .sql()
        .execute(harm.formatted(access.member(), access.grant(), access.tokenId()).strip());
    refusedOnScreen(ROLE, access.token(), outcome);
  }

  @Test
  void aRoleThatIsNotGrantedIsToldAndEveryFieldStays() {
    refusedOnScreen(NOT_GRANTED, access("{}").token(), "no_grant");
  }

  @Test
  void anAddressOutsideTheGrantsNetworksIsToldAndEveryFieldStays() {
    refusedOnScreen(ROLE, access("{198.51.100.0/24,2001:db8::/32}").token(), "address_not_allowed");
  }

  @Test
  void aWrongCharacterIsToldBeforeAndAfterConnecting() {
    String token = access("{}").token();
    String wrong = (token.charAt(40) == 'a' ? "b" : "a");
    String mistyped = token.substring(0, 40) + wrong + token.substring(41);
    enter(ROLE, mistyped);
    assertThat(fx.says("A temporary-access token with a wrong checksum: copy it once more."))
        .isTrue();
    fx.picture("connect-wrong-checksum");

    refusedOnScreen(ROLE, mistyped, "malformed", true);
    assertThat(fx.says("A temporary-access token with a wrong checksum: copy it once more."))
        .isTrue();
  }

  @Test
  void aTokenThatIsCutOffIsToldBeforeAndAfterConnecting() {
    String cut = access("{}").token().substring(0, 60);
    enter(ROLE, cut);
    assertThat(fx.says("A temporary-access token that is cut off: 60 of 69 characters.")).isTrue();

    refusedOnScreen(ROLE, cut, "malformed", true);
    assertThat(fx.says("The token is cut off: 60 of 69 characters.")).isTrue();
  }

  @Test
  void anOperatorOfAnotherProfileIsAskedForTheReason() {
    Access access = access("{}");
    Access operator = access("{}");
    database.sql().rows("select latchkey.revoke_grant(?::uuid, 'done')", access.grant());
    enter(ROLE, operator.token());
    fx.run(() -> model.rename("The operator's"));
    fx.run(model::newProfile);
    refusedOnScreen(ROLE, access.token(), "grant_revoked");
    fx.clickText("Show 7 checks");
    fx.picture("doctor-refused");

    fx.clickText("Ask as an operator…");
    fx.picture("doctor-ask");
    fx.type(operator.token());
    fx.click("#ask-logins");

    assertThat(fx.says("The grant was revoked. Ask an operator for a grant.")).isTrue();
    fx.picture("doctor-reason");
    fx.click("#doctor-copy");
    String copied = fx.get(() -> Clipboard.getSystemClipboard().getString());
    assertThat(copied)
        .contains("The grant was revoked.", "grant_revoked", "The token was sent not at all.")
        .doesNotContain(access.token())
        .doesNotContain(operator.token());
    assertThat(sessions).isEmpty();
  }

  @Test
  void anOperatorWhoIsRefusedTooIsToldInTheDialog() {
    Access access = access("{}");
    database.sql().rows("select latchkey.revoke_grant(?::uuid, 'done')", access.grant());
    enter(ROLE, "left blank");
    fx.run(() -> model.rename("The operator's"));
    fx.run(model::newProfile);
    refusedOnScreen(ROLE, access.token(), "grant_revoked");

    fx.clickText("Ask as an operator…");
    fx.type(access.token());
    fx.click("#ask-logins");

    assertThat(fx.says("The server refused this token for role %s.".formatted(ROLE))).isTrue();
  }

  @Test
  void withoutAnotherProfileNobodyCanBeAskedAndTheSqlIsThere() {
    Access access = access("{}");
    database.sql().rows("select latchkey.revoke_grant(?::uuid, 'done')", access.grant());
    refusedOnScreen(ROLE, access.token(), "grant_revoked");

    assertThat(fx.labelled("Ask as an operator…").isDisabled()).isTrue();
    assertThat(fx.find(".lk-code").getAccessibleText()).contains("latchkey.logins", ROLE);
  }

  @Test
  void whoseGrantIsRevokedWhileSignedInIsToldAtTheNextReadAndGoesOnWithAFreshToken() {
    Access access = access("{}");
    enter(ROLE, access.token());
    fx.clickText("Connect");
    Session session = sessions.getFirst();
    List<Failure> told = new CopyOnWriteArrayList<>();
    session.database().onEnd(told::add);

    database.sql().rows("select latchkey.revoke_grant(?::uuid, 'done')", access.grant());
    while (session.database().ended().isEmpty()) {
      catchThrowableOfType(FailureException.class, () -> whoIsIn(session));
    }

    assertThat(told)
        .singleElement()
        .isEqualTo(
            new DatabaseFailure.SignInRefused(
                ROLE, "28000", "temporary access refused for role \"" + ROLE + "\""));
    assertThat(
            catchThrowableOfType(
                FailureException.class,
                () -> new SignIn().renew(session, Secret.of(access.token()))))
        .extracting(FailureException::failure)
        .isInstanceOf(DatabaseFailure.SignInRefused.class);
    Session renewed = new SignIn().renew(session, Secret.of(access("{}").token()));
    assertThat(renewed.database()).isSameAs(session.database());
    assertThat(whoIsIn(session)).isEqualTo(ROLE);
  }

  private static String whoIsIn(Session session) {
    return session
        .database()
        .read(handle -> handle.createQuery("select current_user").mapTo(String.class).one());
  }

  private void refusedOnScreen(String role, String token, String outcome) {
    refusedOnScreen(role, token, outcome, false);
  }

  /**
   * @param explained whether the doctor already sees by the token's looks why it is refused
   */
  private void refusedOnScreen(String role, String token, String outcome, boolean explained) {
    enter(role, token);
    ConnectionFields before = fields();

    fx.clickText("Connect");

    assertThat(sessions).isEmpty();
    assertThat(
            fx.says("The token reached the server's verifier and was refused (28000).")
                || explained)
        .isTrue();
    assertThat(model.doctor().diagnosisProperty().get().orElseThrow().attempts())
        .as("the doctor asks nothing that was just answered")
        .isZero();
    assertThat(fields()).isEqualTo(before);
    assertThat(ErrorPane.report(failure())).contains("28000").doesNotContain(token);
    assertThat(
            database
                .sql()
                .text(
                    "select outcome from latchkey.logins where role = ? order by at desc limit 1",
                    role))
        .as("the reason, for operators")
        .isEqualTo(outcome);
    fx.picture("connect-refused-" + outcome);
  }

  private Failure failure() {
    return fx.get(
        () -> {
          assertThat(model.stateProperty().get()).isInstanceOf(ConnectState.Failed.class);
          return ((ConnectState.Failed) model.stateProperty().get()).failure();
        });
  }

  /** What stands in the fields of the screen. */
  private record ConnectionFields(
      String host, String port, String database, String role, String token) {
    @Override
    public String toString() {
      return "%s@%s:%s/%s".formatted(role, host, port, database);
    }
  }

  private ConnectionFields fields() {
    return new ConnectionFields(
        text("#host"),
        text("#port"),
        text("#database"),
        text("#role"),
        fx.<String>get(() -> model.tokenProperty().get().reveal()));
  }

  private static String text(String selector) {
    return fx.find(selector, TextField.class).getText();
  }

  private void enter(String role, String token) {
    fx.run(
        () -> {
          model.paste(
              "postgresql://%s@127.0.0.1:%d/%s?sslmode=disable"
                  .formatted(role, gate.address().getPort(), database.name()));
          model.enterToken(Secret.of(token));
        });
    fx.settle();
  }

  private static Access access(String networks) {
    Sql sql = database.sql();
    members++;
    String member =
        sql.text("select user_id from latchkey.add_member(?)", "member" + members + "@example.org");
    String grant =
        sql.text(
            "select id from latchkey.grant_access(?::uuid, ?, now() + interval '1 h', null, ?::cidr[], 'test')",
            member,
            ROLE,
            networks);
    var made =
        sql.row(
            """
            select made ->> 'id' as id, made ->> 'token' as token
            from latchkey.create_access_token(?::uuid, 'test', now() + interval '1 day') as made
            """,
            member);
    return new Access(member, grant, made.get("id").toString(), made.get("token").toString());
  }
}
