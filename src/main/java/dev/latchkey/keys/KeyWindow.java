package dev.latchkey.keys;

import dev.latchkey.database.Page;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The few pages of the table that are held at a time. A page that is added at one end pushes one
 * out at the other; it can be read again from its neighbour's edge.
 */
final class KeyWindow {
  /** Rows that are read at a time. */
  static final int PAGE = 100;

  private static final int PAGES = 3;

  private final Deque<Page<ApiKey, KeyPosition>> pages = new ArrayDeque<>();
  private Optional<KeyPosition> before = Optional.empty();
  private Optional<KeyPosition> after = Optional.empty();

  List<ApiKey> rows() {
    return pages.stream().flatMap(page -> page.rows().stream()).toList();
  }

  /** Where to read on backwards; empty at the beginning. */
  Optional<KeyPosition> before() {
    return before;
  }

  /** Where to read on; empty at the end. */
  Optional<KeyPosition> after() {
    return after;
  }

  /** How many rows to read to see again what is there now. */
  int size() {
    return Math.max(PAGE, pages.stream().mapToInt(page -> page.rows().size()).sum());
  }

  void replace(Page<ApiKey, KeyPosition> page) {
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
  int append(Page<ApiKey, KeyPosition> page) {
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
  int prepend(Page<ApiKey, KeyPosition> page) {
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
