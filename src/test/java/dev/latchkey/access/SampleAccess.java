package dev.latchkey.access;

import java.util.UUID;

/** A screen's worth of temporary access in every state, for looking at. */
public final class SampleAccess {
  private final AccessRoom room;

  public SampleAccess(AccessRoom room) {
    this.room = room;
  }

  /** Makes it; answers the grant with an open session. */
  public UUID make() {
    room.empty();
    UUID mara = room.member("Mara Lindqvist");
    UUID tomas = room.member("Tomás Vidal");
    UUID jon = room.member("Jon Okafor");
    UUID lea = room.member("Lea Brandt");
    UUID ana = room.member("Ana Costa");
    room.grant(
        mara, AccessRoom.OPERATOR, "12 hours", "{127.0.0.0/8,::1/128}", "Operates the console");
    UUID first = room.grant(tomas, AccessRoom.READER, "18 minutes", "{10.8.0.0/16}", "Q4 review");
    set(first, "starts_at = now() - interval '42 minutes', granted_by_name = 'Mara Lindqvist'");
    room.grant(
        jon, AccessRoom.READER, "5 hours 6 minutes", "{10.0.0.0/8,192.0.2.0/24}", "Ticket 8812");
    UUID long1 = room.grant(ana, AccessRoom.READER, "12 days", "{10.0.0.0/8}", "ISO 27001 audit");
    set(long1, "starts_at = now() - interval '18 days'");
    UUID scheduled =
        room.grant(
            lea, AccessRoom.WRITER, "9 days", "{10.20.0.0/16,2001:db8:8::/48}", "Release 42");
    set(scheduled, "starts_at = now() + interval '2 days'");
    UUID endless = room.grant(jon, AccessRoom.WRITER, "1 day", "{}", "x");
    set(endless, "expires_at = null, reason = null, starts_at = now() - interval '90 days'");
    UUID expired = room.grant(lea, AccessRoom.READER, "1 hour", "{192.0.2.0/24}", "Incident 4127");
    set(expired, "starts_at = now() - interval '3 days', expires_at = now() - interval '2 days'");
    UUID revoked = room.grant(tomas, AccessRoom.WRITER, "1 hour", "{}", "Incident 4119");
    room.sql.row("select latchkey.revoke_grant(?, 'Opened in error')", revoked);
    String token = room.token(tomas);
    room.token(jon);
    room.enter(AccessRoom.READER, token, "10.8.3.41")
        .text("select 'audit'::text as events limit 500");
    room.refused(AccessRoom.READER, token, "198.51.100.7");
    room.refused(AccessRoom.WRITER, token, "10.8.3.41");
    room.refused(AccessRoom.OPERATOR, token, "10.8.3.41");
    return first;
  }

  private void set(UUID grant, String assignments) {
    room.sql.execute("update temporary_access.grants set " + assignments + " where id = ?", grant);
  }
}
