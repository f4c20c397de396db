package dev.latchkey.connect;

import dev.latchkey.change.Environment;
import dev.latchkey.database.Endpoint;
import dev.latchkey.database.SchemaInstallation;
import dev.latchkey.database.Session;
import dev.latchkey.database.SignIn;
import dev.latchkey.doctor.LoginReason;
import dev.latchkey.doctor.PostgresLogins;
import dev.latchkey.task.Cancellation;
import dev.latchkey.token.Ksuid;
import dev.latchkey.token.Secret;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What connecting does away from the JavaFX thread: every method blocks. */
final class Doorway {
  private final SignIn signIn;
  private final SandboxSource sandbox;
  private final Keychain keychain;

  Doorway(SignIn signIn, SandboxSource sandbox, Keychain keychain) {
    this.signIn = signIn;
    this.sandbox = sandbox;
    this.keychain = keychain;
  }

  Optional<String> keychainObstacle() {
    return keychain.obstacle();
  }

  /** The token that the keychain keeps for a profile; the caller closes it. */
  Optional<Secret> remembered(Profile profile) {
    return keychain.find(profile.id());
  }

  boolean forget(Profile profile) {
    keychain.forget(profile.id());
    return true;
  }

  /** Signs in, and has the keychain keep the token where the profile says so. */
  Session enter(Profile profile, Secret token) {
    Session session = signIn.into(profile.endpoint(), profile.environment(), token);
    if (profile.remember()) {
      keychain.remember(profile.id(), token);
    }
    return unlessGivenUp(session);
  }

  Session enterSandbox(BiConsumer<String, Double> progress) {
    SandboxSource.Entrance entrance = sandbox.open(progress);
    try (Secret token = entrance.token()) {
      return unlessGivenUp(signIn.into(entrance.endpoint(), Environment.SANDBOX, token));
    }
  }

  /** Why a token was refused for a role: signs in as an operator for one question. */
  LoginReason reason(Profile operator, Secret token, String role, Optional<Ksuid> refused) {
    Session session = signIn.into(operator.endpoint(), operator.environment(), token);
    try {
      return new PostgresLogins(session.database()).reason(role, refused);
    } finally {
      session.database().close();
    }
  }

  /**
   * What the database has instead of the schema that is needed, and whether the role may mend it.
   */
  SchemaOffer offer(Endpoint endpoint, Secret token) {
    try (var installation = new SchemaInstallation(endpoint, token)) {
      return new SchemaOffer(endpoint, installation.found(), installation.allowed());
    }
  }

  /** Installs what was offered, and makes no table empty that the offer did not name. */
  boolean install(SchemaOffer offer, Secret token) {
    try (var installation = new SchemaInstallation(offer.endpoint(), token)) {
      installation.install(offer.found().comeBackEmpty());
      return true;
    }
  }

  /** A session that nobody waits for any more must not stay open. */
  private static Session unlessGivenUp(Session session) {
    if (Cancellation.current().isCancelled()) {
      session.database().close();
    }
    return session;
  }
}
