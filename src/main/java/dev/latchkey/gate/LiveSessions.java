package dev.latchkey.gate;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The sessions that are open at this moment. */
final class LiveSessions {
  private final Map<String, Session> byLogin = new ConcurrentHashMap<>();
  private final Map<CancelKey, Session> byKey = new ConcurrentHashMap<>();

  void add(Session session) {
    byLogin.put(session.login(), session);
    byKey.put(session.key(), session);
  }

  void remove(Session session) {
    byLogin.remove(session.login(), session);
    byKey.remove(session.key(), session);
  }

  int count() {
    return byLogin.size();
  }

  Set<String> logins() {
    return Set.copyOf(byLogin.keySet());
  }

  Optional<Session> of(String login) {
    return Optional.ofNullable(byLogin.get(login));
  }

  boolean isKey(CancelKey key) {
    return byKey.containsKey(key);
  }

  Collection<Session> all() {
    return List.copyOf(byLogin.values());
  }
}
