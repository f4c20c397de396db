package dev.latchkey.connect;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Writes a profile as a connection URL, without any password. */
public final class ConnectionUrl {
  private ConnectionUrl() {}

  public static String of(Profile profile) {
    String host = profile.host().contains(":") ? "[" + profile.host() + "]" : profile.host();
    String url =
        "postgresql://%s@%s:%d/%s?sslmode=%s"
            .formatted(
                encoded(profile.role()),
                host,
                profile.port(),
                encoded(profile.database()),
                profile.tls().parameter());
    return profile.options().isBlank() ? url : url + "&options=" + encoded(profile.options());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
