/** `reproduce NAME`: a published experiment, rerun: its table with the published number beside ours, and its figures. */
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { namedRows } from "../named-rows.ts";
import { choice, positiveNumber, wholeNumber } from "../option-values.ts";
import { experimentByName } from "../reproduce/experiment-by-name.ts";
import type { ReproduceFlags } from "../reproduce/run-experiment.ts";
import { defaultIntervals } from "../run-folder/checkpoint-folder.ts";
import { targetNames } from "../target/choose-target.ts";

const opening = examples(
  "reproduce",
  "reproduce helmholtz-metric --quick",
  "reproduce helmholtz-metric --only kepler --seed 1 --out runs/kepler --resume",
);

export function reproduceCommand(context: CommandContext): CommandUnknownOpts {
  return new Command("reproduce")
    .description("reruns a published experiment and sets its numbers beside the paper's")
    .argument("[name]", "an experiment; without one they are listed")
    .option("--quick", "a reduced form of a few minutes")
    .option("--only <parts>", "some of its parts, with commas between")
    .option("--seed <n>", "one seed, or the first of --seeds", wholeNumber("--seed", 0))
    .option("--seeds <k>", "how many seeds (as many as the experiment takes)", wholeNumber("--seeds", 1, 1000))
    .option("--control <name>", "take the structure out: then rows must fail")
    .option("--out <dir>", "the folder for the results (runs/NAME-1, -2, …)")
    .option("--resume", "go on with --out, and add to what is there")
    .option(
      "--checkpoint-seconds <s>",
      "save the state at least so often",
      positiveNumber("--checkpoint-seconds", "30"),
      defaultIntervals.seconds,
    )
    .option("--target <name>", `where programs run: ${targetNames.join(", ")}`, choice("--target", targetNames), "auto")
    .option("--json", "print one object on standard output")
    .addHelpText("before", opening)
    .action(async (name, flags: ReproduceFlags) => {
      if (name === undefined) return list(context);
      const experiment = await experimentByName(name);
      const { runExperiment } = await import("../reproduce/run-experiment.ts");
      await runExperiment(experiment, flags, context);
    });
}

async function list({ io }: CommandContext): Promise<void> {
  const { counted, experiments } = await import("@leastaction/dynamics");
  for (const [index, { name, title, source, parts, controls, seeds }] of experiments.entries()) {
    io.out.write(`${index === 0 ? "" : "\n\n"}${name}: ${title}\n  ${source}\n`);
    io.out.write(`  ${counted(seeds.full, "seed")}, ${seeds.quick} if quick\n`);
    io.out.write(`\nParts, for --only:\n${namedRows(parts.map((part) => [part.name, part.summary]))}`);
    io.out.write(`\nControls, for --control:\n${namedRows(controls.map((one) => [one.name, one.summary]))}`);
  }
}
