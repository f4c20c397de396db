package dev.latchkey.rows;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The few pages of a table that are held at a time. A page that is added at one end pushes one out
 * at the other; it can be read again from its neighbour's edge.
 */
public final class PageWindow<T> {
  /** Rows that are read at a time. */
  public static final int PAGE = 100;

  private static final int PAGES = 3;

  private final Deque<Page<T, Position>> pages = new ArrayDeque<>();
  private Optional<Position> before = Optional.empty();
  private Optional<Position> after = Optional.empty();

  public List<T> rows() {
    return pages.stream().flatMap(page -> page.rows().stream()).toList();
  }

  /** Where to read on backwards; empty at the beginning. */
  public Optional<Position> before() {
    return before;
  }

  /** Where to read on; empty at the end. */
  public Optional<Position> after() {
    return after;
  }

  /** How many rows to read to see again what is there now. */
  public int size() {
    return Math.max(PAGE, pages.stream().mapToInt(page -> page.rows().size()).sum());
  }

  public void replace(Page<T, Position> page) {
    pages.clear();
    pages.add(page);
    before = page.before();
    after = page.after();
  }

  /**
   * Adds what follows.
   *
   * @return how many rows went at the top
   */
  public int append(Page<T, Position> page) {
    after = page.after();
    if (page.rows().isEmpty()) {
      return 0;
    }
    pages.addLast(page);
    if (pages.size() <= PAGES) {
      return 0;
    }
    int gone = pages.removeFirst().rows().size();
    before = pages.getFirst().before();
    return gone;
  }

  /**
   * Adds what comes before.
   *
   * @return how many rows came at the top
   */
  public int prepend(Page<T, Position> page) {
    before = page.before();
    if (page.rows().isEmpty()) {
      return 0;
    }
    pages.addFirst(page);
    if (pages.size() > PAGES) {
      pages.removeLast();
      after = pages.getLast().after();
    }
    return page.rows().size();
  }
}
