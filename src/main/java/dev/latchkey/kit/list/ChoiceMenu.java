package dev.latchkey.kit.list;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;

/**
 * A filter with one choice or none, which its button names: "Who: anyone".
 *
 * @param <V> what is chosen
 */
public final class ChoiceMenu<V> extends MenuButton {
  private final String name;
  private final String none;
  private final Function<V, String> word;
  private final Consumer<Optional<V>> choose;

  /**
   * @param none what the button says while nothing is chosen, in lower case
   * @param choose is told what somebody chose
   */
  public ChoiceMenu(
      String name, String none, Function<V, String> word, Consumer<Optional<V>> choose) {
    this.name = name;
    this.none = none;
    this.word = word;
    this.choose = choose;
    getStyleClass().add("lk-chip-menu");
    show(Optional.empty());
    offer(List.of());
  }

  /** What can be chosen, in this order, and nothing at all before it. */
  public void offer(List<V> values) {
    List<MenuItem> items = new ArrayList<>();
    items.add(item(Character.toUpperCase(none.charAt(0)) + none.substring(1), Optional.empty()));
    values.forEach(value -> items.add(item(word.apply(value), Optional.of(value))));
    getItems().setAll(items);
  }

  /** What is chosen now. */
  public void show(Optional<V> chosen) {
    setText(name + ": " + chosen.map(word).orElse(none));
  }

  private MenuItem item(String text, Optional<V> value) {
    MenuItem item = new MenuItem(text);
    item.setMnemonicParsing(false);
    item.setOnAction(_ -> choose.accept(value));
    return item;
  }
}
