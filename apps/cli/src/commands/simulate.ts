/** `simulate SYSTEM`: a table of trajectories from known physics, the same bytes for the same seed. */
import path from "node:path";
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";
import { examples } from "../examples.ts";
import { assignment, nonNegativeNumber, positiveNumber, wholeNumber } from "../option-values.ts";
import { writeWhole } from "../write-file.ts";
import { systemByName } from "./systems.ts";

const opening = examples(
  "simulate pendulum --trajectories 10 --noise 0.01 --out pendulum.csv",
  "simulate pendulum --duration 20 --samples 2001 --set damping=0.1 --out damped.csv",
  "simulate oscillator --seed 7 --irregular --out oscillator.csv",
);

export function simulateCommand({ io }: CommandContext): CommandUnknownOpts {
  return new Command("simulate")
    .description("makes data from known physics: columns trajectory, t, coordinates, velocities or momenta (SI)")
    .argument("<system>", "a system; `leastaction systems` lists them")
    .requiredOption("--out <file>", "the table to write")
    .option("--seed <n>", "seed of starts and noise", wholeNumber("--seed", 0), 0)
    .option("--trajectories <n>", "how many", wholeNumber("--trajectories", 1), 10)
    .option("--duration <s>", "length of each, in seconds (ten typical times)", positiveNumber("--duration", "10"))
    .option("--samples <n>", "samples in each, both ends included", wholeNumber("--samples", 2))
    .option("--noise <x>", "standard deviation of the noise, in SI", nonNegativeNumber("--noise", "0.01"), 0)
    .option("--irregular", "move the inner times at random")
    .option("--set <name=value>", "a constant of the system; may be repeated", assignment("--set", "damping=0.1"))
    .addHelpText("before", opening)
    .action(async (name, options) => {
      const system = await systemByName(name);
      const { simulate } = await import("@leastaction/dynamics");
      const { out, seed, trajectories, duration, samples, noise, irregular, set } = options;
      const { text, dataset } = simulate(system, {
        seed,
        trajectories,
        noise,
        irregular: irregular === true,
        ...(duration === undefined ? {} : { duration }),
        ...(samples === undefined ? {} : { samples }),
        ...(set === undefined ? {} : { parameters: numbers(set) }),
      });
      await writeWhole(path.resolve(io.cwd, out), text);
      const rows = dataset.trajectories.reduce((sum, { times }) => sum + times.length, 0);
      io.error.write(`${out}: ${rows} rows in ${trajectories} trajectories of ${system.name}, seed ${seed}\n`);
      io.error.write(`Next: leastaction fit ${out}\n`);
    });
}

function numbers(set: Readonly<Record<string, string>>): Record<string, number> {
  const entries = Object.entries(set).map(([name, text]): [string, number] => {
    const value = Number(text);
    if (Number.isFinite(value)) return [name, value];
    throw new CommandError(
      `Cannot use --set: expected ${name}=NUMBER, got ${JSON.stringify(text)}`,
      "Write, for example, --set damping=0.1.",
    );
  });
  return Object.fromEntries(entries);
}
