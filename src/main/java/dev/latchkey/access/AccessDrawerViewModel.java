package dev.latchkey.access;

import dev.latchkey.database.DatabaseException;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;

/** The one grant, member, token or login whose details are open. */
public final class AccessDrawerViewModel {
  private final AccessSource source;
  private final Latest latest;
  private final ReadOnlyObjectWrapper<Optional<Subject>> open =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<AccessDetails>> details =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<DatabaseFailure>> failure =
      new ReadOnlyObjectWrapper<>(Optional.empty());

  AccessDrawerViewModel(AccessSource source, Tasks tasks) {
    this.source = source;
    this.latest = new Latest(tasks);
  }

  /** Whose details are open. */
  public ReadOnlyObjectProperty<Optional<Subject>> open() {
    return open.getReadOnlyProperty();
  }

  /** The details as they were last read; of what was just opened, only the row at first. */
  public ReadOnlyObjectProperty<Optional<AccessDetails>> details() {
    return details.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<Optional<DatabaseFailure>> failure() {
    return failure.getReadOnlyProperty();
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

  /** Shows at once what is known already, and then everything. */
  private void show(AccessDetails row) {
    if (!open.get().equals(Optional.of(row.subject()))) {
      failure.set(Optional.empty());
      details.set(Optional.of(row));
    }
    show(row.subject());
  }

  /** Opens something of which only the id is known. */
  public void show(Subject subject) {
    open.set(Optional.of(subject));
    reload();
  }

  public void close() {
    latest.cancel();
    open.set(Optional.empty());
    details.set(Optional.empty());
    failure.set(Optional.empty());
  }

  /** Reads the details again. */
  public void reload() {
    open.get().ifPresent(this::load);
  }

  private void load(Subject subject) {
    latest.start(
        "Loading details",
        () -> source.details(subject),
        found -> {
          failure.set(
              found.isPresent()
                  ? Optional.empty()
                  : Optional.of(new DatabaseFailure.NotFound("This is not there any more")));
          found.ifPresent(known -> details.set(Optional.of(known)));
        },
        problem -> failure.set(Optional.of(DatabaseException.failureOf(problem))));
  }
}
