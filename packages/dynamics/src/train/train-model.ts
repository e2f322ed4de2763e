/**
 * Training by gradient descent: any model, any objective, any optimiser, compiled as one step.
 *
 * The state (parameters, moments, count of steps) stays inside the compiled step; the host only cuts batches. Between
 * slices it is offered, with the place in the stream of batches and the losses so far: all that a training needs to go
 * on as if it had never stopped (`checkpoint.ts`). It runs in slices of a few milliseconds and rests between them.
 *
 * A step whose loss or gradient is not finite is not applied. After twenty in a row training goes back to its last good
 * state and on with a smaller step (`last-good-state.ts`). When that has been tried often enough it has diverged: it ends
 * with the last good parameters and a diagnosis.
 */
import {
  add,
  array,
  at,
  type Compiled,
  compile,
  convert,
  full,
  type HostTensor,
  less,
  mapTree,
  mul,
  type Pullback,
  select,
  specOf,
  sum,
  type Target,
  type Tensor,
  vjp,
  wasm,
} from "@leastaction/tensor";
import { parameterLeaves } from "../model/flat-parameters.ts";
import { zipTensors } from "../nn/tensor-tree.ts";
import { adam } from "../optim/adam.ts";
import { clipByGlobalNorm } from "../optim/clip-by-global-norm.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import type { Plateau, PlateauState } from "../optim/plateau.ts";
import { cosineSchedule, type Schedule } from "../optim/schedule.ts";
import { type HostRandom, hostRandom } from "../random/host-random.ts";
import type { CheckpointMoment, Checkpoints, SavedState } from "./checkpoint.ts";
import { diagnoseDivergence } from "./diagnose-divergence.ts";
import type { Divergence } from "./divergence.ts";
import { type LastGoodState, lastGoodState, mostRetreats } from "./last-good-state.ts";
import { type LossRecord, lossRecord } from "./loss-record.ts";
import { type MarkedParameters, type MarkRecord, markRecord } from "./mark-record.ts";
import type { Objective } from "./objective.ts";
import { readState, type StateReader, savedTree } from "./read-state.ts";
import { type Clock, clockOf, type RunControl } from "./run-control.ts";

/** Options of `trainModel`. */
export interface TrainModelOptions extends Pick<RunControl, "signal" | "timeBudget"> {
  readonly objective: Objective;
  /** A tree of host tensors to start from. */
  readonly parameters: unknown;
  /** Optimiser steps. */
  readonly steps: number;
  /** Seed of the batches; default 0. */
  readonly seed?: number;
  /** Default `adam()`. */
  readonly optimizer?: Optimizer;
  /** Default: cosine from 3e-3 to 0 over all steps. A plateau is told the loss of every step, or its term `watched`. */
  readonly schedule?: Schedule | Plateau;
  /** Limit of the gradient's norm; default 10. */
  readonly clip?: number;
  /** Top-level names of parameters that stay as they are. */
  readonly frozen?: readonly string[];
  /** Default `wasm()`. */
  readonly target?: Target;
  /** Intervals over which the losses that are returned are averaged, at least 1; default 100. */
  readonly intervals?: number;
  /** Steps after which the parameters are kept, too. */
  readonly marks?: readonly number[];
  /** Called about 300 times, after at most 50 steps, always after the same ones; and at the end. */
  readonly onStep?: (step: number, loss: number) => void;
  /** Default: made from `signal` and `timeBudget`. */
  readonly clock?: Clock;
  /** Where states are kept to go on from; all other options must be those of the training that stopped. */
  readonly checkpoints?: Checkpoints;
}

/** A training that has ended. */
export interface TrainedParameters {
  /** A tree of host tensors. */
  readonly parameters: unknown;
  /** Mean loss of each interval of the steps that were made. */
  readonly losses: readonly number[];
  /** The same of each term of the objective, in its order. */
  readonly terms: readonly (readonly number[])[];
  /** Steps made at the end of each interval. */
  readonly ends: readonly number[];
  readonly steps: number;
  /** What was asked for as `marks`, as far as the training came. */
  readonly marked: readonly MarkedParameters[];
  readonly status: "finished" | "stopped" | "diverged";
  /** Why it diverged. */
  readonly divergence: Divergence | null;
}

interface State {
  readonly parameters: unknown;
  readonly optimizer: { readonly step: Tensor; readonly moments: readonly unknown[] };
  /** That of a plateau. */
  readonly schedule?: PlateauState;
}

/** What a step tells of its batch: float64. */
interface Told<L> {
  readonly loss: L;
  /** [k] */
  readonly terms?: L;
}

/** ms between rests. */
const sliceTime = 8;
const mostBadSteps = 20;
/** Reports of a training, and the most steps between two of them. */
const reportsWanted = 300;
const mostBetweenReports = 50;
const none = new Float64Array(0);

/** Trains parameters. Errors: the state of another training. */
export async function trainModel(options: TrainModelOptions): Promise<TrainedParameters> {
  const { objective, steps, seed = 0, optimizer = adam(), target = wasm(), checkpoints } = options;
  const schedule = options.schedule ?? cosineSchedule({ peak: 3e-3, steps });
  const initial = {
    parameters: options.parameters,
    optimizer: optimizer.init(options.parameters),
    ...(typeof schedule === "function" ? {} : { schedule: schedule.init() }),
  };
  const step = compile(
    stepOf(objective, optimizer, schedule, options) as never,
    [specOf(initial), specOf(objective.batch(hostRandom(seed), 0, 0)), specOf(array(1))],
    target,
  );
  const course = courseOf(options, initial, step, checkpoints?.last ?? null);
  const { random, losses, clock } = course;
  const every = Math.max(1, Math.min(mostBetweenReports, Math.ceil(steps / reportsWanted)));
  let since = performance.now();
  let status: TrainedParameters["status"] = "finished";
  let divergence: Divergence | null = null;
  while (course.done < steps && status === "finished") {
    const batch = objective.batch(random, course.done / steps, course.done);
    const { loss, terms } = (await step.run(batch, array(course.good.pace()))) as Told<HostTensor>;
    course.add(loss.data[0] as number, terms?.data as Float64Array | undefined);
    if (course.bad >= mostBadSteps) {
      const failed = {
        objective,
        target,
        batch,
        parameters: parametersOf(step.read()),
        good: parametersOf(course.good.state()),
      };
      if (!course.goBack()) {
        status = "diverged";
        divergence = { step: course.done, retreats: mostRetreats, ...diagnoseDivergence(failed) };
      }
    }
    const isReported = course.done % every === 0 || course.done === steps || status === "diverged";
    if (isReported) course.report();
    if (!isReported && performance.now() - since < sliceTime && !clock.over()) continue;
    await clock.rest();
    if (clock.over() && course.done < steps && status === "finished") status = "stopped";
    // What has diverged is at its end, to which nothing goes on.
    if (status !== "diverged") await checkpoints?.offer(course.state, course.moment());
    since = performance.now();
  }
  course.report();
  return {
    parameters: parametersOf(step.read()),
    ...losses.record(),
    steps: course.done,
    marked: course.marks.marked,
    status,
    divergence,
  };
}

function parametersOf(state: unknown): unknown {
  return (state as { readonly parameters: unknown }).parameters;
}

/** Where a training is. */
interface Course {
  readonly done: number;
  /** Bad steps in a row. */
  readonly bad: number;
  readonly good: LastGoodState;
  /** Goes back to the last good state; false if that has been tried too often. */
  readonly goBack: () => boolean;
  readonly random: HostRandom;
  readonly losses: LossRecord;
  readonly marks: MarkRecord;
  readonly clock: Clock;
  readonly add: (loss: number, terms?: Float64Array) => void;
  /** Tells `onStep`, once at each step. */
  readonly report: () => void;
  readonly state: () => SavedState;
  readonly moment: () => CheckpointMoment;
}

/** A training at its beginning, or where it stopped; `step` has its state then. */
function courseOf(
  options: TrainModelOptions,
  initial: unknown,
  step: Compiled<unknown>,
  last: SavedState | null,
): Course {
  const saved = last === null ? null : readState(last);
  const clock = options.clock ?? clockOf(options, saved?.number("elapsed"));
  const random = hostRandom(options.seed ?? 0).fork(77);
  const losses = lossRecord(options, saved);
  const marks = markRecord(options.marks ?? [], options.parameters, saved);
  let [done, bad, reports] = countsOf(saved);
  let reported = done;
  const good = lastGoodState(initial, saved);
  step.load(saved === null ? initial : saved.tree("state", initial));
  if (saved !== null) {
    step.ranBefore(done);
    random.goOn(saved.number("drawn"));
  }
  return {
    get done() {
      return done;
    },
    get bad() {
      return bad;
    },
    random,
    losses,
    marks,
    clock,
    good,
    goBack: () => {
      step.load(good.state());
      bad = 0;
      return good.goBack();
    },
    add: (loss, terms = none) => {
      done += 1;
      bad = Number.isFinite(loss) ? 0 : bad + 1;
      good.add(loss);
      losses.add(loss, terms);
      marks.add(done, () => parametersOf(step.read()));
    },
    report: () => {
      if (reported === done) return;
      reported = done;
      reports += 1;
      good.report(() => step.read());
      options.onStep?.(done, losses.last());
    },
    state: () => {
      const { facts, tensors } = good.saved();
      return {
        facts: { reports, elapsed: clock.elapsed(), ...facts, done, bad, drawn: random.drawn() },
        tensors: { ...savedTree("state", step.read()), ...tensors, ...losses.tensors(), ...marks.tensors() },
      };
    },
    moment: () => ({ reports, elapsed: clock.elapsed(), steps: done, now: clock.aborted() }),
  };
}

function countsOf(saved: StateReader | null): [done: number, bad: number, reports: number] {
  return saved === null ? [0, 0, 0] : [saved.number("done"), saved.number("bad"), saved.number("reports")];
}

function stepOf(
  objective: Objective,
  optimizer: Optimizer,
  schedule: Schedule | Plateau,
  { clip = 10, frozen = [] }: TrainModelOptions,
) {
  return (state: State, batch: never, pace: Tensor): readonly [unknown, Told<Tensor>] => {
    const { loss, terms, gradient, watched } = slopeOf(objective, state.parameters, batch);
    const moving = withoutFrozen(gradient, state.parameters, frozen);
    const [clipped, norm] = clipByGlobalNorm(moving, clip);
    const rate =
      typeof schedule === "function" ? schedule(state.optimizer.step) : (state.schedule as PlateauState).rate;
    const [parameters, next] = optimizer.update(clipped, state.optimizer as never, state.parameters, mul(rate, pace));
    // A NaN compares as false, so a bad step is the one that is not below the largest number.
    const good = less(add(norm, loss), Number.MAX_VALUE);
    const keep = (fresh: Tensor, old: Tensor): Tensor => select(good, fresh, old);
    const fresh = {
      parameters,
      optimizer: next,
      ...(typeof schedule === "function" ? {} : { schedule: schedule.update(state.schedule as PlateauState, watched) }),
    };
    return [zipTensors(keep as never, fresh, state), { loss, ...(terms === undefined ? {} : { terms }) }];
  };
}

interface Slope extends Told<Tensor> {
  readonly gradient: unknown;
  /** What a plateau is told. */
  readonly watched: Tensor;
}

/** The loss of a batch, float64, with its terms if it has them, and what is descended along. */
function slopeOf(objective: Objective, parameters: unknown, batch: never): Slope {
  const [value, gradient] = objective.descent?.(parameters, batch) ?? gradientOf(objective, parameters, batch);
  const found = convert(value, "float64");
  const { terms, watched } = objective;
  if (terms === undefined) return { loss: found, gradient, watched: found };
  const loss = sum(found);
  return { loss, terms: found, gradient, watched: watched === undefined ? loss : at(found, terms.indexOf(watched)) };
}

function gradientOf(objective: Objective, parameters: unknown, batch: never): readonly [Tensor, unknown] {
  const { value, pullback } = vjp((tree: unknown) => objective.loss(tree, batch), parameters) as Pullback<Tensor>;
  return [value, pullback(full(value.shape, 1, value.dtype))[0]];
}

function withoutFrozen(gradient: unknown, parameters: unknown, frozen: readonly string[]): unknown {
  if (frozen.length === 0) return gradient;
  const names = parameterLeaves(parameters, frozen).map(({ trainable }) => trainable);
  let next = 0;
  return mapTree(gradient, (leaf) => {
    const tensor = leaf as Tensor;
    return names[next++] === true ? tensor : full(tensor.shape, 0, tensor.dtype);
  });
}
