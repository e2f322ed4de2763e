/** The end of a run: its report made, its folder written, and what to say about it. */
import type { Run } from "@leastaction/dynamics";
import type { CommandError } from "../command-error.ts";
import type { ReadData } from "../data/read-data.ts";
import { factsOfRun } from "../report/facts-of-run.ts";
import { reportOfRun } from "../report/report-of-run.ts";
import { summaryJson, summaryText } from "../run-summary.ts";
import { version } from "../version.ts";
import { removeCheckpoints } from "./checkpoint-folder.ts";
import { clockNote } from "./clock-note.ts";
import type { OutFolder } from "./prepare-out.ts";
import type { RunRecord } from "./run-record.ts";
import { commandOf } from "./start-record.ts";
import { writeResult } from "./write-result.ts";
import { writeRun } from "./write-run.ts";

export interface FinishedRun {
  /** What is printed. */
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** Why the result is not in its folder, and where it is instead (status 5); null when it is. */
  readonly problem: CommandError | null;
}

/** @param started `run.json` as it was at the start */
export async function finishRun(
  run: Run,
  { dataset }: ReadData,
  folder: OutFolder,
  started: RunRecord,
  wasInterrupted: boolean,
): Promise<FinishedRun> {
  const command = repeatingCommand(started);
  const content = reportOfRun(
    factsOfRun(run, dataset, {
      command,
      repeatNotes: repeatNotes(run, started, wasInterrupted),
      version,
      date: started.started,
    }),
  );
  const json = summaryJson(run, content, folder.shown, dataset.hash);
  const record: RunRecord = {
    ...started,
    command,
    status: wasInterrupted ? "stopped" : "finished",
    ended: new Date().toISOString(),
    result: json,
  };
  const { place, problem } = await writeResult(folder, (full) => writeRun(full, run, record, content));
  if (problem === null && !wasInterrupted) await removeCheckpoints(folder.full).catch(() => {});
  return { text: summaryText(run, content, place) + clockNote(), json, problem };
}

/** With the target that ran, where that is one that every machine has. */
function repeatingCommand({ given, configuration, target }: RunRecord): string {
  return commandOf(given, target.used === "wasm" ? { ...configuration, target: "wasm" } : configuration);
}

/** So many files are told in the report. */
const filesTold = 3;

function repeatNotes(
  run: Run,
  { data, software, hardware, target }: RunRecord,
  wasInterrupted: boolean,
): readonly string[] {
  const licences = [...new Set(data.flatMap(({ licence }) => licence ?? []))];
  return [
    ...(wasInterrupted ? ["This run was interrupted: it cannot be repeated exactly."] : []),
    ...(run.options.timeBudget === null
      ? []
      : ["Training was ended by the clock: for the same numbers use --steps instead of --time-budget."]),
    ...data.slice(0, filesTold).map(({ file, sha256 }) => `Data: ${file}, SHA-256 ${sha256}.`),
    ...(data.length > filesTold ? [`Data: ${data.length - filesTold} more files; run.json has all their hashes.`] : []),
    ...licences.map((licence) => `Licence of the data: ${licence}.`),
    `Computed by leastaction ${software.leastaction} on Node ${software.node}, ${hardware.processor}, in ${run.seconds.toFixed(1)} s.`,
    target.used === "wasm"
      ? "Programs ran in WebAssembly: the same numbers on every machine."
      : `Programs ran as machine code (${target.used}; ${target.why}): on another machine or compiler sums may round differently.`,
  ];
}
