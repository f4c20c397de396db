package dev.latchkey.sandbox;

/**
 * The sandbox or its server cannot do what was asked. The message is a sentence for the person at
 * the screen: what happened and what to do; it holds no secret.
 */
public final class SandboxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SandboxException(String message) {
    super(message);
  }

  public SandboxException(String message, Throwable cause) {
    super(message, cause);
  }
}
