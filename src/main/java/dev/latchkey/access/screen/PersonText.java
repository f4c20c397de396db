package dev.latchkey.access.screen;

import dev.latchkey.access.Person;
import javafx.util.StringConverter;

/** Members by name and address, for choosing one. */
public final class PersonText extends StringConverter<Person> {
  @Override
  public String toString(Person person) {
    return person == null ? "" : person.name() + " · " + person.email();
  }

  @Override
  public Person fromString(String text) {
    throw new UnsupportedOperationException("members are chosen, not typed");
  }
}
