package dev.latchkey.change;

/**
 * What a change asks its source to do, whatever that speaks: a SQL function call, an HTTP request.
 * What is shown before it runs and what runs are this one value.
 */
public interface Request {
  /** What will run, as people read it, with secrets redacted. */
  String preview();
}
