package dev.latchkey.gate;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Bounds the sign-ins under way. When there are too many, the one that has kept the gate waiting
 * longest gives way: connections that say nothing cannot keep out one that does.
 */
final class Handshakes {
  /** One sign-in under way. */
  final class Place implements AutoCloseable {
    private final Client client;

    private Place(Client client) {
      this.client = client;
    }

    /** The client has said all; from now on the gate is at work and the place is not given away. */
    void busy() {
      synchronized (Handshakes.this) {
        if (waiting.remove(this)) {
          atWork.add(this);
        }
      }
    }

    @Override
    public void close() {
      synchronized (Handshakes.this) {
        waiting.remove(this);
        atWork.remove(this);
      }
    }
  }

  private final int limit;
  private final Set<Place> waiting = new LinkedHashSet<>();
  private final Set<Place> atWork = new LinkedHashSet<>();

  Handshakes(int limit) {
    this.limit = limit;
  }

  /** A place for the client; empty when the gate is at work for as many as it may be. */
  synchronized Optional<Place> enter(Client client) {
    if (waiting.size() + atWork.size() >= limit) {
      Iterator<Place> oldest = waiting.iterator();
      if (!oldest.hasNext()) {
        return Optional.empty();
      }
      oldest.next().client.abort();
      oldest.remove();
    }
    Place place = new Place(client);
    waiting.add(place);
    return Optional.of(place);
  }

  synchronized void abortAll() {
    waiting.forEach(place -> place.client.abort());
    atWork.forEach(place -> place.client.abort());
  }
}
