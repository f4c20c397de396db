package dev.latchkey.doctor;

import dev.latchkey.database.Endpoint;
import java.util.List;
import java.util.Locale;

/** Supabase's hosts and the rules of its pooler, Supavisor, as its source has them. */
public final class Supabase {
  private static final String POOLER = ".pooler.supabase.com";
  private static final List<String> DOMAINS = List.of(".supabase.com", ".supabase.co");

  static final String JIT = "-c jit=true";

  private Supabase() {}

  static boolean isPooler(Endpoint endpoint) {
    return host(endpoint).endsWith(POOLER);
  }

  static boolean isHost(Endpoint endpoint) {
    return DOMAINS.stream().anyMatch(host(endpoint)::endsWith);
  }

  private static String host(Endpoint endpoint) {
    return endpoint.host().toLowerCase(Locale.ROOT);
  }
}
