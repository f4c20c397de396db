package dev.latchkey.kit.form;

import dev.latchkey.token.Secret;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;

/** A secret that was just made: shown once, and wiped by {@link #close()}. */
public final class SecretOnce implements AutoCloseable {
  private static final int HEAD = 7;
  private static final int TAIL = 4;
  private static final int DOTS = 28;

  /** As it is. */
  public static final Format RAW = new Format("Raw", text -> text);

  /**
   * How the secret can be copied.
   *
   * @param text what is copied, from the secret
   */
  public record Format(String label, UnaryOperator<String> text) {}

  private final Secret secret;
  private final List<Format> formats;
  private final ObjectProperty<Format> format;
  private final BooleanProperty revealed = new SimpleBooleanProperty(false);
  private final BooleanProperty stored = new SimpleBooleanProperty(false);
  private final ReadOnlyBooleanWrapper copied = new ReadOnlyBooleanWrapper(false);
  private boolean closed;

  /**
   * @param more besides {@link #RAW}; the first of them is chosen at first
   */
  public SecretOnce(Secret secret, Format first, Format... more) {
    this.secret = secret;
    this.formats = Stream.concat(Stream.of(RAW, first), Stream.of(more)).toList();
    this.format = new SimpleObjectProperty<>(first);
  }

  public List<Format> formats() {
    return formats;
  }

  public ObjectProperty<Format> format() {
    return format;
  }

  public BooleanProperty revealed() {
    return revealed;
  }

  /** "I have stored this". */
  public BooleanProperty stored() {
    return stored;
  }

  public ReadOnlyBooleanProperty copied() {
    return copied.getReadOnlyProperty();
  }

  /** Whether the secret was copied, or the operator says that it is stored. */
  public boolean mayClose() {
    return copied.get() || stored.get();
  }

  /** The secret as the field shows it: masked unless revealed. */
  public String shown() {
    return revealed.get() ? secret() : masked();
  }

  /** What would be copied as {@link #format()}, masked unless revealed. */
  public String preview() {
    return closed ? "" : format.get().text().apply(shown());
  }

  /** What is copied as {@code wanted}; from then on the dialog may be closed. */
  public String copy(Format wanted) {
    copied.set(true);
    format.set(wanted);
    return wanted.text().apply(secret());
  }

  @Override
  public void close() {
    closed = true;
    revealed.set(false);
    secret.close();
  }

  private String secret() {
    return closed ? "" : secret.reveal();
  }

  private String masked() {
    String text = secret();
    return text.length() <= HEAD + TAIL
        ? "•".repeat(DOTS)
        : text.substring(0, HEAD) + "•".repeat(DOTS) + text.substring(text.length() - TAIL);
  }
}
