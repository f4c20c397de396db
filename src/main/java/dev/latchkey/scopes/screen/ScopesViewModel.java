package dev.latchkey.scopes.screen;

import dev.latchkey.scopes.Scope;
import dev.latchkey.scopes.ScopeField;
import dev.latchkey.scopes.ScopeProblem;
import dev.latchkey.scopes.ScopeRules;
import dev.latchkey.scopes.ScopeSource;
import dev.latchkey.scopes.ScopeVocabulary;
import dev.latchkey.scopes.Scopes;
import dev.latchkey.scopes.ScopesReading;
import dev.latchkey.scopes.ScopesText;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javafx.beans.Observable;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/** Scopes while they are edited, as rows or as JSON, each kept equal to the other. */
public final class ScopesViewModel {
  private final ObservableList<ScopeRow> rows =
      FXCollections.observableArrayList(
          row -> new Observable[] {row.entityType(), row.entityId(), row.action()});
  private final StringProperty json = new SimpleStringProperty("[]");
  private final ReadOnlyBooleanWrapper asJson = new ReadOnlyBooleanWrapper(false);
  private final ReadOnlyObjectWrapper<ScopesReading> reading =
      new ReadOnlyObjectWrapper<>(new ScopesReading.Valid(Scopes.NONE));
  private final ReadOnlyObjectWrapper<ScopeVocabulary> vocabulary =
      new ReadOnlyObjectWrapper<>(ScopeVocabulary.EMPTY);
  private final ScopeSource source;
  private final Latest latest;
  private boolean copying;

  public ScopesViewModel(ScopeSource source, Tasks tasks) {
    this.source = source;
    this.latest = new Latest(tasks);
    rows.subscribe(this::readRows);
    json.subscribe(_ -> readJson());
    rows.add(new ScopeRow());
  }

  /** Fetches what is suggested; without it the editor works all the same. */
  public void loadVocabulary() {
    latest.start("Reading used scopes", source::vocabulary, vocabulary::set, _ -> {});
  }

  public ObservableList<ScopeRow> rows() {
    return rows;
  }

  public StringProperty json() {
    return json;
  }

  /** Whether the JSON is being edited; otherwise the rows are. */
  public ReadOnlyBooleanProperty asJson() {
    return asJson.getReadOnlyProperty();
  }

  /** The scopes as they stand, or what is wrong with them. */
  public ReadOnlyObjectProperty<ScopesReading> reading() {
    return reading.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<ScopeVocabulary> vocabulary() {
    return vocabulary.getReadOnlyProperty();
  }

  /** The scopes, when there is nothing wrong with them. */
  public Optional<Scopes> scopes() {
    return reading.get() instanceof ScopesReading.Valid valid
        ? Optional.of(valid.scopes())
        : Optional.empty();
  }

  /** What the rows' own problem is; the row counts as it is shown. */
  public Optional<ScopeProblem> problem(int row, ScopeField field) {
    return reading.get().found().stream()
        .filter(found -> found.row().filter(index -> index == row).isPresent())
        .filter(found -> found.field().filter(field::equals).isPresent())
        .findFirst();
  }

  public void add() {
    rows.add(new ScopeRow());
  }

  public void remove(ScopeRow row) {
    rows.remove(row);
    if (rows.isEmpty()) {
      add();
    }
  }

  /** Turns to the JSON, which then says what the rows say. */
  public void showJson() {
    if (asJson.get()) {
      return;
    }
    copying = true;
    json.set(new Scopes(filled()).toText());
    copying = false;
    asJson.set(true);
    readJson();
  }

  /**
   * Turns to the rows.
   *
   * @return false when the JSON has an error and stays, so that nothing typed is lost
   */
  public boolean showRows() {
    if (asJson.get() && scopes().isEmpty()) {
      return false;
    }
    asJson.set(false);
    readRows();
    return true;
  }

  private void setRows(Scopes scopes) {
    copying = true;
    rows.setAll(scopes.list().stream().map(ScopeRow::new).toList());
    if (rows.isEmpty()) {
      rows.add(new ScopeRow());
    }
    copying = false;
    readRows();
  }

  private void readRows() {
    if (copying || asJson.get()) {
      return;
    }
    ScopesReading found = ScopeRules.check(filled());
    reading.set(
        found instanceof ScopesReading.Invalid invalid
            ? new ScopesReading.Invalid(invalid.problems().stream().map(this::asShown).toList())
            : found);
  }

  private void readJson() {
    if (copying || !asJson.get()) {
      return;
    }
    ScopesReading found = ScopesText.read(json.get());
    if (found instanceof ScopesReading.Valid valid) {
      setRows(valid.scopes());
    }
    reading.set(found);
  }

  private List<Scope> filled() {
    return rows.stream().filter(row -> !row.isBlank()).map(ScopeRow::scope).toList();
  }

  /** Counts rows as they are shown, blank ones included. */
  private ScopeProblem asShown(ScopeProblem problem) {
    List<Integer> shown =
        IntStream.range(0, rows.size())
            .filter(index -> !rows.get(index).isBlank())
            .boxed()
            .toList();
    return new ScopeProblem(
        problem.row().map(shown::get), problem.field(), problem.place(), problem.message());
  }
}
