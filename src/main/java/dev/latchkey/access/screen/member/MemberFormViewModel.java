package dev.latchkey.access.screen.member;

import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.Member;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.change.Change;
import dev.latchkey.change.TextRules;
import dev.latchkey.kit.form.FormProblems;
import dev.latchkey.kit.form.Submission;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;

/** The form for a new member. */
public final class MemberFormViewModel {
  private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");
  private static final int LONGEST_EMAIL = 254;

  private final AccessChanges changes;
  private final Consumer<Member> onAdded;
  private final StringProperty email = new SimpleStringProperty("");
  private final StringProperty name = new SimpleStringProperty("");
  private final FormProblems<AccessField> problems = new FormProblems<>(AccessField.class);
  private final Submission<Member> submission;

  public MemberFormViewModel(AccessChanges changes, Consumer<Member> onAdded) {
    this.changes = changes;
    this.onAdded = onAdded;
    this.submission = new Submission<>(changes.changes(), problems::take, this::check);
    email.subscribe((_, _) -> check());
    name.subscribe((_, _) -> check());
  }

  public StringProperty email() {
    return email;
  }

  /** Empty for what is before the @. */
  public StringProperty name() {
    return name;
  }

  public FormProblems<AccessField> problems() {
    return problems;
  }

  public Submission<Member> submission() {
    return submission;
  }

  public ReadOnlyObjectProperty<Optional<Change<Member>>> change() {
    return submission.change();
  }

  public void add(Runnable onDone) {
    submission.submit(
        added -> {
          onDone.run();
          onAdded.accept(added);
        });
  }

  private void check() {
    String address = TextRules.trimmed(email.get());
    String called = TextRules.trimmed(name.get());
    Optional<String> emailProblem =
        TextRules.nameProblem(
                address.length() > LONGEST_EMAIL ? address : "x", "Enter the e-mail address.")
            .or(
                () ->
                    EMAIL.matcher(address).matches()
                        ? Optional.empty()
                        : Optional.of("Enter the e-mail address."));
    Optional<String> nameProblem =
        called.isEmpty() ? Optional.empty() : TextRules.nameProblem(called, "");
    problems.set(AccessField.EMAIL, emailProblem.filter(_ -> submission.wasTried()));
    problems.set(AccessField.DISPLAY_NAME, nameProblem);
    submission.prepare(
        emailProblem.isEmpty() && nameProblem.isEmpty()
            ? Optional.of(
                changes
                    .calls()
                    .addMember(address, Optional.of(called).filter(text -> !text.isEmpty())))
            : Optional.empty());
  }
}
