/**
 * `run.json`: everything it takes to know what a run was, and to repeat it.
 * Plain data; fields are added, never changed, within a schema version.
 */
import type { Smoothing } from "@leastaction/dynamics";
import type { TargetName, TargetRecord } from "../target/choose-target.ts";
import type { Hardware } from "./hardware.ts";

/** Version of the layout of a run folder. */
export const runSchema = 1;

export interface RunRecord {
  readonly format: "leastaction-run";
  readonly schema: number;
  readonly status: "running" | "finished" | "stopped" | "failed";
  readonly started: string;
  readonly ended: string | null;
  /** The call that repeats the run. */
  readonly command: string;
  readonly configuration: RunConfiguration;
  /** DATA as it was given: names, folders, patterns, or a kept reading. */
  readonly given: readonly string[];
  readonly data: readonly RunData[];
  /** SHA-256 of the files of own models, by the name in the call; what they import is not in it. */
  readonly modelFiles: Readonly<Record<string, string>>;
  readonly seeds: readonly number[];
  readonly software: Readonly<Record<string, string>>;
  readonly hardware: Hardware;
  /** Where programs ran, as far as is known when this is written. */
  readonly target: TargetRecord;
  /** What came out; null while it runs. */
  readonly result: unknown;
}

export interface RunConfiguration {
  readonly models: readonly string[];
  readonly seed: number;
  readonly seedCount: number;
  /** Null: the default of each model. */
  readonly steps: number | null;
  readonly timeBudget: number | null;
  /** `--column` by name. */
  readonly columns: Readonly<Record<string, string>>;
  /** `--mean`; absent in runs of earlier versions, which kept every row. */
  readonly mean: number;
  /** `--missing`. */
  readonly missing: readonly string[];
  /** s, or `trigger`; null: the beginning of every recording. */
  readonly start: "trigger" | number | null;
  /** s; null: the end. */
  readonly stop: number | null;
  /** Hz; null: by rule. */
  readonly rate: number | null;
  /** Null: a smoothing spline. */
  readonly smooth: Smoothing | null;
  /** `--hold` and `--delay` by name. */
  readonly hold: Readonly<Record<string, string>>;
  readonly delay: Readonly<Record<string, string>>;
  readonly target: TargetName;
}

export interface RunData {
  /** As named in the call. */
  readonly file: string;
  /** SHA-256 of the bytes. */
  readonly sha256: string;
  /** Hash of the measurements, whatever the layout and the units. */
  readonly measurements: string;
  readonly bytes: number;
  /** The text of a licence file beside the data, by name; null where there is none. */
  readonly licence: string | null;
}
