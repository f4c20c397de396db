package dev.latchkey.access.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.access.AccessFilter;
import dev.latchkey.access.AccessRoom;
import dev.latchkey.access.AccessToken;
import dev.latchkey.access.CreatedToken;
import dev.latchkey.access.EndProof;
import dev.latchkey.access.Grant;
import dev.latchkey.access.LiveSession;
import dev.latchkey.access.Login;
import dev.latchkey.access.Member;
import dev.latchkey.access.Policy;
import dev.latchkey.access.SampleAccess;
import dev.latchkey.access.screen.ending.ActViewModel;
import dev.latchkey.access.screen.grant.EditGrantViewModel;
import dev.latchkey.access.screen.grant.ExtendViewModel;
import dev.latchkey.access.screen.grant.GrantFormViewModel;
import dev.latchkey.access.screen.policy.PolicyViewModel;
import dev.latchkey.access.screen.token.TokenFormViewModel;
import dev.latchkey.change.Change;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.kit.form.EndChoice;
import dev.latchkey.kit.list.RowsState;
import dev.latchkey.rows.Failure;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.SoleOperator;
import dev.latchkey.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class AccessViewModelTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private final DirectTasks tasks = new DirectTasks();
  private final List<String> shown = new ArrayList<>();
  private AccessRoom room;
  private AccessViewModel model;

  @BeforeEach
  void open() {
    room = new AccessRoom(SERVER, tasks);
    room.empty();
    model = room.model(this::approve);
  }

  @AfterEach
  void close() {
    room.close();
  }

  private void approve(Change<?> change, Runnable approved) {
    shown.add(change.request().preview());
    approved.run();
  }

  @Test
  void tellsAnEmptyListFromAFilterThatFindsNothing() {
    model.reload();
    assertThat(model.grants().state().get()).isEqualTo(new RowsState.Empty());

    new SampleAccess(room).make();
    model.reload();
    assertThat(model.grants().rows()).hasSize(8);
    assertThat(model.overview().get().orElseThrow().grants()).isEqualTo(6);

    model.grants().adjustText("release");
    assertThat(model.grants().rows()).extracting(Grant::role).containsExactly(AccessRoom.WRITER);
    model.list().set(AccessList.MEMBERS);
    assertThat(model.members().state().get()).isEqualTo(new RowsState.NothingFound());
  }

  @Test
  void whatWasTypedAMomentAgoHoldsForTheListThatIsChosenNext() {
    new SampleAccess(room).make();
    model.reload();
    model.grants().search("Tomás");
    model.list().set(AccessList.MEMBERS);
    assertThat(model.members().rows())
        .extracting(row -> row.person().name())
        .containsExactly("Tomás Vidal");

    model.members().search("");
    model.list().set(AccessList.GRANTS);
    tasks.elapse();
    assertThat(model.grants().rows()).hasSize(8);
  }

  @Test
  void membersAndGrantsAreFoundByNameAndOnlyTheLastLookIsTold() {
    new SampleAccess(room).make();
    List<AccessViewModel.Named> told = new ArrayList<>();
    model.find("jo", told::add);
    model.find("Tomás", told::add);
    tasks.elapse();

    assertThat(told).hasSize(1);
    assertThat(told.getFirst().members())
        .extracting(row -> row.person().name())
        .containsExactly("Tomás Vidal");
    assertThat(told.getFirst().grants())
        .extracting(Grant::title)
        .containsExactlyInAnyOrder("Tomás Vidal as room_reader", "Tomás Vidal as room_writer");
    assertThat(model.grants().filter().get())
        .as("the list is as it was")
        .isEqualTo(AccessFilter.ALL);
  }

  @Test
  void aTokenThatIsPastedWholeIsFoundAndItsSecretGoesNowhere() {
    UUID tomas = room.member("Tomás Vidal");
    String token = room.token(tomas);
    model.list().set(AccessList.TOKENS);

    model.tokens().adjustText(token);

    assertThat(model.tokens().rows()).hasSize(1);
    assertThat(model.tokens().filter().get().toString()).doesNotContain(token.substring(40));
  }

  @Test
  void readsLoginsInWindowsForwardsAndBackInOrder() {
    room.sql.execute(
        """
        insert into temporary_access.logins (id, at, role, outcome)
        select 'L' || lpad(n::text, 6, '0'), now() - make_interval(secs => n / 3), 'nobody', 'malformed'
        from generate_series(1, 950) as n
        """);
    model.list().set(AccessList.LOGINS);
    List<String> seen = new ArrayList<>();
    int most = 0;
    for (int step = 0; step < 15; step++) {
      model.logins().rows().stream()
          .map(Login::id)
          .filter(id -> !seen.contains(id))
          .forEach(seen::add);
      most = Math.max(most, model.logins().rows().size());
      model.logins().more();
    }

    assertThat(seen).hasSize(950);
    assertThat(most).isLessThanOrEqualTo(300);
    for (int step = 0; step < 15; step++) {
      model.logins().earlier();
    }
    assertThat(model.logins().rows().getFirst().id()).isEqualTo(seen.getFirst());
  }

  @Test
  void grantsSeveralRolesWithTheVeryCallsThatWereShown() {
    UUID tomas = room.member("Tomás Vidal");
    model.reload();
    GrantFormViewModel form = form(tomas, AccessRoom.READER, AccessRoom.WRITER);
    assertThat(form.form().planned().get()).hasSize(2);
    assertThat(form.form().preview().getValue())
        .contains("p_role => 'room_reader'::text", "p_role => 'room_writer'::text", ";\n\n");
    assertThat(form.verb()).isEqualTo("Grant 4 h");

    List<String> done = new ArrayList<>();
    form.grant(() -> done.add("done"));

    assertThat(done).hasSize(1);
    assertThat(room.source.openGrantsOf(tomas))
        .extracting(Grant::role)
        .containsExactlyInAnyOrder(AccessRoom.READER, AccessRoom.WRITER);
  }

  @Test
  void aRoleThatAColleagueGrantedMeanwhileIsToldAndTheOthersAreGranted() {
    UUID tomas = room.member("Tomás Vidal");
    model.reload();
    GrantFormViewModel form = form(tomas, AccessRoom.READER, AccessRoom.WRITER);
    room.grant(tomas, AccessRoom.READER, "1 hour", "{}", "A colleague was faster");

    form.grant(() -> {});

    assertThat(form.results().get()).hasSize(2);
    assertThat(form.results().get().getFirst().refusal().orElseThrow())
        .isInstanceOf(DatabaseFailure.ChangedMeanwhile.class);
    assertThat(form.results().get().getLast().refusal()).isEmpty();
    assertThat(form.roles()).containsExactly(AccessRoom.READER);
    assertThat(form.form().of(AccessField.ROLES).get()).contains("extend or revoke");
  }

  @Test
  void saysAtTheFieldsWhatThePolicyAsksFor() {
    room.sql.execute(
        "update temporary_access.settings set max_duration = '2 hours', reason_pattern = 'INC-[0-9]+',"
            + " networks_required = true");
    UUID tomas = room.member("Tomás Vidal");
    model.reload();
    GrantFormViewModel form = form(tomas, AccessRoom.READER);

    assertThat(form.form().of(AccessField.END).get()).isEqualTo("The policy allows up to 2 h.");
    form.end().choice().set(EndChoice.HOUR);
    assertThat(form.form().planned().get()).isEmpty();
    form.networks().typed().set("10.8.0.0/16");
    form.grant(() -> {});
    assertThat(form.form().of(AccessField.REASON).get()).contains("form that the policy asks for");
    form.reason().text().set("INC-42");
    form.grant(() -> {});
    assertThat(room.source.openGrantsOf(tomas)).hasSize(1);
  }

  @Test
  void revokingEndsTheSessionsAndProvesIt() {
    UUID first = new SampleAccess(room).make();
    model.reload();
    Grant grant = room.source.grant(first).orElseThrow();
    ActViewModel act = model.revoke(grant).orElseThrow();
    act.load();
    assertThat(((ActViewModel.Stage.Before) act.stage().get()).sessions()).hasSize(1);
    act.act(() -> {});
    assertThat(act.form().of(AccessField.REASON).get()).startsWith("Say why");
    act.reason().text().set("Review is over");

    act.act(() -> {});

    ActViewModel.Stage.After after = (ActViewModel.Stage.After) act.stage().get();
    assertThat(after.isClear()).isTrue();
    assertThat(after.proof().orElseThrow())
        .extracting(EndProof::sentence, EndProof::provesTheEnd)
        .containsExactly("1 session ended, 0 left", true);
    ActViewModel again = model.revoke(grant).orElseThrow();
    again.reason().text().set("Twice");
    again.act(() -> {});
    assertThat(again.form().failure().get().orElseThrow())
        .isInstanceOf(DatabaseFailure.ChangedMeanwhile.class);
  }

  @Test
  void looksAgainUntilASessionThatCameBackIsGoneToo() {
    UUID tomas = room.member("Tomás Vidal");
    String token = room.token(tomas);
    UUID id = room.grant(tomas, AccessRoom.READER, "1 hour", "{}", "ok");
    room.enter(AccessRoom.READER, token, "10.8.3.41");
    model.reload();
    ActViewModel act = model.terminateAll(room.source.grant(id).orElseThrow()).orElseThrow();
    List<Long> back = new ArrayList<>();
    room.onReport =
        () ->
            back.add(
                room.enter(AccessRoom.READER, token, "10.8.3.41")
                    .number("select pg_backend_pid()"));

    act.act(() -> {});

    ActViewModel.Stage.After after = (ActViewModel.Stage.After) act.stage().get();
    assertThat(after.isClear()).isFalse();
    assertThat(after.left())
        .extracting(LiveSession::pid)
        .containsExactly(back.getFirst().intValue());
    room.sql.row("select pg_terminate_backend(?, 5000)", back.getFirst().intValue());
    tasks.elapse();
    assertThat(((ActViewModel.Stage.After) act.stage().get()).isClear()).isTrue();
    assertThat(room.source.grant(id).orElseThrow().status().isOpen()).isTrue();
  }

  @Test
  void theLastOperatorsAccessIsNotEndedAndOnesOwnOnlyByName() {
    UUID mara = room.member("Mara Lindqvist");
    UUID own = room.grant(mara, AccessRoom.OPERATOR, "1 hour", "{}", "Operates");
    room.enterConsole(room.token(mara));
    model.reload();
    assertThat(model.overview().get().orElseThrow().own().grantId()).contains(own.toString());
    try (var _ = new SoleOperator(room.sql, AccessRoom.OPERATOR)) {
      assertThat(refusal(own)).contains("the last operator's access");
    }

    UUID jon = room.member("Jon Okafor");
    room.token(jon);
    UUID other = room.grant(jon, AccessRoom.OPERATOR, "1 hour", "{}", "Operates too");
    assertThat(refusal(own)).contains("This ends your own access");
    assertThat(room.source.openGrantsOf(mara)).hasSize(1);

    EditGrantViewModel edit = model.edit(room.source.grant(own).orElseThrow()).orElseThrow();
    edit.networks().typed().set("10.8.0.0/16");
    edit.reason().text().set("Narrower");
    edit.save(() -> {});
    assertThat(edit.form().failure().get().orElseThrow().sentence())
        .contains("127.0.0.1, is outside these networks");

    ActViewModel harmless = model.revoke(room.source.grant(other).orElseThrow()).orElseThrow();
    harmless.reason().text().set("Mara stays");
    harmless.act(() -> {});
    assertThat(room.source.openGrantsOf(jon)).isEmpty();
  }

  private String refusal(UUID grant) {
    ActViewModel act = model.revoke(room.source.grant(grant).orElseThrow()).orElseThrow();
    act.reason().text().set("Try");
    act.act(() -> {});
    return act.form().failure().get().map(Failure::sentence).orElse("");
  }

  @Test
  void freezingBlocksRevokesAndUnblockingLetsInAgain() {
    new SampleAccess(room).make();
    model.reload();
    Member tomas =
        model.members().rows().stream().findFirst().orElseGet(() -> member("Tomás Vidal"));
    ActViewModel freeze = model.freeze(tomas.person()).orElseThrow();
    freeze.reason().text().set("Laptop stolen");
    freeze.act(() -> {});

    Member frozen = room.source.member(tomas.id()).orElseThrow();
    assertThat(frozen.isBlocked()).isTrue();
    assertThat(frozen.grants() + frozen.tokens() + frozen.sessions()).isZero();
    ActViewModel unblock = model.unblock(tomas.person()).orElseThrow();
    unblock.reason().text().set("Laptop found");
    unblock.act(() -> {});
    assertThat(room.source.member(tomas.id()).orElseThrow().isBlocked()).isFalse();
  }

  @Test
  void namesAndReasonsOfAnyKindStayOnOneLine() {
    UUID id = room.member("Eve");
    room.sql.execute(
        "update temporary_access.members set display_name = ? where user_id = ?",
        "Eve\n\u202Eevil\u0007" + "x".repeat(5_000),
        id);
    UUID grant = room.grant(id, AccessRoom.READER, "1 hour", "{}", "ok");
    room.sql.execute(
        "update temporary_access.grants set reason = ? where id = ?", "a\nb\tc\u2066", grant);

    model.reload();

    Grant row = model.grants().rows().getFirst();
    assertThat(row.member().name()).startsWith("Eve\uFFFD\uFFFDevil\uFFFDxxx").hasSize(5_010);
    assertThat(row.reason()).contains("a\uFFFDb\uFFFDc\uFFFD");
    assertThat(row.member().initials()).isEqualTo("E");
  }

  @Test
  void aNarrowTokenIsMadeAndToldOnce() {
    UUID tomas = room.member("Tomás Vidal");
    room.grant(tomas, AccessRoom.READER, "1 hour", "{}", "ok");
    model.reload();
    TokenFormViewModel form =
        model.newToken(room.source.member(tomas).orElseThrow().person()).orElseThrow();
    form.load();
    assertThat(form.granted().get()).containsExactly(AccessRoom.READER);
    form.name().set("Release pipeline");
    form.roles().add(AccessRoom.READER);
    form.networks().typed().set("10.20.0.0/16");
    List<CreatedToken> created = new ArrayList<>();

    form.create(created::add);

    String token = created.getFirst().secret().reveal();
    assertThat(token).matches("jit_[0-9A-Za-z]{65}");
    assertThat(created.toString() + shown + room.reported).doesNotContain(token);
    assertThat(room.source.token(created.getFirst().id()).orElseThrow())
        .extracting(AccessToken::roles, AccessToken::networks)
        .containsExactly(Optional.of(List.of(AccessRoom.READER)), List.of("10.20.0.0/16"));
  }

  @Test
  void thePolicyAndAGrantAreChangedAsShown() {
    UUID tomas = room.member("Tomás Vidal");
    UUID id = room.grant(tomas, AccessRoom.READER, "1 hour", "{10.8.0.0/16}", "ok");
    model.reload();
    PolicyViewModel policy = model.editPolicy().orElseThrow();
    assertThat(policy.form().change().get()).isEmpty();
    policy.days().set("30");
    policy.networksRequired().set(true);
    assertThat(policy.form().change().get().orElseThrow().request().preview())
        .contains("{\"max_duration\":\"30 days\",\"networks_required\":true}");
    policy.save(() -> {});
    assertThat(model.overview().get().orElseThrow().policy())
        .extracting(Policy::longest, Policy::networksRequired)
        .containsExactly(Optional.of(Duration.ofDays(30)), true);

    EditGrantViewModel edit = model.edit(room.source.grant(id).orElseThrow()).orElseThrow();
    edit.networks().remove(edit.networks().chosen().getFirst());
    edit.networks().typed().set("10.9.0.0/16");
    edit.reason().text().set("Moved");
    edit.save(() -> {});
    assertThat(room.source.grant(id).orElseThrow().networks()).containsExactly("10.9.0.0/16");

    ExtendViewModel extend = model.extend(room.source.grant(id).orElseThrow()).orElseThrow();
    Instant before = extend.grant().expiresAt().orElseThrow();
    extend.reason().text().set("Takes longer");
    extend.extend(() -> {});
    assertThat(room.source.grant(id).orElseThrow().expiresAt().orElseThrow()).isAfter(before);
  }

  @Test
  void readsOnlyByTypeWhereThereAreNoCalls() {
    AccessViewModel reader =
        new AccessViewModel(room.source, Optional.empty(), tasks, java.time.Clock.systemUTC());
    reader.reload();

    assertThat(reader.permission().obstacle().get()).contains("This source is read-only.");
    assertThat(reader.newGrant()).isEmpty();
  }

  private Member member(String name) {
    model.list().set(AccessList.MEMBERS);
    return model.members().rows().stream()
        .filter(row -> row.person().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private GrantFormViewModel form(UUID member, String... roles) {
    GrantFormViewModel form = model.newGrant().orElseThrow();
    form.load();
    form.choose(room.source.member(member).orElseThrow().person());
    form.roles().addAll(roles);
    form.reason().text().set("Incident 4127");
    return form;
  }
}
