package dev.latchkey.gate;

import dev.latchkey.gate.Backend.Greeting.Declined;
import dev.latchkey.gate.Backend.Greeting.Welcome;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** One client's way from its first byte to a session, or to the door. */
final class Handshake {
  /** A client asks for GSSAPI, then for TLS, then for a session; no client asks for more. */
  private static final int MOST_QUESTIONS = 2;

  private static final byte[] NO = {'N'};
  private static final byte[] YES = {'S'};

  private final GateSettings settings;
  private final Doorkeeper doorkeeper;
  private final LiveSessions sessions;
  private final Client client;
  private final Handshakes.Place place;
  private final AtomicReference<Backend> server = new AtomicReference<>();
  private volatile boolean givenUp;

  Handshake(
      GateSettings settings,
      Doorkeeper doorkeeper,
      LiveSessions sessions,
      Client client,
      Handshakes.Place place) {
    this.settings = settings;
    this.doorkeeper = doorkeeper;
    this.sessions = sessions;
    this.client = client;
    this.place = place;
  }

  /**
   * The session, registered but not yet running, or empty when the client was sent away or wanted
   * none.
   *
   * @throws IOException when the client went away or sent something malformed
   */
  Optional<Session> signIn() throws IOException {
    for (int questions = 0; questions <= MOST_QUESTIONS; questions++) {
      switch (client.firstPacket()) {
        case FirstPacket.TlsRequest() -> answerTls();
        case FirstPacket.GssRequest() -> client.send(NO);
        case FirstPacket.Cancel(CancelKey key) -> {
          cancel(key);
          return Optional.empty();
        }
        case FirstPacket.Startup startup -> {
          return admit(startup);
        }
      }
    }
    throw new MalformedPacketException("too many questions");
  }

  /**
   * The time is over. A client that has said all hears that the server does not answer; another one
   * is left without a word.
   */
  void giveUp() {
    givenUp = true;
    Backend hanging = server.get();
    if (hanging == null) {
      client.abort();
    } else {
      hanging.close();
    }
  }

  private void answerTls() throws IOException {
    if (settings.tls().isEmpty()) {
      client.send(NO);
      return;
    }
    if (client.encrypted()) {
      throw new MalformedPacketException("TLS is there already");
    }
    client.send(YES);
    client.startTls(settings.tls().get());
  }

  private Optional<Session> admit(FirstPacket.Startup startup) throws IOException {
    if (startup.needsNegotiation()) {
      client.send(Messages.negotiateVersion(startup.protocolOptions()));
    }
    boolean secret = client.encrypted() || client.address().isLoopbackAddress();
    if (startup.wantsReplication() || !secret) {
      return refuse(startup);
    }
    client.send(Messages.passwordRequest());
    byte[] token = client.password();
    try {
      if (!place.busy()) {
        client.send(Messages.tooManySignIns());
        return Optional.empty();
      }
      Optional<String> login = doorkeeper.authorize(startup.role(), token, client.address());
      return login.isPresent() ? open(startup, login.get()) : refuse(startup);
    } catch (Doorkeeper.UnavailableException unavailable) {
      client.send(Messages.databaseUnavailable());
      return Optional.empty();
    } finally {
      Arrays.fill(token, (byte) 0);
    }
  }

  private Optional<Session> refuse(FirstPacket.Startup startup) throws IOException {
    client.send(Messages.refused(startup.role()));
    return Optional.empty();
  }

  private Optional<Session> open(FirstPacket.Startup startup, String login)
      throws IOException, Doorkeeper.UnavailableException {
    Optional<Session> session = Optional.empty();
    try {
      session = connect(startup, login);
      return session;
    } finally {
      if (session.isEmpty()) {
        doorkeeper.closed(login);
      }
    }
  }

  private Optional<Session> connect(FirstPacket.Startup startup, String login)
      throws IOException, Doorkeeper.UnavailableException {
    if (sessions.count() >= settings.limits().sessions()) {
      client.send(Messages.tooManySessions());
      return Optional.empty();
    }
    Backend backend = backend();
    Optional<Session> session = Optional.empty();
    try {
      session = greet(startup, login, backend);
      return session;
    } finally {
      if (session.isEmpty()) {
        backend.close();
      }
    }
  }

  private Optional<Session> greet(FirstPacket.Startup startup, String login, Backend backend)
      throws IOException, Doorkeeper.UnavailableException {
    switch (greeting(startup, backend)) {
      case Declined(byte[] bytes) -> {
        client.send(bytes);
        return Optional.empty();
      }
      case Welcome(CancelKey key, byte[] bytes) -> {
        if (!doorkeeper.attach(login, key.pid())) {
          return refuse(startup);
        }
        Session session = new Session(login, key, bytes, client, backend);
        if (!sessions.add(session, settings.limits().sessions())) {
          client.send(Messages.tooManySessions());
          return Optional.empty();
        }
        return Optional.of(session);
      }
    }
  }

  /** Not connected yet; closed when the time is over, for a server may hang without dying. */
  private Backend backend() throws IOException {
    Backend backend = new Backend(settings.backendSocket());
    server.set(backend);
    if (givenUp) {
      backend.close();
    }
    return backend;
  }

  private static Backend.Greeting greeting(FirstPacket.Startup startup, Backend backend) {
    try {
      backend.connect();
      return backend.start(startup.parameters());
    } catch (IOException gone) {
      return new Declined(Messages.databaseUnavailable());
    }
  }

  /** Forwarded only for a session of this gate: the server behind it has others, too. */
  private void cancel(CancelKey key) throws IOException {
    if (!place.busy() || !sessions.isKey(key)) {
      return;
    }
    Backend backend = backend();
    try {
      backend.connect();
      backend.cancel(key);
    } finally {
      backend.close();
    }
  }
}
