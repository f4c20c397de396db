package dev.latchkey.change;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.change.Network.Reading;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NetworkTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "10.8.0.0/16 | 10.8.0.0/16 | 10.8.0.0 to 10.8.255.255, 65,536 addresses",
        "192.0.2.41 | 192.0.2.41/32 | 192.0.2.41, one address",
        "0.0.0.0/0 | 0.0.0.0/0 | 0.0.0.0 to 255.255.255.255, 4,294,967,296 addresses",
        "2001:db8:8::/48 | 2001:db8:8::/48 | 2001:db8:8:: to 2001:db8:8:ffff:ffff:ffff:ffff:ffff, 2^80 addresses",
        "2001:0DB8:0008:0000::/48 | 2001:db8:8::/48 | 2001:db8:8:: to 2001:db8:8:ffff:ffff:ffff:ffff:ffff, 2^80 addresses",
        "::1 | ::1/128 | ::1, one address",
      })
  void saysRangeAndSize(String typed, String cidr, String description) {
    Network network = good(typed);

    assertThat(network.cidr()).isEqualTo(cidr);
    assertThat(network.describe()).isEqualTo(description);
    assertThat(SERVER.sql().text("select (?::cidr)::text", typed)).isEqualTo(cidr);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "10",
        "10.8",
        "10.8.0.0/33",
        "10.8.0.0/",
        "/16",
        "10.8.*.*",
        "10.8.0.0-9",
        "10.8.0.0/255.255.0.0",
        "0x0a.8.0.0/16",
        "012.8.0.0/16",
        "fe80::1%eth0",
        "2001:db8::/129",
        "10.8.0.0/16 or 1=1",
        "10.8.0.0/16\u0000",
        "１０.8.0.0/16",
        "::ffff:10.8.0.0/16/16",
        "all",
        "*"
      })
  void refusesWhatIsNoNetwork(String typed) {
    assertThat(Network.read(typed)).isInstanceOf(Reading.Bad.class);
  }

  @Test
  void aTextWithoutEndIsRefusedAtOnce() {
    assertThat(Network.read("1".repeat(1_000_000))).isInstanceOf(Reading.Bad.class);
  }

  @Test
  void bitsBeyondThePrefixAreNotGuessedAwaySilently() {
    assertThat(Network.read("10.8.3.41/16"))
        .isEqualTo(
            new Reading.Bad(
                "10.8.3.41/16 has bits beyond /16; the network is 10.8.0.0/16.",
                Optional.of("10.8.0.0/16")));
    assertThat(Network.read("2001:db8:8::1/48"))
        .isInstanceOfSatisfying(
            Reading.Bad.class, bad -> assertThat(bad.meant()).contains("2001:db8:8::/48"));
  }

  /** The server decides who comes in; what is shown beforehand must agree with it. */
  @ParameterizedTest
  @CsvSource({
    "10.8.0.0/16, 10.8.3.41",
    "10.8.0.0/16, 10.9.0.0",
    "10.8.0.0/16, ::ffff:10.8.3.41",
    "10.8.0.0/16, 2001:db8::1",
    "0.0.0.0/0, 203.0.113.7",
    "0.0.0.0/0, ::1",
    "::/0, 203.0.113.7",
    "2001:db8:8::/48, 2001:db8:8:1::7",
    "2001:db8:8::/48, 2001:db8:9::7",
    "192.0.2.41/32, 192.0.2.41",
  })
  void containsWhatTheServerLetsIn(String network, String address) {
    Sql sql = SERVER.sql();

    assertThat(good(network).contains(address))
        .isEqualTo(
            sql.truth(
                "select temporary_access.address_allowed(?::inet, array[?]::cidr[])",
                address,
                network));
  }

  private static Network good(String typed) {
    assertThat(Network.read(typed)).isInstanceOf(Reading.Good.class);
    return ((Reading.Good) Network.read(typed)).network();
  }
}
