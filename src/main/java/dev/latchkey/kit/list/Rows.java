package dev.latchkey.kit.list;

import dev.latchkey.rows.Failure;
import dev.latchkey.rows.FailureException;
import dev.latchkey.rows.Page;
import dev.latchkey.rows.PageWindow;
import dev.latchkey.rows.Position;
import dev.latchkey.rows.Range;
import dev.latchkey.rows.RowCounts;
import dev.latchkey.rows.RowFilter;
import dev.latchkey.rows.RowSource;
import dev.latchkey.rows.Sort;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

/**
 * What a table shows of the database: filter, order, a window of rows, and which of them are
 * selected. For the JavaFX thread.
 *
 * @param <T> a row
 * @param <F> the filter
 * @param <C> what can be sorted by
 * @param <N> the numbers that are counted with the rows
 */
public final class Rows<T, F extends RowFilter<F>, C, N extends RowCounts> {
  private static final long TYPING_PAUSE = 200;

  private final String what;
  private final RowSource<T, F, C, N> source;
  private final Function<T, String> id;
  private final Sort<C> usual;
  private final Latest table;
  private final Latest typing;

  private final PageWindow<T> window = new PageWindow<>();
  private final ObservableList<T> rows = FXCollections.observableArrayList();
  private final ReadOnlyObjectWrapper<F> filter;
  private final ReadOnlyObjectWrapper<Sort<C>> sort;
  private final ReadOnlyObjectWrapper<Optional<N>> counts =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<RowsState> state =
      new ReadOnlyObjectWrapper<>(new RowsState.Loading());
  private final ReadOnlyObjectWrapper<Optional<Failure>> notice =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Optional<Duration>> latency =
      new ReadOnlyObjectWrapper<>(Optional.empty());
  private final ReadOnlyObjectWrapper<Set<String>> selection =
      new ReadOnlyObjectWrapper<>(Set.of());
  private final ReadOnlyBooleanWrapper busy = new ReadOnlyBooleanWrapper(false);
  private Listener<T> listener = new Listener<>() {};
  private String typed = "";
  private int shift;

  /**
   * Is told what became of a load.
   *
   * @param <T> a row
   */
  public interface Listener<T> {
    /**
     * Rows came.
     *
     * @param afresh whether everything was read again
     */
    default void loaded(ObservableList<T> rows, boolean afresh) {}

    /** A load ended, well or not. */
    default void ended() {}
  }

  /**
   * @param what the rows' name in the plural, for the job's name ("keys")
   * @param id what tells rows apart
   * @param usual the order without any choice
   */
  public Rows(
      String what,
      RowSource<T, F, C, N> source,
      Function<T, String> id,
      F all,
      Sort<C> usual,
      Tasks tasks) {
    this.what = what;
    this.source = source;
    this.id = id;
    this.usual = usual;
    this.filter = new ReadOnlyObjectWrapper<>(all);
    this.sort = new ReadOnlyObjectWrapper<>(usual);
    this.table = new Latest(tasks);
    this.typing = new Latest(tasks);
  }

  public void setListener(Listener<T> wanted) {
    listener = wanted;
  }

  /** What tells a row from the others. */
  public String idOf(T row) {
    return id.apply(row);
  }

  /** The rows that are held, in order: a window of the whole. */
  public ObservableList<T> rows() {
    return rows;
  }

  public ReadOnlyObjectProperty<F> filter() {
    return filter.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<Sort<C>> sort() {
    return sort.getReadOnlyProperty();
  }

  /** The order without any choice. */
  public Sort<C> usualSort() {
    return usual;
  }

  /** Empty until they were counted. */
  public ReadOnlyObjectProperty<Optional<N>> counts() {
    return counts.getReadOnlyProperty();
  }

  public ReadOnlyObjectProperty<RowsState> state() {
    return state.getReadOnlyProperty();
  }

  /** Why something that was tried did not work; told until it is dismissed. */
  public ReadOnlyObjectProperty<Optional<Failure>> notice() {
    return notice.getReadOnlyProperty();
  }

  /** How long the database took for the last page. */
  public ReadOnlyObjectProperty<Optional<Duration>> latency() {
    return latency.getReadOnlyProperty();
  }

  /** The ids of the selected rows; they stay selected when the rows are read again. */
  public ReadOnlyObjectProperty<Set<String>> selection() {
    return selection.getReadOnlyProperty();
  }

  public ReadOnlyBooleanProperty busy() {
    return busy.getReadOnlyProperty();
  }

  /**
   * How far the rows moved down by the last change of {@link #rows()}, so that what one looks at
   * stays where it is; negative when rows went at the top.
   */
  public int shift() {
    return shift;
  }

  public void select(Collection<String> ids) {
    selection.set(Set.copyOf(ids));
  }

  /** Takes up what was typed after a short pause. */
  public void search(String text) {
    typed = text;
    typing.later(TYPING_PAUSE, () -> filterBy(filter.get().withText(text)));
  }

  /** What is searched for, or will be after the pause. */
  public String typed() {
    return typed;
  }

  /** Drops what was typed and not yet searched for. */
  public void keepFilter() {
    filterBy(filter.get());
  }

  /** Shows what {@code wanted} lets through, from the beginning. */
  public void filterBy(F wanted) {
    typing.cancel();
    typed = wanted.text();
    if (!wanted.equals(filter.get())) {
      filter.set(wanted);
      restart();
    }
  }

  /** Changes the filter as it is now, together with what was typed a moment ago. */
  public void adjustFilter(UnaryOperator<F> change) {
    F now = filter.get();
    F changed = change.apply(now);
    if (!changed.equals(now)) {
      filterBy(changed.withText(typed));
    }
  }

  /** Searches for {@code text} at once. */
  public void adjustText(String text) {
    filterBy(filter.get().withText(text));
  }

  public void sortBy(Sort<C> wanted) {
    if (!wanted.equals(sort.get())) {
      sort.set(wanted);
      restart();
    }
  }

  /** Reads what is shown again, from where it begins; rows keep their place. */
  public void reload() {
    Optional<Position> start = window.before();
    load(start.<Range>map(Range.From::new).orElseGet(Range.First::new), window.size());
  }

  /** Reads the rows after the last one held. */
  public void more() {
    if (!busy.get()) {
      window.after().ifPresent(place -> page(new Range.After(place)));
    }
  }

  /** Reads the rows before the first one held. */
  public void earlier() {
    if (!busy.get()) {
      window.before().ifPresent(place -> page(new Range.Before(place)));
    }
  }

  /** Tells that something else did not work. */
  public void tell(Failure failure) {
    notice.set(Optional.of(failure));
  }

  public void dismissNotice() {
    notice.set(Optional.empty());
  }

  private void restart() {
    load(new Range.First(), PageWindow.PAGE);
  }

  private void load(Range range, int limit) {
    F wanted = filter.get();
    Sort<C> order = sort.get();
    begin();
    table.start(
        "Loading " + what,
        () -> read(wanted, order, range, limit),
        this::loaded,
        failure -> failed(FailureException.failureOf(failure)));
  }

  private Loaded<T, N> read(F wanted, Sort<C> order, Range range, int limit) {
    long start = System.nanoTime();
    Page<T, Position> page = source.page(wanted, order, range, limit);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    boolean gone = page.rows().isEmpty() && !(range instanceof Range.First);
    Page<T, Position> shown = gone ? source.page(wanted, order, new Range.First(), limit) : page;
    return new Loaded<>(shown, source.counts(wanted), took);
  }

  private record Loaded<T, N>(Page<T, Position> page, N counts, Duration took) {}

  private void loaded(Loaded<T, N> answer) {
    window.replace(answer.page());
    counts.set(Optional.of(answer.counts()));
    show(0, answer.took());
    listener.loaded(rows, true);
  }

  private void page(Range range) {
    F wanted = filter.get();
    Sort<C> order = sort.get();
    begin();
    long start = System.nanoTime();
    table.start(
        "Loading more " + what,
        () -> source.page(wanted, order, range, PageWindow.PAGE),
        page -> {
          int moved = range instanceof Range.Before ? window.prepend(page) : -window.append(page);
          show(moved, Duration.ofNanos(System.nanoTime() - start));
          listener.loaded(rows, false);
        },
        failure -> failed(FailureException.failureOf(failure)));
  }

  private void begin() {
    busy.set(true);
    if (!(state.get() instanceof RowsState.Shown)) {
      state.set(new RowsState.Loading());
    }
  }

  private void show(int moved, Duration took) {
    busy.set(false);
    shift = moved;
    rows.setAll(window.rows());
    latency.set(Optional.of(took));
    if (notice.get().filter(Failure::passing).isPresent()) {
      dismissNotice();
    }
    state.set(stateNow());
    listener.ended();
  }

  private RowsState stateNow() {
    if (!rows.isEmpty()) {
      return new RowsState.Shown();
    }
    return counts.get().filter(known -> known.all() > 0).isPresent()
        ? new RowsState.NothingFound()
        : new RowsState.Empty();
  }

  private void failed(Failure failure) {
    busy.set(false);
    listener.ended();
    if (rows.isEmpty()) {
      state.set(new RowsState.Failed(failure));
    } else {
      notice.set(Optional.of(failure));
    }
  }
}
