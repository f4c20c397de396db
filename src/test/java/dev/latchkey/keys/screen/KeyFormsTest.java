package dev.latchkey.keys.screen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.latchkey.change.ChangeFailure;
import dev.latchkey.change.TextRules;
import dev.latchkey.database.Row;
import dev.latchkey.keys.ApiKey;
import dev.latchkey.keys.CreatedKey;
import dev.latchkey.keys.KeyKind;
import dev.latchkey.keys.KeyRoom;
import dev.latchkey.kit.form.EndChoice;
import dev.latchkey.kit.form.SecretOnce;
import dev.latchkey.rows.Gone;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.Sql;
import dev.latchkey.testing.TestDatabase;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bad input is told at its field, and nothing is half done. */
final class KeyFormsTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private KeyRoom room;
  private KeysViewModel model;
  private NewKeyViewModel form;
  private final List<CreatedKey> created = new ArrayList<>();

  @BeforeEach
  void open() {
    room = new KeyRoom(SERVER, new DirectTasks());
    room.empty();
    room.account("Acme");
    model = room.model((change, approved) -> approved.run());
    form = model.newKey().orElseThrow();
    form.load();
    form.name().set("warehouse-sync");
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void anUntouchedFormAccusesNobodyUntilItIsSent() {
    NewKeyViewModel blank = model.newKey().orElseThrow();
    for (KeyField field : KeyField.values()) {
      assertThat(blank.form().of(field).get()).isEmpty();
    }

    blank.create(created::add);

    assertThat(blank.form().of(KeyField.NAME).get()).isEqualTo("Give the key a name.");
    assertThat(blank.form().of(KeyField.ACCOUNT).get()).isEqualTo("Choose an account.");
    assertThat(created).isEmpty();
  }

  @Test
  void aNameMayHaveAHundredCharactersAndNotOneMore() {
    form.name().set("🔑".repeat(100));
    assertThat(form.form().change().get()).isPresent();

    form.name().set("🔑".repeat(101));
    refused(KeyField.NAME, "At most 100 characters; these are 101.");
  }

  @Test
  void aNameMustNotBeBlank() {
    form.name().set(" \t\u00a0\u3000");
    refused(KeyField.NAME, "Give the key a name.");
  }

  @Test
  void aNameMustNotContainControlCharacters() {
    for (String hidden : List.of("a\u0007b", "a\nb", "a\u202eb", "a\u0085b")) {
      form.name().set(hidden);
      refused(KeyField.NAME, "A name must not contain control characters or invisible ones.");
    }
  }

  @Test
  void anExpiryMustBeInTheFuture() {
    form.expiry().choice().set(EndChoice.DATE);
    assertThat(form.form().change().get()).isEmpty();

    form.expiry().custom().day().set(Optional.of(LocalDate.now(ZoneOffset.UTC).minusDays(1)));
    refused(KeyField.EXPIRY, "The expiry must be in the future.");

    form.expiry().custom().day().set(Optional.of(LocalDate.now(ZoneOffset.UTC).plusDays(1)));
    assertThat(form.form().change().get()).isPresent();
  }

  @Test
  void scopesThatBreakARuleAreToldWithTheirPlace() {
    form.scopes().showJson();
    form.scopes().json().set("{}");
    refused(KeyField.SCOPES, "Line 1, column 1: scopes must be a JSON array.");

    form.scopes().json().set("[{\"entity_type\":\"a\",\"action\":\"b\"}]");
    refused(KeyField.SCOPES, "Line 1, column 2: scope 1: entity_id is missing.");

    form.scopes()
        .json()
        .set("[{\"entity_type\":\"a\",\"entity_id\":\"*\",\"action\":\"b\",\"x\":1}]");
    assertThat(form.form().of(KeyField.SCOPES).get()).contains("\"x\" is no field of a scope");

    String one = "{\"entity_type\":\"a\",\"entity_id\":\"*\",\"action\":\"b\"}";
    form.scopes().json().set("[" + String.join(",", Collections.nCopies(1_001, one)) + "]");
    assertThat(form.form().of(KeyField.SCOPES).get()).contains("at most 1,000 scopes");
    assertThat(keys()).isZero();
  }

  @Test
  void descriptionsHaveALimitAndTakeLineBreaks() {
    form.kind().set(KeyKind.SECRET);
    form.description().set("x".repeat(501));
    refused(KeyField.DESCRIPTION, "At most 500 characters; these are 501.");

    form.description().set("one\ntwo\tthree");
    form.create(created::add);

    assertThat(created).hasSize(1);
    assertThat(room.source.key(created.getFirst().id()).orElseThrow().description())
        .isEqualTo("one\ntwo\tthree");
  }

  @Test
  void whatOnlyTheServerRefusesIsToldAtTheFieldToo() {
    form.kind().set(KeyKind.SECRET);
    form.role().set("no_such_role");

    form.create(created::add);

    assertThat(form.form().of(KeyField.ROLE).get()).isEqualTo("No such role.");
    assertThat(form.form().failure().get()).isEmpty();
    assertThat(created).isEmpty();
    assertThat(keys()).isZero();

    form.role().set("service_role");
    assertThat(form.form().of(KeyField.ROLE).get()).isEmpty();
  }

  @Test
  void everyRuleIsAlsoTheServers() {
    UUID account = form.account().get().orElseThrow().id();
    for (String name : List.of("x".repeat(101), " \u00a0", "a\u0007b", "a\u202eb", "a\u200bb")) {
      assertThat(TextRules.nameProblem(name, "Give it a name.")).isPresent();
      assertRefused("select public.create_api_key(?, ?, '[]')", account, name);
    }
    for (String name :
        List.of("x".repeat(100), "🔑".repeat(100), " padded\u3000", "padded\u200b")) {
      assertThat(TextRules.nameProblem(name, "Give it a name.")).isEmpty();
      assertThat(room.source.key(room.scoped(account, name, "[]")).orElseThrow().name())
          .isEqualTo(Row.marked(TextRules.trimmed(name)));
    }
  }

  @Test
  void aFailureThatConcernsNoFieldIsToldAboveTheForm() {
    room.sql.execute("delete from public.accounts");

    form.create(created::add);

    assertThat(form.form().failure().get().orElseThrow()).isInstanceOf(Gone.class);
    assertThat(form.form().failure().get().orElseThrow().sentence())
        .isEqualTo("Account not found.");
    assertThat(form.form().busy().get()).isFalse();
  }

  @Test
  void turningOffWriteModeWhileTheFormIsOpenRefusesIt() {
    room.writeMode.turnOff();

    form.create(created::add);

    assertThat(form.form().failure().get()).contains(new ChangeFailure.ReadOnly());
    assertThat(keys()).isZero();
  }

  @Test
  void aKeyWithoutAnEndIsPreviewedWithNull() {
    form.expiry().choice().set(EndChoice.NEVER);

    assertThat(form.form().change().get().orElseThrow().request().preview())
        .contains("p_expires_at => null");
  }

  @Test
  void anEditThatChangesNothingIsNoChange() {
    ApiKey key =
        room.source
            .key(room.scoped(form.account().get().orElseThrow().id(), "k", "[]"))
            .orElseThrow();
    EditKeyViewModel edit = model.edit(key).orElseThrow();

    edit.name().set("k ");
    assertThat(edit.form().change().get()).isEmpty();
    edit.name().set("x".repeat(101));
    assertThat(edit.form().of(KeyField.NAME).get()).contains("At most 100");
    edit.name().set("k2");
    assertThat(edit.form().change().get()).isPresent();
  }

  @Test
  void theSecretCanBeCopiedInEveryFormAndIsGoneAfterClosing() {
    form.create(created::add);
    String key = created.getFirst().secret().reveal();
    SecretOnce secret = KeySecret.once(created.getFirst());

    assertThat(secret.mayClose()).isFalse();
    assertThat(secret.shown())
        .startsWith(key.substring(0, 7))
        .endsWith(key.substring(71 - 3))
        .doesNotContain(key);
    assertThat(secret.preview()).doesNotContain(key);
    assertThat(secret.copy(format(secret, ".env")))
        .contains("LATCHKEY_API_KEY=" + key)
        .startsWith("# warehouse-sync, scoped, expires 2");
    assertThat(secret.copy(SecretOnce.RAW)).isEqualTo(key);
    assertThat(secret.copy(format(secret, "curl"))).contains("-H 'apikey: " + key + "'");
    assertThat(secret.copy(format(secret, "JSON"))).contains("\"key\" : \"" + key + "\"");
    assertThat(secret.mayClose()).isTrue();
    secret.revealed().set(true);
    assertThat(secret.shown()).isEqualTo(key);

    secret.close();

    assertThat(secret.shown() + secret.preview() + secret.copy(SecretOnce.RAW))
        .doesNotContain(key.substring(10));
    assertThat(created.getFirst().secret().reveal()).doesNotContain(key.substring(10, 20));
  }

  @Test
  void theSecretMayAlsoBeSaidStored() {
    form.create(created::add);
    SecretOnce secret = KeySecret.once(created.getFirst());

    secret.stored().set(true);

    assertThat(secret.mayClose()).isTrue();
    assertThat(secret.copied().get()).isFalse();
  }

  private static SecretOnce.Format format(SecretOnce secret, String label) {
    return secret.formats().stream()
        .filter(known -> known.label().equals(label))
        .findFirst()
        .orElseThrow();
  }

  private void refused(KeyField field, String text) {
    assertThat(form.form().of(field).get()).isEqualTo(text);
    form.create(created::add);
    assertThat(form.form().of(field).get()).isEqualTo(text);
    assertThat(form.form().change().get()).isEmpty();
    assertThat(created).isEmpty();
    assertThat(keys()).isZero();
  }

  private long keys() {
    return room.sql.number("select count(*) from api_keys_private.api_keys");
  }

  private void assertRefused(String sql, Object... parameters) {
    var failure =
        Assertions.catchThrowableOfType(Sql.SqlFailure.class, () -> room.sql.row(sql, parameters));
    assertThat(failure.sqlState()).isEqualTo("22023");
  }
}
