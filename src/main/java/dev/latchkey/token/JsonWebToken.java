package dev.latchkey.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a JSON web token says of itself; nothing of it is verified. */
final class JsonWebToken {
  /** What base64url makes of an opening brace and a quote, with which the header begins. */
  private static final String BEGIN = "eyJ";

  private static final Pattern WHOLE =
      Pattern.compile(BEGIN + "[0-9A-Za-z_-]+\\.(?<claims>[0-9A-Za-z_-]+)\\.[0-9A-Za-z_-]*");

  /** One that stands in a text. */
  static final String TRACE = BEGIN + "[0-9A-Za-z_-]{8,}\\.[0-9A-Za-z_-]+\\.[0-9A-Za-z_-]*";

  /** Beyond the year 9999 it is no date that anybody meant. */
  private static final long LAST = 253_402_300_799L;

  private static final JsonMapper JSON = new JsonMapper();

  private JsonWebToken() {}

  static boolean begins(CharSequence text) {
    return text.length() >= BEGIN.length()
        && CharSequence.compare(BEGIN, text.subSequence(0, BEGIN.length())) == 0;
  }

  /** Empty for what is no JSON web token. */
  static Optional<TokenShape.Jwt> read(CharSequence text) {
    Matcher parts = WHOLE.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    CharSequence claims = text.subSequence(parts.start("claims"), parts.end("claims"));
    try {
      ByteBuffer encoded = StandardCharsets.ISO_8859_1.encode(CharBuffer.wrap(claims));
      JsonNode said = JSON.readTree(Base64.getUrlDecoder().decode(encoded).array());
      return Optional.of(new TokenShape.Jwt(instant(said.path("exp"))));
    } catch (IllegalArgumentException | IOException exception) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> instant(JsonNode expiry) {
    return Optional.of(expiry)
        .filter(node -> node.isNumber() && node.canConvertToLong())
        .map(JsonNode::asLong)
        .filter(seconds -> seconds > 0 && seconds <= LAST)
        .map(Instant::ofEpochSecond);
  }
}
