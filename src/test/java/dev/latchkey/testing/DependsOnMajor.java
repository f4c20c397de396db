package dev.latchkey.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * What these SQL tests ask may be answered otherwise by another major version of PostgreSQL, so
 * {@code mvn verify} runs them on every one that is supported. All SQL tests run on the oldest and
 * on the one that the program carries; CONTRIBUTING says when a test needs this.
 */
@Documented
@Tag("depends-on-major")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
public @interface DependsOnMajor {
  /** What it is that may differ. */
  String value();
}
