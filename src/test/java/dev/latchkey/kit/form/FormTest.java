package dev.latchkey.kit.form;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.latchkey.change.Change;
import dev.latchkey.change.ChangeRunner;
import dev.latchkey.change.Changes;
import dev.latchkey.change.Environment;
import dev.latchkey.change.Request;
import dev.latchkey.change.Takes;
import dev.latchkey.change.WriteMode;
import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.rows.Gone;
import dev.latchkey.testing.DirectTasks;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import org.junit.jupiter.api.Test;

/** When a form says what is wrong, and what it makes of it. */
final class FormTest {
  private enum Asked implements FormProblems.Field {
    NAME("name"),
    NOTE("note"),
    REASON("reason");

    private final String sql;

    Asked(String sql) {
      this.sql = sql;
    }

    @Override
    public String sql() {
      return sql;
    }
  }

  private final List<String> made = new ArrayList<>();
  private final List<String> done = new ArrayList<>();
  private final List<Failure> refused = new ArrayList<>();
  private final StringProperty name = new SimpleStringProperty("");
  private final StringProperty note = new SimpleStringProperty("");
  private final StringProperty reason = new SimpleStringProperty("");
  private Consumer<Request> door = request -> made.add(request.preview());

  @Test
  void aFieldTellsAtOnceOrOnceTriedOrOnceThereIsSomethingInIt() {
    Form<Asked, String> form = empty();
    form.rule(Asked.NAME, Tells.ONCE_TRIED, () -> problem(name));
    form.rule(Asked.NOTE, Tells.AT_ONCE, () -> problem(note));
    form.rule(Asked.REASON, Tells.whileFilled(reason.isNotEmpty()), () -> problem(reason));
    form.follows(name, note, reason);
    assertThat(told(form)).containsExactly("", "wrong", "");

    name.set("bad");
    reason.set("bad");
    assertThat(told(form)).containsExactly("", "wrong", "wrong");

    reason.set("");
    assertThat(told(form)).containsExactly("", "wrong", "");

    submit(form);
    assertThat(told(form)).containsExactly("wrong", "wrong", "wrong");

    name.set("good");
    assertThat(told(form)).containsExactly("", "wrong", "wrong");
    assertThat(made).isEmpty();
  }

  @Test
  void aFieldThatWasChangedTellsAlsoThatItIsEmptyAgain() {
    Form<Asked, String> form = empty();
    form.rule(Asked.NAME, Tells.onceChanged(name), () -> problem(name));
    form.follows(name);
    assertThat(form.of(Asked.NAME).get()).isEmpty();

    name.set("good");
    name.set("");

    assertThat(form.of(Asked.NAME).get()).isEqualTo("wrong");
  }

  @Test
  void whatIsOnlyDemandedDoesNotHinderThePreview() {
    Form<Asked, String> form = empty();
    form.demand(Asked.REASON, () -> problem(reason));
    form.follows(reason);
    assertThat(form.preview().getValue()).isEqualTo("call ");
    assertThat(form.of(Asked.REASON).get()).isEmpty();

    submit(form);
    assertThat(form.of(Asked.REASON).get()).isEqualTo("wrong");
    assertThat(form.change().get()).isPresent();
    assertThat(made).isEmpty();

    reason.set("good");
    submit(form);
    assertThat(made).containsExactly("call ");
    assertThat(done).hasSize(1);
  }

  @Test
  void aRefusalIsToldAtTheFieldThatItNamesUntilThatChanges() {
    Form<Asked, String> form = named();
    door = refusing(new Refusal(Optional.of("p_name")));

    submit(form);

    assertThat(form.of(Asked.NAME).get()).isEqualTo("Refused.");
    assertThat(form.failure().get()).isEmpty();
    assertThat(form.busy().get()).isFalse();
    assertThat(refused).hasSize(1);
    name.set("better");
    assertThat(form.of(Asked.NAME).get()).isEmpty();
  }

  @Test
  void aRefusalThatNamesNoFieldIsToldUntilTheNextTry() {
    Form<Asked, String> form = named();
    door = refusing(new Gone("It is gone."));
    submit(form);
    assertThat(form.failure().get()).contains(new Gone("It is gone."));

    door = request -> made.add(request.preview());
    submit(form);

    assertThat(form.failure().get()).isEmpty();
    assertThat(done).hasSize(1);
  }

  @Test
  void itIsNotSubmittedTwiceWhileItIsUnderWay() {
    Form<Asked, String> form = named();
    door =
        request -> {
          assertThat(form.busy().get()).isTrue();
          made.add(request.preview());
          submit(form);
          form.submitAsShown(done::add, refused::add);
        };

    submit(form);

    assertThat(made).hasSize(1);
    assertThat(done).hasSize(1);
    assertThat(form.busy().get()).isFalse();
  }

  @Test
  void whatIsSubmittedAsShownIsTheVeryChangeThatWasShown() {
    Form<Asked, String> form = empty();
    int[] calls = {0};
    form.makes(() -> Optional.of(change("call " + ++calls[0])));
    form.follows(name);
    String shown = form.preview().getValue();

    form.submitAsShown(done::add, refused::add);
    assertThat(made).containsExactly(shown);

    submit(form);
    assertThat(made.getLast()).as("looked at again").isNotEqualTo(shown);
  }

  @Test
  void ofManyAllAreTriedAndEachOneIsTold() {
    FormOfMany<Asked, String> form = new FormOfMany<>(Asked.class, changes());
    form.rule(Asked.NAME, Tells.ONCE_TRIED, () -> problem(name));
    form.makes(() -> List.of(change("one"), change("two"), change("three")));
    form.follows(name);
    List<Optional<Failure>> told = new ArrayList<>();
    form.submit(() -> made.add("start"), told::addAll);
    assertThat(made).as("the name is missing").isEmpty();
    name.set("good");
    assertThat(form.preview().getValue()).isEqualTo("one;\n\ntwo;\n\nthree;");
    door =
        request -> {
          made.add(request.preview());
          if (request.preview().equals("two")) {
            throw new FailureException(new Gone("It is gone."));
          }
        };

    form.submit(() -> made.add("start"), told::addAll);

    assertThat(made).containsExactly("start", "one", "two", "three");
    assertThat(told)
        .containsExactly(Optional.empty(), Optional.of(new Gone("It is gone.")), Optional.empty());
    name.set("");
    assertThat(form.of(Asked.NAME).get()).as("asks as if it were new").isEmpty();
  }

  private Form<Asked, String> empty() {
    Form<Asked, String> form = new Form<>(Asked.class, changes());
    form.makes(() -> Optional.of(change("call " + name.get())));
    return form;
  }

  private Form<Asked, String> named() {
    name.set("good");
    Form<Asked, String> form = empty();
    form.rule(Asked.NAME, Tells.AT_ONCE, () -> problem(name));
    form.follows(name);
    return form;
  }

  private void submit(Form<Asked, String> form) {
    form.submit(done::add, refused::add);
  }

  private static Optional<String> problem(StringProperty text) {
    return text.get().isEmpty() || text.get().equals("bad")
        ? Optional.of("wrong")
        : Optional.empty();
  }

  private static List<String> told(FormProblems<Asked> form) {
    return List.of(Asked.values()).stream().map(field -> form.of(field).get()).toList();
  }

  private static Change<String> change(String call) {
    return new Change<>("Do it", "Do", "Done", Takes.NOTHING, () -> call, _ -> "answer");
  }

  private Changes changes() {
    WriteMode writeMode = WriteMode.in(Environment.SANDBOX, Clock.systemUTC());
    ChangeRunner runner =
        new ChangeRunner(
            request -> {
              door.accept(request);
              return NullNode.getInstance();
            },
            writeMode,
            (_, approved) -> approved.run(),
            List.of(),
            new DirectTasks(),
            _ -> {});
    return new Changes(runner, writeMode, Optional::empty);
  }

  private static Consumer<Request> refusing(Failure failure) {
    return _ -> {
      throw new FailureException(failure);
    };
  }

  private record Refusal(Optional<String> parameter) implements Failure {
    @Override
    public String sentence() {
      return "Refused.";
    }

    @Override
    public String nextStep() {
      return "";
    }

    @Override
    public String code() {
      return "22023";
    }
  }
}
