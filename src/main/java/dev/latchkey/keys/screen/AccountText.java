package dev.latchkey.keys.screen;

import dev.latchkey.keys.Account;
import javafx.util.StringConverter;

/** Accounts by name, for choosing one. */
final class AccountText extends StringConverter<Account> {
  @Override
  public String toString(Account account) {
    return account == null ? "" : account.name();
  }

  @Override
  public Account fromString(String text) {
    throw new UnsupportedOperationException("accounts are chosen, not typed");
  }
}
