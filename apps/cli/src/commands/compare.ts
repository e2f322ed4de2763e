/** `compare RUN…`: runs side by side on the same test data, as a table, LaTeX, CSV and drawings. */
import path from "node:path";
import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import type { CommandContext } from "../command-context.ts";
import { examples } from "../examples.ts";
import { writeWhole } from "../write-file.ts";

const opening = examples(
  "compare runs/pendulum-1",
  "compare runs/mine runs/theirs --reference hamiltonian --latex table.tex --csv errors.csv",
  "compare runs/* --figures figures --json",
);

interface CompareFlags {
  readonly reference?: string | undefined;
  readonly latex?: string | undefined;
  readonly csv?: string | undefined;
  readonly figures?: string | undefined;
  readonly json?: true | undefined;
}

export function compareCommand(context: CommandContext): CommandUnknownOpts {
  return new Command("compare")
    .description("sets the models of one run or several side by side, on the same test data")
    .argument("<runs...>", "folders that fit has written")
    .option("--reference <model>", "what errors are divided by (the model that the first run chose)")
    .option("--latex <file>", "write the table for LaTeX")
    .option("--csv <file>", "write every error: one line for each model, seed, recording and coordinate")
    .option("--figures <dir>", "write drawings, SVG")
    .option("--json", "print one object on standard output")
    .addHelpText("before", opening)
    .action((runs, flags: CompareFlags) => compareAction(runs, flags, context));
}

async function compareAction(folders: readonly string[], flags: CompareFlags, { io }: CommandContext): Promise<void> {
  const { readTestedRun } = await import("../compare/tested-run.ts");
  const { compareRuns } = await import("../compare/comparison.ts");
  const runs = await Promise.all([...new Set(folders)].map((folder) => readTestedRun(folder, io.cwd)));
  const comparison = compareRuns(runs, flags.reference ?? null);
  const write = (name: string, text: string): Promise<void> => writeWhole(path.resolve(io.cwd, name), text);
  if (flags.latex !== undefined) {
    const { comparisonLatex } = await import("../compare/comparison-latex.ts");
    await write(flags.latex, comparisonLatex(comparison));
  }
  if (flags.csv !== undefined) {
    const { comparisonCsv } = await import("../compare/comparison-csv.ts");
    await write(flags.csv, comparisonCsv(comparison));
  }
  if (flags.figures !== undefined) {
    const { comparisonFigures } = await import("../compare/comparison-figures.ts");
    for (const { name, svg } of comparisonFigures(comparison)) await write(`${flags.figures}/${name}.svg`, svg);
  }
  const { comparisonText } = await import("../compare/comparison-text.ts");
  (flags.json === true ? io.error : io.out).write(comparisonText(comparison));
  if (flags.json === true) io.out.write(`${JSON.stringify(comparison)}\n`);
}
