package dev.latchkey.kit.form;

import dev.latchkey.change.Network;
import dev.latchkey.change.Network.Reading;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.collections.FXCollections;
import javafx.collections.ListChangeListener;
import javafx.collections.ObservableList;

/** The networks of a form: those that are chosen, and the one that is being typed. */
public final class NetworksViewModel implements FormPart {
  private static final int MOST = 100;

  private final ObservableList<Network> chosen = FXCollections.observableArrayList();
  private final StringProperty typed = new SimpleStringProperty("");
  private final Optional<String> ownAddress;
  private final boolean required;

  /** Whether the operator's own address could come in. */
  public record OwnAddress(boolean inside, String sentence) {}

  /**
   * @param ownAddress the operator's, as the server sees it
   * @param required whether any is no answer
   */
  public NetworksViewModel(List<String> now, Optional<String> ownAddress, boolean required) {
    this.ownAddress = ownAddress;
    this.required = required;
    now.stream().map(Network::of).flatMap(Optional::stream).forEach(chosen::add);
  }

  public ObservableList<Network> chosen() {
    return chosen;
  }

  /** What is in the field and not yet in the list; it counts as if it were. */
  public StringProperty typed() {
    return typed;
  }

  @Override
  public void onChange(Runnable listener) {
    chosen.addListener((ListChangeListener<Network>) _ -> listener.run());
    typed.subscribe((_, _) -> listener.run());
  }

  /**
   * Takes what was typed into the list; several may be typed with blanks or commas between. What is
   * wrong stays in the field, and all of it does where there would be too many.
   */
  public void add() {
    if (cidrs().size() > MOST) {
      return;
    }
    Set<Network> more = new LinkedHashSet<>();
    List<String> rest = new ArrayList<>();
    for (String part : parts()) {
      if (Network.read(part) instanceof Reading.Good(Network network)) {
        more.add(network);
      } else {
        rest.add(part);
      }
    }
    more.removeAll(chosen);
    chosen.addAll(more);
    typed.set(String.join(" ", rest));
  }

  public void remove(Network network) {
    chosen.remove(network);
  }

  /** All of them as text, what is typed and right included. */
  public List<String> cidrs() {
    return all().stream().map(Network::cidr).distinct().toList();
  }

  private List<Network> all() {
    List<Network> all = new ArrayList<>(chosen);
    for (String part : parts()) {
      if (Network.read(part) instanceof Reading.Good(Network network)) {
        all.add(network);
      }
    }
    return all;
  }

  private List<String> parts() {
    String text = typed.get().strip();
    return text.isEmpty() ? List.of() : List.of(text.split("[\\s,;]+"));
  }

  public Optional<String> problem() {
    for (String part : parts()) {
      if (Network.read(part) instanceof Reading.Bad(String sentence, _)) {
        return Optional.of(sentence);
      }
    }
    int count = cidrs().size();
    if (count > MOST) {
      return Optional.of("At most %d networks; these are %,d.".formatted(MOST, count));
    }
    return required && all().isEmpty()
        ? Optional.of("The policy asks for at least one network.")
        : Optional.empty();
  }

  /** The range of what is typed, or of what was chosen last. */
  public Optional<String> calculation() {
    List<Network> all = all();
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(all.getLast().cidr() + ": " + all.getLast().describe());
  }

  /** Empty where the server did not tell the address. */
  public Optional<OwnAddress> own() {
    return ownAddress.map(
        address -> {
          if (all().isEmpty()) {
            return new OwnAddress(true, "Any address, also yours, " + address);
          }
          return all().stream()
              .filter(network -> network.contains(address))
              .findFirst()
              .map(
                  network ->
                      new OwnAddress(
                          true, "Your address %s is inside %s".formatted(address, network.cidr())))
              .orElse(
                  new OwnAddress(
                      false, "Your address %s is outside these networks".formatted(address)));
        });
  }
}
