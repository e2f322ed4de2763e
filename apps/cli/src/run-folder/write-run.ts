/**
 * Everything of a finished run, into its folder: each file whole or not at all, `run.json` last, so that a folder whose
 * `run.json` says "finished" is complete.
 */
import path from "node:path";
import type { Run, TrainedModel } from "@leastaction/dynamics";
import type { Figure } from "../report/figure.ts";
import { figuresOf, type ReportFigures } from "../report/figures-of-report.ts";
import { renderReport } from "../report/render-report.ts";
import type { ReportContent } from "../report/report-content.ts";
import { version } from "../version.ts";
import { writeWhole } from "../write-file.ts";
import { methodsText } from "./methods.ts";
import { bibliography } from "./references.ts";
import type { RunRecord } from "./run-record.ts";
import { writeRunRecord } from "./write-run-record.ts";

/** @param full the folder, absolute */
export async function writeRun(full: string, run: Run, record: RunRecord, content: ReportContent): Promise<void> {
  for (const { name, seed, model } of run.members) {
    await writeModel(path.join(full, "members", name, `seed-${seed}`), model);
  }
  await writeModel(full, run.model);
  const figures = figuresOf(content);
  for (const { name, svg } of allFigures(figures)) await writeWhole(path.join(full, "figures", `${name}.svg`), svg);
  await writeWhole(path.join(full, "report.html"), renderReport(content, figures));
  await writeWhole(path.join(full, "references.bib"), bibliography(citationsOf(run), version));
  await writeWhole(path.join(full, "methods.txt"), methodsText(run, content.data));
  await writeRunRecord(full, record);
}

async function writeModel(folder: string, model: TrainedModel): Promise<void> {
  await writeWhole(path.join(folder, "model.safetensors"), model.toBytes());
  await writeWhole(path.join(folder, "model.json"), `${JSON.stringify(model.record)}\n`);
}

function allFigures(figures: ReportFigures): readonly Figure[] {
  return [...figures.forecasts, ...figures.horizon, ...figures.phase, ...figures.energy, ...figures.training];
}

function citationsOf(run: Run): readonly string[] {
  return run.members.flatMap(({ model }) => model.record.cites);
}
