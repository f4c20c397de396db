package dev.latchkey.access.screen;

import dev.latchkey.access.AccessDetails;
import dev.latchkey.access.AccessSource;
import dev.latchkey.access.AccessToken;
import dev.latchkey.access.Attempts;
import dev.latchkey.access.Grant;
import dev.latchkey.access.Login;
import dev.latchkey.access.Member;
import dev.latchkey.change.Subject;
import dev.latchkey.kit.drawer.OpenDetails;
import dev.latchkey.rows.Failure;
import dev.latchkey.task.Tasks;
import java.util.List;
import java.util.Optional;
import javafx.beans.property.ReadOnlyObjectProperty;

/** The one grant, member, token or login whose details are open. */
public final class AccessDrawerViewModel {
  private final OpenDetails<Subject, AccessDetails> drawn;

  AccessDrawerViewModel(AccessSource source, Tasks tasks) {
    this.drawn =
        new OpenDetails<>(
            tasks, "Loading details", "This is not there any more.", source::details, _ -> false);
  }

  /** Whose details are open. */
  public ReadOnlyObjectProperty<Optional<Subject>> open() {
    return drawn.open();
  }

  /** The details as they were last read; of what was just opened, only the row at first. */
  public ReadOnlyObjectProperty<Optional<AccessDetails>> details() {
    return drawn.details();
  }

  public ReadOnlyObjectProperty<Optional<Failure>> failure() {
    return drawn.failure();
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

  private void show(AccessDetails row) {
    drawn.show(row.subject(), row);
  }

  /** Opens something of which only the id is known. */
  public void show(Subject subject) {
    drawn.show(subject);
  }

  public void close() {
    drawn.close();
  }

  /** Reads the details again. */
  public void reload() {
    drawn.reload();
  }
}
