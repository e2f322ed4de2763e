/**
 * The form of a model that the data ask for: which of its parameters are needed at all, the others being zero.
 *
 * In: a model with `keep`, all its parameters in it. Out: the model of those that are needed. In steps:
 * 1. By matching derivatives all but a handful of parameters are dropped, which bounds the cost of what follows.
 * 2. The rest are trained together by shooting, and one by one the parameter is dropped that is the smallest against its
 *    standard error, of those that may be zero the last; what is left is trained on. Each size of the path is a trained form.
 * 3. Each form forecasts the selection data. Kept is the one of fewest parameters that is not worse than the best by more
 *    than the standard error of the best, and does not miss the training data.
 * 4. Parameters whose 95 % interval holds 0 are dropped, the least certain first, as long as forecasts do not get worse.
 * Standard errors are of trajectories, not of derivatives, so noise does not hide weak terms as it does in a regression.
 * It never sees calibration or test data. Sources: Boninsegna, Nueske, Clementi, 2018, J. Chem. Phys. 148, 241723,
 * doi:10.1063/1.5018409 (term by term); Breiman, Friedman, Olshen, Stone, 1984, Classification and Regression Trees,
 * section 3.4.3 (one standard error).
 */
import type { Target } from "@leastaction/tensor";
import type { MotionSegment } from "../data/prepare.ts";
import type { Segment } from "../data/segment.ts";
import { flatten, unflattenHost } from "../model/flat-parameters.ts";
import type { AnyModel, ModelDefinition } from "../model/model.ts";
import { type Simulator, simulator } from "../model/simulator.ts";
import { type LeastSquaresFit, levenbergMarquardt } from "../optim/levenberg-marquardt.ts";
import { choleskySolve, normalEquations } from "../optim/normal-equations.ts";
import { expanded, withChosen, withHorizon } from "./chosen-parameters.ts";
import { derivativeMatching } from "./derivative-matching.ts";
import { type DraftSetting, draftRecord, withDelays } from "./draft-record.ts";
import { halfWidths } from "./half-width.ts";
import type { Clock } from "./run-control.ts";
import { type Shooting, shooting } from "./shooting.ts";
import { areWorse, meanOf, stretchErrors } from "./stretch-errors.ts";
import { cutWindows } from "./window.ts";

/** What a form is looked for with. */
export interface FormSearch extends DraftSetting {
  readonly segments: readonly MotionSegment[];
  readonly target: Target;
  readonly clock: Pick<Clock, "aborted" | "rest">;
  /** What forms are judged on: the selection data. */
  readonly judged: readonly Segment[];
}

/** A form after training: its parameters, all unknowns of the whole problem, the share of the windows, its errors. */
interface TrainedForm {
  readonly kept: readonly number[];
  readonly unknowns: Float64Array;
  readonly problem: Shooting;
  readonly solution: LeastSquaresFit;
  readonly horizon: number;
  readonly errors: readonly number[];
}

/** Most parameters that are trained together, for each coordinate and at least. */
const mostTogether = 10;
const leastTogether = 20;
/** Samples that derivatives are matched on, and samples of all windows. */
const matched = 1500;
const mostSamples = 3000;
const mostStates = 60;
/** What is smaller than so many standard errors may be zero: its 95 % interval holds 0. */
const unsure = 1.96;
/** Periods in a window. */
const periods = 3;
/** Shares of the windows that the richest form is trained on in turn: a poor start does not reach the end. */
const horizons: readonly number[] = [1 / 6, 1 / 3, 2 / 3, 1];
/** Residuals whose mean square grows by more than this miss the training data. */
const lost = 4;
/** Iterations of the richest form on each of them, of each poorer one, and of the chosen one before it is pruned. */
const firstIterations = 20;
const nextIterations = 3;
const lastIterations = 12;

/** The parameters that are needed: their places; null for a model whose form is fixed. */
export type Form = readonly number[] | null;

/** The form of a model. */
export async function discoverForm(model: AnyModel, search: FormSearch): Promise<Form> {
  if (model.keep === undefined || search.samples.count === 0) return null;
  const first = prescreened(model, search);
  const trainer = trainerOf(inForm(model, first, search), search);
  if (trainer === null) return first;
  const { kept } = await pruned(trainer, chosenOf(await formPath(trainer)));
  return kept.map((i) => first[i] as number);
}

/** The model in a form of it. */
export function inForm(model: AnyModel, form: Form, { facts, dataset }: DraftSetting): AnyModel {
  return form === null || model.keep === undefined ? model : model.keep(form, facts, dataset);
}

/** How a form is trained: most iterations, and the share of each window that counts. */
interface Training {
  readonly iterations: number;
  readonly horizon: number;
}

/** Trains and judges forms: the parameters kept, and the unknowns to start from. */
interface Trainer {
  readonly whole: Shooting;
  /** The share of a window that is half a period: on less, forms of many parameters fit anything. */
  readonly shortest: number;
  readonly train: (kept: readonly number[], start: ArrayLike<number>, training: Training) => Promise<TrainedForm>;
  readonly aborted: () => boolean;
}

/** The trainer of the forms of a model; null without windows to train on. */
function trainerOf(model: AnyModel, search: FormSearch): Trainer | null {
  const { facts, samples, segments, target, clock } = search;
  const { delays, fitted } = search.delays;
  const parameters = (model as unknown as ModelDefinition<unknown>).init(0, facts, samples);
  const d = facts.coordinates.length;
  const longest = Math.max(...segments.map(({ times }) => times.length));
  const wanted = Math.ceil((periods * 2 * Math.PI) / facts.frequency / facts.dt) + 1;
  const length = Math.max(8, Math.min(wanted, longest));
  const limit = Math.max(2, Math.floor(Math.min(mostSamples / length, mostStates / (2 * d))));
  const windows = cutWindows(segments, d, length, limit);
  if (windows.count === 0) return null;
  const whole = shooting({ model, facts, parameters, windows, target, delays, fitted });
  const judge = judgeOf(model, search);
  const train: Trainer["train"] = async (kept, start, { iterations: maxIterations, horizon }) => {
    const problem = withHorizon(withChosen(whole, kept, start), horizon);
    const solution = levenbergMarquardt(problem, { maxIterations, costTolerance: 1e-6, gradientTolerance: 1e-8 });
    const unknowns = expanded(whole, kept, solution.parameters);
    const found = [...delays];
    fitted.controls.forEach((control, i) => {
      found[control] = unknowns[whole.parameterCount + i] as number;
    });
    const errors = Number.isFinite(solution.cost)
      ? judge(unflattenHost(parameters, unknowns.slice(0, whole.parameterCount)), found)
      : [Number.POSITIVE_INFINITY];
    await clock.rest();
    return { kept, unknowns, problem, solution, horizon, errors };
  };
  return { whole, shortest: wanted / (2 * periods * length), train, aborted: clock.aborted };
}

/** The errors of the forecasts of parameters and delays, stretch by stretch. */
function judgeOf(
  model: AnyModel,
  search: FormSearch,
): (parameters: unknown, delays: readonly number[]) => readonly number[] {
  const { facts, target, judged } = search;
  const draft = draftRecord(search, model, 0);
  let running: Simulator | null = null;
  return (parameters, delays) => {
    running = running === null ? simulator(model, facts, parameters, target) : running.withParameters(parameters);
    return stretchErrors(withDelays(draft, delays), running, judged);
  };
}

/** The parameters that are missed most when derivatives are matched. */
function prescreened(model: AnyModel, search: FormSearch): readonly number[] {
  const { facts, samples, target } = search;
  const parameters = (model as unknown as ModelDefinition<unknown>).init(0, facts, samples);
  const all = [...flatten(parameters).keys()];
  const most = Math.max(leastTogether, mostTogether * facts.coordinates.length);
  if (all.length <= most) return all;
  const problem = derivativeMatching({ model, facts, parameters, samples, target, limit: matched });
  const start = Float64Array.from(problem.start);
  const { matrix } = normalEquations(problem.jacobian(start), problem.residuals(start), all.length, Infinity);
  const sizes = all.map((i) => Math.sqrt(matrix[i * all.length + i] as number) || 1);
  const scaled = matrix.map(
    (value, k) => value / ((sizes[Math.floor(k / all.length)] as number) * (sizes[k % all.length] as number)),
  );
  let kept: readonly number[] = all;
  let values = start.map((value, i) => value * (sizes[i] as number));
  while (kept.length > most) {
    const inverse = inverseOf(scaled, all.length, kept);
    const n = kept.length;
    const worth = kept.map((index, i) => Math.abs(values[index] as number) / Math.sqrt(inverse[i * n + i] as number));
    const least = worth.indexOf(Math.min(...worth));
    const share = (values[kept[least] as number] as number) / (inverse[least * n + least] as number);
    const next = new Float64Array(all.length);
    kept.forEach((index, i) => {
      next[index] = (values[index] as number) - share * (inverse[i * n + least] as number);
    });
    values = next;
    kept = kept.filter((_, i) => i !== least);
  }
  return kept;
}

/** The inverse of the chosen rows and columns of a matrix with a diagonal of ones. */
function inverseOf(matrix: Float64Array, width: number, kept: readonly number[]): Float64Array {
  const n = kept.length;
  const inverse = new Float64Array(n * n);
  // A ridge that is far below any noise, so that terms that repeat one another have an inverse.
  const part = Float64Array.from(
    kept.flatMap((i) => kept.map((j) => (matrix[i * width + j] as number) + (i === j ? 1e-10 : 0))),
  );
  for (let k = 0; k < n; k++) {
    const unit = new Float64Array(n);
    unit[k] = 1;
    const column = choleskySolve(part.slice(), unit);
    column.forEach((value, i) => {
      inverse[i * n + k] = value;
    });
  }
  return inverse;
}

/** From all parameters to one: trained forms, each without the parameter of the one before that is least certain. */
async function formPath(trainer: Trainer): Promise<readonly TrainedForm[]> {
  const path = [await richest(trainer)];
  for (;;) {
    const form = path.at(-1) as TrainedForm;
    if (form.kept.length < 2 || trainer.aborted()) return path;
    const { kept, unknowns } = without(form, leastCertain(form));
    path.push(await trainer.train(kept, unknowns, { iterations: nextIterations, horizon: form.horizon }));
  }
}

/** All parameters, trained on a growing share of the windows as long as their ends can be reached. */
async function richest({ whole, shortest, train, aborted }: Trainer): Promise<TrainedForm> {
  const all = [...Array(whole.parameterCount).keys()];
  const trainings = horizons
    .filter((horizon) => horizon === 1 || horizon >= shortest)
    .map((horizon) => ({ iterations: firstIterations, horizon }));
  const [first, ...longer] = trainings as [Training, ...Training[]];
  let form = await train(all, whole.start, first);
  for (const training of longer) {
    if (aborted()) return form;
    const next = await train(all, form.unknowns, training);
    if (misses(next, form)) return form;
    form = next;
  }
  return form;
}

/** Whether a form is much farther from the training data than another; within the tolerance both are near. */
function misses(form: TrainedForm, than: TrainedForm): boolean {
  const meanSquare = ({ problem, solution, horizon }: TrainedForm): number =>
    Math.max(1, (2 * solution.cost) / (horizon * problem.dataCount));
  return !(meanSquare(form) <= lost * meanSquare(than));
}

/** The place of the parameter that is smallest against its standard error; of those that may be zero the last, the most involved. */
function leastCertain({ kept, solution: { parameters, standardErrors } }: TrainedForm): number {
  const certainty = kept.map((_, i) => Math.abs(parameters[i] as number) / (standardErrors[i] as number));
  const least = Math.max(unsure, Math.min(...certainty));
  return certainty.findLastIndex((value) => value <= least);
}

/** The unknowns of the whole problem with one parameter at zero and the others moved to the new minimum, to first order. */
function without(
  { kept, unknowns, problem, solution: { parameters, covariance } }: TrainedForm,
  place: number,
): Pick<TrainedForm, "kept" | "unknowns"> {
  const n = parameters.length;
  const index = kept[place] as number;
  const share = (parameters[place] as number) / (covariance[place * n + place] as number);
  const moved = unknowns.slice();
  const nuisance = unknowns.length - (n - kept.length);
  for (let i = 0; i < n && Number.isFinite(share); i++) {
    const at = i < problem.parameterCount ? (kept[i] as number) : nuisance + i - kept.length;
    moved[at] = (moved[at] as number) - share * (covariance[place * n + i] as number);
  }
  moved[index] = 0;
  return { kept: kept.filter((parameter) => parameter !== index), unknowns: moved };
}

/** The form of fewest parameters that is not worse than the best, of those that do not miss the training data. */
function chosenOf(path: readonly TrainedForm[]): TrainedForm {
  const rich = path[0] as TrainedForm;
  const near = path.filter((form) => !misses(form, rich));
  const best = near.reduce((found, next) => (meanOf(next.errors) < meanOf(found.errors) ? next : found), rich);
  return near.findLast(({ errors }) => !areWorse(errors, best.errors)) ?? best;
}

/** The form without the parameters whose intervals hold 0, but for those that forecasts need. */
async function pruned(
  { train, aborted }: Trainer,
  { kept: all, unknowns: from, horizon }: TrainedForm,
): Promise<TrainedForm> {
  const training = { iterations: lastIterations, horizon };
  let form = await train(all, from, training);
  const needed = new Set<number>();
  for (;;) {
    const place = leastSure(form, needed);
    if (place === null || aborted()) return form;
    const { kept, unknowns } = without(form, place);
    const next = await train(kept, unknowns, training);
    if (areWorse(next.errors, form.errors)) needed.add(form.kept[place] as number);
    else form = next;
  }
}

/** The place of the parameter whose interval holds 0 most clearly; null when none does, or only needed ones. */
function leastSure({ kept, problem, solution }: TrainedForm, needed: ReadonlySet<number>): number | null {
  if (kept.length < 2) return null;
  const halfWidth = halfWidths({ problem: () => problem, solution });
  const ratios = kept.map((index, place) => {
    const slope = new Float64Array(problem.parameterCount + problem.delayCount);
    slope[place] = 1;
    const width = needed.has(index) ? 0 : (halfWidth(slope) ?? Number.POSITIVE_INFINITY);
    return Math.abs(solution.parameters[place] as number) / width;
  });
  const least = Math.min(...ratios);
  return least < 1 ? ratios.lastIndexOf(least) : null;
}
