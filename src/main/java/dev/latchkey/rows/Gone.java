package dev.latchkey.rows;

/**
 * What was asked for, or was to be changed, is not there.
 *
 * @param sentence says so, with the thing's name
 */
public record Gone(String sentence) implements Failure {
  @Override
  public String nextStep() {
    return "Reload to see what is there now.";
  }

  @Override
  public String code() {
    return "PT404";
  }
}
