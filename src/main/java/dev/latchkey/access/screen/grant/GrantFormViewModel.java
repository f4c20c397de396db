package dev.latchkey.access.screen.grant;

import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.AccessOverview;
import dev.latchkey.access.Grant;
import dev.latchkey.access.Member;
import dev.latchkey.access.NewGrant;
import dev.latchkey.access.Person;
import dev.latchkey.access.Policy;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.change.Change;
import dev.latchkey.change.ReasonRule;
import dev.latchkey.kit.form.EndChoice;
import dev.latchkey.kit.form.EndViewModel;
import dev.latchkey.kit.form.FormProblems;
import dev.latchkey.kit.form.MomentViewModel;
import dev.latchkey.kit.form.NetworksViewModel;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;

/**
 * The form that grants roles to a member: a call for each role, previewed as they run, one after
 * the other, with a result for each.
 */
public final class GrantFormViewModel {
  /**
   * What became of one role.
   *
   * @param refusal empty when it was granted
   */
  public record Result(String role, Optional<Failure> refusal) {}

  private final AccessChanges changes;
  private final AccessOverview overview;
  private final Clock clock;
  private final Runnable onGranted;
  private final Latest load;
  private final Latest looking;

  private final ObjectProperty<Optional<Person>> member =
      new SimpleObjectProperty<>(Optional.empty());
  private final ObservableList<String> roles = FXCollections.observableArrayList();
  private final EndViewModel end;
  private final BooleanProperty later = new SimpleBooleanProperty(false);
  private final MomentViewModel start = new MomentViewModel("09:00");
  private final NetworksViewModel networks;
  private final StringProperty reason = new SimpleStringProperty("");
  private final FormProblems<AccessField> problems = new FormProblems<>(AccessField.class);

  private final ReadOnlyObjectWrapper<List<Person>> members =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<List<String>> assignable =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<List<Grant>> openGrants =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<List<Change<Grant>>> planned =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<List<Result>> results =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyObjectWrapper<Optional<Failure>> failure =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
  private boolean strict;

  public GrantFormViewModel(
      AccessChanges changes,
      AccessOverview overview,
      Tasks tasks,
      Clock clock,
      Runnable onGranted) {
    this.changes = changes;
    this.overview = overview;
    this.clock = clock;
    this.onGranted = onGranted;
    this.load = new Latest(tasks);
    this.looking = new Latest(tasks);
    this.end =
        new EndViewModel(
            EndChoice.OF_GRANTS,
            EndChoice.HOURS_4,
            overview.policy().longest(),
            clock,
            this::startsAt);
    this.networks =
        new NetworksViewModel(
            List.of(), overview.own().address(), overview.policy().networksRequired());
    member.subscribe((_, _) -> look());
    roles.addListener((ListChangeListener<String>) _ -> check());
    end.onChange(this::check);
    later.subscribe((_, _) -> check());
    start.onChange(this::check);
    networks.onChange(this::check);
    reason.subscribe((_, _) -> check());
    check();
  }

  public ObjectProperty<Optional<Person>> member() {
    return member;
  }

  /** Whom access can be granted to; known after {@link #load()}. */
  public ReadOnlyObjectProperty<List<Person>> members() {
    return members.getReadOnlyProperty();
  }

  public ObservableList<String> roles() {
    return roles;
  }

  /** Roles that can be granted; known after {@link #load()}. */
  public ReadOnlyObjectProperty<List<String>> assignable() {
    return assignable.getReadOnlyProperty();
  }

  public EndViewModel end() {
    return end;
  }

  /** Whether it begins at {@link #start()} instead of now. */
  public BooleanProperty later() {
    return later;
  }

  public MomentViewModel start() {
    return start;
  }

  public NetworksViewModel networks() {
    return networks;
  }

  public StringProperty reason() {
    return reason;
  }

  public Policy policy() {
    return overview.policy();
  }

  public FormProblems<AccessField> problems() {
    return problems;
  }

  /** The changes as they would run now, in order; none while something is missing or wrong. */
  public ReadOnlyObjectProperty<List<Change<Grant>>> planned() {
    return planned.getReadOnlyProperty();
  }

  /** What became of the roles, once something was tried. */
  public ReadOnlyObjectProperty<List<Result>> results() {
    return results.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<Optional<Failure>> failure() {
    return failure.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty busy() {
    return busy.getReadOnlyProperty();
  }

  /** Whether the chosen member is the operator. */
  public boolean isOwn() {
    return member.get().filter(overview.own()::is).isPresent();
  }

  /** Why a role cannot be added for the chosen member; empty when it can. */
  public Optional<String> roleObstacle(String role) {
    return openGrants.get().stream()
        .filter(grant -> grant.role().equals(role))
        .filter(grant -> overlaps(grant))
        .findFirst()
        .map(_ -> "%s has it in that time: extend or revoke that grant.".formatted(name()));
  }

  private boolean overlaps(Grant grant) {
    boolean endsBefore = grant.expiresAt().filter(at -> !at.isAfter(startsAt())).isPresent();
    boolean startsAfter = end.end().filter(at -> !at.isAfter(grant.startsAt())).isPresent();
    return !endsBefore && !startsAfter;
  }

  private String name() {
    return member.get().map(Person::name).orElse("The member");
  }

  /** {@code Grant 4 h}: what the button says. */
  public String verb() {
    return end.length().map(length -> "Grant " + length).orElse("Grant access");
  }

  /** The exact calls, one below the other. */
  public String preview() {
    return planned.get().stream()
        .map(change -> change.request().preview() + ";")
        .collect(Collectors.joining("\n\n"));
  }

  /** When it would begin, as of now. */
  public Instant startsAt() {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return later.get() ? start.at().orElse(now) : now;
  }

  /** Reads members and roles. */
  public void load() {
    load.start(
        "Loading members",
        () ->
            new Choices(
                changes.choices().choosableMembers().stream().map(Member::person).toList(),
                changes.choices().assignableRoles()),
        choices -> {
          members.set(choices.members());
          assignable.set(choices.roles());
        },
        problem -> failure.set(Optional.of(FailureException.failureOf(problem))));
  }

  private record Choices(List<Person> members, List<String> roles) {}

  /** Somebody was added meanwhile: he is who is meant. */
  public void choose(Person added) {
    members.set(
        Stream.concat(members.get().stream(), Stream.of(added))
            .distinct()
            .sorted((one, other) -> one.name().compareToIgnoreCase(other.name()))
            .toList());
    member.set(Optional.of(added));
  }

  /** Reads what the chosen member has, so that a second grant for a role is not even tried. */
  private void look() {
    openGrants.set(List.of());
    check();
    member
        .get()
        .ifPresent(
            chosen ->
                looking.start(
                    "Loading grants",
                    () -> changes.choices().openGrantsOf(chosen.id()),
                    found -> {
                      openGrants.set(found);
                      check();
                    },
                    _ -> {}));
  }

  /**
   * Grants the roles one after the other. Those that were refused stay in the form.
   *
   * @param onAllDone called when every role was granted
   */
  public void grant(Runnable onAllDone) {
    if (busy.get()) {
      return;
    }
    strict = true;
    check();
    if (planned.get().isEmpty()) {
      return;
    }
    busy.set(true);
    failure.set(Optional.empty());
    results.set(List.of());
    next(planned.get().iterator(), List.copyOf(roles).iterator(), new ArrayList<>(), onAllDone);
  }

  private void next(
      Iterator<Change<Grant>> left, Iterator<String> names, List<Result> told, Runnable onAllDone) {
    if (!left.hasNext()) {
      finish(told, onAllDone);
      return;
    }
    Change<Grant> change = left.next();
    String role = names.next();
    changes
        .changes()
        .run(
            change,
            _ -> {
              told.add(new Result(role, Optional.empty()));
              next(left, names, told, onAllDone);
            },
            refused -> {
              told.add(new Result(role, Optional.of(refused)));
              next(left, names, told, onAllDone);
            });
  }

  private void finish(List<Result> told, Runnable onAllDone) {
    busy.set(false);
    results.set(List.copyOf(told));
    roles.removeAll(
        told.stream().filter(one -> one.refusal().isEmpty()).map(Result::role).toList());
    boolean atField =
        told.stream().map(Result::refusal).flatMap(Optional::stream).anyMatch(problems::take);
    if (told.stream().anyMatch(one -> one.refusal().isEmpty())) {
      onGranted.run();
      strict = false;
    }
    if (roles.isEmpty()) {
      onAllDone.run();
    } else if (!atField) {
      look();
    }
  }

  private void check() {
    Optional<String> memberProblem = memberProblem();
    Optional<String> rolesProblem = rolesProblem();
    Optional<String> startProblem = startProblem();
    Optional<String> endProblem = end.problem();
    Optional<String> networksProblem = networks.problem();
    Optional<String> reasonProblem = policy().reasonRule().problem(reason.get());
    problems.set(AccessField.MEMBER, memberProblem.filter(_ -> strict || member.get().isPresent()));
    problems.set(AccessField.ROLES, rolesProblem.filter(_ -> strict || !roles.isEmpty()));
    problems.set(AccessField.START, startProblem);
    problems.set(AccessField.END, endProblem);
    problems.set(
        AccessField.NETWORKS,
        networksProblem.filter(_ -> strict || !networks.typed().get().isEmpty()));
    problems.set(AccessField.REASON, reasonProblem.filter(_ -> strict || !reason.get().isEmpty()));
    boolean sound =
        Stream.of(
                memberProblem,
                rolesProblem,
                startProblem,
                endProblem,
                networksProblem,
                reasonProblem)
            .allMatch(Optional::isEmpty);
    planned.set(sound ? roles.stream().map(this::change).toList() : List.of());
  }

  private Optional<String> memberProblem() {
    if (member.get().isEmpty()) {
      return Optional.of("Choose a member.");
    }
    return isOwn() && !policy().selfGranting()
        ? Optional.of("The policy does not let you grant access to yourself.")
        : Optional.empty();
  }

  private Optional<String> rolesProblem() {
    return roles.isEmpty()
        ? Optional.of("Choose at least one role.")
        : roles.stream()
            .map(role -> roleObstacle(role).map(why -> role + ": " + why))
            .flatMap(Optional::stream)
            .findFirst();
  }

  private Optional<String> startProblem() {
    if (!later.get()) {
      return Optional.empty();
    }
    return start
        .at()
        .map(
            at ->
                at.isAfter(clock.instant())
                    ? Optional.<String>empty()
                    : Optional.of("The start must be in the future."))
        .orElse(Optional.of("Choose the day, and the time as 09:00 (UTC)."));
  }

  private Change<Grant> change(String role) {
    return changes
        .calls()
        .grant(
            new NewGrant(
                member.get().orElseThrow(),
                role,
                later.get() ? start.at() : Optional.empty(),
                end.end(),
                networks.cidrs(),
                ReasonRule.clean(reason.get())));
  }
}
