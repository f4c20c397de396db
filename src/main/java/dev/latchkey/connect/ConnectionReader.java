package dev.latchkey.connect;

import dev.latchkey.database.TlsMode;
import dev.latchkey.token.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads connection URLs and conninfo strings (PostgreSQL documentation, "Connection Strings", and
 * pgjdbc's URLs).
 */
final class ConnectionReader {
  static final int LONGEST = 8_192;
  private static final Pattern CONNINFO = Pattern.compile("(?s)^[a-z_]+\\s*=.*");
  private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.:-]*)://.*");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._%-]+|[0-9A-Fa-f:.]+(%[\\w]+)?");
  private static final String POOLER = ".pooler.supabase.com";

  /** libpq's word for the authorities that the machine trusts; no file. */
  private static final String MACHINE_TRUST = "system";

  private static final String JIT = "-c jit=true";
  private static final Set<String> KNOWN =
      Set.of(
          "host",
          "hostaddr",
          "port",
          "dbname",
          "user",
          "password",
          "sslmode",
          "sslrootcert",
          "options",
          "ssl");

  private final String text;
  private final List<String> remarks = new ArrayList<>();

  ConnectionReader(String text) {
    this.text = text;
  }

  ConnectionText read() {
    String given = text.length() > LONGEST ? text : unquoted(text.strip());
    if (given.isEmpty()) {
      return new ConnectionText.Empty();
    }
    try {
      return found(parameters(given));
    } catch (Misread misread) {
      return new ConnectionText.Wrong(misread.getMessage());
    }
  }

  private Map<String, String> parameters(String given) throws Misread {
    if (given.length() > LONGEST) {
      throw new Misread("This is too long for a connection URL: %,d characters.", given.length());
    }
    if (given.chars().anyMatch(Character::isISOControl)) {
      throw new Misread("A connection URL has no line breaks or control characters in it.");
    }
    String url = given.startsWith("jdbc:postgresql:") ? given.substring(5) : given;
    if (url.startsWith("postgresql://") || url.startsWith("postgres://")) {
      return ofUrl(url.substring(url.indexOf("//") + 2));
    }
    if (url.startsWith("postgresql:") && given.startsWith("jdbc:")) {
      return ofUrl("localhost/" + url.substring("postgresql:".length()));
    }
    var scheme = SCHEME.matcher(given);
    if (scheme.matches()) {
      throw new Misread(
          "This URL is for %s. Paste one for PostgreSQL, which begins with postgresql://.",
          shortened(scheme.group(1)));
    }
    if (CONNINFO.matcher(given).matches()) {
      return ofConninfo(given);
    }
    throw new Misread(
        "This is no connection URL. Paste one such as postgresql://role@host:5432/database.");
  }

  private static String unquoted(String given) {
    String rest = given.startsWith("psql ") ? given.substring(5).strip() : given;
    boolean quoted =
        rest.length() > 1
            && (rest.startsWith("\"") || rest.startsWith("'"))
            && rest.charAt(rest.length() - 1) == rest.charAt(0);
    return quoted ? rest.substring(1, rest.length() - 1).strip() : rest;
  }

  private static Map<String, String> ofUrl(String rest) throws Misread {
    Map<String, String> found = new LinkedHashMap<>();
    int query = rest.indexOf('?');
    String place = query < 0 ? rest : rest.substring(0, query);
    int at = place.lastIndexOf('@');
    String afterUser = place.substring(at + 1);
    if (at >= 0) {
      String user = place.substring(0, at);
      int colon = user.indexOf(':');
      put(found, "user", decoded(colon < 0 ? user : user.substring(0, colon)));
      if (colon >= 0) {
        put(found, "password", decoded(user.substring(colon + 1)));
      }
    }
    int slash = afterUser.indexOf('/');
    hostAndPort(found, slash < 0 ? afterUser : afterUser.substring(0, slash));
    if (slash >= 0) {
      put(found, "dbname", decoded(afterUser.substring(slash + 1)));
    }
    if (query >= 0) {
      for (String pair : rest.substring(query + 1).split("&")) {
        int equals = pair.indexOf('=');
        if (equals < 0 && !pair.isEmpty()) {
          throw new Misread("The part \"%s\" of the URL has no value.", shortened(pair));
        }
        if (equals > 0) {
          put(found, decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
        }
      }
    }
    return found;
  }

  private static void hostAndPort(Map<String, String> found, String place) throws Misread {
    if (place.contains(",")) {
      throw new Misread("The URL names several hosts. Choose one of them for this profile.");
    }
    if (place.startsWith("[")) {
      int end = place.indexOf(']');
      if (end < 0) {
        throw new Misread("The IPv6 address has no closing bracket.");
      }
      put(found, "host", place.substring(1, end));
      String rest = place.substring(end + 1);
      if (!rest.isEmpty() && !rest.startsWith(":")) {
        throw new Misread("There is something other than a port after the IPv6 address.");
      }
      put(found, "port", rest.isEmpty() ? "" : rest.substring(1));
      return;
    }
    int colon = place.indexOf(':');
    if (colon != place.lastIndexOf(':')) {
      throw new Misread("An IPv6 address needs brackets around it: [2001:db8::1].");
    }
    put(found, "host", decoded(colon < 0 ? place : place.substring(0, colon)));
    put(found, "port", colon < 0 ? "" : place.substring(colon + 1));
  }

  private static Map<String, String> ofConninfo(String given) throws Misread {
    Map<String, String> found = new LinkedHashMap<>();
    int index = 0;
    while (index < given.length()) {
      int equals = given.indexOf('=', index);
      if (equals < 0) {
        throw new Misread("There is no \"=\" after \"%s\".", shortened(given.substring(index)));
      }
      String name = given.substring(index, equals).strip();
      StringBuilder value = new StringBuilder();
      index = value(given, equals + 1, value);
      if (!name.matches("[a-z_]+")) {
        throw new Misread("\"%s\" is no name of a connection parameter.", shortened(name));
      }
      put(found, name, value.toString());
      while (index < given.length() && given.charAt(index) == ' ') {
        index++;
      }
    }
    return found;
  }

  /** Reads a value with its quotes and backslashes; answers where it ends. */
  private static int value(String given, int from, StringBuilder value) throws Misread {
    int index = from;
    while (index < given.length() && given.charAt(index) == ' ') {
      index++;
    }
    boolean quoted = index < given.length() && given.charAt(index) == '\'';
    if (quoted) {
      index++;
    }
    for (; index < given.length(); index++) {
      char character = given.charAt(index);
      if (character == '\\' && index + 1 < given.length()) {
        value.append(given.charAt(++index));
      } else if (quoted ? character == '\'' : character == ' ') {
        return index + 1;
      } else {
        value.append(character);
      }
    }
    if (quoted) {
      throw new Misread("A quote is opened and not closed.");
    }
    return index;
  }

  private ConnectionText.Found found(Map<String, String> given) throws Misread {
    String host =
        Optional.ofNullable(given.get("host"))
            .or(() -> Optional.ofNullable(given.get("hostaddr")))
            .orElseThrow(() -> new Misread("The host is missing."));
    checkHost(host);
    Optional<Integer> port = port(given);
    Optional<String> options = Optional.ofNullable(given.get("options"));
    Optional<String> role = Optional.ofNullable(given.get("user"));
    if (host.endsWith(POOLER)) {
      options = Optional.of(withJit(options.orElse("")));
      if (role.filter(name -> !name.contains(".")).isPresent()) {
        remarks.add("The pooler needs the role as role.project-ref: add the project's ref.");
      }
    }
    Optional<TlsMode> tls = tls(given);
    Optional<Path> certificate = certificate(given);
    given.keySet().stream()
        .filter(name -> !KNOWN.contains(name))
        .forEach(name -> remarks.add("Not taken over: %s.".formatted(shortened(name))));
    return new ConnectionText.Found(
        host,
        port,
        Optional.ofNullable(given.get("dbname")),
        role,
        tls,
        certificate,
        options,
        Optional.ofNullable(given.get("password")).map(Secret::of),
        List.copyOf(remarks));
  }

  private static void checkHost(String host) throws Misread {
    if (host.startsWith("/") || host.startsWith("@")) {
      throw new Misread("This is a socket on this machine. Latchkey connects by host and port.");
    }
    if (host.contains(",")) {
      throw new Misread("Several hosts are named. Choose one of them for this profile.");
    }
    if (host.length() > 253 || !HOST.matcher(host).matches()) {
      throw new Misread("\"%s\" is no host name.", shortened(host));
    }
  }

  private static Optional<Integer> port(Map<String, String> given) throws Misread {
    String port = given.getOrDefault("port", "");
    if (port.isEmpty()) {
      return Optional.empty();
    }
    if (!port.matches("[0-9]{1,5}") || !isPort(Integer.parseInt(port))) {
      throw new Misread("\"%s\" is no port: ports go from 1 to 65535.", shortened(port));
    }
    return Optional.of(Integer.parseInt(port));
  }

  static boolean isPort(int number) {
    return number >= 1 && number <= 65_535;
  }

  private Optional<TlsMode> tls(Map<String, String> given) throws Misread {
    String mode = given.getOrDefault("sslmode", given.containsKey("ssl") ? "verify-full" : "");
    if (mode.isEmpty()) {
      return Optional.empty();
    }
    if (mode.equals("allow") || mode.equals("prefer")) {
      remarks.add("sslmode %s protects from nobody; verify-full is set instead.".formatted(mode));
      return Optional.of(TlsMode.VERIFY_FULL);
    }
    for (TlsMode known : TlsMode.values()) {
      if (known.parameter().equals(mode)) {
        return Optional.of(known);
      }
    }
    throw new Misread("\"%s\" is no TLS mode.", shortened(mode));
  }

  private static Optional<Path> certificate(Map<String, String> given) throws Misread {
    try {
      return Optional.ofNullable(given.get("sslrootcert"))
          .filter(certificate -> !certificate.equals(MACHINE_TRUST))
          .map(Path::of);
    } catch (InvalidPathException exception) {
      throw new Misread("The root certificate's path is no path.");
    }
  }

  private static String withJit(String options) {
    return options.contains("jit=") ? options : (options + " " + JIT).strip();
  }

  private static void put(Map<String, String> found, String name, String value) {
    if (!value.isEmpty()) {
      found.put(name.toLowerCase(Locale.ROOT), value);
    }
  }

  private static String decoded(String part) throws Misread {
    byte[] given = part.getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[given.length];
    int length = 0;
    for (int index = 0; index < given.length; index++) {
      if (given[index] != '%') {
        bytes[length++] = given[index];
        continue;
      }
      int high = index + 2 < given.length ? Character.digit(given[index + 1], 16) : -1;
      int low = index + 2 < given.length ? Character.digit(given[index + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw new Misread("A %% in the URL is not followed by two hexadecimal digits.");
      }
      bytes[length++] = (byte) (high * 16 + low);
      index += 2;
    }
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString();
      if (text.chars().anyMatch(Character::isISOControl)) {
        throw new Misread("The URL hides a control character in an escape.");
      }
      return text;
    } catch (CharacterCodingException exception) {
      throw new Misread("The URL's escapes are no UTF-8.");
    }
  }

  /** Short enough for a sentence. */
  private static String shortened(String text) {
    return text.length() > 24 ? text.substring(0, 24) + "…" : text;
  }

  /** Why a text cannot be used; caught here and told as a value. */
  private static final class Misread extends Exception {
    private static final long serialVersionUID = 1L;

    Misread(String sentence, Object... arguments) {
      super(sentence.formatted(arguments), null, false, false);
    }
  }
}
