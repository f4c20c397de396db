package dev.latchkey.access.screen;

import dev.latchkey.access.AccessToken;
import dev.latchkey.access.Grant;
import dev.latchkey.access.LiveSession;
import dev.latchkey.access.Person;
import dev.latchkey.change.Subject;

/** What the drawer and the card ask the screen to open. */
interface AccessActions {
  void extend(Grant grant);

  void edit(Grant grant);

  void revoke(Grant grant);

  void connectionStrings(Grant grant);

  void terminateAll(Grant grant);

  void terminate(LiveSession session);

  void grantTo(Person member);

  void createToken(Person member);

  void block(Person member);

  void freeze(Person member);

  void unblock(Person member);

  void revoke(AccessToken token);

  void open(Subject subject);

  void turnOn();

  void turnOff();

  void editPolicy();

  void enforce();

  /** The switch is in the window's top bar, not on this screen. */
  void askForWriteMode();
}
