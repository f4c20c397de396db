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
import dev.latchkey.kit.form.Form;
import dev.latchkey.kit.form.NetworksViewModel;
import dev.latchkey.kit.form.Tells;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
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
  private final Form<AccessField, CreatedToken> form;
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
    this.end =
        EndViewModel.within(
            overview.policy().longest(),
            EndChoice.OF_TOKENS,
            EndChoice.WEEK,
            clock,
            clock::instant);
    this.networks = new NetworksViewModel(List.of(), overview.own().address(), false);
    this.form = new Form<>(AccessField.class, changes.changes());
    form.rule(AccessField.NAME, Tells.whileFilled(name.isNotEmpty()), this::nameProblem);
    form.rule(AccessField.END, Tells.AT_ONCE, end::problem);
    form.rule(AccessField.NETWORKS, Tells.AT_ONCE, networks::problem);
    form.makes(this::change);
    form.follows(end, networks);
    form.follows(name, roles);
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

  public Form<AccessField, CreatedToken> form() {
    return form;
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
    form.submit(
        created -> {
          onDone.accept(created);
          onCreated.run();
        });
  }

  private Optional<String> nameProblem() {
    return TextRules.nameProblem(name.get(), "Say where the token is kept, such as Laptop.");
  }

  private Optional<Change<CreatedToken>> change() {
    String called = TextRules.trimmed(name.get());
    var token = new NewToken(member, called, end.end(), List.copyOf(roles), networks.cidrs());
    return Optional.of(changes.calls().createToken(token));
  }
}
