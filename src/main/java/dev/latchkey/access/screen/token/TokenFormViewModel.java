package dev.latchkey.access.screen.token;

import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.AccessOverview;
import dev.latchkey.access.CreatedToken;
import dev.latchkey.access.Grant;
import dev.latchkey.access.NewToken;
import dev.latchkey.access.Person;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.change.Change;
import dev.latchkey.change.TextRules;
import dev.latchkey.kit.form.EndChoice;
import dev.latchkey.kit.form.EndViewModel;
import dev.latchkey.kit.form.FormProblems;
import dev.latchkey.kit.form.NetworksViewModel;
import dev.latchkey.kit.form.Submission;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;

/** The form for an access token of a member, perhaps narrower than his grants. */
public final class TokenFormViewModel {
  private final Person member;
  private final AccessChanges changes;
  private final Latest load;
  private final Runnable onCreated;
  private final StringProperty name = new SimpleStringProperty("");
  private final ObservableList<String> roles = FXCollections.observableArrayList();
  private final EndViewModel end;
  private final NetworksViewModel networks;
  private final FormProblems<AccessField> problems = new FormProblems<>(AccessField.class);
  private final Submission<CreatedToken> submission;
  private final ReadOnlyObjectWrapper<List<String>> granted =
      new ReadOnlyObjectWrapper<>(List.of());

  public TokenFormViewModel(
      Person member,
      AccessChanges changes,
      AccessOverview overview,
      Tasks tasks,
      Clock clock,
      Runnable onCreated) {
    this.member = member;
    this.changes = changes;
    this.load = new Latest(tasks);
    this.onCreated = onCreated;
    this.submission = new Submission<>(changes.changes(), problems::take, this::check);
    this.end =
        new EndViewModel(
            EndChoice.OF_TOKENS,
            EndChoice.WEEK,
            overview.policy().longest(),
            clock,
            clock::instant);
    this.networks = new NetworksViewModel(List.of(), overview.own().address(), false);
    name.subscribe((_, _) -> check());
    roles.addListener((ListChangeListener<String>) _ -> check());
    end.onChange(this::check);
    networks.onChange(this::check);
    check();
  }

  public Person member() {
    return member;
  }

  public StringProperty name() {
    return name;
  }

  /** The only roles that it is to open; none stands for all that are granted. */
  public ObservableList<String> roles() {
    return roles;
  }

  /** The member's roles; known after {@link #load()}. */
  public ReadOnlyObjectProperty<List<String>> granted() {
    return granted.getReadOnlyProperty();
  }

  public EndViewModel end() {
    return end;
  }

  public NetworksViewModel networks() {
    return networks;
  }

  public FormProblems<AccessField> problems() {
    return problems;
  }

  public Submission<CreatedToken> submission() {
    return submission;
  }

  public ReadOnlyObjectProperty<Optional<Change<CreatedToken>>> change() {
    return submission.change();
  }

  /** Reads which roles the member has. */
  public void load() {
    load.start(
        "Loading grants",
        () ->
            changes.choices().openGrantsOf(member.id()).stream()
                .map(Grant::role)
                .distinct()
                .toList(),
        granted::set,
        _ -> {});
  }

  public void create(Consumer<CreatedToken> onDone) {
    submission.submit(
        created -> {
          onDone.accept(created);
          onCreated.run();
        });
  }

  private void check() {
    Optional<String> nameProblem =
        TextRules.nameProblem(name.get(), "Say where the token is kept, such as Laptop.");
    Optional<String> endProblem = end.problem();
    Optional<String> networksProblem = networks.problem();
    problems.set(
        AccessField.NAME, nameProblem.filter(_ -> submission.wasTried() || !name.get().isEmpty()));
    problems.set(AccessField.END, endProblem);
    problems.set(AccessField.NETWORKS, networksProblem);
    boolean sound = Stream.of(nameProblem, endProblem, networksProblem).allMatch(Optional::isEmpty);
    submission.prepare(
        sound
            ? Optional.of(
                changes
                    .calls()
                    .createToken(
                        new NewToken(
                            member,
                            TextRules.trimmed(name.get()),
                            end.end(),
                            List.copyOf(roles),
                            networks.cidrs())))
            : Optional.empty());
  }
}
