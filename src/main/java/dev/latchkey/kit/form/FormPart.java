package dev.latchkey.kit.form;

/** What is filled in as several values and counts as one. */
@FunctionalInterface
public interface FormPart {
  void onChange(Runnable listener);
}
