package dev.latchkey.keys;

import com.fasterxml.jackson.databind.JsonNode;
import dev.latchkey.change.Change;
import dev.latchkey.change.Takes;
import dev.latchkey.database.Call;
import dev.latchkey.rows.FailureException;
import dev.latchkey.rows.Gone;
import dev.latchkey.token.Secret;
import java.util.Optional;
import java.util.UUID;

/**
 * Every change that can be made to keys, as a value: the SQL function with its arguments, and how
 * to read the key again afterwards. Runs nothing.
 */
public final class KeyCalls {
  private final KeySource source;

  /**
   * @param source reads the changed key again
   */
  public KeyCalls(KeySource source) {
    this.source = source;
  }

  /** Makes a key. The answer holds its secret. */
  public Change<CreatedKey> create(NewKey key) {
    Call call =
        switch (key) {
          case NewKey.Scoped scoped ->
              Call.to("public.create_api_key")
                  .uuid("p_account_id", scoped.account().id())
                  .text("p_name", scoped.name())
                  .json("p_scopes", scoped.scopes().toJson())
                  .instant("p_expires_at", scoped.expiresAt());
          case NewKey.Project project ->
              Call.to("latchkey.create_project_key")
                  .text("p_kind", project.kind().sql())
                  .text("p_name", project.name())
                  .text("p_role", project.role())
                  .text("p_description", project.description())
                  .instant("p_expires_at", project.expiresAt());
        };
    return new Change<>(
        "Create " + key.name(),
        "Create key",
        "Created " + key.name(),
        Takes.NOTHING,
        call,
        answer -> created(key, answer));
  }

  /**
   * Changes a key.
   *
   * @param key as it was read; if it was changed meanwhile the server refuses
   */
  public Change<ApiKey> update(ApiKey key, KeyEdit edit) {
    Call call =
        Call.to("latchkey.update_api_key")
            .uuid("p_api_key_id", key.id())
            .integer("p_version", key.version())
            .json("p_changes", edit.toJson());
    return change(key, "Change", "Save changes", "Changed", Takes.NOTHING, call);
  }

  /** Stops a key until it is enabled again. */
  public Change<ApiKey> disable(ApiKey key) {
    Call call = Call.to("latchkey.disable_api_key").uuid("p_api_key_id", key.id());
    return change(key, "Disable", "Disable key", "Disabled", Takes.NOTHING, call);
  }

  /** Lets a disabled key work again. */
  public Change<ApiKey> enable(ApiKey key) {
    Call call = Call.to("latchkey.enable_api_key").uuid("p_api_key_id", key.id());
    return change(key, "Enable", "Enable key", "Enabled", Takes.NOTHING, call);
  }

  /** Ends a key for good. */
  public Change<ApiKey> revoke(ApiKey key, Optional<String> reason) {
    Call call =
        Call.to("latchkey.revoke_key").uuid("p_api_key_id", key.id()).text("p_reason", reason);
    return change(key, "Revoke", "Revoke key", "Revoked", Takes.FOR_GOOD, call);
  }

  private Change<ApiKey> change(
      ApiKey key, String verb, String button, String past, Takes takes, Call call) {
    return new Change<>(
        verb + " " + key.name(), button, past + " " + key.name(), takes, call, _ -> read(key.id()));
  }

  private static CreatedKey created(NewKey key, JsonNode answer) {
    return new CreatedKey(
        UUID.fromString(answer.path("id").asText()), key, Secret.of(answer.path("key").asText()));
  }

  private ApiKey read(UUID id) {
    return source
        .key(id)
        .orElseThrow(() -> new FailureException(new Gone("The key is not there any more.")));
  }
}
