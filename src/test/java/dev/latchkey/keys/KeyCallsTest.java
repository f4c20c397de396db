package dev.latchkey.keys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.latchkey.change.Request;
import dev.latchkey.scopes.Scope;
import dev.latchkey.scopes.Scopes;
import dev.latchkey.testing.DirectTasks;
import dev.latchkey.testing.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class KeyCallsTest {
  @RegisterExtension static final TestDatabase SERVER = new TestDatabase();

  private static final List<String> NASTY =
      List.of(
          "it's",
          "'); drop table api_keys_private.api_keys; --",
          "back\\slash\\' and \\u0041",
          "$$ $1 ${x} :name ? ?? :: /* */",
          "\"double\" `tick` %s %1$s {{}}",
          "ünïcödé 🔑 \u00a0x");

  private KeyRoom room;
  private KeyCalls calls;
  private UUID acme;

  @BeforeEach
  void open() {
    room = new KeyRoom(SERVER, new DirectTasks());
    room.empty();
    acme = room.account("Acme");
    calls = new KeyCalls(room.source);
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void previewsTheCallOfANewScopedKeyExactly() {
    UUID account = UUID.fromString("2f9e8a52-6a0a-4f0e-9f5e-0d9f2b7c1a11");
    NewKey key =
        new NewKey.Scoped(
            new Account(account, "Acme"),
            "warehouse's sync",
            new Scopes(List.of(Scope.onAll("invoice", "read"))),
            Optional.of(Instant.parse("2027-02-05T12:00:00Z")));

    assertThat(calls.create(key).request().preview())
        .isEqualTo(
            """
            select to_jsonb(answer) from public.create_api_key(
              p_account_id => '2f9e8a52-6a0a-4f0e-9f5e-0d9f2b7c1a11'::uuid,
              p_name => 'warehouse''s sync'::text,
              p_scopes => '[{"entity_type":"invoice","entity_id":"*","action":"read"}]'::jsonb,
              p_expires_at => '2027-02-05T12:00:00Z'::timestamptz
            ) as answer""");
  }

  @Test
  void previewsTheCallOfANewProjectKeyExactly() {
    NewKey key =
        new NewKey.Project(
            KeyKind.SECRET,
            "edge",
            Optional.of("service_role"),
            Optional.empty(),
            Optional.empty());

    assertThat(calls.create(key).request().preview())
        .isEqualTo(
            """
            select to_jsonb(answer) from latchkey.create_project_key(
              p_kind => 'secret'::text,
              p_name => 'edge'::text,
              p_role => 'service_role'::text,
              p_description => null,
              p_expires_at => null
            ) as answer""");
  }

  @Test
  void whatIsPreviewedRunsAndMeansTheSame() throws Exception {
    for (String text : NASTY) {
      NewKey key =
          new NewKey.Scoped(
              new Account(acme, "Acme"),
              text,
              new Scopes(List.of(new Scope(text, text, text))),
              Optional.empty());

      JsonNode answer = preview(calls.create(key).request());

      ApiKey made = room.source.key(UUID.fromString(answer.path("id").asText())).orElseThrow();
      assertThat(made.name()).isEqualTo(text);
      assertThat(made.scopes().scopes().list()).containsExactly(new Scope(text, text, text));
    }
    assertThat(room.sql.number("select count(*) from api_keys_private.api_keys"))
        .isEqualTo(NASTY.size());
  }

  @Test
  void reasonsAndDescriptionsWithLineBreaksAreTakenAsTheyAre() throws Exception {
    for (String text : NASTY) {
      String lines = text + "\nand\tmore $$";
      UUID id = room.scoped(acme, "k", "[]");
      ApiKey key = room.source.key(id).orElseThrow();

      preview(
          calls
              .update(key, new KeyEdit(Optional.empty(), Optional.of(lines), Optional.empty()))
              .request());
      preview(calls.revoke(key, Optional.of(lines)).request());

      ApiKey now = room.source.key(id).orElseThrow();
      assertThat(now.description()).isEqualTo(lines);
      assertThat(now.revocation().orElseThrow().reason()).contains(lines);
    }
  }

  @Test
  void anEditNamesOnlyWhatChanges() {
    ApiKey key = room.source.key(room.scoped(acme, "k", "[]")).orElseThrow();

    String preview =
        calls
            .update(
                key,
                new KeyEdit(Optional.of("new"), Optional.empty(), Optional.of(Optional.empty())))
            .request()
            .preview();

    assertThat(preview)
        .contains("p_version => '1'::integer")
        .contains("p_changes => '{\"name\":\"new\",\"expires_at\":null}'::jsonb");
  }

  @Test
  void onlyRevokingIsDestructive() {
    ApiKey key = room.source.key(room.scoped(acme, "k", "[]")).orElseThrow();

    assertThat(calls.revoke(key, Optional.empty()).takes().forGood()).isTrue();
    assertThat(calls.disable(key).takes().forGood()).isFalse();
    assertThat(calls.enable(key).summary()).isEqualTo("Enable k");
    assertThat(calls.revoke(key, Optional.empty()).verb()).isEqualTo("Revoke key");
  }

  /** Runs the text that is shown, as somebody would who copied it into psql. */
  private JsonNode preview(Request call) throws Exception {
    return new JsonMapper().readTree(room.sql.text(call.preview()));
  }
}
