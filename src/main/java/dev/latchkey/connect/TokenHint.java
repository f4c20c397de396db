package dev.latchkey.connect;

import dev.latchkey.token.TokenKind;
import dev.latchkey.token.TokenShape;
import dev.latchkey.widget.Times;
import dev.latchkey.widget.Tone;

/**
 * What the line below the token field says about a shape.
 *
 * @param tone success when it looks right, danger when it cannot work
 */
record TokenHint(Tone tone, String text) {

  static TokenHint of(TokenShape shape, Times times) {
    return switch (shape) {
      case TokenShape.Empty _ ->
          new TokenHint(Tone.NEUTRAL, "A token from your operator, or the role's password.");
      case TokenShape.Temporary temporary ->
          new TokenHint(
              Tone.SUCCESS,
              "%s · checksum ok · issued %s"
                  .formatted(
                      TokenKind.TEMPORARY.abbreviated(),
                      times.agoInWords(temporary.id().issued())));
      case TokenShape.WrongChecksum _ ->
          new TokenHint(
              Tone.DANGER, "A temporary-access token with a wrong checksum: copy it once more.");
      case TokenShape.WrongLength wrong ->
          new TokenHint(
              Tone.DANGER,
              wrong.length() < wrong.expected()
                  ? "A temporary-access token that is cut off: %d of %d characters."
                      .formatted(wrong.length(), wrong.expected())
                  : "A temporary-access token with something after it: %d instead of %d characters."
                      .formatted(wrong.length(), wrong.expected()));
      case TokenShape.Supabase _ ->
          new TokenHint(
              Tone.SUCCESS,
              "%s · %s".formatted(TokenKind.SUPABASE.abbreviated(), TokenKind.SUPABASE.called()));
      case TokenShape.Jwt jwt -> jwt(jwt, times);
      case TokenShape.ApiKey key ->
          new TokenHint(
              Tone.DANGER,
              "This is a %s. It opens an API, not a database; keep it out of here."
                  .formatted(key.kind().called()));
      case TokenShape.Unusable unusable -> new TokenHint(Tone.DANGER, unusable.reason());
      case TokenShape.Password _ ->
          new TokenHint(Tone.NEUTRAL, "An ordinary password: it has no checksum to look at.");
    };
  }

  private static TokenHint jwt(TokenShape.Jwt jwt, Times times) {
    return jwt.expires()
        .map(
            end ->
                end.isAfter(times.now())
                    ? new TokenHint(
                        Tone.SUCCESS, "JSON web token · says it ends in " + times.until(end))
                    : new TokenHint(
                        Tone.WARNING, "JSON web token · ended " + times.agoInWords(end)))
        .orElse(new TokenHint(Tone.NEUTRAL, "JSON web token · it names no end"));
  }
}
