package dev.latchkey.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.change.AccessLoss;
import dev.latchkey.change.Change;
import dev.latchkey.change.Subject;
import dev.latchkey.change.Takes;
import dev.latchkey.database.Call;
import dev.latchkey.rows.FailureException;
import dev.latchkey.rows.Gone;
import dev.latchkey.token.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Every change that can be made to temporary access, as a value: the SQL function with its
 * arguments, and how to read what it changed afterwards. Runs nothing.
 */
public final class AccessCalls {
  private static final String SWITCH = "latchkey.set_temporary_access";

  private final AccessSource source;
  private final AccessChoices choices;

  /**
   * @param source reads again what was changed
   * @param choices proves what was ended
   */
  public AccessCalls(AccessSource source, AccessChoices choices) {
    this.source = source;
    this.choices = choices;
  }

  /** Lets tokens in from now on. */
  public Change<AccessOverview> turnOn() {
    return new Change<>(
        "Turn on temporary access",
        "Turn on",
        "Temporary access is on",
        Takes.NOTHING,
        Call.to(SWITCH).text("p_state", "enabled"),
        _ -> source.overview());
  }

  /** Refuses every token and ends every session but the caller's own. */
  public Change<Ended> turnOff() {
    return new Change<>(
        "Turn off temporary access",
        "Turn off",
        "Temporary access is off",
        Takes.accessForGoodOf(new Subject.OfAll()),
        Call.to(SWITCH).text("p_state", "disabled"),
        answer -> ended(new Subject.OfAll(), answer));
  }

  public Change<AccessOverview> setPolicy(PolicyEdit edit) {
    return new Change<>(
        "Change the policy",
        "Save policy",
        "Changed the policy",
        Takes.NOTHING,
        Call.to("latchkey.set_access_policy").json("p_changes", edit.toJson()),
        _ -> source.overview());
  }

  public Change<Member> addMember(String email, Optional<String> name) {
    return new Change<>(
        "Add " + name.orElse(email),
        "Add member",
        "Added " + name.orElse(email),
        Takes.NOTHING,
        Call.to("latchkey.add_member").text("p_email", email).text("p_display_name", name),
        answer -> member(UUID.fromString(answer.path("user_id").asText())));
  }

  /** Refuses the member every login and ends his sessions; grants and tokens stay. */
  public Change<Ended> block(Person member, Optional<String> reason) {
    Subject subject = new Subject.OfMember(member.id());
    return ofMember(
        member,
        "Block",
        "Blocked",
        Takes.accessOf(subject),
        call("latchkey.block_member", member, reason),
        answer -> ended(subject, answer));
  }

  /** Blocks the member, revokes his grants and tokens and ends his sessions. */
  public Change<Ended> freeze(Person member, Optional<String> reason) {
    Subject subject = new Subject.OfMember(member.id());
    return ofMember(
        member,
        "Freeze",
        "Froze",
        Takes.accessForGoodOf(subject),
        call("latchkey.freeze_member", member, reason),
        answer -> ended(subject, answer));
  }

  /** Lets a blocked member in again, by what grants and tokens he still has. */
  public Change<Ended> unblock(Person member, Optional<String> reason) {
    return ofMember(
        member,
        "Unblock",
        "Unblocked",
        Takes.NOTHING,
        call("latchkey.unblock_member", member, reason),
        _ -> new Ended(new Subject.OfMember(member.id()), Optional.empty()));
  }

  private static Call call(String function, Person member, Optional<String> reason) {
    return Call.to(function).uuid("p_user_id", member.id()).text("p_reason", reason);
  }

  private static Change<Ended> ofMember(
      Person member,
      String verb,
      String past,
      Takes takes,
      Call call,
      Change.Reread<Ended> reread) {
    return new Change<>(
        verb + " " + member.called(),
        verb + " member",
        past + " " + member.called(),
        takes,
        call,
        reread);
  }

  public Change<Grant> grant(NewGrant wanted) {
    String title = wanted.member().called() + " as " + wanted.role();
    return new Change<>(
        "Grant access to " + title,
        "Grant",
        "Granted access to " + title,
        Takes.NOTHING,
        Call.to("latchkey.grant_access")
            .uuid("p_user_id", wanted.member().id())
            .text("p_role", wanted.role())
            .instant("p_expires_at", wanted.expiresAt())
            .instant("p_starts_at", wanted.startsAt())
            .value("p_allowed_cidrs", "cidr[]", Optional.of(array(wanted.networks())))
            .text("p_reason", wanted.reason()),
        answer -> grant(UUID.fromString(answer.path("id").asText())));
  }

  /** Moves the end of a grant to a later time. */
  public Change<Grant> extend(Grant grant, Instant end, Optional<String> reason) {
    return new Change<>(
        "Extend " + grant.title(),
        "Extend",
        "Extended " + grant.title(),
        Takes.NOTHING,
        Call.to("latchkey.extend_grant")
            .uuid("p_grant_id", grant.id())
            .instant("p_expires_at", Optional.of(end))
            .text("p_reason", reason),
        _ -> grant(grant.id()));
  }

  public Change<Grant> change(Grant grant, GrantEdit edit, Optional<String> reason) {
    return new Change<>(
        "Change " + grant.title(),
        "Save changes",
        "Changed " + grant.title(),
        new Takes(
            false, edit.networks().map(networks -> new AccessLoss.Outside(grant.id(), networks))),
        Call.to("latchkey.change_grant")
            .uuid("p_grant_id", grant.id())
            .json("p_changes", edit.toJson())
            .text("p_reason", reason),
        _ -> grant(grant.id()));
  }

  /** Ends a grant for good, and its sessions at once. */
  public Change<Ended> revoke(Grant grant, Optional<String> reason) {
    return new Change<>(
        "Revoke " + grant.title(),
        "Revoke grant",
        "Revoked " + grant.title(),
        Takes.accessForGoodOf(new Subject.OfGrant(grant.id())),
        Call.to("latchkey.revoke_grant").uuid("p_grant_id", grant.id()).text("p_reason", reason),
        answer -> ended(new Subject.OfGrant(grant.id()), answer));
  }

  /** Ends the sessions of a grant, which stays. */
  public Change<Ended> endSessions(Grant grant, Optional<String> reason) {
    return new Change<>(
        "Terminate the sessions of " + grant.title(),
        "Terminate all",
        "Terminated the sessions of " + grant.title(),
        Takes.NOTHING,
        Call.to("latchkey.end_sessions").uuid("p_grant_id", grant.id()).text("p_reason", reason),
        answer -> ended(new Subject.OfGrant(grant.id()), answer));
  }

  /** Ends one session; the grant stays. */
  public Change<Ended> endSession(LiveSession session, Optional<String> reason) {
    return new Change<>(
        "Terminate %s of %s".formatted(session.title(), session.who()),
        "Terminate",
        "Terminated %s of %s".formatted(session.title(), session.who()),
        Takes.NOTHING,
        Call.to("latchkey.end_session")
            .text("p_login_id", session.loginId())
            .text("p_reason", reason),
        answer -> ended(new Subject.OfLogin(session.loginId()), answer));
  }

  /** Looks for sessions whose access is over, and ends them. */
  public Change<Enforcement> enforce() {
    return new Change<>(
        "Look for ended access",
        "Enforce now",
        "Looked for ended access",
        Takes.NOTHING,
        Call.to("latchkey.enforce_temporary_access"),
        answer ->
            new Enforcement(
                answer.path("sessions_ended").asInt(), answer.path("sessions_left").asInt()));
  }

  /** Makes an access token. The answer holds its secret. */
  public Change<CreatedToken> createToken(NewToken token) {
    String title = token.name() + " for " + token.member().called();
    return new Change<>(
        "Create token " + title,
        "Create token",
        "Created token " + title,
        Takes.NOTHING,
        Call.to("latchkey.create_access_token")
            .uuid("p_user_id", token.member().id())
            .text("p_name", token.name())
            .instant("p_expires_at", token.expiresAt())
            .value(
                "p_roles",
                "text[]",
                token.roles().isEmpty() ? Optional.empty() : Optional.of(array(token.roles())))
            .value("p_allowed_cidrs", "cidr[]", Optional.of(array(token.networks()))),
        answer ->
            new CreatedToken(
                UUID.fromString(answer.path("id").asText()),
                token,
                Secret.of(answer.path("token").asText())));
  }

  /** Ends a token for good, and the sessions that it opened. */
  public Change<Ended> revokeToken(AccessToken token, Optional<String> reason) {
    return new Change<>(
        "Revoke " + token.title(),
        "Revoke token",
        "Revoked " + token.title(),
        Takes.accessForGoodOf(new Subject.OfToken(token.id())),
        Call.to("latchkey.revoke_access_token")
            .uuid("p_token_id", token.id())
            .text("p_reason", reason),
        answer -> ended(new Subject.OfToken(token.id()), answer));
  }

  /** The proof from the answer where it is there, otherwise from the audit event. */
  private Ended ended(Subject subject, JsonNode answer) {
    return answer.has("sessions_ended")
        ? new Ended(subject, Optional.of(EndProof.of(answer)))
        : new Ended(subject, choices.proof(subject));
  }

  private Grant grant(UUID id) {
    return source.grant(id).orElseThrow(() -> gone("The grant"));
  }

  private Member member(UUID id) {
    return source.member(id).orElseThrow(() -> gone("The member"));
  }

  private static FailureException gone(String what) {
    return new FailureException(new Gone(what + " is not there any more."));
  }

  /** A PostgreSQL array in its text form. */
  private static String array(List<String> values) {
    return values.stream().map(AccessCalls::element).collect(Collectors.joining(",", "{", "}"));
  }

  private static String element(String value) {
    return value.matches("[0-9A-Za-z_.:/-]+") && !value.equalsIgnoreCase("null")
        ? value
        : "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}
