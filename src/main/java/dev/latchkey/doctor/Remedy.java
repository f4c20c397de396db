package dev.latchkey.doctor;

import java.util.Locale;

/** What the console can do about a finding, offered as a button named after the act. */
public sealed interface Remedy {
  /** The button's text. */
  String label();

  /** What pressing it changes, to read before; empty when it changes nothing. */
  default String effect() {
    return "";
  }

  /**
   * Puts a value into a field of the profile. Never the token's.
   *
   * @param before what stands there now
   */
  record Change(String label, Field field, String before, String after) implements Remedy {
    @Override
    public String effect() {
      String name = field.label();
      String capital = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
      return before.isBlank()
          ? "%s: %s".formatted(capital, after)
          : "%s: %s becomes %s".formatted(capital, before, after);
    }
  }

  /** Leads to a field whose right value only the operator knows. */
  record GoTo(String label, Field field) implements Remedy {}

  /** Takes the blanks out of the token. */
  record RemoveBlanks() implements Remedy {
    @Override
    public String label() {
      return "Remove the blanks";
    }
  }

  /** Asks for a file with the certificate to trust. */
  record ChooseRootCertificate() implements Remedy {
    @Override
    public String label() {
      return "Choose a root certificate…";
    }
  }

  /** Signs in, which also offers to install or upgrade the schema. */
  record Connect(String label) implements Remedy {}

  /** Asks the logins for the true reason, through a profile of somebody who may read them. */
  record AskLogins() implements Remedy {
    @Override
    public String label() {
      return "Ask as an operator…";
    }
  }
}
