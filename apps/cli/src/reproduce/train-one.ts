/**
 * One training of a reproduction, kept on the disk: its checkpoints while it runs, its outcome when it is done. Where it was
 * stopped before it goes on, to the end that it would have had.
 */
import { readFile, rm } from "node:fs/promises";
import path from "node:path";
import process from "node:process";
import type { Experiment, ExperimentContext, ExperimentOutcome, ExperimentRequest } from "@leastaction/dynamics";
import {
  checkpointFolder,
  defaultIntervals,
  type Intervals,
  readCheckpoints,
} from "../run-folder/checkpoint-folder.ts";
import { hardware } from "../run-folder/hardware.ts";
import { lockFolder } from "../run-folder/prepare-out.ts";
import { saving } from "../run-folder/saving.ts";
import type { TargetRecord } from "../target/choose-target.ts";
import { version } from "../version.ts";
import { writeWhole } from "../write-file.ts";
import { type ExperimentFolder, expectSetting, trainingName, writeOutcome } from "./experiment-folder.ts";

/** How it is run. */
export interface TrainOneOptions extends Pick<ExperimentContext, "target" | "signal" | "onProgress"> {
  readonly folder: ExperimentFolder;
  readonly say: (text: string) => void;
  /** What ran in the end, for the outcome. */
  readonly ranOn: () => TargetRecord["used"];
  readonly intervals?: Intervals;
}

/**
 * Trains and writes the outcome; null when it was interrupted.
 * Errors: another process trains it (status 6); checkpoints of other settings (2) or that cannot be read (3).
 */
export async function trainOne(
  experiment: Experiment,
  request: ExperimentRequest,
  { folder, say, ranOn, intervals = defaultIntervals, ...context }: TrainOneOptions,
): Promise<ExperimentOutcome | null> {
  const name = trainingName(request);
  const [full, shown] = [path.join(folder.full, "runs", name), path.join(folder.shown, "runs", name)];
  const lock = await lockFolder(full, shown);
  try {
    await keepSetting(path.join(full, "setting.json"), shown, experiment, request);
    const from = await readCheckpoints(full, shown, say);
    if (from.last !== null) say(`${name}: going on after step ${from.last.steps}.\n`);
    const { attempt } = saving(shown, say);
    const checkpoints = checkpointFolder(full, {
      intervals,
      from,
      metrics: () => async () => 0,
      attempt: (write) => attempt("checkpoints", write),
    });
    const outcome = await experiment.run(request, { ...context, checkpoints });
    if (outcome === null) return null;
    await writeOutcome(folder, { outcome, environment: environmentOf(ranOn()) });
    await rm(full, { recursive: true, force: true });
    return outcome;
  } finally {
    lock.release();
  }
}

/** The settings that the checkpoints are of: written at the beginning, compared when it goes on. */
async function keepSetting(
  file: string,
  shown: string,
  experiment: Experiment,
  request: ExperimentRequest,
): Promise<void> {
  const setting = experiment.setting(request);
  const text = await readFile(file, "utf8").catch(() => null);
  if (text === null) await writeWhole(file, `${JSON.stringify(setting)}\n`);
  else expectSetting(shown, setting, JSON.parse(text));
}

function environmentOf(target: TargetRecord["used"]): Readonly<Record<string, string | number>> {
  const { processor, cores, system } = hardware();
  const date = new Date().toISOString().slice(0, 10);
  return { date, leastaction: version, node: process.version, target, processor, cores, system };
}
