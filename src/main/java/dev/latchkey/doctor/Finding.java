package dev.latchkey.doctor;

import java.util.ArrayList;
import java.util.List;

/**
 * A cause, told to somebody who wants it to go away.
 *
 * @param sentence what is wrong, and nothing that was not seen
 * @param nextStep what to do; names what cannot be told apart and what would tell
 * @param code a SQLSTATE, or ours with the prefix LK
 * @param sql for somebody with more rights to run; empty when there is none
 */
public record Finding(
    Cause cause, String sentence, String nextStep, String code, List<Remedy> remedies, String sql) {

  public Finding {
    remedies = List.copyOf(remedies);
  }

  static Finding of(Cause cause, String sentence, String nextStep) {
    return new Finding(
        cause, sentence, nextStep, "LK-" + cause.name().replace('_', '-'), List.of(), "");
  }

  Finding code(String given) {
    return new Finding(cause, sentence, nextStep, given, remedies, sql);
  }

  Finding with(Remedy remedy) {
    List<Remedy> all = new ArrayList<>(remedies);
    all.add(remedy);
    return new Finding(cause, sentence, nextStep, code, all, sql);
  }

  Finding with(LoginReason reason) {
    List<Remedy> rest = new ArrayList<>(remedies);
    rest.removeIf(Remedy.AskLogins.class::isInstance);
    return new Finding(
        cause, sentence, reason.sentence() + " " + reason.nextStep(), code, rest, "");
  }

  Finding sql(String text) {
    return new Finding(cause, sentence, nextStep, code, remedies, text);
  }
}
