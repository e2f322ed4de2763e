/**
 * The command line as a function: arguments and streams in, exit status out.
 *
 * Each command is one file under `commands/`; what is heavy (data, models, figures) is imported inside its action, so
 * that `--version` and `--help` answer at once. No error leaves this function (`report-error.ts`).
 */
import { Command, CommanderError } from "@commander-js/extra-typings";
import type { CommandContext } from "./command-context.ts";
import { compareCommand } from "./commands/compare.ts";
import { diagnoseCommand } from "./commands/diagnose.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { fitCommand } from "./commands/fit.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { modelsCommand } from "./commands/models.ts";
import { predictCommand } from "./commands/predict.ts";
import { reproduceCommand } from "./commands/reproduce.ts";
import { simulateCommand } from "./commands/simulate.ts";
import { systemsCommand } from "./commands/systems.ts";
import { examples } from "./examples.ts";
import { type ExitStatus, exitStatus, exitStatusHelp } from "./exit-status.ts";
import { firstStep } from "./first-step.ts";
import type { Io } from "./io.ts";
import { reportError, wantsDebug } from "./report-error.ts";
import { usageError } from "./usage-error.ts";
import { version } from "./version.ts";

const opening = examples(
  "inspect examples/multiarm-pendulum/single.csv",
  "fit examples/multiarm-pendulum/single.csv",
  "predict runs/single-1 --data examples/multiarm-pendulum/single.csv --split vad --observe 0.5 --out vad.csv",
);

export { guardProcess } from "./guard-process.ts";
export { type Io, processIo } from "./io.ts";

/**
 * @param argv Arguments after the program's name.
 * @returns The exit status (`exit-status.ts`).
 */
export async function main(argv: readonly string[], given: Io): Promise<ExitStatus> {
  if (argv.every((word) => word === "--debug")) {
    given.out.write(firstStep);
    return exitStatus.ok;
  }
  const { io, hasWritten } = watchedOut(given);
  const context: CommandContext = { io, status: exitStatus.ok };
  const root = program(context);
  try {
    await root.parseAsync(withHelp(argv, root), { from: "user" });
    return context.status;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitStatus.ok;
    const known = error instanceof CommanderError ? usageError(error, root) : error;
    return reportError(known, io, { debug: wantsDebug(argv), json: argv.includes("--json") && !hasWritten() });
  }
}

function program(context: CommandContext): Command {
  const { io } = context;
  const root = new Command("leastaction")
    .description("Learns the law of motion behind measured trajectories, and forecasts with an honest error band.")
    .version(version, "-V, --version", "print the version")
    .option("--debug", "with an error, show its code and where in the program it arose")
    .helpCommand(false)
    .addHelpText("before", opening);
  const commands = [
    inspectCommand,
    fitCommand,
    predictCommand,
    diagnoseCommand,
    compareCommand,
    modelsCommand,
    systemsCommand,
    simulateCommand,
    reproduceCommand,
    doctorCommand,
  ];
  for (const make of commands) {
    root.addCommand(make(context) as Command);
  }
  for (const command of [root, ...root.commands]) {
    command
      .exitOverride()
      .configureOutput({
        writeOut: (text) => void io.out.write(text),
        writeErr: () => {},
        getOutHelpWidth: () => io.width,
        getErrHelpWidth: () => io.width,
      })
      .addHelpText("after", `\n${exitStatusHelp}`);
  }
  return root;
}

/** `help` and `help COMMAND` as `--help` and `COMMAND --help`, which is what they mean everywhere. */
function withHelp(argv: readonly string[], root: Command): readonly string[] {
  const [first, name] = argv;
  if (first !== "help") return argv;
  if (name === undefined) return ["--help"];
  return root.commands.some((command) => command.name() === name) ? [name, "--help"] : [name];
}

/** The streams, and whether anything was written to `out`: an error may only be an object there if nothing was. */
function watchedOut(io: Io): { readonly io: Io; readonly hasWritten: () => boolean } {
  let written = false;
  const write = (text: string): unknown => {
    written = true;
    return io.out.write(text);
  };
  return { io: { ...io, out: { write } }, hasWritten: () => written };
}
