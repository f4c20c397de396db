package dev.latchkey.keys;

import dev.latchkey.database.Change;
import dev.latchkey.database.DatabaseException;
import dev.latchkey.database.DatabaseFailure;
import dev.latchkey.database.Page;
import dev.latchkey.scopes.ScopeSource;
import dev.latchkey.scopes.ScopesViewModel;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/**
 * The table of keys: what it shows of the database, what is selected, and what can be done. Holds a
 * window of rows only. For the JavaFX thread.
 */
public final class KeysViewModel {
  private static final long TYPING_PAUSE = 200;

  private final KeySource source;
  private final ScopeSource scopeSource;
  private final Optional<KeyChanges> changes;
  private final Tasks tasks;
  private final Clock clock;
  private final Latest table;
  private final Latest typing;
  private final KeyPermission permission;
  private final KeyCharts charts;
  private final KeyDrawerViewModel drawer;

  private final KeyWindow window = new KeyWindow();
  private final ObservableList<ApiKey> rows = FXCollections.observableArrayList();
  private final ReadOnlyObjectWrapper<KeyFilter> filter =
      new ReadOnlyObjectWrapper<>(KeyFilter.ALL);
  private final ReadOnlyObjectWrapper<KeySort> sort = new ReadOnlyObjectWrapper<>(KeySort.DEFAULT);
  private final ReadOnlyObjectWrapper<KeyCounts> counts =
      new ReadOnlyObjectWrapper<>(KeyCounts.NONE);
  private final ReadOnlyObjectWrapper<KeysState> state =
      new ReadOnlyObjectWrapper<>(new KeysState.Loading());
  private final ReadOnlyObjectWrapper<Optional<DatabaseFailure>> notice =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<Duration>> latency =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Set<UUID>> selection = new ReadOnlyObjectWrapper<>(Set.of());
  private final ReadOnlyObjectWrapper<List<Account>> accounts =
      new ReadOnlyObjectWrapper<>(List.of());
  private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
  private String typed = "";
  private int shift;

  /**
   * @param changes how keys are changed; empty where nothing can be
   */
  public KeysViewModel(
      KeySource source,
      ScopeSource scopeSource,
      Optional<KeyChanges> changes,
      Tasks tasks,
      Clock clock) {
    this.source = source;
    this.scopeSource = scopeSource;
    this.changes = changes;
    this.tasks = tasks;
    this.clock = clock;
    this.table = new Latest(tasks);
    this.typing = new Latest(tasks);
    this.permission = new KeyPermission(changes, tasks, clock);
    this.charts = new KeyCharts(source, tasks);
    this.drawer = new KeyDrawerViewModel(source, tasks);
  }

  /** The rows that are held, in order: a window of the whole. */
  public ObservableList<ApiKey> rows() {
    return rows;
  }

  /** Calls of the last days, for the rows that have them already. */
  public ReadOnlyObjectProperty<Map<UUID, DailyCalls>> calls() {
    return charts.calls();
  }

  public ReadOnlyObjectProperty<KeyFilter> filter() {
    return filter.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<KeySort> sort() {
    return sort.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<KeyCounts> counts() {
    return counts.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<KeysState> state() {
    return state.getReadOnlyProperty();
  }

  /** Why something that was tried did not work; told until it is dismissed. */
  public ReadOnlyObjectProperty<Optional<DatabaseFailure>> notice() {
    return notice.getReadOnlyProperty();
  }

  /** How long the database took for the last page. */
  public ReadOnlyObjectProperty<Optional<Duration>> latency() {
    return latency.getReadOnlyProperty();
  }

  /** Why nothing can be changed now; empty when changes are possible. */
  public ReadOnlyObjectProperty<Optional<String>> obstacle() {
    return permission.obstacle();
  }

  /** Whether turning on write mode would let keys be changed. */
  public ReadOnlyBooleanProperty readOnly() {
    return permission.readOnly();
  }

  /** The ids of the selected rows; they stay selected when the rows are read again. */
  public ReadOnlyObjectProperty<Set<UUID>> selection() {
    return selection.getReadOnlyProperty();
  }

  /** For the filter and for new keys; known after the first load. */
  public ReadOnlyObjectProperty<List<Account>> accounts() {
    return accounts.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty busy() {
    return busy.getReadOnlyProperty();
  }

  public KeyDrawerViewModel drawer() {
    return drawer;
  }

  /**
   * How far the rows moved down by the last change of {@link #rows()}, so that what one looks at
   * stays where it is; negative when rows went at the top.
   */
  public int shift() {
    return shift;
  }

  public void select(Collection<UUID> ids) {
    selection.set(Set.copyOf(ids));
  }

  /** Takes up what was typed after a short pause. */
  public void search(String text) {
    typed = text;
    typing.later(TYPING_PAUSE, () -> filterBy(filter.get().withText(text)));
  }

  /** Shows what {@code wanted} lets through, from the beginning. */
  public void filterBy(KeyFilter wanted) {
    typing.cancel();
    typed = wanted.text();
    if (!wanted.equals(filter.get())) {
      filter.set(wanted);
      restart();
    }
  }

  /** Changes the filter as it is now, together with what was typed a moment ago. */
  public void adjustFilter(UnaryOperator<KeyFilter> change) {
    KeyFilter now = filter.get();
    KeyFilter changed = change.apply(now);
    if (!changed.equals(now)) {
      filterBy(changed.withText(typed));
    }
  }

  public void sortBy(KeySort wanted) {
    if (!wanted.equals(sort.get())) {
      sort.set(wanted);
      restart();
    }
  }

  /** Reads what is shown again, from where it begins; rows keep their place. */
  public void reload() {
    lookAtPermission();
    drawer.reload();
    Optional<KeyPosition> start = window.before();
    load(start.<KeyRange>map(KeyRange.From::new).orElseGet(KeyRange.First::new), window.size());
  }

  /** Reads the rows after the last one held. */
  public void more() {
    if (!busy.get()) {
      window.after().ifPresent(position -> page(new KeyRange.After(position)));
    }
  }

  /** Reads the rows before the first one held. */
  public void earlier() {
    if (!busy.get()) {
      window.before().ifPresent(position -> page(new KeyRange.Before(position)));
    }
  }

  public void dismissNotice() {
    notice.set(Optional.empty());
  }

  /** The form for a new key; empty where nothing can be changed. */
  public Optional<NewKeyViewModel> newKey() {
    return changes.map(
        known ->
            new NewKeyViewModel(
                known, new ScopesViewModel(scopeSource, tasks), source, tasks, clock, this::made));
  }

  public Optional<EditKeyViewModel> edit(ApiKey key) {
    return changes.map(
        known -> new EditKeyViewModel(key, known, source, tasks, clock, _ -> reload()));
  }

  public Optional<RevokeKeyViewModel> revoke(ApiKey key) {
    return changes.map(known -> new RevokeKeyViewModel(key, known, _ -> reload()));
  }

  /** Disables a key, after showing the call. */
  public void disable(ApiKey key) {
    changes.ifPresent(known -> review(known, known.calls().disable(key)));
  }

  public void enable(ApiKey key) {
    changes.ifPresent(known -> review(known, known.calls().enable(key)));
  }

  /** Asks again whether changes are possible. */
  public void lookAtPermission() {
    permission.look();
  }

  private void made(CreatedKey created) {
    select(Set.of(created.id()));
    reload();
  }

  private void review(KeyChanges known, Change<ApiKey> change) {
    known.reviewAndRun(
        change,
        _ -> {
          dismissNotice();
          reload();
        },
        failure -> {
          reload();
          notice.set(Optional.of(failure));
        });
  }

  private void restart() {
    load(new KeyRange.First(), KeyWindow.PAGE);
  }

  private void load(KeyRange range, int limit) {
    KeyFilter wanted = filter.get();
    KeySort order = sort.get();
    begin();
    table.start(
        "Loading keys",
        () -> read(wanted, order, range, limit),
        this::loaded,
        failure -> failed(DatabaseException.failureOf(failure)));
  }

  private Loaded read(KeyFilter wanted, KeySort order, KeyRange range, int limit) {
    long start = System.nanoTime();
    Page<ApiKey, KeyPosition> page = source.page(wanted, order, range, limit);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    boolean gone = page.rows().isEmpty() && !(range instanceof KeyRange.First);
    Page<ApiKey, KeyPosition> shown =
        gone ? source.page(wanted, order, new KeyRange.First(), limit) : page;
    return new Loaded(shown, source.counts(wanted), source.accounts(), took);
  }

  private record Loaded(
      Page<ApiKey, KeyPosition> page, KeyCounts counts, List<Account> accounts, Duration took) {}

  private void loaded(Loaded answer) {
    window.replace(answer.page());
    counts.set(answer.counts());
    accounts.set(answer.accounts());
    show(0, answer.took());
    charts.follow(rows, true);
  }

  private void page(KeyRange range) {
    KeyFilter wanted = filter.get();
    KeySort order = sort.get();
    begin();
    long start = System.nanoTime();
    table.start(
        "Loading more keys",
        () -> source.page(wanted, order, range, KeyWindow.PAGE),
        page -> {
          int moved =
              range instanceof KeyRange.Before ? window.prepend(page) : -window.append(page);
          show(moved, Duration.ofNanos(System.nanoTime() - start));
          charts.follow(rows, false);
        },
        failure -> failed(DatabaseException.failureOf(failure)));
  }

  private void begin() {
    busy.set(true);
    if (!(state.get() instanceof KeysState.Shown)) {
      state.set(new KeysState.Loading());
    }
  }

  private void show(int moved, Duration took) {
    busy.set(false);
    shift = moved;
    rows.setAll(window.rows());
    latency.set(Optional.of(took));
    if (notice.get().filter(KeysViewModel::isPassing).isPresent()) {
      dismissNotice();
    }
    state.set(
        rows.isEmpty()
            ? counts.get().all() == 0 ? new KeysState.Empty() : new KeysState.NothingFound()
            : new KeysState.Shown());
    lookAtPermission();
  }

  private void failed(DatabaseFailure failure) {
    busy.set(false);
    lookAtPermission();
    if (rows.isEmpty()) {
      state.set(new KeysState.Failed(failure));
    } else {
      notice.set(Optional.of(failure));
    }
  }

  /** Whether a successful load proves that it is over. */
  private static boolean isPassing(DatabaseFailure failure) {
    return failure instanceof DatabaseFailure.ConnectionLost
        || failure instanceof DatabaseFailure.Unreachable
        || failure instanceof DatabaseFailure.TooManyConnections
        || failure instanceof DatabaseFailure.Cancelled
        || failure.endsAccess();
  }
}
