/** `simulate SYSTEM`: a table of trajectories from known physics, the same bytes for the same seed. */
import path from "node:path";
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { SimulateOptions, System } from "@leastaction/dynamics";
import { didYouMean } from "@leastaction/dynamics/nearest-name";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { examples } from "../examples.ts";
import { assignment, choice, nonNegativeNumber, positiveNumber, wholeNumber } from "../option-values.ts";
import { writeWhole } from "../write-file.ts";
import { systemByName } from "./systems.ts";

const opening = examples(
  "simulate pendulum --trajectories 10 --noise 0.01 --out pendulum.csv",
  "simulate double-pendulum --units --set damping=0.1 --noise 1% --missing 0.02 --out damped.csv",
  "simulate cart-pole --seed 7 --irregular --control steps --positions-only --out cart.csv",
);

interface SimulateFlags {
  readonly out: string;
  readonly seed: number;
  readonly trajectories: number;
  readonly duration?: number | undefined;
  readonly samples?: number | undefined;
  readonly noise: SimulateOptions["noise"];
  readonly irregular?: true | undefined;
  readonly missing: number;
  readonly positionsOnly?: true | undefined;
  readonly units?: true | undefined;
  readonly control?: "chirp" | "steps" | "random" | undefined;
  readonly amplitude?: number | undefined;
  readonly set?: Readonly<Record<string, string>> | undefined;
}

export function simulateCommand({ io }: CommandContext): CommandUnknownOpts {
  const signals = ["chirp", "steps", "random"] as const;
  return new Command("simulate")
    .description("makes data from known physics: columns trajectory, t, coordinates, rates, controls (SI)")
    .argument("<system>", "a system; `leastaction systems` lists them")
    .requiredOption("--out <file>", "the table to write")
    .option("--seed <n>", "seed of starts, noise and all else", wholeNumber("--seed", 0), 0)
    .option("--trajectories <n>", "how many", wholeNumber("--trajectories", 1), 10)
    .option("--duration <s>", "length of each, in seconds (ten typical times)", positiveNumber("--duration", "10"))
    .option("--samples <n>", "samples in each, both ends included", wholeNumber("--samples", 2))
    .option("--noise <x>", "standard deviation of the noise, in SI, or as 1% of each column's own", noiseLevel, 0)
    .option("--irregular", "move the inner times at random")
    .option(
      "--missing <fraction>",
      "leave so many of the measured cells empty",
      nonNegativeNumber("--missing", "0.05"),
      0,
    )
    .option("--positions-only", "leave out velocities and momenta")
    .option("--units", "write units into the headers: x [m] instead of x")
    .option("--control <signal>", `drive the controls: ${signals.join(", ")}`, choice("--control", signals))
    .option("--amplitude <x>", "largest control, in its unit (a typical one)", positiveNumber("--amplitude", "0.5"))
    .option("--set <name=value>", "a constant of the system; may be repeated", assignment("--set", "damping=0.1"))
    .addHelpText("before", opening)
    .action(async (name, flags: SimulateFlags) => {
      const system = await systemByName(name);
      const { simulate } = await import("@leastaction/dynamics");
      const { text, dataset } = simulate(system, optionsOf(system, flags));
      const { out, seed, trajectories } = flags;
      await writeWhole(path.resolve(io.cwd, out), text);
      const rows = dataset.trajectories.reduce((sum, { times }) => sum + times.length, 0);
      io.error.write(`${out}: ${rows} rows in ${trajectories} trajectories of ${system.name}, seed ${seed}\n`);
      io.error.write(`Next: leastaction fit ${out}\n`);
    });
}

function optionsOf(system: System, flags: SimulateFlags): SimulateOptions {
  const { seed, trajectories, duration, samples, noise, missing, control, amplitude, set } = flags;
  if (missing >= 1) throw unusable("--missing", "a fraction below 1", `${missing}`, "--missing 0.05");
  if (amplitude !== undefined && control === undefined) {
    throw unusable("--amplitude", "a signal to scale", "no --control", "--control steps --amplitude 0.5");
  }
  if (control !== undefined && system.controls.length === 0) {
    throw new CommandError(
      `Cannot use --control: expected a system with a control, got ${system.name}`,
      "`leastaction systems NAME` says which controls a system has.",
    );
  }
  return {
    seed,
    trajectories,
    noise: noise ?? 0,
    missing,
    irregular: flags.irregular === true,
    positionsOnly: flags.positionsOnly === true,
    units: flags.units === true,
    ...(duration === undefined ? {} : { duration }),
    ...(samples === undefined ? {} : { samples }),
    ...(control === undefined
      ? {}
      : { control: { signal: control, ...(amplitude === undefined ? {} : { amplitude }) } }),
    ...(set === undefined ? {} : { parameters: constantsOf(system, set) }),
  };
}

/** `0.01` in SI, or `1%` of the standard deviation of each column. */
function noiseLevel(text: string): NonNullable<SimulateOptions["noise"]> {
  const isRelative = text.endsWith("%");
  const level = nonNegativeNumber("--noise", "0.01, or --noise 1%")(isRelative ? text.slice(0, -1) : text);
  return isRelative ? { relative: level / 100 } : level;
}

/** What `--set` says. Errors (status 2): other constants, and values that are no numbers. */
export function constantsOf(system: System, set: Readonly<Record<string, string>>): Record<string, number> {
  const names = system.parameters.map((parameter) => parameter.name);
  const entries = Object.entries(set).map(([name, text]): [string, number] => {
    if (!names.includes(name)) throw unknownConstant(system, name, names);
    const value = Number(text);
    if (Number.isFinite(value)) return [name, value];
    throw unusable("--set", `${name}=NUMBER`, JSON.stringify(text), "--set damping=0.1");
  });
  return Object.fromEntries(entries);
}

function unknownConstant(system: System, name: string, names: readonly string[]): CommandError {
  return new CommandError(
    `Cannot set ${name} of ${system.name}: expected ${names.length === 0 ? "no constant" : `one of ${names.join(", ")}`}, got ${name}`,
    didYouMean(name, names, `\`leastaction systems ${system.name}\` describes its constants.`),
    "unknown-name",
  );
}

function unusable(flag: string, expected: string, found: string, example: string): CommandError {
  return new CommandError(`Cannot use ${flag}: expected ${expected}, got ${found}`, `Write, for example, ${example}.`);
}
