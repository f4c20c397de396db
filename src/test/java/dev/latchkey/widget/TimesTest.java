package dev.latchkey.widget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.testing.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import javafx.beans.property.SimpleObjectProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {
  private static final Instant NOW = Instant.parse("2026-11-22T14:18:02Z");

  private final SimpleObjectProperty<ZoneId> zone = new SimpleObjectProperty<>(ZoneOffset.UTC);
  private final Times times = new Times(new TestClock(NOW), zone);

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 s",
    "PT59S, 59 s",
    "PT60S, 1 min",
    "PT59M59S, 59 min",
    "PT1H, 1 h",
    "PT23H59M, 23 h",
    "PT24H, 1 d",
    "P60D, 60 d",
    "P61D, 22 Sep",
    "P400D, 18 Oct 2025"
  })
  void saysHowLongAgo(Duration age, String text) {
    assertThat(times.ago(NOW.minus(age))).isEqualTo(text);
  }

  @Test
  void aTimeThatIsStillToComeIsNotAgo() {
    assertThat(times.ago(NOW.plusSeconds(5))).isEqualTo("now");
    assertThat(times.agoInWords(NOW.plusSeconds(5))).isEqualTo("just now");
    assertThat(times.until(NOW.minusSeconds(5))).isEqualTo("now");
  }

  @Test
  void namesTheZoneOfAnExactTime() {
    assertThat(times.exact(NOW)).isEqualTo("Sun 22 Nov 2026, 14:18:02 UTC");
    zone.set(ZoneId.of("Europe/Berlin"));
    assertThat(times.exact(NOW)).isEqualTo("Sun 22 Nov 2026, 15:18:02 CET");
    zone.set(ZoneId.of("+05:30"));
    assertThat(times.minute(NOW)).isEqualTo("22 Nov 2026, 19:48 +05:30");
  }

  @Test
  void theDateIsTheOneOfTheZone() {
    zone.set(ZoneId.of("Pacific/Kiritimati"));
    assertThat(times.date(NOW)).isEqualTo("23 Nov");
  }

  @Test
  void countsDown() {
    assertThat(Times.countdown(Duration.ofSeconds(872))).isEqualTo("14:32");
    assertThat(Times.countdown(Duration.ofSeconds(3729))).isEqualTo("1:02:09");
    assertThat(Times.countdown(Duration.ofSeconds(-3))).isEqualTo("0:00");
  }
}
