package dev.latchkey.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.connect.ConnectionText;
import dev.latchkey.database.Endpoint;
import dev.latchkey.database.TlsMode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.Driver;

/** What people paste into their own programs leads to the same server, as the granted role. */
class ConnectionLinesTest {
  @Test
  void throughAPoolerTheRoleHasTheProjectAndTheOptionIsThere() {
    Map<String, String> lines =
        new ConnectionLines(
                new Endpoint(
                    "aws-0-eu-central-1.pooler.supabase.com",
                    5432,
                    "postgres",
                    "keys_admin.abcdefghijklmnopqrst",
                    TlsMode.VERIFY_FULL,
                    Optional.empty(),
                    "-c jit=true"),
                "support")
            .all();

    assertThat(lines.keySet()).containsExactly("psql", "URI", "JDBC", "Pooler");
    assertThat(lines.get("psql"))
        .isEqualTo(
            "psql \"host=aws-0-eu-central-1.pooler.supabase.com port=5432 dbname=postgres"
                + " user=support.abcdefghijklmnopqrst sslmode=verify-full sslrootcert=system options='-c jit=true'\"");
    assertThat(lines.get("Pooler"))
        .isEqualTo(
            "postgresql://support.abcdefghijklmnopqrst@aws-0-eu-central-1.pooler.supabase.com:5432"
                + "/postgres?sslmode=verify-full&sslrootcert=system&options=-c%20jit%3Dtrue")
        .isEqualTo(lines.get("URI"));
    assertThat(Driver.parseURL(lines.get("JDBC"), new Properties()))
        .containsEntry("user", "support.abcdefghijklmnopqrst")
        .containsEntry("options", "-c jit=true");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          VERIFY_FULL |             | sslmode=verify-full sslrootcert=system     | system
          VERIFY_FULL | /etc/my ca/x | sslmode=verify-full sslrootcert='/etc/my ca/x' | is a file
          VERIFY_CA   |             | sslmode=verify-ca                          | root.crt
          VERIFY_CA   | /ca.pem     | sslmode=verify-ca sslrootcert='/ca.pem'     | is a file
          REQUIRE     | /ca.pem     | sslmode=require                            |
          DISABLE     |             | sslmode=disable                            |
          """)
  void whatVerifiesSaysWhomItTrusts(TlsMode tls, Path certificate, String expected, String note) {
    var lines =
        new ConnectionLines(
            new Endpoint(
                "db.example.org", 5432, "app", "me", tls, Optional.ofNullable(certificate), ""),
            "support");

    assertThat(lines.all().get("psql"))
        .isEqualTo(
            "psql \"host=db.example.org port=5432 dbname=app user=support " + expected + "\"");
    Properties driver = Driver.parseURL(lines.all().get("JDBC"), new Properties());
    assertThat(driver.containsKey("sslrootcert"))
        .isEqualTo(tls.verifiesCertificate() && certificate != null);
    assertThat(driver.containsKey("sslfactory"))
        .isEqualTo(tls.verifiesCertificate() && certificate == null);
    if (note == null) {
      assertThat(lines.note()).isEmpty();
    } else {
      assertThat(lines.note().orElseThrow()).contains(note);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"support", "Support team", "o'neil", "a\"b$(c)`d`\\e", "50%&x=y@z/ü"})
  void aRoleOfAnyNameIsReadBackFromEachOfThem(String role) {
    Endpoint endpoint =
        new Endpoint("::1", 5433, "app db", "me", TlsMode.DISABLE, Optional.empty(), "");

    Map<String, String> lines = new ConnectionLines(endpoint, role).all();

    assertThat(lines.keySet()).as("no pooler was passed").containsExactly("psql", "URI", "JDBC");
    assertThat(ConnectionText.of(lines.get("URI")))
        .isInstanceOfSatisfying(
            ConnectionText.Found.class,
            found -> {
              assertThat(found.role()).contains(role);
              assertThat(found.database()).contains("app db");
              assertThat(found.host()).isEqualTo("::1");
              assertThat(found.port()).contains(5433);
            });
    assertThat(Driver.parseURL(lines.get("JDBC"), new Properties()))
        .containsEntry("user", role)
        .containsEntry("PGDBNAME", "app db");
  }
}
