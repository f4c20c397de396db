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

  /**
   * @param most how many may be open
   * @return whether it is one of them; if not, nothing was added
   */
  synchronized boolean add(Session session, int most) {
    if (byLogin.size() >= most) {
      return false;
    }
    byLogin.put(session.login(), session);
    byKey.put(session.key(), session);
    return true;
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
