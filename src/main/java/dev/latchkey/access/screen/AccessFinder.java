package dev.latchkey.access.screen;

import dev.latchkey.access.Grant;
import dev.latchkey.access.Member;
import dev.latchkey.change.Subject;
import dev.latchkey.kit.Found;
import dev.latchkey.widget.Icons;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What the command palette finds of temporary access: members and grants, by name. */
final class AccessFinder {
  private final AccessViewModel model;

  AccessFinder(AccessViewModel model) {
    this.model = model;
  }

  void find(String words, Consumer<List<Found>> found) {
    model.find(
        words,
        named ->
            found.accept(
                Stream.concat(
                        named.members().stream().map(this::found),
                        named.grants().stream().map(this::found))
                    .toList()));
  }

  private Found found(Member member) {
    return new Found(
        Icons.PERSON,
        member.person().called(),
        "Member · " + member.person().email(),
        () -> show(AccessList.MEMBERS, new Subject.OfMember(member.id())));
  }

  private Found found(Grant grant) {
    return new Found(
        Icons.ACCESS,
        grant.title(),
        "Grant · " + grant.status().label().toLowerCase(Locale.ROOT),
        () -> show(AccessList.GRANTS, new Subject.OfGrant(grant.id())));
  }

  private void show(AccessList list, Subject subject) {
    model.list().set(list);
    model.drawer().show(subject);
  }
}
