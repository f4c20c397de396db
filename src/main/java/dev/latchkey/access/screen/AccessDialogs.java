package dev.latchkey.access.screen;

import dev.latchkey.access.AccessToken;
import dev.latchkey.access.Grant;
import dev.latchkey.access.LiveSession;
import dev.latchkey.access.Member;
import dev.latchkey.access.Person;
import dev.latchkey.access.screen.ending.ActDialog;
import dev.latchkey.access.screen.ending.ActViewModel;
import dev.latchkey.access.screen.grant.ConnectionDialog;
import dev.latchkey.access.screen.grant.EditGrantDialog;
import dev.latchkey.access.screen.grant.ExtendDialog;
import dev.latchkey.access.screen.grant.GrantDialog;
import dev.latchkey.access.screen.member.MemberDialog;
import dev.latchkey.access.screen.policy.PolicyDialog;
import dev.latchkey.access.screen.token.TokenDialog;
import dev.latchkey.change.Subject;
import dev.latchkey.database.Endpoint;
import dev.latchkey.kit.form.FormParts;
import java.util.Optional;
import java.util.function.Consumer;

/** Opens the dialogs of temporary access, where the operator may change something now. */
final class AccessDialogs implements AccessActions {
  private final AccessViewModel model;
  private final Endpoint endpoint;
  private final FormParts parts;
  private final Runnable askForWriteMode;

  /**
   * @param endpoint where connection strings lead to
   * @param askForWriteMode turns the operator to the switch in the top bar
   */
  AccessDialogs(
      AccessViewModel model, Endpoint endpoint, FormParts parts, Runnable askForWriteMode) {
    this.model = model;
    this.endpoint = endpoint;
    this.parts = parts;
    this.askForWriteMode = askForWriteMode;
  }

  /** Adds to the list that is shown: a member to the members, otherwise a grant. */
  void createNew() {
    if (!mayChange()) {
      return;
    }
    if (model.list().get() == AccessList.MEMBERS) {
      addMember(_ -> {});
    } else {
      model.newGrant().ifPresent(form -> new GrantDialog(form, parts, this::addMember).show());
    }
  }

  /** Del: the act that takes a row's access away; asks first. */
  void end(Object row) {
    switch (row) {
      case Grant grant -> revoke(grant);
      case AccessToken token -> revoke(token);
      case Member member when !member.isBlocked() -> block(member.person());
      case LiveSession session -> terminate(session);
      default -> {}
    }
  }

  private boolean mayChange() {
    model.lookAtPermission();
    return model.obstacle().get().isEmpty();
  }

  private void act(Optional<ActViewModel> act) {
    act.ifPresent(known -> new ActDialog(known, parts).show());
  }

  @Override
  public void extend(Grant grant) {
    if (mayChange() && grant.status().isOpen()) {
      model.extend(grant).ifPresent(form -> new ExtendDialog(form, parts).show());
    }
  }

  @Override
  public void edit(Grant grant) {
    if (mayChange() && grant.status().isOpen()) {
      model.edit(grant).ifPresent(form -> new EditGrantDialog(form, parts).show());
    }
  }

  @Override
  public void revoke(Grant grant) {
    if (mayChange() && grant.status().isOpen()) {
      act(model.revoke(grant));
    }
  }

  @Override
  public void connectionStrings(Grant grant) {
    new ConnectionDialog(grant, endpoint, parts).show();
  }

  @Override
  public void terminateAll(Grant grant) {
    if (mayChange()) {
      act(model.terminateAll(grant));
    }
  }

  @Override
  public void terminate(LiveSession session) {
    if (mayChange()) {
      act(model.terminate(session));
    }
  }

  @Override
  public void grantTo(Person member) {
    if (mayChange()) {
      model
          .newGrant()
          .ifPresent(
              form -> {
                form.choose(member);
                new GrantDialog(form, parts, this::addMember).show();
              });
    }
  }

  @Override
  public void createToken(Person member) {
    if (mayChange()) {
      model.newToken(member).ifPresent(form -> new TokenDialog(form, parts).show());
    }
  }

  @Override
  public void block(Person member) {
    if (mayChange()) {
      act(model.block(member));
    }
  }

  @Override
  public void freeze(Person member) {
    if (mayChange()) {
      act(model.freeze(member));
    }
  }

  @Override
  public void unblock(Person member) {
    if (mayChange()) {
      act(model.unblock(member));
    }
  }

  @Override
  public void revoke(AccessToken token) {
    if (mayChange() && token.status().works()) {
      act(model.revokeToken(token));
    }
  }

  @Override
  public void open(Subject subject) {
    model.drawer().show(subject);
  }

  @Override
  public void turnOn() {
    model.turnOn();
  }

  @Override
  public void turnOff() {
    if (mayChange()) {
      act(model.turnOff());
    }
  }

  @Override
  public void editPolicy() {
    if (mayChange()) {
      model.editPolicy().ifPresent(form -> new PolicyDialog(form, parts).show());
    }
  }

  @Override
  public void enforce() {
    if (mayChange()) {
      model.enforce();
    }
  }

  @Override
  public void askForWriteMode() {
    askForWriteMode.run();
  }

  private void addMember(Consumer<Member> onAdded) {
    model.newMember(onAdded).ifPresent(form -> new MemberDialog(form, parts).show());
  }
}
