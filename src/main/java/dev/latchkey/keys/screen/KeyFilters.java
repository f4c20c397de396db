package dev.latchkey.keys.screen;

import dev.latchkey.keys.Account;
import dev.latchkey.keys.KeyCounts;
import dev.latchkey.keys.KeyFilter;
import dev.latchkey.keys.KeyKind;
import dev.latchkey.keys.KeyStatus;
import dev.latchkey.widget.ChipRow;
import dev.latchkey.widget.FilterChip;
import dev.latchkey.widget.SearchField;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import javafx.scene.control.MenuButton;
import javafx.scene.control.RadioMenuItem;
import javafx.scene.control.ToggleGroup;

/** The controls above the table that say which keys to show, and how many each choice gives. */
final class KeyFilters {
  private final KeysViewModel model;
  private final Segments<Optional<KeyKind>> kinds;
  private final SearchField search;
  private final MenuButton account;
  private final ChipRow chips;
  private final Map<KeyStatus, FilterChip> statusChips = new EnumMap<>(KeyStatus.class);
  private final FilterChip unused = new FilterChip("Not seen 90 d", Tone.WARNING);
  private final FilterChip neverUsed = new FilterChip("No use seen", Tone.WARNING);

  KeyFilters(
      KeysViewModel model,
      Segments<Optional<KeyKind>> kinds,
      SearchField search,
      MenuButton account,
      ChipRow chips) {
    this.model = model;
    this.kinds = kinds;
    this.search = search;
    this.account = account;
    this.chips = chips;
    build();
    model.table().counts().subscribe(counted -> counted.ifPresent(this::showCounts));
    model.table().filter().subscribe(this::showFilter);
  }

  private void build() {
    kinds.add(Optional.empty(), "All");
    for (KeyKind kind : KeyKind.values()) {
      kinds.add(Optional.of(kind), kind.label());
    }
    kinds
        .valueProperty()
        .subscribe(kind -> model.table().adjustFilter(filter -> filter.withKind(kind)));
    search.textProperty().subscribe((_, text) -> model.table().search(text));
    for (KeyStatus status : KeyStatus.values()) {
      FilterChip chip = new FilterChip(status.label(), KeyStatusBadge.tone(status));
      chip.setId("status-" + status.sql());
      chip.selectedProperty()
          .subscribe(
              (_, chosen) ->
                  model.table().adjustFilter(filter -> filter.withStatus(status, chosen)));
      statusChips.put(status, chip);
    }
    unused
        .selectedProperty()
        .subscribe((_, chosen) -> model.table().adjustFilter(filter -> filter.withUnused(chosen)));
    neverUsed
        .selectedProperty()
        .subscribe(
            (_, chosen) -> model.table().adjustFilter(filter -> filter.withNeverUsed(chosen)));
    chips.show(
        statusChips.get(KeyStatus.ACTIVE),
        statusChips.get(KeyStatus.EXPIRING),
        unused,
        neverUsed,
        statusChips.get(KeyStatus.DISABLED),
        statusChips.get(KeyStatus.REVOKED),
        statusChips.get(KeyStatus.EXPIRED));
    model.accounts().subscribe(_ -> fillAccounts());
  }

  private void fillAccounts() {
    ToggleGroup group = new ToggleGroup();
    account.getItems().clear();
    account.getItems().add(accountItem("All accounts", Optional.empty(), group));
    model
        .accounts()
        .get()
        .forEach(
            known -> account.getItems().add(accountItem(known.name(), Optional.of(known), group)));
  }

  private RadioMenuItem accountItem(String text, Optional<Account> known, ToggleGroup group) {
    RadioMenuItem item = new RadioMenuItem(text);
    item.setMnemonicParsing(false);
    item.setToggleGroup(group);
    item.setSelected(model.table().filter().get().account().equals(known.map(Account::id)));
    item.setOnAction(
        _ -> model.table().adjustFilter(filter -> filter.withAccount(known.map(Account::id))));
    return item;
  }

  private void showCounts(KeyCounts counts) {
    kinds.showCount(Optional.empty(), counts.allKinds());
    for (KeyKind kind : KeyKind.values()) {
      kinds.showCount(Optional.of(kind), counts.of(kind));
    }
    statusChips.forEach((status, chip) -> chip.showCount(counts.of(status)));
    unused.showCount(counts.unused());
    neverUsed.showCount(counts.neverUsed());
  }

  private void showFilter(KeyFilter filter) {
    kinds.setValue(filter.kind());
    statusChips.forEach((status, chip) -> chip.setSelected(filter.statuses().contains(status)));
    unused.setSelected(filter.unused());
    neverUsed.setSelected(filter.neverUsed());
    account.setText(
        filter
            .account()
            .flatMap(
                id ->
                    model.accounts().get().stream()
                        .filter(known -> known.id().equals(id))
                        .findFirst()
                        .map(Account::name))
            .orElse("Account"));
    Styles.toggle(account, "lk-chosen", filter.account().isPresent());
    chips.requestLayout();
  }

  /** Shows every key again. */
  void clear() {
    search.clear();
    model.table().filterBy(KeyFilter.ALL);
    fillAccounts();
  }
}
