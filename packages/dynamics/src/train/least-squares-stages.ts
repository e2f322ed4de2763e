/**
 * The stages of a member with few parameters, by Levenberg–Marquardt in float64: derivative matching, then multiple
 * shooting with windows of one, three and six periods, then whole segments.
 *
 * The iterations run in slices with a rest after each. A slice begins with nothing but parameters, damping and the count
 * of iterations, so that is the state between two of them (`checkpoint.ts`), beside how often the programs have run.
 */
import { flatten, unflattenHost } from "../model/flat-parameters.ts";
import {
  type LeastSquaresFit,
  type LeastSquaresProblem,
  levenbergMarquardt,
  type ProgramRuns,
} from "../optim/levenberg-marquardt.ts";
import { derivativeMatching } from "./derivative-matching.ts";
import type { Divergence } from "./divergence.ts";
import type { TrainingCheckpoints } from "./journal.ts";
import type { FitOfConstants, MemberOptions } from "./member.ts";
import { readState, type StateReader, savedFloats } from "./read-state.ts";
import type { Clock } from "./run-control.ts";
import { type Shooting, shooting } from "./shooting.ts";
import type { Found, Stage, StageResult } from "./stage.ts";
import { cutWindows } from "./window.ts";

interface WindowStage {
  readonly name: string;
  /** Share of the steps. */
  readonly share: number;
  /** Periods in a window; 0 matches derivatives. */
  readonly periods: number;
}

const stages: readonly WindowStage[] = [
  { name: "derivatives", share: 0.3, periods: 0 },
  { name: "one period", share: 0.1, periods: 1 },
  { name: "three periods", share: 0.15, periods: 3 },
  { name: "six periods", share: 0.15, periods: 6 },
  { name: "whole segments", share: 0.3, periods: Number.POSITIVE_INFINITY },
];
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

/** The stages of a model on its data. */
export function leastSquaresStages(options: MemberOptions): readonly Stage[] {
  return stages.map((stage) => ({
    name: stage.name,
    share: stage.share,
    run: (from, steps, onStep, checkpoints) => run(stage, options, from, { steps, onStep, checkpoints }),
    keptFit: (from, kept) => keptFit(stage, options, from, kept),
  }));
}

interface StageRun {
  readonly steps: number;
  readonly onStep: (step: number, loss: number) => void;
  readonly checkpoints: TrainingCheckpoints;
}

async function run(
  stage: WindowStage,
  options: MemberOptions,
  from: Found,
  { steps, onStep, checkpoints }: StageRun,
): Promise<StageResult | null> {
  const { model, clock, fitted } = options;
  const problem = problemOf(stage, options, from);
  if (problem === null) return null;
  const costTolerance = model.constants !== undefined && stage.periods === Infinity ? settledConstants : settled;
  const counted = countedProblem(problem);
  const { solution, status } = await minimise(counted, { steps, costTolerance }, clock, onStep, checkpoints);
  const count = flatten(from.parameters, model.frozen).length;
  const delays = [...from.delays];
  if ("delayCount" in problem) {
    fitted.controls.forEach((control, i) => {
      delays[control] = solution.parameters[count + i] as number;
    });
  }
  const { parameters, covariance, standardErrors, residualDeviation } = solution;
  const fit: FitOfConstants | null =
    hasIntervals(options) && "dataCount" in problem
      ? {
          problem: () => problem as Shooting,
          solution: { parameters, covariance, standardErrors, residualDeviation },
          ran: counted.ran(),
        }
      : null;
  return {
    parameters: unflattenHost(from.parameters, parameters.slice(0, count), model.frozen),
    delays,
    loss: solution.cost,
    fit,
    status,
    divergence: status === "diverged" ? divergenceOf(problem, solution) : null,
  };
}

/** What is not finite where a stage begins: later steps that are not are never taken. */
function divergenceOf(problem: LeastSquaresProblem, { parameters, iterations }: LeastSquaresFit): Divergence {
  const residuals = problem.residuals(parameters);
  const bad = Array.from({ length: residuals.length }, (_, row) => row).filter(
    (row) => !Number.isFinite(residuals[row]),
  );
  // The residuals of the prior follow those of the data, and were measured nowhere.
  const measured = "originOf" in problem ? bad.filter((row) => row < (problem as Shooting).dataCount) : [];
  const found = measured.map((row) => (problem as Shooting).originOf(row));
  const places = found.map(({ place }) => place);
  return {
    step: iterations,
    quantity: found.length === 0 ? "the loss" : `the residual of ${found[0]?.coordinate}`,
    retreats: 0,
    largestGradient: null,
    // The first of each recording says where its forecast broke off.
    places: places
      .filter(({ trajectory }, i) => places.findIndex((other) => other.trajectory === trajectory) === i)
      .slice(0, 3),
  };
}

/** Whether intervals of constants or delays are asked for later. */
function hasIntervals({ model, fitted }: MemberOptions): boolean {
  return model.constants !== undefined || fitted.controls.length > 0;
}

/** The problem is made again when it is asked for, as often run as it was. */
function keptFit(stage: WindowStage, options: MemberOptions, from: Found, kept: StateReader): FitOfConstants | null {
  if (!hasIntervals(options) || stage.periods === 0) return null;
  const ran = ranIn(kept);
  return {
    problem: () => {
      const problem = problemOf(stage, options, from) as Shooting;
      problem.ranBefore?.(ran);
      return problem;
    },
    solution: {
      parameters: kept.floats("solution/parameters"),
      covariance: kept.floats("solution/covariance"),
      standardErrors: kept.floats("solution/standardErrors"),
      residualDeviation: kept.floats("solution/residualDeviation", 1)[0] as number,
    },
    ran,
  };
}

function problemOf(
  stage: WindowStage,
  options: MemberOptions,
  { parameters, delays }: Found,
): LeastSquaresProblem | null {
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

/** A problem that counts how often its programs run, from what they had run before on. */
function countedProblem(problem: LeastSquaresProblem) {
  let [residuals, jacobians] = [0, 0];
  return {
    ...problem,
    residuals: (x: Float64Array) => {
      residuals += 1;
      return problem.residuals(x);
    },
    jacobian: (x: Float64Array) => {
      jacobians += 1;
      return problem.jacobian(x);
    },
    ran: (): ProgramRuns => ({ residuals, jacobians }),
    ranBefore: (runs: ProgramRuns) => {
      ({ residuals, jacobians } = runs);
      problem.ranBefore?.(runs);
    },
  };
}

function ranIn(state: StateReader): ProgramRuns {
  return { residuals: state.number("residuals"), jacobians: state.number("jacobians") };
}

interface Minimum {
  readonly solution: LeastSquaresFit;
  readonly status: StageResult["status"];
}

/** Levenberg–Marquardt in slices, with a rest after each. */
async function minimise(
  problem: ReturnType<typeof countedProblem>,
  { steps, costTolerance }: { readonly steps: number; readonly costTolerance: number },
  clock: Clock,
  onStep: (step: number, loss: number) => void,
  checkpoints: TrainingCheckpoints,
): Promise<Minimum> {
  const saved = checkpoints.last === null ? null : readState(checkpoints.last);
  const rows = saved?.number("rows") ?? Math.max(1, problem.residuals(Float64Array.from(problem.start)).length);
  const perIteration = rows * problem.start.length ** 2;
  const slice = Math.max(1, Math.min(mostIterations, Math.floor(sliceOperations / perIteration)));
  let start = saved === null ? problem.start : [...saved.floats("x", problem.start.length)];
  let damping = saved?.number("damping") ?? 1e-3;
  let done = saved?.number("done") ?? 0;
  if (saved !== null) problem.ranBefore(ranIn(saved));
  for (;;) {
    const solution = levenbergMarquardt(
      { ...problem, start },
      { maxIterations: Math.min(slice, steps - done), damping, costTolerance, gradientTolerance: 1e-8 },
    );
    done += solution.iterations;
    onStep(done, solution.cost / rows);
    await clock.rest();
    if (solution.status === "nonFinite") return { solution, status: "diverged" };
    if (solution.status !== "maxIterations" || done >= steps) return { solution, status: "finished" };
    const isOver = clock.over();
    start = [...solution.parameters];
    damping = Math.min(1, solution.damping);
    await checkpoints.offer(() => ({
      facts: { done, damping, rows, ...problem.ran() },
      tensors: { x: savedFloats(start) },
    }));
    if (isOver) return { solution, status: "stopped" };
  }
}
