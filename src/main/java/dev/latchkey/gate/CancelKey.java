package dev.latchkey.gate;

import java.util.Arrays;

/**
 * By what a server knows who may cancel a session's work: its process id and a secret of 4 bytes,
 * up to 256 from protocol 3.2 on.
 */
record CancelKey(int pid, byte[] secret) {

  @Override
  public boolean equals(Object other) {
    return other instanceof CancelKey key && pid == key.pid && Arrays.equals(secret, key.secret);
  }

  @Override
  public int hashCode() {
    return 31 * pid + Arrays.hashCode(secret);
  }

  /** Without the secret. */
  @Override
  public String toString() {
    return "CancelKey[pid=" + pid + "]";
  }
}
