package dev.latchkey.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class CallTest {
  private static final UUID ID = UUID.fromString("2f9e8a52-6a0a-4f0e-9f5e-0d9f2b7c1a11");

  @Test
  void previewsWhatRuns() {
    Call call =
        Call.to("latchkey.revoke_key")
            .uuid("p_api_key_id", ID)
            .text("p_reason", "left the company's 'old' flat\\n");

    assertThat(call.preview())
        .isEqualTo(
            """
            select to_jsonb(answer) from latchkey.revoke_key(
              p_api_key_id => '2f9e8a52-6a0a-4f0e-9f5e-0d9f2b7c1a11'::uuid,
              p_reason => 'left the company''s ''old'' flat\\n'::text
            ) as answer""");
  }

  @Test
  void writesNullForWhatIsAbsent() {
    Call call = Call.to("latchkey.f").instant("p_at", Optional.empty());

    assertThat(call.preview()).contains("p_at => null");
    assertThat(call.statement()).doesNotContain("?");
  }

  @Test
  void writesTimesInUtc() {
    Call call = Call.to("latchkey.f").instant("p_at", Optional.of(Instant.EPOCH));

    assertThat(call.preview()).contains("'1970-01-01T00:00:00Z'::timestamptz");
  }

  @Test
  void takesOnlyNamesOfFunctions() {
    assertThatThrownBy(() -> Call.to("latchkey.f(); drop table x; --"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
