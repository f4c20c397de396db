package dev.latchkey.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.rows.Failure;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

final class FailureReaderTest {
  private final FailureReader reader =
      new FailureReader(Endpoint.loopback(5432, "app", "keys_admin"));

  @ParameterizedTest
  @CsvSource({
    "28000, SignInRefused",
    "28P01, SignInRefused",
    "3D000, NoSuchDatabase",
    "53300, TooManyConnections",
    "57P03, NotReady",
    "57P01, NotReady",
  })
  void readsWhatAServerSaysToSomebodyWhoComesIn(String state, String failure) {
    assertThat(reader.whileConnecting(said(state, "no")).getClass().getSimpleName())
        .isEqualTo(failure);
  }

  @ParameterizedTest
  @CsvSource({
    "42501, NotAllowed",
    "22023, InvalidInput",
    "PT404, Gone",
    "PT409, ChangedMeanwhile",
    "40001, ChangedMeanwhile",
    "PT423, HeldBySomebody",
    "PT429, TooMany",
    "25006, ServerReadOnly",
    "57014, Cancelled",
    "57P01, ConnectionLost",
    "08006, ConnectionLost",
    "XX000, Unexpected",
  })
  void readsWhatAServerSaysOfAStatement(String state, String failure) {
    assertThat(reader.whileWorking(said(state, "no")).getClass().getSimpleName())
        .isEqualTo(failure);
  }

  @Test
  void keepsNothingOfARowThatTheDetailShows() {
    SQLException exception =
        new PSQLException(
            new ServerErrorMessage(
                "SERROR\0VERROR\0C23502\0Mnull value\0DFailing row contains (sk_secret).\0\0"),
            false);

    Failure failure = reader.whileWorking(exception);

    assertThat(failure.sentence() + failure.nextStep() + failure.details() + failure)
        .doesNotContain("sk_secret");
  }

  @Test
  void makesASentenceOfAMessageThatNamesItsParameter() {
    Failure failure = reader.whileWorking(said("22023", "p_name: must not be blank"));

    assertThat(failure.sentence()).isEqualTo("Must not be blank.");
    assertThat(failure.parameter()).contains("p_name");
  }

  @Test
  void saysWithTheServersWordsHowToEndWhoeverIsInTheWay() {
    String hint =
        "Nothing was changed. Try again when that is finished, or end it first: select latchkey.end_session('a')";
    SQLException exception =
        new PSQLException(
            new ServerErrorMessage(
                "SERROR\0VERROR\0CPT423\0MSomebody holds this\0H" + hint + "\0\0"),
            false);

    Failure failure = reader.whileWorking(exception);

    assertThat(failure.sentence()).isEqualTo("Somebody holds this.");
    assertThat(failure.nextStep()).isEqualTo(hint);
  }

  @Test
  void saysWhatToDoAboutWhoeverIsInTheWayAlsoWithoutTheServersWords() {
    assertThat(reader.whileWorking(said("PT423", "held")).nextStep())
        .isEqualTo(
            "Nothing was changed. Try again when that is finished, or end that session first.");
  }

  private static SQLException said(String state, String message) {
    return new PSQLException(
        new ServerErrorMessage("SFATAL\0VFATAL\0C" + state + "\0M" + message + "\0\0"), false);
  }
}
