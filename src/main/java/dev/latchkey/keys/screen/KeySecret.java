package dev.latchkey.keys.screen;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.latchkey.keys.CreatedKey;
import dev.latchkey.keys.NewKey;
import dev.latchkey.kit.form.SecretOnce;
import dev.latchkey.scopes.Scopes;
import dev.latchkey.widget.Chip;
import dev.latchkey.widget.KindBadge;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javafx.geometry.Pos;
import javafx.scene.control.Label;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/** The secret of a key that was just made: the forms to copy it in, and what it belongs to. */
final class KeySecret {
  private KeySecret() {}

  static SecretOnce once(CreatedKey created) {
    NewKey key = created.key();
    return new SecretOnce(
        created.secret(),
        new SecretOnce.Format(
            ".env", secret -> "# %s\nLATCHKEY_API_KEY=%s".formatted(comment(key), secret)),
        new SecretOnce.Format(
            "curl",
            secret ->
                "curl https://your-project.example/rest/v1/ \\\n  -H 'apikey: %s'"
                    .formatted(secret)),
        new SecretOnce.Format("JSON", secret -> json(key, secret)));
  }

  static HBox head(NewKey key, Times times) {
    Label name = new Label(key.name());
    name.getStyleClass().add(Styles.STRONG);
    Label about =
        new Label(
            owner(key)
                + " · "
                + key.expiresAt().map(at -> "expires " + times.date(at)).orElse("does not expire"));
    about.getStyleClass().addAll(Styles.SMALL_TEXT, Styles.MUTED);
    VBox text = new VBox(name, about);
    HBox.setHgrow(text, Priority.ALWAYS);
    HBox head = new HBox(8, text, new KindBadge(key.kind().label(), KindBadge.Emphasis.PLAIN));
    head.getChildren().addAll(chips(key));
    head.setAlignment(Pos.CENTER_LEFT);
    return head;
  }

  private static String comment(NewKey key) {
    String end = key.expiresAt().map(at -> "expires " + day(at)).orElse("does not expire");
    return "%s, %s, %s".formatted(key.name(), key.kind().label().toLowerCase(Locale.ROOT), end);
  }

  private static String json(NewKey key, String secret) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("name", key.name())
        .put("kind", key.kind().sql())
        .put("key", secret)
        .put("expires_at", key.expiresAt().map(Instant::toString).orElse(null))
        .toPrettyString();
  }

  private static String day(Instant at) {
    return at.toString().substring(0, 10);
  }

  private static List<Chip> chips(NewKey key) {
    return switch (key) {
      case NewKey.Scoped scoped -> chips(scoped.scopes());
      case NewKey.Project project ->
          project.role().map(role -> Chip.of("role " + role)).stream().toList();
    };
  }

  private static List<Chip> chips(Scopes scopes) {
    List<Chip> chips = new ArrayList<>();
    scopes.list().stream().limit(1).map(ScopeChips::scope).forEach(chips::add);
    if (scopes.size() > 1) {
      chips.add(Chip.more(scopes.size() - 1));
    }
    return chips;
  }

  private static String owner(NewKey key) {
    return switch (key) {
      case NewKey.Scoped scoped -> scoped.account().name();
      case NewKey.Project _ -> "Project";
    };
  }
}
