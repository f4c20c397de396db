package dev.latchkey.access.screen.grant;

import dev.latchkey.access.Member;
import dev.latchkey.access.Person;
import dev.latchkey.access.screen.AccessField;
import dev.latchkey.access.screen.PersonText;
import dev.latchkey.kit.Desk;
import dev.latchkey.kit.form.ChipField;
import dev.latchkey.kit.form.EndField;
import dev.latchkey.kit.form.FormDialog;
import dev.latchkey.kit.form.FormField;
import dev.latchkey.kit.form.FormParts;
import dev.latchkey.kit.form.MomentField;
import dev.latchkey.widget.Dialog;
import dev.latchkey.widget.ErrorPane;
import dev.latchkey.widget.Icons;
import dev.latchkey.widget.Note;
import dev.latchkey.widget.Segments;
import dev.latchkey.widget.Styles;
import dev.latchkey.widget.Tone;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import javafx.beans.binding.Bindings;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Hyperlink;
import javafx.scene.control.Label;
import javafx.scene.control.MenuButton;
import javafx.scene.control.MenuItem;
import javafx.scene.control.TextField;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.VBox;

/** The form that grants roles to a member, with the exact calls below it. */
public final class GrantDialog {
  private final GrantFormViewModel model;
  private final Desk desk;
  private final Consumer<Consumer<Member>> addMember;
  private final FormParts<AccessField> parts;
  private final ComboBox<Person> member = new ComboBox<>();
  private final MenuButton addRole = new MenuButton("Add role");
  private final VBox outcome = new VBox(8);
  private final Note lockout = new Note(Tone.ACCENT, "");
  private final FormDialog dialog;

  private GrantDialog(GrantFormViewModel model, Desk desk, Consumer<Consumer<Member>> addMember) {
    this.model = model;
    this.desk = desk;
    this.addMember = addMember;
    this.parts = new FormParts<>(desk, model.form());
    TextField reason = FormParts.text("grant-reason", "Such as: Incident 4127, on-call week 45");
    outcome.managedProperty().bind(Bindings.isNotEmpty(outcome.getChildren()));
    EndField end = parts.end("Duration", model.end(), AccessField.END);
    model.later().subscribe((_, _) -> end.explain());
    model.start().onChange(end::explain);
    var form =
        parts.scroll(
            outcome,
            FormParts.side(memberField(), rolesField()),
            FormParts.side(end, startField()),
            parts.networks(model.networks(), AccessField.NETWORKS),
            parts.reason(model.reason(), reason, AccessField.REASON),
            lockout,
            parts.preview("The calls appear here when the form is complete.", 8));
    this.dialog =
        new FormDialog(
                desk,
                model.form(),
                "grant-dialog",
                Dialog.WIDE,
                Icons.ACCESS,
                Tone.NEUTRAL,
                "Grant temporary access",
                form)
            .confirms(model.verb(), "grant-confirm", model::grant);
    dialog.submit().setMinWidth(Button.USE_PREF_SIZE);
    model.end().onChange(this::tell);
    model.form().planned().subscribe(_ -> tell());
    model.member().subscribe(_ -> tell());
    model.results().subscribe(this::showResults);
    model.networks().onChange(this::tell);
  }

  /**
   * @param addMember opens the form for a new member and tells who was added
   */
  public static void show(
      GrantFormViewModel model, Desk desk, Consumer<Consumer<Member>> addMember) {
    GrantDialog dialog = new GrantDialog(model, desk, addMember);
    model.load();
    dialog.dialog.show(dialog.member);
  }

  private VBox memberField() {
    member.setId("grant-member");
    member.setPromptText("Choose a member");
    member.setMaxWidth(Double.MAX_VALUE);
    member.setConverter(new PersonText());
    model.members().subscribe(this::offer);
    model.member().subscribe(chosen -> member.setValue(chosen.orElse(null)));
    member.valueProperty().subscribe(value -> model.member().set(Optional.ofNullable(value)));
    Hyperlink add = new Hyperlink("Add a member…");
    add.setId("add-member");
    add.getStyleClass().add(Styles.SMALL_TEXT);
    add.setOnAction(_ -> addMember.accept(added -> model.choose(added.person())));
    FormField field = parts.field("Member", member, AccessField.MEMBER);
    VBox box = new VBox(4, field, add);
    box.setPrefWidth(288);
    box.setMinWidth(200);
    return box;
  }

  /**
   * New items leave the box saying whoever is at the old place now: it is told again who is meant.
   */
  private void offer(List<Person> known) {
    Optional<Person> chosen = model.member().get();
    member.setValue(null);
    member.getItems().setAll(known);
    member.setValue(chosen.orElse(null));
  }

  private FormField rolesField() {
    addRole.setId("grant-roles");
    addRole.setAccessibleText("Add a role");
    model.assignable().subscribe(_ -> fillRoles());
    addRole.setOnShowing(_ -> fillRoles());
    ChipField<String> chips =
        new ChipField<>(model.roles(), role -> role, model.roles()::remove, addRole);
    FormField field = parts.field("Roles", chips, AccessField.ROLES);
    field.setPrefWidth(288);
    field.setMinWidth(200);
    return field;
  }

  private void fillRoles() {
    addRole
        .getItems()
        .setAll(
            model.assignable().get().stream()
                .filter(role -> !model.roles().contains(role))
                .map(this::roleItem)
                .toList());
  }

  private MenuItem roleItem(String role) {
    Optional<String> obstacle = model.roleObstacle(role);
    MenuItem item = new MenuItem(obstacle.map(why -> role + " · " + why).orElse(role));
    item.setMnemonicParsing(false);
    item.setDisable(obstacle.isPresent());
    item.setOnAction(_ -> model.roles().add(role));
    return item;
  }

  private FormField startField() {
    Segments<Boolean> when = new Segments<>();
    when.add(false, "Now").add(true, "Later");
    when.valueProperty().subscribe(later -> model.later().set(later));
    when.setId("grant-start");
    MomentField moment = new MomentField(model.start());
    moment.visibleProperty().bind(model.later());
    moment.managedProperty().bind(model.later());
    VBox box = new VBox(6, when, moment);
    return parts.field("Starts", box, AccessField.START);
  }

  private void tell() {
    dialog.submit().setText(model.verb());
    int count = model.form().planned().get().size();
    dialog.note().setText(calls(count));
    boolean show = count > 0;
    lockout.setVisible(show);
    lockout.setManaged(show);
    boolean outside =
        model.isOwn() && model.networks().own().filter(own -> !own.inside()).isPresent();
    (outside ? Tone.WARNING : Tone.ACCENT).applyTo(lockout);
    lockout.show(
        "Self-lockout check passed.",
        outside
            ? "This takes nothing away, but you could not use it from where you are."
            : "This adds access and takes none away.");
  }

  private static String calls(int grants) {
    return switch (grants) {
      case 0 -> "";
      case 1 -> "1 grant, one call";
      default -> "%,d grants, a call for each".formatted(grants);
    };
  }

  private void showResults(List<GrantFormViewModel.Result> results) {
    outcome.getChildren().clear();
    for (GrantFormViewModel.Result result : results) {
      outcome
          .getChildren()
          .add(
              result
                  .refusal()
                  .<Node>map(
                      told ->
                          new VBox(
                              4,
                              strong(result.role() + " was not granted"),
                              ErrorPane.inline(told, desk.clipboard())))
                  .orElseGet(() -> new Note(Tone.SUCCESS, result.role() + " was granted.")));
    }
  }

  private static Label strong(String text) {
    Label label = new Label(text);
    label.getStyleClass().add(Styles.SMALL_STRONG);
    HBox.setHgrow(label, Priority.ALWAYS);
    return label;
  }
}
