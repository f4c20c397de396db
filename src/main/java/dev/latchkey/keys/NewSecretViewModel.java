package dev.latchkey.keys;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.ReadOnlyBooleanProperty;
import javafx.beans.property.ReadOnlyBooleanWrapper;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;

/** The secret of a key that was just made: shown once, and wiped by {@link #close()}. */
public final class NewSecretViewModel implements AutoCloseable {
  private static final int HEAD = 7;
  private static final int TAIL = 4;
  private static final int DOTS = 28;

  /** How the secret can be copied. */
  public enum Format {
    RAW("Raw"),
    ENV(".env"),
    CURL("curl"),
    JSON("JSON");

    private final String label;

    Format(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  private final CreatedKey created;
  private final ObjectProperty<Format> format = new SimpleObjectProperty<>(Format.ENV);
  private final BooleanProperty revealed = new SimpleBooleanProperty(false);
  private final BooleanProperty stored = new SimpleBooleanProperty(false);
  private final ReadOnlyBooleanWrapper copied = new ReadOnlyBooleanWrapper(false);
  private boolean closed;

  public NewSecretViewModel(CreatedKey created) {
    this.created = created;
  }

  public NewKey key() {
    return created.key();
  }

  public ObjectProperty<Format> format() {
    return format;
  }

  public BooleanProperty revealed() {
    return revealed;
  }

  /** "I have stored this key". */
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

  /** The key as the field shows it: masked unless revealed. */
  public String shown() {
    return revealed.get() ? secret() : masked();
  }

  /** What would be copied as {@link #format()}, masked unless revealed. */
  public String preview() {
    return closed ? "" : text(shown());
  }

  /** What is copied as {@code wanted}; from then on the dialog may be closed. */
  public String copy(Format wanted) {
    copied.set(true);
    format.set(wanted);
    return text(secret());
  }

  @Override
  public void close() {
    closed = true;
    revealed.set(false);
    created.secret().close();
  }

  private String secret() {
    return closed ? "" : created.secret().reveal();
  }

  private String masked() {
    String key = secret();
    return key.length() <= HEAD + TAIL
        ? "•".repeat(DOTS)
        : key.substring(0, HEAD) + "•".repeat(DOTS) + key.substring(key.length() - TAIL);
  }

  private String text(String key) {
    return switch (format.get()) {
      case RAW -> key;
      case ENV -> "# %s\nLATCHKEY_API_KEY=%s".formatted(comment(), key);
      case CURL ->
          "curl https://your-project.example/rest/v1/ \\\n  -H 'apikey: %s'".formatted(key);
      case JSON -> json(key);
    };
  }

  private String comment() {
    String end = key().expiresAt().map(at -> "expires " + day(at)).orElse("does not expire");
    return "%s, %s, %s".formatted(key().name(), key().kind().label().toLowerCase(), end);
  }

  private String json(String key) {
    Optional<Instant> end = key().expiresAt();
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", key().name())
        .put("kind", key().kind().sql())
        .put("key", key)
        .put("expires_at", end.map(Instant::toString).orElse(null))
        .toPrettyString();
  }

  private static String day(Instant at) {
    return at.toString().substring(0, 10);
  }
}
