/** `run.json` as it is when training starts: the question, without the answer. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { isDatasetFile, type ReadData } from "../data/read-data.ts";
import { quoted } from "../quoted.ts";
import type { TargetRecord } from "../target/choose-target.ts";
import { modelFileHashes } from "../user-module/model-files.ts";
import { version } from "../version.ts";
import { hardware, software } from "./hardware.ts";
import type { OutFolder } from "./prepare-out.ts";
import { type RunConfiguration, type RunRecord, runSchema } from "./run-record.ts";
import { writeRunRecord } from "./write-run-record.ts";

/** What was asked of `fit`. */
export type FitRequest = RunConfiguration;

/** Writes and returns the record of a run that starts now. */
export async function startRecord(
  folder: OutFolder,
  { given, files, dataset }: ReadData,
  request: FitRequest,
  target: TargetRecord,
  cwd: string,
): Promise<RunRecord> {
  const record: RunRecord = {
    format: "leastaction-run",
    schema: runSchema,
    status: "running",
    started: new Date().toISOString(),
    ended: null,
    command: commandOf(given, request),
    configuration: request,
    given,
    data: await Promise.all(
      files.map(async ({ name, full, sha256, length }) => ({
        file: name,
        sha256,
        measurements: dataset.hash,
        bytes: length,
        licence: await licenceBeside(full),
      })),
    ),
    modelFiles: await modelFileHashes(request.models, cwd),
    seeds: Array.from({ length: request.seedCount }, (_, index) => request.seed + index),
    software: software(version),
    hardware: hardware(),
    target,
    result: null,
  };
  await writeRunRecord(folder.full, record);
  return record;
}

/** The call that repeats a run, with every choice written out. */
export function commandOf(given: readonly string[], request: FitRequest): string {
  const { models, seed, seedCount, steps, timeBudget, target } = request;
  const { columns, missing, mean, start, stop, rate, smooth, hold, delay } = request;
  const isKept = given.some(isDatasetFile);
  return [
    "leastaction fit",
    ...given.map(quoted),
    `--model ${quoted(models.join(","))}`,
    `--seed ${seed}`,
    `--seeds ${seedCount}`,
    ...(steps === null ? [] : [`--steps ${steps}`]),
    ...(timeBudget === null ? [] : [`--time-budget ${timeBudget}`]),
    ...(start === null ? [] : [`--start ${start}`]),
    ...(stop === null ? [] : [`--stop ${stop}`]),
    ...(rate === null ? [] : [`--rate ${rate}`]),
    ...(smooth === null ? [] : [`--smooth ${smooth}`]),
    `--target ${target}`,
    ...(isKept ? [] : assignments("--column", columns)),
    ...(isKept || mean === 1 ? [] : [`--mean ${mean}`]),
    ...(isKept || missing.length === 0 ? [] : [`--missing ${quoted(missing.join(","))}`]),
    ...assignments("--hold", hold),
    ...assignments("--delay", delay),
  ].join(" ");
}

function assignments(flag: string, words: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(words).map(([name, word]) => `${flag} ${quoted(`${name}=${word}`)}`);
}

/** The first line of a licence file in the data's folder. */
async function licenceBeside(file: string): Promise<string | null> {
  const folder = path.dirname(file);
  const names = await readdir(folder).catch(() => []);
  const name = names.find((entry) => /^(licen[cs]e|copying)(\.\w+)?$/i.test(entry));
  if (name === undefined) return null;
  const text = await readFile(path.join(folder, name), "utf8").catch(() => "");
  return `${name}: ${
    text
      .split("\n")
      .find((line) => line.trim() !== "")
      ?.trim() ?? ""
  }`;
}
