package dev.latchkey.access.screen.member;

import dev.latchkey.access.AccessChanges;
import dev.latchkey.access.Member;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.change.Change;
import dev.latchkey.change.TextRules;
import dev.latchkey.kit.form.Form;
import dev.latchkey.kit.form.Tells;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
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
  private final Form<AccessField, Member> form;

  public MemberFormViewModel(AccessChanges changes, Consumer<Member> onAdded) {
    this.changes = changes;
    this.onAdded = onAdded;
    this.form = new Form<>(AccessField.class, changes.changes());
    form.rule(AccessField.EMAIL, Tells.ONCE_TRIED, this::emailProblem);
    form.rule(AccessField.DISPLAY_NAME, Tells.AT_ONCE, this::nameProblem);
    form.makes(this::change);
    form.follows(email, name);
  }

  public StringProperty email() {
    return email;
  }

  /** Empty for what is before the @. */
  public StringProperty name() {
    return name;
  }

  public Form<AccessField, Member> form() {
    return form;
  }

  public void add(Runnable onDone) {
    form.submit(
        added -> {
          onDone.run();
          onAdded.accept(added);
        });
  }

  private Optional<String> emailProblem() {
    String address = TextRules.trimmed(email.get());
    String asked = "Enter the e-mail address.";
    return TextRules.nameProblem(address.length() > LONGEST_EMAIL ? address : "x", asked)
        .or(() -> Optional.of(asked).filter(_ -> !EMAIL.matcher(address).matches()));
  }

  private Optional<String> nameProblem() {
    return called().flatMap(text -> TextRules.nameProblem(text, ""));
  }

  private Optional<String> called() {
    return Optional.of(TextRules.trimmed(name.get())).filter(text -> !text.isEmpty());
  }

  private Optional<Change<Member>> change() {
    return Optional.of(changes.calls().addMember(TextRules.trimmed(email.get()), called()));
  }
}
