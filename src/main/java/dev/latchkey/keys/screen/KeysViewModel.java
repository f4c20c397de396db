package dev.latchkey.keys.screen;

import dev.latchkey.change.Change;
import dev.latchkey.change.Changes;
import dev.latchkey.keys.Account;
import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.CreatedKey;
import dev.latchkey.keys.DailyCalls;
import dev.latchkey.keys.KeyChanges;
import dev.latchkey.keys.KeyColumn;
import dev.latchkey.keys.KeyCounts;
import dev.latchkey.keys.KeyDetails;
import dev.latchkey.keys.KeyFilter;
import dev.latchkey.keys.KeySource;
import dev.latchkey.kit.WritePermission;
import dev.latchkey.kit.drawer.OpenDetails;
import dev.latchkey.kit.list.Rows;
import dev.latchkey.scopes.ScopeSource;
import dev.latchkey.scopes.screen.ScopesViewModel;
import dev.latchkey.task.Latest;
import dev.latchkey.task.Tasks;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.ObservableList;

/** The screen of keys: its table, the open details, and what can be done. For the JavaFX thread. */
public final class KeysViewModel {
  private final KeySource source;
  private final ScopeSource scopeSource;
  private final Optional<KeyChanges> changes;
  private final Tasks tasks;
  private final Clock clock;
  private final Rows<ApiKey, KeyFilter, KeyColumn, KeyCounts> table;
  private final Latest accountsRead;
  private final WritePermission permission;
  private final KeyCharts charts;
  private final OpenDetails<UUID, KeyDetails> drawer;
  private final ReadOnlyObjectWrapper<List<Account>> accounts =
      new ReadOnlyObjectWrapper<>(List.of());

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
    this.table =
        new Rows<>(
            "keys", source, key -> key.id().toString(), KeyFilter.ALL, KeyColumn.USUAL, tasks);
    this.accountsRead = new Latest(tasks);
    this.permission = new WritePermission("keys", changes.map(KeyChanges::changes), tasks, clock);
    this.charts = new KeyCharts(source, tasks);
    // When details that are there cannot be read again the table tells it: once is enough.
    this.drawer =
        new OpenDetails<>(
            tasks,
            "Loading a key",
            "The key is not there any more.",
            source::details,
            known -> !known.usage().isEmpty());
    table.setListener(
        new Rows.Listener<>() {
          @Override
          public void loaded(ObservableList<ApiKey> rows, boolean afresh) {
            charts.follow(rows, afresh);
            if (afresh) {
              readAccounts();
            }
          }

          @Override
          public void ended() {
            permission.look();
          }
        });
  }

  /** The rows, with their filter and order. */
  public Rows<ApiKey, KeyFilter, KeyColumn, KeyCounts> table() {
    return table;
  }

  /** Calls of the last days, for the rows that have them already. */
  public ReadOnlyObjectProperty<Map<UUID, DailyCalls>> calls() {
    return charts.calls();
  }

  /** Whether keys can be changed now. */
  public WritePermission permission() {
    return permission;
  }

  /** For the filter and for new keys; known after the first load. */
  public ReadOnlyObjectProperty<List<Account>> accounts() {
    return accounts.getReadOnlyProperty();
  }

  /** The key whose details are open. */
  public OpenDetails<UUID, KeyDetails> drawer() {
    return drawer;
  }

  /** Shows {@code key} at once as the table has it, and then all that is known of it. */
  public void show(ApiKey key) {
    drawer.show(key.id(), new KeyDetails(key, List.of(), List.of()));
  }

  /** Reads what is shown again, from where it begins; rows keep their place. */
  public void reload() {
    permission.look();
    drawer.reload();
    table.reload();
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
    changes.ifPresent(known -> review(known.changes(), known.calls().disable(key)));
  }

  public void enable(ApiKey key) {
    changes.ifPresent(known -> review(known.changes(), known.calls().enable(key)));
  }

  private void made(CreatedKey created) {
    table.select(Set.of(created.id().toString()));
    reload();
  }

  private void review(Changes known, Change<ApiKey> change) {
    known.reviewAndRun(
        change,
        _ -> {
          table.dismissNotice();
          reload();
        },
        failure -> {
          reload();
          table.tell(failure);
        });
  }

  /** Without them the filter offers none; the rows have told what went wrong, if anything. */
  private void readAccounts() {
    accountsRead.start("Loading accounts", source::accounts, accounts::set, _ -> {});
  }
}
