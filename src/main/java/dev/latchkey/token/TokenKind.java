package dev.latchkey.token;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tokens and keys that are known by how they begin.
 *
 * <p>Ours are all built alike, as {@code api_keys_private.generate_key} makes them: the prefix, a
 * {@link Ksuid}, 32 base62 digits of secret and a {@link Checksum}.
 */
public enum TokenKind {
  /** Opens a database by temporary access. */
  TEMPORARY("jit_", "temporary-access token"),
  SCOPED_KEY("sk_", "scoped API key"),
  SECRET_KEY("sb_secret_", "secret project key"),
  PUBLISHABLE_KEY("sb_publishable_", "publishable project key"),
  /** Supabase's own: opens the whole account there. */
  SUPABASE("sbp_", "Supabase access token");

  private static final int SECRET = 32;

  private final String prefix;
  private final String called;

  TokenKind(String prefix, String called) {
    this.prefix = prefix;
    this.called = called;
  }

  /** The kind that a text begins like; it may be nothing of the sort all the same. */
  static Optional<TokenKind> of(CharSequence text) {
    return Stream.of(values()).filter(kind -> kind.begins(text)).findFirst();
  }

  /** What a token of the kind begins with, for sentences: {@code sk_}. */
  public String prefix() {
    return prefix;
  }

  /** For prompts: {@code sk_…}. */
  public String abbreviated() {
    return prefix + "…";
  }

  /** For sentences: {@code scoped API key}. */
  public String called() {
    return called;
  }

  /** Whether a text begins like this kind. */
  public boolean begins(CharSequence text) {
    return text.length() >= prefix.length()
        && CharSequence.compare(prefix, text.subSequence(0, prefix.length())) == 0;
  }

  /** How many characters one of ours has. */
  int length() {
    return prefix.length() + Ksuid.LENGTH + SECRET + Checksum.LENGTH;
  }

  /** Whether a text is one of ours of this kind, to the last character of its checksum. */
  boolean fits(CharSequence text) {
    return begins(text)
        && text.length() == length()
        && Base62.isAllDigits(behindPrefix(text))
        && Checksum.closes(text);
  }

  /** The public part of one of ours, also where the rest of it was cut off or mistyped. */
  Optional<Ksuid> ksuid(CharSequence text) {
    boolean whole =
        this != SUPABASE
            && begins(text)
            && text.length() > prefix.length() + Ksuid.LENGTH
            && Base62.isAllDigits(behindPrefix(text));
    return whole
        ? Optional.of(new Ksuid(behindPrefix(text).subSequence(0, Ksuid.LENGTH).toString()))
        : Optional.empty();
  }

  private CharSequence behindPrefix(CharSequence text) {
    return text.subSequence(prefix.length(), text.length());
  }
}
