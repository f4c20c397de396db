package dev.latchkey.connect;

import dev.latchkey.change.Environment;
import dev.latchkey.database.Endpoint;
import dev.latchkey.database.TlsMode;
import dev.latchkey.doctor.Field;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javafx.beans.property.BooleanProperty;
import javafx.beans.property.ObjectProperty;
import javafx.beans.property.SimpleBooleanProperty;
import javafx.beans.property.SimpleObjectProperty;
import javafx.beans.property.SimpleStringProperty;
import javafx.beans.property.StringProperty;
import javafx.beans.value.ObservableValue;

/** A profile's fields while they are edited. */
public final class ProfileForm {
  private final StringProperty host = new SimpleStringProperty("");
  private final StringProperty port = new SimpleStringProperty("");
  private final StringProperty database = new SimpleStringProperty("");
  private final StringProperty role = new SimpleStringProperty("");
  private final StringProperty rootCertificate = new SimpleStringProperty("");
  private final StringProperty options = new SimpleStringProperty("");
  private final ObjectProperty<Environment> environment =
      new SimpleObjectProperty<>(Environment.DEVELOPMENT);
  private final ObjectProperty<TlsMode> tls = new SimpleObjectProperty<>(TlsMode.VERIFY_FULL);
  private final BooleanProperty remember = new SimpleBooleanProperty(false);

  public StringProperty hostProperty() {
    return host;
  }

  public StringProperty portProperty() {
    return port;
  }

  public StringProperty databaseProperty() {
    return database;
  }

  public StringProperty roleProperty() {
    return role;
  }

  public StringProperty rootCertificateProperty() {
    return rootCertificate;
  }

  public StringProperty optionsProperty() {
    return options;
  }

  public ObjectProperty<Environment> environmentProperty() {
    return environment;
  }

  public ObjectProperty<TlsMode> tlsProperty() {
    return tls;
  }

  public BooleanProperty rememberProperty() {
    return remember;
  }

  /** Every field, for whoever wants to know of any change. */
  List<ObservableValue<?>> fields() {
    return List.of(
        host, port, database, role, rootCertificate, options, environment, tls, remember);
  }

  /** Puts a remedy's value into a field; a TLS mode by its parameter. */
  void set(Field field, String value) {
    switch (field) {
      case HOST -> host.set(value);
      case PORT -> port.set(value);
      case DATABASE -> database.set(value);
      case ROLE -> role.set(value);
      case ROOT_CERTIFICATE -> rootCertificate.set(value);
      case OPTIONS -> options.set(value);
      case TLS ->
          List.of(TlsMode.values()).stream()
              .filter(mode -> mode.parameter().equals(value))
              .findFirst()
              .ifPresent(tls::set);
      case TOKEN -> throw new IllegalArgumentException("a remedy holds no token");
    }
  }

  void show(Profile profile) {
    host.set(profile.host());
    port.set(Integer.toString(profile.port()));
    database.set(profile.database());
    role.set(profile.role());
    rootCertificate.set(profile.rootCertificate().map(Path::toString).orElse(""));
    options.set(profile.options());
    environment.set(profile.environment());
    tls.set(profile.tls());
    remember.set(profile.remember());
  }

  /** Takes over what a pasted text says; what it does not say stays. */
  void fill(ConnectionText.Found found) {
    boolean newHost = !found.host().equals(host.get());
    host.set(found.host());
    found.port().map(String::valueOf).ifPresent(port::set);
    found.database().ifPresent(database::set);
    found.role().ifPresent(role::set);
    found.options().ifPresent(options::set);
    found.rootCertificate().map(Path::toString).ifPresent(rootCertificate::set);
    if (found.tls().isPresent()) {
      tls.set(found.tls().get());
    } else if (newHost) {
      tls.set(Endpoint.isLoopback(found.host()) ? TlsMode.DISABLE : TlsMode.VERIFY_FULL);
    }
  }

  /** The profile with the fields as they are; a port that is none is left as it was. */
  Profile applyTo(Profile profile) {
    return new Profile(
        profile.id(),
        profile.name(),
        host.get().strip(),
        number(port.get()).orElse(profile.port()),
        database.get().strip(),
        role.get().strip(),
        environment.get(),
        tls.get(),
        certificate(),
        options.get().strip(),
        remember.get(),
        profile.lastConnected(),
        profile.lastRole());
  }

  /** What is wrong, by field; empty when one can connect with it. */
  Map<String, String> mistakes() {
    Map<String, String> mistakes = new LinkedHashMap<>();
    check(mistakes, "host", host.get(), 253, "Enter the server's name or address.");
    if (number(port.get()).isEmpty()) {
      mistakes.put("port", "A port is a number from 1 to 65535.");
    }
    check(mistakes, "database", database.get(), 63, "Enter the database's name.");
    check(mistakes, "role", role.get(), 120, "Enter the role to sign in as.");
    try {
      certificate();
    } catch (InvalidPathException exception) {
      mistakes.put("rootCertificate", "This is no path of a file.");
    }
    return mistakes;
  }

  private static void check(
      Map<String, String> mistakes, String field, String value, int longest, String missing) {
    String text = value.strip();
    if (text.isEmpty()) {
      mistakes.put(field, missing);
    } else if (text.length() > longest) {
      mistakes.put(field, "At most %d characters.".formatted(longest));
    } else if (text.chars().anyMatch(Character::isISOControl)) {
      mistakes.put(field, "It contains a control character.");
    }
  }

  private Optional<Path> certificate() {
    String text = rootCertificate.get().strip();
    return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
  }

  private static Optional<Integer> number(String text) {
    return text.strip().matches("[0-9]{1,5}")
        ? Optional.of(Integer.valueOf(text.strip())).filter(ConnectionReader::isPort)
        : Optional.empty();
  }
}
