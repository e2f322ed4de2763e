/**
 * One member: one model from one seed, trained on the training use, watched on the selection use.
 *
 * In stages, each going on from the parameters of the one before: derivative matching, then multiple shooting with
 * windows of one, three and six periods, then whole segments. The stage that forecasts the selection data best is kept
 * (early stopping); a stage that diverges is dropped and the last good parameters stay. Everything is by
 * Levenberg–Marquardt in float64, which suits models of up to a few hundred parameters.
 */
import type { Target } from "@leastaction/tensor";
import type { MotionSegment } from "../data/prepare.ts";
import type { AnyModel, DatasetFacts, ModelDefinition, Samples } from "../model/model.ts";
import { type LeastSquaresFit, type LeastSquaresProblem, levenbergMarquardt } from "../optim/levenberg-marquardt.ts";
import { derivativeMatching } from "./derivative-matching.ts";
import { flatten, unflattenHost } from "./flat-parameters.ts";
import type { Clock } from "./run-control.ts";
import { type Shooting, shooting } from "./shooting.ts";
import { cutWindows } from "./window.ts";

/** One line of the training curve. */
export interface TrainingRow {
  readonly model: string;
  readonly seed: number;
  readonly stage: string;
  readonly step: number;
  /** Half the mean square of the residuals in units of the tolerance. */
  readonly loss: number;
  /** Rollout error on the selection data after a stage, SI; null between. */
  readonly select: number | null;
}

/** A trained member. */
export interface Member {
  readonly model: AnyModel;
  readonly seed: number;
  /** A tree of host tensors. */
  readonly parameters: unknown;
  readonly curve: readonly TrainingRow[];
  /** Rollout error on the selection data, SI. */
  readonly select: number;
  readonly steps: number;
  /** The last shooting problem and its solution, for intervals of constants; null when there was none. */
  readonly fit: { readonly problem: Shooting; readonly solution: LeastSquaresFit } | null;
  /** s. */
  readonly seconds: number;
  readonly status: "finished" | "stopped" | "diverged";
}

/** What a member is trained on and how. */
export interface MemberOptions {
  readonly model: AnyModel;
  readonly seed: number;
  readonly facts: DatasetFacts;
  readonly samples: Samples;
  readonly segments: readonly MotionSegment[];
  /** Optimiser steps in all. */
  readonly steps: number;
  readonly target: Target;
  readonly clock: Clock;
  /** Rollout error of parameters on the selection data, SI. */
  readonly judge: (parameters: unknown) => number;
  readonly onStep: (step: number, loss: number) => void;
}

interface Stage {
  readonly name: string;
  /** Share of the steps. */
  readonly share: number;
  /** Periods in a window; 0 matches derivatives. */
  readonly periods: number;
}

const stages: readonly Stage[] = [
  { name: "derivatives", share: 0.3, periods: 0 },
  { name: "one period", share: 0.1, periods: 1 },
  { name: "three periods", share: 0.15, periods: 3 },
  { name: "six periods", share: 0.15, periods: 6 },
  { name: "whole segments", share: 0.3, periods: Number.POSITIVE_INFINITY },
];
/** Iterations between two rests. */
const slice = 6;
/** Most samples of a window and of all windows: bounds memory and time on long recordings. */
const longestWindow = 1200;
const mostSamples = 8000;

/** Trains one member. */
export async function trainMember(options: MemberOptions): Promise<Member> {
  const { model, seed, facts, samples, clock, judge } = options;
  const begin = clock.elapsed();
  const definition = model as unknown as ModelDefinition<unknown>;
  const curve: TrainingRow[] = [];
  let parameters = definition.init(seed, facts, samples);
  let best = { parameters, select: judge(parameters), fit: null as Member["fit"] };
  let steps = 0;
  let status: Member["status"] = "finished";
  const row = (stage: string, loss: number, select: number | null): void => {
    curve.push({ model: model.name, seed, stage, step: steps, loss, select });
  };
  row("start", Number.NaN, best.select);
  for (const stage of model.trainable === false ? [] : stages) {
    if (clock.over()) {
      status = "stopped";
      break;
    }
    const problem = problemOf(stage, options, parameters);
    if (problem === null) continue;
    const allowed = Math.max(1, Math.round(stage.share * options.steps));
    const solution = await minimise(problem, allowed, clock, (count, loss) => {
      steps += count;
      row(stage.name, loss, null);
      options.onStep(steps, loss);
    });
    if (!Number.isFinite(solution.cost)) {
      status = "diverged";
      continue;
    }
    status = "finished";
    const count = flatten(parameters, model.frozen).length;
    parameters = unflattenHost(parameters, solution.parameters.slice(0, count), model.frozen);
    const select = judge(parameters);
    row(stage.name, solution.cost, select);
    const fit = "dataCount" in problem ? { problem: problem as Shooting, solution } : null;
    // Longer windows see more of the law than a short selection piece does: only a clear loss there stops them.
    if (!(select > 2 * best.select)) best = { parameters, select, fit };
  }
  return { model, seed, ...best, curve, steps, seconds: clock.elapsed() - begin, status };
}

function problemOf(stage: Stage, options: MemberOptions, parameters: unknown): LeastSquaresProblem | null {
  const { model, facts, samples, segments, target } = options;
  if (stage.periods === 0) {
    return model.field === undefined || samples.count === 0
      ? null
      : derivativeMatching({ model, facts, parameters, samples, target });
  }
  const longest = Math.max(...segments.map(({ times }) => times.length));
  const wanted = Math.ceil((stage.periods * 2 * Math.PI) / facts.frequency / facts.dt) + 1;
  const length = Math.max(8, Math.min(wanted, longest, longestWindow));
  // A stage whose windows are as long as those of the stage before teaches nothing new.
  if (Number.isFinite(stage.periods) && length >= longest) return null;
  const limit = Math.max(1, Math.floor(mostSamples / length));
  const windows = cutWindows(segments, facts.coordinates.length, facts.controls.length, length, limit);
  return windows.count === 0 ? null : shooting({ model, facts, parameters, windows, target });
}

/** Levenberg–Marquardt in slices, with a rest after each. */
async function minimise(
  problem: LeastSquaresProblem,
  iterations: number,
  clock: Clock,
  onSlice: (count: number, loss: number) => void,
): Promise<LeastSquaresFit> {
  const rows = Math.max(1, problem.residuals(Float64Array.from(problem.start)).length);
  let start = problem.start;
  let damping = 1e-3;
  for (let done = 0; ; ) {
    const allowed = Math.min(slice, iterations - done);
    const solution = levenbergMarquardt(
      { ...problem, start },
      { maxIterations: allowed, damping, costTolerance: 1e-5, gradientTolerance: 1e-8 },
    );
    done += solution.iterations;
    onSlice(solution.iterations, solution.cost / rows);
    await clock.rest();
    if (solution.status !== "maxIterations" || done >= iterations || clock.over()) return solution;
    start = [...solution.parameters];
    damping = Math.min(1, solution.damping);
  }
}
