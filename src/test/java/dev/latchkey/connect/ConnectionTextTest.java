package dev.latchkey.connect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.change.Environment;
import dev.latchkey.database.TlsMode;
import dev.latchkey.token.Secret;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionTextTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgresql://me@db.acme.io:6543/app | db.acme.io | 6543 | app | me",
        "postgres://me@db.acme.io/app | db.acme.io | | app | me",
        "postgresql://db.acme.io | db.acme.io | | | ",
        "jdbc:postgresql://db.acme.io:6543/app?user=me | db.acme.io | 6543 | app | me",
        "jdbc:postgresql:app | localhost | | app | ",
        "postgresql://m%40e@db/a%20b | db | | a b | m@e",
        "postgresql://[2001:db8::1]:6543/app | 2001:db8::1 | 6543 | app | ",
        "postgresql://[::1]/app | ::1 | | app | ",
        "postgresql:///app?host=db.acme.io&port=6543&user=me | db.acme.io | 6543 | app | me",
        "host=db.acme.io port=6543 dbname=app user=me | db.acme.io | 6543 | app | me",
        "host = db  dbname = 'my app' user=me | db | | my app | me",
        "host=db dbname='it\\'s' | db | | it's | ",
        "psql \"postgresql://me@db/app\" | db | | app | me",
        "'postgresql://me@db/app' | db | | app | me",
        "postgresql://münchen@db/app | db | | app | münchen",
      })
  void readsUrlsAndConninfo(String text, String host, Integer port, String database, String role) {
    ConnectionText.Found found = found(text);
    assertThat(found.host()).isEqualTo(host);
    assertThat(found.port()).isEqualTo(Optional.ofNullable(port));
    assertThat(found.database()).isEqualTo(Optional.ofNullable(database));
    assertThat(found.role()).isEqualTo(Optional.ofNullable(role));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "postgresql://me:s3cret@db/app | s3cret",
        "postgresql://me:p%40ss%2Fw%3Ard@db/app | p@ss/w:rd",
        "postgresql://me:un@escaped@db/app | un@escaped",
        "postgresql://me@db/app?password=s3cret | s3cret",
        "host=db password='two words' | two words",
        "host=db password='back\\\\slash' | back\\slash",
      })
  void takesThePasswordOut(String text, String password) {
    ConnectionText.Found found = found(text);
    assertThat(found.password().map(Secret::reveal)).contains(password);
    assertThat(found.toString()).doesNotContain(password);
  }

  @Test
  void takesOverTlsCertificateAndOptions() {
    ConnectionText.Found found =
        found(
            "postgresql://me@db/app?sslmode=require&sslrootcert=%2Fetc%2Fca.pem"
                + "&options=-c%20jit%3Dtrue&connect_timeout=5");
    assertThat(found.tls()).contains(TlsMode.REQUIRE);
    assertThat(found.rootCertificate()).contains(Path.of("/etc/ca.pem"));
    assertThat(found.options()).contains("-c jit=true");
    assertThat(found.remarks()).containsExactly("Not taken over: connect_timeout.");
  }

  @Test
  void takesTheMachinesAuthoritiesForNoFile() {
    ConnectionText.Found found =
        found("postgresql://me@db/app?sslmode=verify-full&sslrootcert=system");
    assertThat(found.rootCertificate()).isEmpty();
    assertThat(found.remarks()).isEmpty();
  }

  @Test
  void replacesModesThatProtectFromNobody() {
    ConnectionText.Found found = found("postgresql://me@db/app?sslmode=prefer");
    assertThat(found.tls()).contains(TlsMode.VERIFY_FULL);
    assertThat(found.remarks()).singleElement().asString().contains("protects from nobody");
  }

  @Test
  void aPoolerGetsTheOptionThatTemporaryAccessNeeds() {
    ConnectionText.Found found =
        found("postgresql://postgres.abcd@aws-0-eu.pooler.supabase.com:6543/postgres");
    assertThat(found.role()).contains("postgres.abcd");
    assertThat(found.options()).contains("-c jit=true");
    assertThat(found.remarks()).isEmpty();
  }

  @Test
  void aPoolerWithoutTheProjectsRefSaysSo() {
    assertThat(found("postgresql://postgres@eu.pooler.supabase.com/postgres").remarks())
        .singleElement()
        .asString()
        .contains("role.project-ref");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "https://db.acme.io/app | for https",
        "mysql://me@db/app | for mysql",
        "hello world | no connection URL",
        "postgresql: | no connection URL",
        "postgresql:// | host is missing",
        "postgresql:///app | host is missing",
        "dbname=app | host is missing",
        "postgresql://a,b/app | several hosts",
        "postgresql://a:1,b:2/app | several hosts",
        "host=a,b | Several hosts",
        "host=/var/run/postgresql | socket",
        "postgresql://db:0/app | no port",
        "postgresql://db:65536/app | no port",
        "postgresql://db:54x/app | no port",
        "postgresql://2001:db8::1/app | brackets",
        "postgresql://[2001:db8::1/app | closing bracket",
        "postgresql://[::1]x/app | other than a port",
        "postgresql://me%zz@db/app | hexadecimal",
        "postgresql://me%2@db/app | hexadecimal",
        "postgresql://me@db/app%00 | control character",
        "postgresql://me%ff@db/app | UTF-8",
        "postgresql://me@db/app?sslmode=paranoid | no TLS mode",
        "postgresql://me@db/app?flag | no value",
        "postgresql://me@d b/app | no host name",
        "host=db password='open | not closed",
        "host=db nonsense | no \"=\"",
      })
  void saysWhatIsWrong(String text, String words) {
    assertThat(ConnectionText.of(text))
        .isInstanceOfSatisfying(
            ConnectionText.Wrong.class,
            wrong -> assertThat(wrong.sentence()).contains(words).endsWith("."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgresql://me@db/a\nb", "postgresql://\0@db/", "host=d\u0007b"})
  void refusesControlCharacters(String text) {
    assertThat(ConnectionText.of(text)).isInstanceOf(ConnectionText.Wrong.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "%", "@", ":", "host=a ", "'", "postgresql://a:", "%41"})
  void aMegabyteOfAnythingIsRefused(String piece) {
    String text = piece.repeat((1 << 20) / piece.length());
    assertThat(ConnectionText.of(text)).isInstanceOf(ConnectionText.Wrong.class);
  }

  @Test
  void aWrongTextIsNotRepeatedAtLength() {
    assertThat(ConnectionText.of("postgresql://" + "secret".repeat(100) + ":x/app"))
        .isInstanceOfSatisfying(
            ConnectionText.Wrong.class, wrong -> assertThat(wrong.sentence()).hasSizeLessThan(80));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "\n"})
  void blankIsNothing(String text) {
    assertThat(ConnectionText.of(text)).isEqualTo(new ConnectionText.Empty());
  }

  @Test
  void whatIsWrittenAsUrlIsReadTheSame() {
    Profile profile =
        new Profile(
            "id",
            "name",
            "2001:db8::1",
            6543,
            "my app",
            "me@home",
            Environment.STAGING,
            TlsMode.REQUIRE,
            Optional.empty(),
            "-c jit=true",
            false,
            Optional.empty(),
            "");
    ConnectionText.Found found = found(ConnectionUrl.of(profile));
    assertThat(found.host()).isEqualTo("2001:db8::1");
    assertThat(found.role()).contains("me@home");
    assertThat(found.database()).contains("my app");
    assertThat(found.options()).contains("-c jit=true");
    assertThat(found.password()).isEmpty();
  }

  private static ConnectionText.Found found(String text) {
    ConnectionText read = ConnectionText.of(text);
    assertThat(read).isInstanceOf(ConnectionText.Found.class);
    return (ConnectionText.Found) read;
  }
}
