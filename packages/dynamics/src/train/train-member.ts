/**
 * One member: one model from one seed, trained on the training use, watched on the selection use.
 *
 * In stages, each going on from the parameters of the one before: derivative matching, then multiple shooting with
 * windows of one, three and six periods, then whole segments. The stage that forecasts the selection data best is kept
 * (early stopping); a stage that diverges is dropped and the last good parameters stay. Models of up to a few hundred
 * parameters are trained by Levenberg–Marquardt in float64, larger ones by gradient descent (`gradient-stages.ts`).
 */

import { flatten, unflattenHost } from "../model/flat-parameters.ts";
import type { AnyModel, ModelDefinition } from "../model/model.ts";
import { type LeastSquaresFit, type LeastSquaresProblem, levenbergMarquardt } from "../optim/levenberg-marquardt.ts";
import { derivativeMatching } from "./derivative-matching.ts";
import { defaultGradientSteps, gradientStages, mostForLeastSquares } from "./gradient-stages.ts";
import type { Member, MemberOptions, TrainingRow } from "./member.ts";
import type { Clock } from "./run-control.ts";
import { type Shooting, shooting } from "./shooting.ts";
import { cutWindows } from "./window.ts";

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
/** Optimiser steps by least squares when none are stated. */
const defaultLeastSquaresSteps = 200;
/** Iterations between two rests: at most this many, fewer for large problems so that a rest comes within a second. */
const mostIterations = 6;
const sliceOperations = 6e8;
/** Most samples of a window and of all windows, and numbers in their starts: bounds memory and time. */
const longestWindow = 1200;
/** A stage ends when an iteration lowers the loss by less than this share; constants are wanted to their last digit. */
const settled = 1e-5;
const settledConstants = 1e-8;
const mostSamples = 8000;
const mostStates = 80;

/** What is found so far. */
interface Found {
  readonly parameters: unknown;
  readonly delays: readonly number[];
}

/** What one stage gives. */
interface StageResult extends Found {
  readonly loss: number;
  readonly fit: Member["fit"];
}

/** A stage ready to run; null when it has nothing to teach. */
interface RunnableStage {
  readonly name: string;
  readonly share: number;
  readonly run: (
    from: Found,
    steps: number,
    onStep: (count: number, loss: number) => void,
  ) => Promise<StageResult | null>;
}

/** The steps of a member: those asked for, or the default of its way of training. */
export function memberSteps({ steps, model }: Pick<MemberOptions, "steps" | "model">, parameters: unknown): number {
  return steps ?? (isSmall(model, parameters) ? defaultLeastSquaresSteps : defaultGradientSteps);
}

/** Trains one member. */
export async function trainMember(options: MemberOptions): Promise<Member> {
  const { model, seed, facts, samples, clock, judge } = options;
  const begin = clock.elapsed();
  const curve: TrainingRow[] = [];
  const initial = (model as unknown as ModelDefinition<unknown>).init(seed, facts, samples);
  let found: Found = { parameters: initial, delays: options.delays };
  let best = { ...found, select: judge(initial, options.delays), fit: null as Member["fit"] };
  const total = memberSteps(options, initial);
  let steps = 0;
  let status: Member["status"] = "finished";
  const row = (stage: string, loss: number, select: number | null): void => {
    curve.push({ model: model.name, seed, stage, step: steps, loss, select });
  };
  row("start", Number.NaN, best.select);
  let share = 0;
  for (const stage of model.trainable === false ? [] : runnableStages(options, initial)) {
    if (clock.over()) {
      status = "stopped";
      break;
    }
    share += stage.share;
    // A stated number of steps is never exceeded, and what one stage leaves is the next one's.
    const ownSteps = Math.max(1, Math.round(stage.share * total));
    const allowed = options.steps === null ? ownSteps : Math.round(share * total) - steps;
    if (allowed < 1) continue;
    const result = await stage.run(found, allowed, (count, loss) => {
      steps += count;
      row(stage.name, loss, null);
      options.onStep(steps, loss, total);
    });
    if (result === null) continue;
    status = Number.isFinite(result.loss) ? "finished" : "diverged";
    if (status === "diverged") continue;
    found = { parameters: result.parameters, delays: result.delays };
    const select = judge(found.parameters, found.delays);
    row(stage.name, result.loss, select);
    // Longer windows see more of the law than a short selection piece does: only a clear loss there stops them. A
    // baseline cannot follow the law on long windows at all and keeps its best.
    if (!(select > (model.kind === "baseline" ? 1 : 2) * best.select)) best = { ...found, select, fit: result.fit };
  }
  return { model, seed, ...best, curve, steps, seconds: clock.elapsed() - begin, status };
}

function isSmall({ frozen }: AnyModel, parameters: unknown): boolean {
  return flatten(parameters, frozen).length <= mostForLeastSquares;
}

function runnableStages(options: MemberOptions, parameters: unknown): readonly RunnableStage[] {
  if (isSmall(options.model, parameters)) return stages.map((stage) => leastSquaresStage(stage, options));
  return gradientStages(options).map(({ name, share, train }) => ({
    name,
    share,
    run: async (from, steps, onStep) => {
      let seen = 0;
      const { parameters, losses } = await train(from.parameters, steps, (step, loss) => {
        onStep(step - seen, loss);
        seen = step;
      });
      return { parameters, delays: from.delays, loss: losses.at(-1) ?? Number.NaN, fit: null };
    },
  }));
}

function leastSquaresStage(stage: Stage, options: MemberOptions): RunnableStage {
  const { model, clock, fitted } = options;
  return {
    name: stage.name,
    share: stage.share,
    run: async (from, steps, onStep) => {
      const problem = problemOf(stage, options, from);
      if (problem === null) return null;
      const costTolerance = model.constants !== undefined && stage.periods === Infinity ? settledConstants : settled;
      const solution = await minimise(problem, { steps, costTolerance }, clock, onStep);
      const count = flatten(from.parameters, model.frozen).length;
      const delays = [...from.delays];
      if ("delayCount" in problem) {
        fitted.controls.forEach((control, i) => {
          delays[control] = solution.parameters[count + i] as number;
        });
      }
      return {
        parameters: unflattenHost(from.parameters, solution.parameters.slice(0, count), model.frozen),
        delays,
        loss: solution.cost,
        fit: "dataCount" in problem ? { problem: problem as Shooting, solution } : null,
      };
    },
  };
}

function problemOf(stage: Stage, options: MemberOptions, { parameters, delays }: Found): LeastSquaresProblem | null {
  const { model, facts, samples, segments, target, fitted } = options;
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
  const limit = Math.max(2, Math.floor(Math.min(mostSamples / length, mostStates / (2 * facts.coordinates.length))));
  const windows = cutWindows(segments, facts.coordinates.length, length, limit);
  return windows.count === 0 ? null : shooting({ model, facts, parameters, windows, target, delays, fitted });
}

/** Levenberg–Marquardt in slices, with a rest after each. */
async function minimise(
  problem: LeastSquaresProblem,
  { steps: iterations, costTolerance }: { readonly steps: number; readonly costTolerance: number },
  clock: Clock,
  onSlice: (count: number, loss: number) => void,
): Promise<LeastSquaresFit> {
  const rows = Math.max(1, problem.residuals(Float64Array.from(problem.start)).length);
  const perIteration = rows * problem.start.length ** 2;
  const slice = Math.max(1, Math.min(mostIterations, Math.floor(sliceOperations / perIteration)));
  let start = problem.start;
  let damping = 1e-3;
  for (let done = 0; ; ) {
    const allowed = Math.min(slice, iterations - done);
    const solution = levenbergMarquardt(
      { ...problem, start },
      { maxIterations: allowed, damping, costTolerance, gradientTolerance: 1e-8 },
    );
    done += solution.iterations;
    onSlice(solution.iterations, solution.cost / rows);
    await clock.rest();
    if (solution.status !== "maxIterations" || done >= iterations || clock.over()) return solution;
    start = [...solution.parameters];
    damping = Math.min(1, solution.damping);
  }
}
