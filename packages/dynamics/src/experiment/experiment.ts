/**
 * A published experiment that can be rerun: its parts, its settings, what a training of it gives, and the table in which
 * the published numbers stand beside ours.
 *
 * An experiment is cut into trainings, each of one part with one seed, which give plain data (`ExperimentOutcome`): so they
 * can be made on different days and machines and be put together afterwards. Rows and figures are made from outcomes only.
 * Deliberately not here: files and folders (the host's).
 */
import type { Target } from "@leastaction/tensor";
import type { Checkpoints, Fact } from "../train/checkpoint.ts";

/** The published size, or a reduced one that takes minutes. */
export type ExperimentForm = "full" | "quick";

/** What is set in a training: sizes, steps, rates, noise. */
export type ExperimentSetting = Readonly<Record<string, Fact>>;

/** A part of an experiment or a way to take its structure out. */
export interface ExperimentWord {
  /** Also in names of files and on the command line: small letters, digits and hyphens. */
  readonly name: string;
  /** One line. */
  readonly summary: string;
}

/** Which training. */
export interface ExperimentRequest {
  /** Name of a part. */
  readonly part: string;
  readonly form: ExperimentForm;
  /** 0 .. 2^53 - 1. */
  readonly seed: number;
  /** Name of a control, or null: the experiment as it is. */
  readonly control: string | null;
}

/** How a training is watched, stopped and gone on with. */
export interface ExperimentContext {
  readonly target: Target;
  readonly signal?: AbortSignal;
  /** Of the training; all else of the request must be that of the training that stopped. */
  readonly checkpoints?: Checkpoints;
  /** Told how far this training is, 0 .. 1, and its loss. */
  readonly onProgress?: (fraction: number, loss: number | null) => void;
}

/** A line over the steps of a training. */
export interface ExperimentCurve {
  readonly name: string;
  /** Optimiser steps. */
  readonly steps: readonly number[];
  /** As many, all finite. */
  readonly values: readonly number[];
}

/** What one training gave. */
export interface ExperimentOutcome extends ExperimentRequest {
  readonly experiment: string;
  readonly setting: ExperimentSetting;
  readonly status: "finished" | "diverged";
  /** Optimiser steps made. */
  readonly steps: number;
  /** s of training. */
  readonly seconds: number;
  /** Numbers by name; null for one that is not finite. */
  readonly measures: Readonly<Record<string, number | null>>;
  readonly curves: readonly ExperimentCurve[];
}

/** What a number must keep to. */
export interface ExperimentBar {
  readonly is: "at most" | "at least";
  readonly value: number;
}

/** What is told of the numbers that the seeds gave. */
export interface ExperimentStatistic {
  readonly ours: "median" | "geometric mean";
  readonly spread: "least to greatest" | "95 % interval";
}

/** A row of the table. */
export interface ExperimentRow {
  /**
   * Heading of the grid that the number stands in, in the line of `quantity` and the column of `name`: for what was measured
   * of several parts alike. Null for a row of the list.
   */
  readonly grid: string | null;
  /** The part, or what stands for several. */
  readonly name: string;
  /** What is told, in words. */
  readonly quantity: string;
  /** The number in the paper; null where it gives none. */
  readonly published: number | null;
  /** Over the seeds, as the experiment's `statistic` says; null where no finite number can be told. */
  readonly ours: number | null;
  readonly spread: readonly [number, number] | null;
  readonly seeds: readonly number[];
  readonly bar: ExperimentBar | null;
  /** Whether `ours` keeps to the bar; null without one. */
  readonly holds: boolean | null;
  /** What else to know of the number; empty for nothing. */
  readonly note: string;
}

/** A drawing of curves, before it has a size. */
export interface ExperimentFigure {
  /** Of the file: small letters, digits and hyphens. */
  readonly name: string;
  readonly caption: string;
  /** Label of the vertical axis, which is logarithmic; the horizontal one counts steps. */
  readonly label: string;
  /** One line of each seed; equal names share a colour. */
  readonly curves: readonly ExperimentCurve[];
  /** Levels to compare with. */
  readonly levels: readonly { readonly name: string; readonly value: number }[];
}

/** A published result that can be rerun. */
export interface Experiment {
  readonly name: string;
  readonly title: string;
  /** Author, year, title, identifier. */
  readonly source: string;
  readonly parts: readonly ExperimentWord[];
  /** Ways to take the structure out: with each of them some row must fail. */
  readonly controls: readonly ExperimentWord[];
  /** How many seeds each form takes. */
  readonly seeds: Readonly<Record<ExperimentForm, number>>;
  /** What a training is set to; what a control changes is told, too. */
  readonly setting: (request: Omit<ExperimentRequest, "seed">) => ExperimentSetting;
  /** One training; null when it was interrupted, and its last state was offered to the checkpoints. */
  readonly run: (request: ExperimentRequest, context: ExperimentContext) => Promise<ExperimentOutcome | null>;
  readonly statistic: ExperimentStatistic;
  /** The table, from outcomes of one form, possibly none. */
  readonly rows: (outcomes: readonly ExperimentOutcome[]) => readonly ExperimentRow[];
  readonly figures: (outcomes: readonly ExperimentOutcome[]) => readonly ExperimentFigure[];
}
