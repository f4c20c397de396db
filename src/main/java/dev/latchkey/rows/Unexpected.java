package dev.latchkey.rows;

/** Anything we did not foresee. */
public record Unexpected(String code, String details) implements Failure {
  @Override
  public String sentence() {
    return "Something went wrong that Latchkey did not expect.";
  }

  @Override
  public String nextStep() {
    return "Try again. If it happens again, copy the details into a report.";
  }
}
