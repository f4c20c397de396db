package dev.latchkey.doctor;

import dev.latchkey.database.Endpoint;
import java.util.ArrayList;
import java.util.List;

/** What is looked at, in the order in which a connection is made. */
public enum Step {
  NAME("Name"),
  PORT("Port"),
  POSTGRES("PostgreSQL"),
  TLS("TLS"),
  TOKEN("Token"),
  POOLER("Pooler"),
  SIGN_IN("Sign-in"),
  SCHEMA("Schema");

  private final String label;

  Step(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }

  /** The steps to an endpoint: only Supabase's pooler has rules of its own. */
  static List<Step> to(Endpoint endpoint) {
    List<Step> steps = new ArrayList<>(List.of(values()));
    if (!Supabase.isPooler(endpoint)) {
      steps.remove(POOLER);
    }
    return List.copyOf(steps);
  }
}
