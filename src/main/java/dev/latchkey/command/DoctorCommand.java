package dev.latchkey.command;

import dev.latchkey.doctor.Diagnosis;
import dev.latchkey.doctor.Doctor;
import dev.latchkey.doctor.Patience;
import dev.latchkey.doctor.Patient;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The connection doctor in the terminal, by the same checks as in the window. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Says why a connection does not work: name, port, PostgreSQL, TLS, token, sign-in and schema, each with what was seen.",
      "Sends the token at most once, and never to a server that fails the verification asked for. Without a token it looks at the way to the server."
    },
    footerHeading = "%nExit codes:%n",
    footer = {
      "  0  nothing was found",
      "  1  something was found; the report says what to do",
      "  2  the command line was not understood"
    })
public final class DoctorCommand implements Callable<Integer> {
  private final Patience patience;

  @Mixin private ConnectionOptions connection;

  @Option(names = "--json", description = "Print the diagnosis as one line of JSON.")
  private boolean json;

  @Spec private CommandSpec spec;

  public DoctorCommand() {
    this(Patience.USUAL);
  }

  DoctorCommand(Patience patience) {
    this.patience = patience;
  }

  @Override
  public Integer call() {
    Diagnosis diagnosis = examine();
    Output.of(spec.commandLine())
        .say(
            json
                ? DiagnosisText.json(diagnosis)
                : DiagnosisText.lines(diagnosis, DiagnosisText.Marks.in(System.out.charset())));
    return diagnosis.findings().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private Diagnosis examine() {
    try (Patient patient = connection.patient()) {
      return new Doctor(Clock.systemUTC(), patience).examine(patient, _ -> {});
    }
  }
}
