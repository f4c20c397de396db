package dev.latchkey.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.change.Environment;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Endpoint;
import dev.latchkey.database.SchemaState;
import dev.latchkey.database.Session;
import dev.latchkey.database.SignIn;
import dev.latchkey.database.TlsMode;
import dev.latchkey.doctor.Cause;
import dev.latchkey.doctor.Field;
import dev.latchkey.doctor.Remedy;
import dev.latchkey.rows.Failure;
import dev.latchkey.sandbox.SandboxException;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestClock;
import dev.latchkey.testing.TestDatabase;
import dev.latchkey.testing.TestDoor;
import dev.latchkey.token.Secret;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ConnectViewModelTest {
  @RegisterExtension static final TestDatabase database = new TestDatabase();
  @RegisterExtension static final TestDatabase bare = TestDatabase.empty();

  private static final Instant NOW = Instant.parse("2026-11-22T14:18:02Z");
  private static TestDoor door;

  @TempDir Path folder;
  private final DirectTasks tasks = new DirectTasks();
  private final List<Session> sessions = new ArrayList<>();
  private final RememberingKeychain keychain = new RememberingKeychain();
  private SandboxSource sandbox =
      progress -> {
        throw new SandboxException("The disk is full.");
      };
  private ConnectViewModel model;

  @BeforeAll
  static void openDoor() {
    door = TestDoor.to(database);
  }

  @AfterAll
  static void closeDoor() {
    door.close();
  }

  @BeforeEach
  void model() {
    model = newModel();
  }

  @AfterEach
  void closeSessions() {
    sessions.forEach(session -> session.database().close());
  }

  @Test
  void signsInAndRemembersWhenAndAsWhomButNotTheToken() throws IOException {
    fill(database, "postgres");
    model.enterToken(Secret.of("  hunter2-hunter2\n"));
    model.connect();
    assertThat(sessions).hasSize(1);
    assertThat(sessions.getFirst().who().operator()).isTrue();
    assertThat(model.tokenProperty().get().reveal()).isEmpty();
    Profile profile = model.selectedProperty().get().orElseThrow();
    assertThat(profile.lastConnected()).contains(NOW);
    assertThat(profile.lastRole()).isEqualTo("postgres");
    assertThat(Files.readString(folder.resolve("profiles.json")))
        .contains(database.name())
        .doesNotContain("hunter2");
    assertThat(profile.toString()).doesNotContain("hunter2");
    assertThat(keychain.kept).isEmpty();
  }

  @Test
  void theKeychainIsUsedOnlyWhenAskedFor() {
    fill(database, "postgres");
    model.form().rememberProperty().set(true);
    model.enterToken(Secret.of("hunter2"));
    model.connect();
    String id = model.selectedProperty().get().orElseThrow().id();
    assertThat(keychain.kept).containsEntry(id, "hunter2");
    assertThat(newModel().tokenProperty().get().reveal()).isEqualTo("hunter2");
    model.delete();
    assertThat(keychain.kept).isEmpty();
  }

  @Test
  void anEditIsKeptHoweverSoonAnotherProfileIsChosen() {
    fill(database, "postgres");
    Profile first = model.selectedProperty().get().orElseThrow();
    model.newProfile();
    Profile second = model.selectedProperty().get().orElseThrow();
    tasks.elapse();
    model.selectedProperty().set(model.profiles().find(first.id()));

    model.form().hostProperty().set("db.acme.io");
    model.selectedProperty().set(Optional.of(second));

    assertThat(savedHost(first.id())).isEqualTo("db.acme.io");
    tasks.elapse();
    assertThat(savedHost(first.id())).isEqualTo("db.acme.io");
    assertThat(savedHost(second.id())).isEmpty();
    model.selectedProperty().set(model.profiles().find(first.id()));
    assertThat(model.form().hostProperty().get()).isEqualTo("db.acme.io");
  }

  @Test
  void anEditIsKeptWhenTheProfileIsRenamedOrTheProgramEndsAndGoesWithADeletedOne() {
    fill(database, "postgres");
    String id = model.selectedProperty().get().orElseThrow().id();
    model.form().hostProperty().set("db.acme.io");
    model.rename("Acme");
    assertThat(savedHost(id)).isEqualTo("db.acme.io");
    model.form().hostProperty().set("db2.acme.io");
    model.saveEdits();
    assertThat(savedHost(id)).isEqualTo("db2.acme.io");
    model.form().hostProperty().set("db3.acme.io");
    model.delete();
    tasks.elapse();
    assertThat(new ProfileList(ProfileFile.in(folder)).all()).isEmpty();
  }

  private String savedHost(String id) {
    return new ProfileList(ProfileFile.in(folder)).find(id).map(Profile::host).orElseThrow();
  }

  @Test
  void aTokenDoesNotFollowToAnotherProfile() {
    fill(database, "postgres");
    model.enterToken(Secret.of("for this server only"));
    model.newProfile();
    assertThat(model.tokenProperty().get().reveal()).isEmpty();
    model.paste("postgresql://me:typed@db.acme.io/app");
    model.rename("Acme");
    assertThat(model.tokenProperty().get().reveal()).isEqualTo("typed");
    model.duplicate();
    assertThat(model.tokenProperty().get().reveal()).isEmpty();
  }

  @Test
  void aTokenIsWipedWhenAnotherIsEnteredOrItHasDoneItsWork() {
    fill(database, "postgres");
    model.enterToken(Secret.of("typed before"));
    Secret before = model.tokenProperty().get();
    model.enterToken(Secret.of("hunter2"));
    Secret now = model.tokenProperty().get();
    assertThat(before.reveal()).isEqualTo("\0".repeat(12));
    model.connect();
    assertThat(now.reveal()).isEqualTo("\0".repeat(7));
  }

  @Test
  void aRememberedTokenIsForItsOwnProfileOnly() {
    fill(database, "postgres");
    model.form().rememberProperty().set(true);
    model.enterToken(Secret.of("hunter2"));
    model.connect();
    Profile remembered = model.selectedProperty().get().orElseThrow();
    model.newProfile();
    Profile other = model.selectedProperty().get().orElseThrow();
    model.selectedProperty().set(Optional.of(remembered));
    assertThat(model.tokenProperty().get().reveal()).isEqualTo("hunter2");
    model.selectedProperty().set(Optional.of(other));
    assertThat(model.tokenProperty().get().reveal()).isEmpty();
  }

  @Test
  void aRoleThatDoesNotExistIsRefusedAndTheFormStays() {
    fill(database, "nobody_here");
    model.enterToken(Secret.of("wrong"));
    model.connect();
    assertThat(failure()).isInstanceOf(DatabaseFailure.SignInRefused.class);
    assertThat(model.form().roleProperty().get()).isEqualTo("nobody_here");
    assertThat(model.tokenProperty().get().reveal()).isEqualTo("wrong");
    assertThat(sessions).isEmpty();
  }

  @Test
  void aServerThatIsNotThereIsTold() {
    model.paste("postgresql://me@127.0.0.1:1/app");
    model.enterToken(Secret.of("x"));
    model.connect();
    assertThat(failure()).isInstanceOf(DatabaseFailure.Unreachable.class);
  }

  @Test
  void aServerThatIsNotPostgresIsTold() throws IOException {
    try (ServerSocket web = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerAsAWebServer(web));
      model.paste("postgresql://me@127.0.0.1:" + web.getLocalPort() + "/app?sslmode=disable");
      model.enterToken(Secret.of("x"));
      model.connect();
    }
    assertThat(failure()).isInstanceOf(DatabaseFailure.NotPostgres.class);
  }

  @Test
  void aDatabaseThatDoesNotExistIsTold() {
    fill(database, "postgres");
    model.form().databaseProperty().set("not_there");
    model.enterToken(Secret.of("x"));
    model.connect();
    assertThat(failure()).isInstanceOf(DatabaseFailure.NoSuchDatabase.class);
  }

  @Test
  void aDatabaseWithoutTheSchemaIsOfferedItAndThenSignedInTo() {
    fill(bare, "postgres");
    model.enterToken(Secret.of("x"));
    model.connect();
    assertThat(model.stateProperty().get())
        .isInstanceOfSatisfying(
            ConnectState.SchemaWanted.class,
            wanted -> {
              assertThat(wanted.offer().allowed()).isTrue();
              assertThat(wanted.offer().found()).isInstanceOf(SchemaState.Missing.class);
            });
    List<String> scripts = new ArrayList<>();
    model.script(scripts::add);
    assertThat(scripts).singleElement().asString().contains("create schema", "V9__");
    model.install();
    assertThat(sessions).hasSize(1);
    assertThat(bare.sql().truth("select to_regnamespace('latchkey') is not null")).isTrue();
    sessions.forEach(session -> session.database().close());
    sessions.clear();
  }

  @Test
  void whoMayNotInstallIsOfferedTheFileOnly() {
    String other = bare.createDatabase(false);
    bare.sql().execute("create role frame_guest login");
    try {
      fill(bare, "frame_guest");
      model.form().databaseProperty().set(other);
      model.enterToken(Secret.of("x"));
      model.connect();
      assertThat(model.stateProperty().get())
          .isInstanceOfSatisfying(
              ConnectState.SchemaWanted.class,
              wanted -> assertThat(wanted.offer().allowed()).isFalse());
    } finally {
      bare.dropDatabase(other);
      bare.sql().execute("drop role frame_guest");
    }
  }

  @Test
  void aDamagedSchemaIsMendedAndThenSignedInTo() {
    String other = database.createDatabase(true);
    Sql sql = Sql.on(database.address().dataSource(other, "postgres"));
    try {
      sql.execute("drop schema temporary_access cascade");
      SchemaOffer offer = offered(other, "postgres");
      assertThat(offer.allowed()).isTrue();
      assertThat(offer.found().comeBackEmpty()).contains("temporary_access.grants");
      assertThat(offer.action()).isEqualTo("Mend the schema");

      // Somebody drops one more after it was looked at: nobody agreed to that.
      sql.execute("drop table audit.events cascade");
      model.install();
      assertThat(failure()).isEqualTo(new DatabaseFailure.TablesGone(List.of("audit.events")));
      assertThat(sql.truth("select to_regnamespace('temporary_access') is null")).isTrue();

      assertThat(offered(other, "postgres").found().comeBackEmpty()).contains("audit.events");
      model.install();
      assertThat(sessions).hasSize(1);
      sessions.forEach(session -> session.database().close());
      sessions.clear();
    } finally {
      database.dropDatabase(other);
    }
  }

  @Test
  void otherFunctionsAreReplacedByWhoOwnsThemAndToldToOthers() {
    String other = database.createDatabase(true);
    database.sql().execute("create role frame_operator login in role latchkey_operator");
    try {
      Sql.on(database.address().dataSource(other, "postgres"))
          .execute(
              "create or replace function latchkey.code_version() returns text language sql immutable return null");
      SchemaOffer told = offered(other, "frame_operator");
      assertThat(told.found()).isInstanceOf(SchemaState.Stale.class);
      assertThat(told.allowed()).isFalse();
      assertThat(told.describe())
          .contains("update Latchkey on this machine", "The role frame_operator does not own");

      assertThat(offered(other, "postgres").action()).isEqualTo("Replace the functions");
      model.install();
      assertThat(sessions).hasSize(1);
      sessions.forEach(session -> session.database().close());
      sessions.clear();
    } finally {
      database.dropDatabase(other);
      database.sql().execute("drop role frame_operator");
    }
  }

  private SchemaOffer offered(String name, String role) {
    model.paste(url(name));
    model.form().roleProperty().set(role);
    model.enterToken(Secret.of("x"));
    model.connect();
    assertThat(model.stateProperty().get()).isInstanceOf(ConnectState.SchemaWanted.class);
    return ((ConnectState.SchemaWanted) model.stateProperty().get()).offer();
  }

  @Test
  void aNewerSchemaIsNotTouched() {
    String other = database.createDatabase(true);
    try {
      model.paste(url(other));
      Sql.on(database.address().dataSource(other, "postgres"))
          .execute(
              "create or replace function latchkey.schema_version() returns integer"
                  + " language sql immutable as 'select 99'");
      model.enterToken(Secret.of("x"));
      model.connect();
      assertThat(failure()).isInstanceOf(DatabaseFailure.SchemaNewer.class);
    } finally {
      database.dropDatabase(other);
    }
  }

  @Test
  void nothingIsSentWhileFieldsAreWrong() {
    model.newProfile();
    model.form().portProperty().set("99999");
    model.enterToken(Secret.of("two\nlines"));
    int before = door.accepted();
    model.connect();
    assertThat(model.mistakesProperty().get()).containsKeys("host", "port", "role", "token");
    assertThat(door.accepted()).isEqualTo(before);
    assertThat(model.stateProperty().get()).isInstanceOf(ConnectState.Ready.class);
  }

  @Test
  void rubbishInTheUrlFieldOverwritesNothing() {
    model.paste("postgresql://me@db.acme.io:6543/app");
    for (String rubbish : List.of("https://x", "postgresql://a,b/c", "??", "x".repeat(1 << 20))) {
      model.paste(rubbish);
      assertThat(model.pastedProperty().get()).isInstanceOf(ConnectionText.Wrong.class);
    }
    assertThat(model.form().hostProperty().get()).isEqualTo("db.acme.io");
    assertThat(model.form().portProperty().get()).isEqualTo("6543");
  }

  @Test
  void aPasswordInAUrlNeverStaysThere() {
    String shown = model.paste("postgresql://me:hunter2@db.acme.io:6543/app?sslmode=require");
    assertThat(shown).isEqualTo("postgresql://me@db.acme.io:6543/app?sslmode=require");
    assertThat(model.tokenProperty().get().reveal()).isEqualTo("hunter2");
  }

  @Test
  void aRemoteHostGetsFullVerificationAndLoopbackNone() {
    model.paste("postgresql://me@db.acme.io/app");
    assertThat(model.form().tlsProperty().get()).isEqualTo(TlsMode.VERIFY_FULL);
    for (String local : List.of("localhost", "127.0.0.1", "[::1]")) {
      model.paste("postgresql://me@db.acme.io/app");
      model.paste("postgresql://me@" + local + "/app");
      assertThat(model.form().tlsProperty().get()).isEqualTo(TlsMode.DISABLE);
    }
  }

  @Test
  void profilesAreCreatedRenamedDuplicatedFilteredAndDeleted() {
    model.newProfile();
    model.rename("  Acme  ");
    model.duplicate();
    assertThat(names()).containsExactly("Acme", "Acme copy");
    model.rename(" ");
    model.rename("a\u0000b");
    model.profiles().filterProperty().set("COPY");
    assertThat(names()).containsExactly("Acme copy");
    model.delete();
    model.profiles().filterProperty().set("");
    assertThat(names()).containsExactly("Acme");
    assertThat(newModel().profiles().shown()).hasSize(1);
  }

  @Test
  void whatIsTypedIsSavedAfterAMoment() {
    model.newProfile();
    model.form().hostProperty().set("db.acme.io");
    tasks.elapse();
    assertThat(newModel().form().hostProperty().get()).isEqualTo("db.acme.io");
  }

  @Test
  void damagedProfilesAreKeptAsideAndTold() throws IOException {
    Files.writeString(folder.resolve("profiles.json"), "{\"profiles\": [{\"tls\": \"maybe\"}]}");
    ConnectViewModel fresh = newModel();
    assertThat(fresh.profiles().shown()).isEmpty();
    assertThat(fresh.profiles().problemProperty().get()).contains("damaged");
    assertThat(folder.resolve("profiles.json.broken")).exists();
  }

  @Test
  void profilesThatCannotBeSavedAreToldAndStay() throws IOException {
    Files.createDirectories(folder.resolve("profiles.json").resolve("in-the-way"));
    model.newProfile();
    assertThat(model.profiles().problemProperty().get()).contains("could not be saved");
    assertThat(names()).containsExactly("New connection");
  }

  @Test
  void theSandboxIsEnteredWithItsOwnToken() {
    List<ConnectState> seen = new ArrayList<>();
    sandbox =
        progress -> {
          progress.accept("Loading sample data", 0.5);
          return new SandboxSource.Entrance(endpoint(database, "postgres"), Secret.of("t"));
        };
    model = newModel();
    model.stateProperty().subscribe(state -> seen.add(state));
    model.openSandbox();
    assertThat(sessions)
        .singleElement()
        .extracting(Session::environment)
        .isEqualTo(Environment.SANDBOX);
    assertThat(seen).contains(new ConnectState.Working("Loading sample data", 0.5));
  }

  @Test
  void progressOfAnAttemptThatWasGivenUpIsNotShown() {
    List<ConnectState> after = new ArrayList<>();
    sandbox =
        progress -> {
          model.cancel();
          progress.accept("Loading sample data", 0.9);
          after.add(model.stateProperty().get());
          throw new SandboxException("Stopped.");
        };
    model = newModel();
    model.openSandbox();
    assertThat(after).containsExactly(new ConnectState.Ready());
  }

  @Test
  void aSandboxThatDoesNotStartSaysWhy() {
    model.openSandbox();
    assertThat(model.stateProperty().get())
        .isEqualTo(new ConnectState.SandboxFailed("The disk is full."));
  }

  @Test
  void theDoctorOpensAfterAFailedSignInAndLeavesWithItsProfile() {
    model.paste("postgresql://me@127.0.0.1:1/app");
    model.enterToken(Secret.of("hunter2-hunter2"));
    model.connect();
    assertThat(model.doctor().diagnosisProperty().get().orElseThrow().first())
        .hasValueSatisfying(found -> assertThat(found.cause()).isEqualTo(Cause.PORT_REFUSED));
    assertThat(model.doctor().outdatedProperty().get()).isFalse();
    model.form().portProperty().set("2");
    assertThat(model.doctor().outdatedProperty().get()).isTrue();
    model.openSandbox();
    assertThat(model.doctor().diagnosisProperty().get()).isEmpty();
    model.diagnose();
    assertThat(model.doctor().patient()).isPresent();
    model.newProfile();
    assertThat(model.doctor().patient()).isEmpty();
    assertThat(model.doctor().diagnosisProperty().get()).isEmpty();
  }

  @Test
  void theDoctorIsNotAskedWhileFieldsAreWrong() {
    model.newProfile();
    model.diagnose();
    assertThat(model.mistakesProperty().get()).containsKeys("host", "role");
    assertThat(model.doctor().diagnosisProperty().get()).isEmpty();
  }

  @Test
  void aRemedyIsDoneToTheFormWhereItCanBeSeenAndUndone() {
    fill(database, "postgres");
    model.enterToken(Secret.of("jit_a b\nc"));
    model.apply(new Remedy.RemoveBlanks());
    assertThat(model.tokenProperty().get().reveal()).isEqualTo("jit_abc");
    model.apply(new Remedy.Change("Encrypt", Field.TLS, "disable", "verify-full"));
    assertThat(model.form().tlsProperty().get()).isEqualTo(TlsMode.VERIFY_FULL);
    assertThat(model.attentionProperty().get()).contains(Field.TLS);
    model.apply(new Remedy.GoTo("Fix the host", Field.HOST));
    assertThat(model.attentionProperty().get()).contains(Field.HOST);
    assertThat(sessions).isEmpty();
  }

  private Failure failure() {
    assertThat(model.stateProperty().get()).isInstanceOf(ConnectState.Failed.class);
    return ((ConnectState.Failed) model.stateProperty().get()).failure();
  }

  private List<String> names() {
    return model.profiles().shown().stream().map(Profile::name).toList();
  }

  private void fill(TestDatabase server, String role) {
    Endpoint endpoint = endpoint(server, role);
    model.paste(
        "postgresql://%s@%s:%d/%s?sslmode=disable"
            .formatted(role, endpoint.host(), endpoint.port(), endpoint.database()));
  }

  private static String url(String name) {
    Endpoint endpoint = endpoint(database, "postgres");
    return "postgresql://postgres@%s:%d/%s?sslmode=disable"
        .formatted(endpoint.host(), endpoint.port(), name);
  }

  /** Both databases are on the one test server, behind the one door. */
  private static Endpoint endpoint(TestDatabase server, String role) {
    return door.endpoint(server, role);
  }

  private ConnectViewModel newModel() {
    return new ConnectViewModel(
        new ProfileList(ProfileFile.in(folder)),
        new SignIn(),
        sandbox,
        keychain,
        tasks,
        Runnable::run,
        new TestClock(NOW),
        sessions::add);
  }

  private static void answerAsAWebServer(ServerSocket server) {
    try (Socket socket = server.accept()) {
      socket
          .getOutputStream()
          .write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readNBytes(8);
    } catch (IOException exception) {
      // The client hung up, as it should.
    }
  }

  private static final class RememberingKeychain implements Keychain {
    private final Map<String, String> kept = new HashMap<>();

    @Override
    public Optional<String> obstacle() {
      return Optional.empty();
    }

    @Override
    public Optional<Secret> find(String profile) {
      return Optional.ofNullable(kept.get(profile)).map(Secret::of);
    }

    @Override
    public void remember(String profile, Secret token) {
      kept.put(profile, token.reveal());
    }

    @Override
    public void forget(String profile) {
      kept.remove(profile);
    }
  }
}
