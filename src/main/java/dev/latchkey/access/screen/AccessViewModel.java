package dev.latchkey.access.screen;

import dev.latchkey.access.AccessCalls;
import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.AccessDetails;
import dev.latchkey.access.AccessFilter;
import dev.latchkey.access.AccessOverview;
import dev.latchkey.access.AccessSource;
import dev.latchkey.access.AccessToken;
import dev.latchkey.access.Attempts;
import dev.latchkey.access.Enforcement;
import dev.latchkey.access.Grant;
import dev.latchkey.access.GrantColumn;
import dev.latchkey.access.LiveSession;
import dev.latchkey.access.Login;
import dev.latchkey.access.LoginColumn;
import dev.latchkey.access.Member;
import dev.latchkey.access.MemberColumn;
import dev.latchkey.access.Person;
import dev.latchkey.access.SessionColumn;
import dev.latchkey.access.TokenColumn;
import dev.latchkey.access.screen.ending.ActViewModel;
import dev.latchkey.access.screen.grant.EditGrantViewModel;
import dev.latchkey.access.screen.grant.ExtendViewModel;
import dev.latchkey.access.screen.grant.GrantFormViewModel;
import dev.latchkey.access.screen.member.MemberFormViewModel;
import dev.latchkey.access.screen.policy.PolicyViewModel;
import dev.latchkey.access.screen.token.TokenFormViewModel;
import dev.latchkey.change.Change;
import dev.latchkey.change.Subject;
import dev.latchkey.kit.WritePermission;
import dev.latchkey.kit.drawer.OpenDetails;
import dev.latchkey.kit.list.Rows;
import dev.latchkey.rows.Counts;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.Range;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleObjectProperty;

/**
 * The screen of temporary access: its lists, the open details, and what can be done. For the JavaFX
 * thread.
 */
public final class AccessViewModel {
  private static final long FINDING_PAUSE = 150;
  private static final int FOUND = 5;

  private final AccessSource source;
  private final Optional<AccessChanges> changes;
  private final Tasks tasks;
  private final Clock clock;
  private final Rows<Grant, AccessFilter, GrantColumn, Counts> grants;
  private final Rows<Member, AccessFilter, MemberColumn, Counts> members;
  private final Rows<AccessToken, AccessFilter, TokenColumn, Counts> tokens;
  private final Rows<LiveSession, AccessFilter, SessionColumn, Counts> sessions;
  private final Rows<Login, AccessFilter, LoginColumn, Counts> logins;
  private final Latest overviewRead;
  private final Latest finding;
  private final WritePermission permission;
  private final OpenDetails<Subject, AccessDetails> drawer;
  private final ObjectProperty<AccessList> list = new SimpleObjectProperty<>(AccessList.GRANTS);
  private final ReadOnlyObjectWrapper<Optional<Enforcement>> enforcement =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<AccessOverview>> overview =
      new ReadOnlyObjectWrapper<>(Optional.empty());

  /**
   * @param changes how access is changed; empty where nothing can be
   */
  public AccessViewModel(
      AccessSource source, Optional<AccessChanges> changes, Tasks tasks, Clock clock) {
    this.source = source;
    this.changes = changes;
    this.tasks = tasks;
    this.clock = clock;
    AccessFilter all = AccessFilter.ALL;
    this.grants =
        new Rows<>(
            "grants", source.grants(), row -> row.id().toString(), all, GrantColumn.USUAL, tasks);
    this.members =
        new Rows<>(
            "members",
            source.members(),
            row -> row.id().toString(),
            all,
            MemberColumn.USUAL,
            tasks);
    this.tokens =
        new Rows<>(
            "tokens", source.tokens(), row -> row.id().toString(), all, TokenColumn.USUAL, tasks);
    this.sessions =
        new Rows<>(
            "sessions", source.sessions(), LiveSession::loginId, all, SessionColumn.USUAL, tasks);
    this.logins = new Rows<>("logins", source.logins(), Login::id, all, LoginColumn.USUAL, tasks);
    this.overviewRead = new Latest(tasks);
    this.finding = new Latest(tasks);
    this.permission =
        new WritePermission("temporary access", changes.map(AccessChanges::changes), tasks, clock);
    this.drawer =
        new OpenDetails<>(
            tasks, "Loading details", "This is not there any more.", source::details, _ -> false);
    list.subscribe((before, now) -> switchList(before, now));
  }

  public Rows<Grant, AccessFilter, GrantColumn, Counts> grants() {
    return grants;
  }

  public Rows<Member, AccessFilter, MemberColumn, Counts> members() {
    return members;
  }

  public Rows<AccessToken, AccessFilter, TokenColumn, Counts> tokens() {
    return tokens;
  }

  public Rows<LiveSession, AccessFilter, SessionColumn, Counts> sessions() {
    return sessions;
  }

  public Rows<Login, AccessFilter, LoginColumn, Counts> logins() {
    return logins;
  }

  /** The list that is shown. */
  public ObjectProperty<AccessList> list() {
    return list;
  }

  /** The rows of a list. */
  public Rows<?, AccessFilter, ?, Counts> rows(AccessList of) {
    return switch (of) {
      case GRANTS -> grants;
      case MEMBERS -> members;
      case TOKENS -> tokens;
      case SESSIONS -> sessions;
      case LOGINS -> logins;
    };
  }

  /** The rows that are shown. */
  public Rows<?, AccessFilter, ?, Counts> rows() {
    return rows(list.get());
  }

  /** State, policy and numbers; empty before they were read. */
  public ReadOnlyObjectProperty<Optional<AccessOverview>> overview() {
    return overview.getReadOnlyProperty();
  }

  /** Whether access can be changed now. */
  public WritePermission permission() {
    return permission;
  }

  /** The grant, member, token or login whose details are open. */
  public OpenDetails<Subject, AccessDetails> drawer() {
    return drawer;
  }

  public void show(Grant grant) {
    show(new AccessDetails.OfGrant(grant, List.of(), Attempts.NONE));
  }

  public void show(Member member) {
    show(new AccessDetails.OfMember(member, List.of(), List.of(), List.of(), Attempts.NONE));
  }

  public void show(AccessToken token) {
    show(new AccessDetails.OfToken(token, List.of(), Attempts.NONE));
  }

  public void show(Login login) {
    show(new AccessDetails.OfLogin(login, List.of()));
  }

  /** A session's details are those of its login. */
  public void show(LiveSession session) {
    Subject login = new Subject.OfLogin(session.loginId());
    if (!drawer.open().get().equals(Optional.of(login))) {
      drawer.show(login);
    }
  }

  private void show(AccessDetails row) {
    drawer.show(row.subject(), row);
  }

  /** Reads everything that is shown again. */
  public void reload() {
    permission.look();
    drawer.reload();
    rows().reload();
    readOverview();
  }

  /** Whether it is the operator. */
  public boolean isOwn(Person person) {
    return overview.get().filter(now -> now.own().is(person)).isPresent();
  }

  /** What has this name, a few of each. */
  public record Named(List<Member> members, List<Grant> grants) {}

  /** Looks for members and grants by name, after a short pause; only the last look is told. */
  public void find(String words, Consumer<Named> found) {
    AccessFilter filter = AccessFilter.ALL.withText(words);
    finding.later(
        FINDING_PAUSE,
        () ->
            finding.start(
                "Looking for " + AccessFilter.ALL.withText(words).text(),
                () ->
                    new Named(
                        source
                            .members()
                            .page(filter, MemberColumn.USUAL, new Range.First(), FOUND)
                            .rows(),
                        source
                            .grants()
                            .page(filter, GrantColumn.USUAL, new Range.First(), FOUND)
                            .rows()),
                found,
                _ -> {}));
  }

  private void switchList(AccessList before, AccessList now) {
    drawer.close();
    AccessFilter there = rows(now).filter().get();
    AccessFilter wanted = there.withText(rows(before).typed());
    rows(before).keepFilter();
    if (there.equals(wanted)) {
      rows(now).reload();
    } else {
      rows(now).filterBy(wanted);
    }
    readOverview();
  }

  /** Without it the card stays as it was; the rows tell what went wrong, if anything. */
  private void readOverview() {
    overviewRead.start(
        "Loading the state of temporary access",
        source::overview,
        read -> overview.set(Optional.of(read)),
        _ -> {});
  }

  /** The form that grants access; empty where nothing can be changed or the policy is not known. */
  public Optional<GrantFormViewModel> newGrant() {
    return form((known, now) -> new GrantFormViewModel(known, now, tasks, clock, this::reload));
  }

  public Optional<MemberFormViewModel> newMember(Consumer<Member> onAdded) {
    return changes.map(
        known ->
            new MemberFormViewModel(
                known,
                added -> {
                  reload();
                  onAdded.accept(added);
                }));
  }

  public Optional<ExtendViewModel> extend(Grant grant) {
    return form(
        (known, now) -> new ExtendViewModel(grant, known, now.policy(), clock, this::reload));
  }

  public Optional<EditGrantViewModel> edit(Grant grant) {
    return form((known, now) -> new EditGrantViewModel(grant, known, now, clock, this::reload));
  }

  public Optional<TokenFormViewModel> newToken(Person member) {
    return form(
        (known, now) -> new TokenFormViewModel(member, known, now, tasks, clock, this::reload));
  }

  public Optional<PolicyViewModel> editPolicy() {
    return form((known, now) -> new PolicyViewModel(now.policy(), known, this::reload));
  }

  public Optional<ActViewModel> revoke(Grant grant) {
    return act(
        calls ->
            new ActViewModel.Act(
                new Subject.OfGrant(grant.id()),
                "%s can no longer sign in as %s. Revoking is final."
                    .formatted(grant.member().called(), grant.role()),
                true,
                true,
                reason -> calls.revoke(grant, reason)));
  }

  public Optional<ActViewModel> terminateAll(Grant grant) {
    return act(
        calls ->
            new ActViewModel.Act(
                new Subject.OfGrant(grant.id()),
                "The sessions end now, in mid-query. The grant stays: %s may sign in again."
                    .formatted(grant.member().called()),
                true,
                false,
                reason -> calls.endSessions(grant, reason)));
  }

  public Optional<ActViewModel> terminate(LiveSession session) {
    return act(
        calls ->
            new ActViewModel.Act(
                new Subject.OfLogin(session.loginId()),
                "The session ends now, in mid-query. The grant stays: %s may sign in again."
                    .formatted(session.who()),
                true,
                false,
                reason -> calls.endSession(session, reason)));
  }

  public Optional<ActViewModel> block(Person member) {
    return act(
        calls ->
            new ActViewModel.Act(
                new Subject.OfMember(member.id()),
                "Every login is refused and the sessions end now. Grants and tokens stay, for"
                    + " unblocking.",
                true,
                true,
                reason -> calls.block(member, reason)));
  }

  public Optional<ActViewModel> freeze(Person member) {
    return act(
        calls ->
            new ActViewModel.Act(
                new Subject.OfMember(member.id()),
                "Blocks the member, revokes all open grants and tokens for good, and ends the"
                    + " sessions, at once.",
                true,
                true,
                reason -> calls.freeze(member, reason)));
  }

  public Optional<ActViewModel> unblock(Person member) {
    return act(
        calls ->
            new ActViewModel.Act(
                new Subject.OfMember(member.id()),
                "The member may sign in again, by the grants and tokens that are still good.",
                false,
                true,
                reason -> calls.unblock(member, reason)));
  }

  public Optional<ActViewModel> revokeToken(AccessToken token) {
    return act(
        calls ->
            new ActViewModel.Act(
                new Subject.OfToken(token.id()),
                "Logins with this token are refused from now on, and its sessions end. Revoking is"
                    + " final.",
                true,
                false,
                reason -> calls.revokeToken(token, reason)));
  }

  public Optional<ActViewModel> turnOff() {
    return act(
        calls ->
            new ActViewModel.Act(
                new Subject.OfAll(),
                "No token opens anything any more, and every session by temporary access ends but"
                    + " your own. Yours cannot be opened again either.",
                true,
                false,
                _ -> calls.turnOff()));
  }

  /** Turns temporary access on, after showing the call. */
  public void turnOn() {
    changes.ifPresent(known -> review(known, known.calls().turnOn()));
  }

  /** What looking for ended access came to, until {@link #dismissEnforcement()}. */
  public ReadOnlyObjectProperty<Optional<Enforcement>> enforcement() {
    return enforcement.getReadOnlyProperty();
  }

  public void dismissEnforcement() {
    enforcement.set(Optional.empty());
  }

  /** Looks for sessions whose access is over, and ends them, after showing the call. */
  public void enforce() {
    changes.ifPresent(
        known ->
            known
                .changes()
                .reviewAndRun(
                    known.calls().enforce(),
                    done -> {
                      enforcement.set(Optional.of(done));
                      reload();
                    },
                    this::refused));
  }

  private <T> void review(AccessChanges known, Change<T> change) {
    known
        .changes()
        .reviewAndRun(
            change,
            _ -> {
              rows().dismissNotice();
              reload();
            },
            this::refused);
  }

  private void refused(Failure failure) {
    reload();
    rows().tell(failure);
  }

  private Optional<ActViewModel> act(Function<AccessCalls, ActViewModel.Act> what) {
    return form(
        (known, now) ->
            new ActViewModel(
                what.apply(known.calls()), known, now.policy(), tasks, clock, this::reload));
  }

  private <T> Optional<T> form(Form<T> form) {
    return changes.flatMap(known -> overview.get().map(now -> form.of(known, now)));
  }

  /** Makes a form from how to change things and how things are. */
  private interface Form<T> {
    T of(AccessChanges known, AccessOverview now);
  }
}
