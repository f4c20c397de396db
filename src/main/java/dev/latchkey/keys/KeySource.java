package dev.latchkey.keys;

import dev.latchkey.rows.RowSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** How the feature reads. Everything blocks; for use inside a job. */
public interface KeySource extends RowSource<ApiKey, KeyFilter, KeyColumn, KeyCounts> {
  /** The calls of the last days with each of these keys: small charts in the table's rows. */
  Map<UUID, DailyCalls> calls(Collection<UUID> ids);

  /** One key as it is now. */
  Optional<ApiKey> key(UUID id);

  Optional<KeyDetails> details(UUID id);

  /** Every account, by name, for choosing one; at most 1,000. */
  List<Account> accounts();
}
