package dev.latchkey.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import java.util.List;

/** The rules of docs/architecture.md that a test can hold. */
@AnalyzeClasses(packages = "dev.latchkey", importOptions = ImportOption.DoNotIncludeTests.class)
final class HouseRulesTest {

  /** From the top; a room imports only from floors below its own. */
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("command"),
          List.of("tour"),
          List.of("desktop"),
          List.of("review", "overview", "supabase"),
          List.of("keys"),
          List.of("scopes", "usage", "access", "audit", "connect"),
          List.of("doctor"),
          List.of("kit"),
          List.of("widget", "sandbox"),
          List.of("database", "gate"),
          List.of("change"),
          List.of("rows", "token", "task", "settings"));

  @ArchTest static final ArchRule roomsImportDownwardsOnly = floors();

  @ArchTest
  static final ArchRule noCycles =
      slices().matching("dev.latchkey.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule viewModelsDoNotKnowTheScene =
      noClasses()
          .that()
          .haveSimpleNameEndingWith("ViewModel")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("javafx.scene..", "javafx.stage..", "javafx.fxml..");

  /** What a feature is made of; the command line and an archive use it without a window. */
  @ArchTest
  static final ArchRule rootsKnowNoWindow =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.latchkey.keys",
              "dev.latchkey.scopes",
              "dev.latchkey.access",
              "dev.latchkey.usage",
              "dev.latchkey.audit",
              "dev.latchkey.rows..",
              "dev.latchkey.change..",
              "dev.latchkey.token..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "javafx..", "dev.latchkey.widget..", "dev.latchkey.kit..", "dev.latchkey..screen..");

  @ArchTest
  static final ArchRule onlyTheDatabaseRoomsSpeakJdbc =
      noClasses()
          .that(
              DescribedPredicate.not(
                  resideInAPackage("dev.latchkey.database..")
                      .or(resideInAPackage("dev.latchkey.gate.."))
                      .or(resideInAPackage("dev.latchkey.sandbox.."))
                      .or(simpleNameStartingWith("Postgres"))
                      .or(simpleNameStartingWith("Archive"))))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..", "org.jdbi..", "org.postgresql..");

  @ArchTest
  static final ArchRule onlyChangeRunnersWrite =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.latchkey.change.ChangeRunner")
          .should()
          .callMethod("dev.latchkey.change.Door", "make", "dev.latchkey.change.Request")
          .because("nothing is written that was not shown and checked");

  /** Each of these is for what takes nothing else than a String; see their docstrings. */
  @ArchTest
  static final ArchRule secretsStaySecrets =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.latchkey.database.TokenDataSource")
          .and()
          .doNotHaveFullyQualifiedName("dev.latchkey.connect.SystemKeychain")
          .and()
          .doNotHaveFullyQualifiedName("dev.latchkey.widget.SecretField")
          .and()
          .doNotHaveFullyQualifiedName("dev.latchkey.kit.form.SecretOnce")
          .and()
          .doNotHaveFullyQualifiedName("dev.latchkey.command.ConnectionStrings")
          .and()
          .resideOutsideOfPackage("dev.latchkey.tour..")
          .should()
          .callMethod("dev.latchkey.token.Secret", "reveal")
          .because("a String cannot be wiped");

  @ArchTest
  static final ArchRule oneWayOntoTheFxThread =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.latchkey.task.FxThread")
          .should()
          .callMethod("javafx.application.Platform", "runLater", "java.lang.Runnable");

  @ArchTest
  static final ArchRule noStaticState =
      fields().that().areStatic().should().beFinal().because("state arrives by constructor");

  @ArchTest
  static final ArchRule noInlineStyles =
      noClasses().should().callMethodWhere(inlineStyle()).because("styles are in the stylesheet");

  @ArchTest
  static final ArchRule noVagueNames =
      noClasses()
          .should()
          .haveSimpleNameEndingWith("Manager")
          .orShould()
          .haveSimpleNameEndingWith("Helper")
          .orShould()
          .haveSimpleNameEndingWith("Util")
          .orShould()
          .haveSimpleNameEndingWith("Utils")
          .orShould()
          .haveSimpleNameEndingWith("Impl");

  private static ArchRule floors() {
    Architectures.LayeredArchitecture rooms =
        Architectures.layeredArchitecture().consideringOnlyDependenciesInLayers();
    for (List<String> floor : FLOORS) {
      for (String room : floor) {
        rooms = rooms.optionalLayer(room).definedBy("dev.latchkey." + room + "..");
      }
    }
    for (int index = 0; index < FLOORS.size(); index++) {
      String[] above =
          FLOORS.subList(0, index).stream().flatMap(List::stream).toArray(String[]::new);
      for (String room : FLOORS.get(index)) {
        rooms =
            above.length == 0
                ? rooms.whereLayer(room).mayNotBeAccessedByAnyLayer()
                : rooms.whereLayer(room).mayOnlyBeAccessedByLayers(above);
      }
    }
    return rooms.because("a reader goes from the product's features down to the ground floor");
  }

  private static DescribedPredicate<JavaMethodCall> inlineStyle() {
    return DescribedPredicate.describe(
        "setStyle(String)",
        call ->
            call.getTarget().getName().equals("setStyle")
                && call.getTargetOwner().isAssignableTo("javafx.css.Styleable"));
  }
}
