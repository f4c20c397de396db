package dev.latchkey.scopes.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.scopes.Scope;
import dev.latchkey.scopes.ScopeField;
import dev.latchkey.scopes.ScopeVocabulary;
import dev.latchkey.scopes.Scopes;
import dev.latchkey.testing.DirectTasks;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ScopesViewModelTest {
  private final ScopeVocabulary words =
      new ScopeVocabulary(List.of("document"), List.of("read", "update"));
  private final ScopesViewModel model = new ScopesViewModel(() -> words, new DirectTasks());

  @Test
  void beginsWithARowToFillInThatCountsForNothing() {
    assertThat(model.rows()).hasSize(1);
    assertThat(model.scopes()).contains(Scopes.NONE);
  }

  @Test
  void aBlankIdStandsForEveryEntity() {
    type(0, "document", "", "read");

    assertThat(model.scopes()).contains(new Scopes(List.of(Scope.onAll("document", "read"))));
  }

  @Test
  void namesTheFieldOfTheRowAsItIsShown() {
    model.add();
    type(1, "document", "", "");

    assertThat(model.scopes()).isEmpty();
    assertThat(model.problem(1, ScopeField.ACTION)).isPresent();
    assertThat(model.problem(0, ScopeField.ACTION)).isEmpty();
  }

  @Test
  void theJsonSaysWhatTheRowsSayAndTheOtherWayRound() {
    type(0, "document", "7", "read");
    model.showJson();
    assertThat(model.json().get()).contains("\"entity_id\":\"7\"");

    model.json().set(model.json().get().replace("\"7\"", "null"));
    assertThat(model.showRows()).isTrue();

    assertThat(model.rows().getFirst().scope()).isEqualTo(Scope.onAll("document", "read"));
  }

  @Test
  void wrongJsonStaysToBeMended() {
    type(0, "document", "7", "read");
    model.showJson();
    model.json().set("[{");

    assertThat(model.showRows()).isFalse();
    assertThat(model.json().get()).isEqualTo("[{");
    assertThat(model.scopes()).isEmpty();

    model.json().set("[]");
    assertThat(model.showRows()).isTrue();
    assertThat(model.scopes()).contains(Scopes.NONE);
  }

  @Test
  void theLastRowCanBeRemovedAndAnEmptyOneIsThereAgain() {
    type(0, "document", "7", "read");

    model.remove(model.rows().getFirst());

    assertThat(model.rows()).hasSize(1);
    assertThat(model.scopes()).contains(Scopes.NONE);
  }

  @Test
  void suggestsWhatKeysUse() {
    model.loadVocabulary();

    assertThat(model.vocabulary().get()).isEqualTo(words);
  }

  private void type(int row, String entityType, String id, String action) {
    model.rows().get(row).entityType().set(entityType);
    model.rows().get(row).entityId().set(id);
    model.rows().get(row).action().set(action);
  }
}
