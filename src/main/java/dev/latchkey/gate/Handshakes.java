package dev.latchkey.gate;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Bounds the sign-ins under way. When there are too many, one that keeps the gate waiting gives
 * way: the oldest of the address that has most of them. So connections that say nothing, or one
 * byte at a time, cannot keep out one that gets on, and one address cannot push out the others.
 */
final class Handshakes {
  /** One sign-in under way. */
  final class Place implements AutoCloseable {
    private final Client client;

    private Place(Client client) {
      this.client = client;
    }

    /**
     * The client has said all; from now on the gate is at work and the place is not given away.
     *
     * @return false when the gate is at work for as many clients of this address as it may be
     */
    boolean busy() {
      synchronized (Handshakes.this) {
        boolean free = of(atWork, client.address()) < limitOfAnAddress;
        if (free && waiting.remove(this)) {
          atWork.add(this);
        }
        return free;
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
  private final int limitOfAnAddress;
  private final Set<Place> waiting = new LinkedHashSet<>();
  private final Set<Place> atWork = new LinkedHashSet<>();

  /**
   * @param limit sign-ins under way at one time; the gate is at work for one address on at most
   *     three quarters of them
   */
  Handshakes(int limit) {
    this.limit = limit;
    this.limitOfAnAddress = Math.max(1, limit * 3 / 4);
  }

  /** A place for the client; empty when the gate is at work for as many as it may be. */
  synchronized Optional<Place> enter(Client client) {
    if (waiting.size() + atWork.size() >= limit) {
      Optional<Place> slowest = slowest();
      if (slowest.isEmpty()) {
        return Optional.empty();
      }
      slowest.get().client.abort();
      waiting.remove(slowest.get());
    }
    Place place = new Place(client);
    waiting.add(place);
    return Optional.of(place);
  }

  synchronized void abortAll() {
    waiting.forEach(place -> place.client.abort());
    atWork.forEach(place -> place.client.abort());
  }

  private Optional<Place> slowest() {
    Map<InetAddress, Long> held =
        waiting.stream()
            .map(place -> place.client.address())
            .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    return held.entrySet().stream()
        .max(Comparator.comparing(Map.Entry::getValue))
        .flatMap(
            most ->
                waiting.stream()
                    .filter(place -> place.client.address().equals(most.getKey()))
                    .findFirst());
  }

  private static long of(Set<Place> places, InetAddress address) {
    return places.stream().filter(place -> place.client.address().equals(address)).count();
  }
}
