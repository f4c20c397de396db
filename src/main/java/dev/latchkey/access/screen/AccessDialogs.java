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
import dev.latchkey.kit.Desk;
import java.util.Optional;
import java.util.function.Consumer;

/** Opens the dialogs of temporary access, where the operator may change something now. */
final class AccessDialogs {
  private final AccessViewModel model;
  private final Optional<Endpoint> endpoint;
  private final Desk desk;

  /**
   * @param endpoint where connection strings lead to; empty where nobody can sign in
   */
  AccessDialogs(AccessViewModel model, Optional<Endpoint> endpoint, Desk desk) {
    this.model = model;
    this.endpoint = endpoint;
    this.desk = desk;
  }

  /** Adds to the list that is shown: a member to the members, otherwise a grant. */
  void createNew() {
    if (!model.permission().isGiven()) {
      return;
    }
    if (model.list().get() == AccessList.MEMBERS) {
      addMember(_ -> {});
    } else {
      model.newGrant().ifPresent(form -> GrantDialog.show(form, desk, this::addMember));
    }
  }

  private void act(Optional<ActViewModel> act) {
    act.ifPresent(known -> ActDialog.show(known, desk));
  }

  void extend(Grant grant) {
    if (model.permission().isGiven() && grant.status().isOpen()) {
      model.extend(grant).ifPresent(form -> ExtendDialog.show(form, desk));
    }
  }

  void edit(Grant grant) {
    if (model.permission().isGiven() && grant.status().isOpen()) {
      model.edit(grant).ifPresent(form -> EditGrantDialog.show(form, desk));
    }
  }

  void revoke(Grant grant) {
    if (model.permission().isGiven() && grant.status().isOpen()) {
      act(model.revoke(grant));
    }
  }

  /** Whether there is somewhere to sign in to. */
  boolean leadSomewhere() {
    return endpoint.isPresent();
  }

  void connectionStrings(Grant grant) {
    endpoint.ifPresent(known -> new ConnectionDialog(grant, known, desk).show());
  }

  void terminateAll(Grant grant) {
    if (model.permission().isGiven()) {
      act(model.terminateAll(grant));
    }
  }

  void terminate(LiveSession session) {
    if (model.permission().isGiven()) {
      act(model.terminate(session));
    }
  }

  void grantTo(Person member) {
    if (model.permission().isGiven()) {
      model
          .newGrant()
          .ifPresent(
              form -> {
                form.choose(member);
                GrantDialog.show(form, desk, this::addMember);
              });
    }
  }

  void createToken(Person member) {
    if (model.permission().isGiven()) {
      model.newToken(member).ifPresent(form -> TokenDialog.show(form, desk));
    }
  }

  /** Del in the list of members. */
  void block(Member member) {
    if (!member.isBlocked()) {
      block(member.person());
    }
  }

  void block(Person member) {
    if (model.permission().isGiven()) {
      act(model.block(member));
    }
  }

  void freeze(Person member) {
    if (model.permission().isGiven()) {
      act(model.freeze(member));
    }
  }

  void unblock(Person member) {
    if (model.permission().isGiven()) {
      act(model.unblock(member));
    }
  }

  void revoke(AccessToken token) {
    if (model.permission().isGiven() && token.status().works()) {
      act(model.revokeToken(token));
    }
  }

  void open(Subject subject) {
    model.drawer().show(subject);
  }

  void turnOn() {
    model.turnOn();
  }

  void turnOff() {
    if (model.permission().isGiven()) {
      act(model.turnOff());
    }
  }

  void editPolicy() {
    if (model.permission().isGiven()) {
      model.editPolicy().ifPresent(form -> PolicyDialog.show(form, desk));
    }
  }

  void enforce() {
    if (model.permission().isGiven()) {
      model.enforce();
    }
  }

  private void addMember(Consumer<Member> onAdded) {
    model.newMember(onAdded).ifPresent(form -> MemberDialog.show(form, desk));
  }
}
