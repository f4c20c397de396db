package dev.latchkey.kit.list;

import dev.latchkey.widget.EmptyPane;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a list asks of its screen.
 *
 * @param <T> a row
 * @param open shows the details of a row, unless they are shown already
 * @param end Delete: takes the row's thing away, after asking
 * @param empty what is said while there is no row at all
 * @param clearFilter shows all rows again
 * @param reload reads everything again
 */
public record ListActs<T>(
    Consumer<T> open,
    Consumer<T> end,
    Supplier<EmptyPane> empty,
    Runnable clearFilter,
    Runnable reload) {}
