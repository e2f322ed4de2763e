/** `run.json`, whole: at the start of a run, and at its end. */
import path from "node:path";
import { writeWhole } from "../write-file.ts";
import type { RunRecord } from "./run-record.ts";

/** @param full the run folder, absolute */
export async function writeRunRecord(full: string, record: RunRecord): Promise<void> {
  await writeWhole(path.join(full, "run.json"), `${JSON.stringify(record, null, 2)}\n`);
}
