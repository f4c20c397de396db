package dev.latchkey.kit.form;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever limits where access comes from is told whether he is inside himself. */
class NetworksViewModelTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          203.0.113.7      |                                | true  | Any address, also yours, 203.0.113.7
          203.0.113.7      | 203.0.113.0/24                 | true  | Your address 203.0.113.7 is inside 203.0.113.0/24
          203.0.113.7      | 198.51.100.0/24 203.0.113.7/32 | true  | Your address 203.0.113.7 is inside 203.0.113.7/32
          203.0.113.7      | 203.0.113.8/29                 | false | Your address 203.0.113.7 is outside these networks
          203.0.113.7      | 2001:db8::/32                  | false | Your address 203.0.113.7 is outside these networks
          2001:db8::7      | 2001:db8::/32                  | true  | Your address 2001:db8::7 is inside 2001:db8::/32
          2001:db8:1::7    | 2001:db8::/48                  | false | Your address 2001:db8:1::7 is outside these networks
          ::ffff:192.0.2.1 | 192.0.2.0/24                   | true  | Your address ::ffff:192.0.2.1 is inside 192.0.2.0/24
          """)
  void onesOwnAddressIsInsideOrOutside(
      String own, String networks, boolean inside, String sentence) {
    NetworksViewModel model = new NetworksViewModel(List.of(), Optional.of(own), false);
    model.typed().set(Optional.ofNullable(networks).orElse(""));

    NetworksViewModel.OwnAddress expected = new NetworksViewModel.OwnAddress(inside, sentence);
    assertThat(model.own()).as("while it is typed").contains(expected);
    model.add();
    assertThat(model.own()).as("once it is chosen").contains(expected);
  }

  @Test
  void nothingIsSaidOfAnAddressThatTheServerDoesNotTell() {
    assertThat(new NetworksViewModel(List.of("10.0.0.0/8"), Optional.empty(), false).own())
        .isEmpty();
  }
}
