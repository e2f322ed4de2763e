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
  type Compiled,
  compile,
  convert,
  full,
  type HostTensor,
  less,
  mapTree,
  mul,
  select,
  specOf,
  type Target,
  type Tensor,
  valueAndGrad,
  wasm,
} from "@leastaction/tensor";
import { parameterLeaves } from "../model/flat-parameters.ts";
import { zipTensors } from "../nn/tensor-tree.ts";
import { adam } from "../optim/adam.ts";
import { clipByGlobalNorm } from "../optim/clip-by-global-norm.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { cosineSchedule, type Schedule } from "../optim/schedule.ts";
import { type HostRandom, hostRandom } from "../random/host-random.ts";
import type { CheckpointMoment, Checkpoints, SavedState } from "./checkpoint.ts";
import { diagnoseDivergence } from "./diagnose-divergence.ts";
import type { Divergence } from "./divergence.ts";
import { type LastGoodState, lastGoodState, mostRetreats } from "./last-good-state.ts";
import type { Objective } from "./objective.ts";
import { readState, type StateReader, savedFloats, savedTree } from "./read-state.ts";
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
  /** Default: cosine from 3e-3 to 0 over all steps. */
  readonly schedule?: Schedule;
  /** Limit of the gradient's norm; default 10. */
  readonly clip?: number;
  /** Top-level names of parameters that stay as they are. */
  readonly frozen?: readonly string[];
  /** Default `wasm()`. */
  readonly target?: Target;
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
  /** Mean loss of each hundredth of the steps that were made. */
  readonly losses: readonly number[];
  readonly steps: number;
  readonly status: "finished" | "stopped" | "diverged";
  /** Why it diverged. */
  readonly divergence: Divergence | null;
}

interface State {
  readonly parameters: unknown;
  readonly optimizer: { readonly step: Tensor; readonly moments: readonly unknown[] };
}

/** ms between rests. */
const sliceTime = 8;
const mostBadSteps = 20;
/** Reports of a training, and the most steps between two of them. */
const reportsWanted = 300;
const mostBetweenReports = 50;

/** Trains parameters. Errors: the state of another training. */
export async function trainModel(options: TrainModelOptions): Promise<TrainedParameters> {
  const { objective, steps, seed = 0, optimizer = adam(), target = wasm(), checkpoints } = options;
  const initial = { parameters: options.parameters, optimizer: optimizer.init(options.parameters) };
  const schedule = options.schedule ?? cosineSchedule({ peak: 3e-3, steps });
  const step = compile(
    stepOf(objective, optimizer, schedule, options) as never,
    [specOf(initial), specOf(objective.batch(hostRandom(seed), 0)), specOf(array(1))],
    target,
  );
  const course = courseOf(options, initial, step, checkpoints?.last ?? null);
  const { random, losses, clock } = course;
  const every = Math.max(1, Math.min(mostBetweenReports, Math.ceil(steps / reportsWanted)));
  let since = performance.now();
  let status: TrainedParameters["status"] = "finished";
  let divergence: Divergence | null = null;
  while (course.done < steps && status === "finished") {
    const batch = objective.batch(random, course.done / steps);
    const { loss } = (await step.run(batch, array(course.good.pace()))) as { loss: HostTensor };
    course.add(loss.data[0] as number);
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
  return { parameters: parametersOf(step.read()), losses: losses.means(), steps: course.done, status, divergence };
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
  readonly losses: Losses;
  readonly clock: Clock;
  readonly add: (loss: number) => void;
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
  const losses = new Losses(options.steps, saved);
  let done = saved?.number("done") ?? 0;
  let bad = saved?.number("bad") ?? 0;
  let reports = saved?.number("reports") ?? 0;
  let reported = done;
  const good = lastGoodState(initial, saved);
  step.load(saved === null ? initial : saved.tree("state", initial));
  if (saved !== null) {
    step.ranBefore(done);
    random.goOn(saved.number("drawn"));
  }
  const numbers = () => ({ reports, elapsed: clock.elapsed() });
  return {
    get done() {
      return done;
    },
    get bad() {
      return bad;
    },
    random,
    losses,
    clock,
    good,
    goBack: () => {
      step.load(good.state());
      bad = 0;
      return good.goBack();
    },
    add: (loss) => {
      done += 1;
      bad = Number.isFinite(loss) ? 0 : bad + 1;
      good.add(loss);
      losses.add(loss);
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
        facts: { ...numbers(), ...facts, done, bad, drawn: random.drawn() },
        tensors: { ...savedTree("state", step.read()), ...tensors, ...losses.tensors() },
      };
    },
    moment: () => ({ ...numbers(), steps: done, now: clock.aborted() }),
  };
}

function stepOf(
  objective: Objective,
  optimizer: Optimizer,
  schedule: Schedule,
  { clip = 10, frozen = [] }: TrainModelOptions,
) {
  return (state: State, batch: never, pace: Tensor): readonly [unknown, { readonly loss: Tensor }] => {
    const [loss, gradient] = valueAndGrad((parameters: unknown) => objective.loss(parameters, batch))(state.parameters);
    const moving = withoutFrozen(gradient, state.parameters, frozen);
    const [clipped, norm] = clipByGlobalNorm(moving, clip);
    const rate = mul(schedule(state.optimizer.step), pace);
    const [parameters, next] = optimizer.update(clipped, state.optimizer as never, state.parameters, rate);
    // A NaN compares as false, so a bad step is the one that is not below the largest number.
    const good = less(add(norm, convert(loss, "float64")), Number.MAX_VALUE);
    const keep = (fresh: Tensor, old: Tensor): Tensor => select(good, fresh, old);
    const kept = zipTensors(
      keep as never,
      { parameters, optimizer: next },
      {
        parameters: state.parameters,
        optimizer: state.optimizer,
      },
    );
    return [kept, { loss: convert(loss, "float64") }];
  };
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

/** Means of the loss over hundredths of a training. */
class Losses {
  readonly #sums: number[];
  readonly #counts: number[];
  readonly #width: number;
  #steps: number;

  constructor(steps: number, saved: StateReader | null) {
    this.#width = Math.max(1, steps / 100);
    this.#sums = [...(saved?.floats("losses/sums") ?? [])];
    this.#counts = [...(saved?.floats("losses/counts", this.#sums.length) ?? [])];
    this.#steps = saved?.number("done") ?? 0;
  }

  /** A loss that is not finite belongs to a step that was not made: it counts as one, and not in the mean. */
  add(loss: number): void {
    const bin = Math.floor(this.#steps++ / this.#width);
    this.#sums[bin] ??= 0;
    this.#counts[bin] ??= 0;
    if (!Number.isFinite(loss)) return;
    this.#sums[bin] = (this.#sums[bin] ?? 0) + loss;
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
  }

  last(): number {
    return this.means().findLast(Number.isFinite) ?? Number.NaN;
  }

  means(): readonly number[] {
    return this.#sums.map((sum, bin) => sum / (this.#counts[bin] as number));
  }

  tensors(): SavedState["tensors"] {
    return { "losses/sums": savedFloats(this.#sums), "losses/counts": savedFloats(this.#counts) };
  }
}
