/**
 * Training by gradient descent: any model, any objective, any optimiser, compiled as one step.
 *
 * The state (parameters, moments, count of steps) stays inside the compiled step; the host only cuts batches. A step
 * whose loss or gradient is not finite leaves the parameters as they were; after twenty in a row training has diverged
 * and ends with the last good parameters. It runs in slices of a few milliseconds and rests between them.
 */
import {
  add,
  compile,
  convert,
  full,
  type HostTensor,
  less,
  mapTree,
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
import { hostRandom } from "../random/host-random.ts";
import type { Objective } from "./objective.ts";
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
  /** Called after each slice. */
  readonly onStep?: (step: number, loss: number) => void;
  /** Default: made from `signal` and `timeBudget`. */
  readonly clock?: Clock;
}

/** A training that has ended. */
export interface TrainedParameters {
  /** A tree of host tensors. */
  readonly parameters: unknown;
  /** Mean loss of each hundredth of the steps that were made. */
  readonly losses: readonly number[];
  readonly steps: number;
  readonly status: "finished" | "stopped" | "diverged";
}

interface State {
  readonly parameters: unknown;
  readonly optimizer: { readonly step: Tensor; readonly moments: readonly unknown[] };
}

/** ms between rests. */
const sliceTime = 8;
const mostBadSteps = 20;

/** Trains parameters. */
export async function trainModel(options: TrainModelOptions): Promise<TrainedParameters> {
  const { objective, steps, seed = 0, optimizer = adam(), target = wasm() } = options;
  const clock = options.clock ?? clockOf(options);
  const random = hostRandom(seed).fork(77);
  const initial = { parameters: options.parameters, optimizer: optimizer.init(options.parameters) };
  const schedule = options.schedule ?? cosineSchedule({ peak: 3e-3, steps });
  const step = compile(
    stepOf(objective, optimizer, schedule, options) as never,
    [specOf(initial), specOf(objective.batch(hostRandom(seed), 0))],
    target,
  );
  step.load(initial);
  const losses = new Losses(steps);
  let [bad, done, since] = [0, 0, performance.now()];
  let status: TrainedParameters["status"] = "finished";
  while (done < steps) {
    const { loss } = (await step.run(objective.batch(random, done / steps))) as { loss: HostTensor };
    const value = loss.data[0] as number;
    done += 1;
    bad = Number.isFinite(value) ? 0 : bad + 1;
    losses.add(value);
    if (bad >= mostBadSteps) status = "diverged";
    else if (clock.over()) status = "stopped";
    if (status !== "finished") break;
    if (performance.now() - since < sliceTime) continue;
    options.onStep?.(done, losses.last());
    await clock.rest();
    since = performance.now();
  }
  options.onStep?.(done, losses.last());
  const { parameters } = step.read() as { readonly parameters: unknown };
  return { parameters, losses: losses.means(), steps: done, status };
}

function stepOf(
  objective: Objective,
  optimizer: Optimizer,
  schedule: Schedule,
  { clip = 10, frozen = [] }: TrainModelOptions,
) {
  return (state: State, batch: never): readonly [unknown, { readonly loss: Tensor }] => {
    const [loss, gradient] = valueAndGrad((parameters: unknown) => objective.loss(parameters, batch))(state.parameters);
    const moving = withoutFrozen(gradient, state.parameters, frozen);
    const [clipped, norm] = clipByGlobalNorm(moving, clip);
    const rate = schedule(state.optimizer.step);
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
  readonly #sums: number[] = [];
  readonly #counts: number[] = [];
  readonly #width: number;
  #steps = 0;

  constructor(steps: number) {
    this.#width = Math.max(1, steps / 100);
  }

  add(loss: number): void {
    const bin = Math.floor(this.#steps++ / this.#width);
    this.#sums[bin] = (this.#sums[bin] ?? 0) + loss;
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
  }

  last(): number {
    return this.means().at(-1) ?? Number.NaN;
  }

  means(): readonly number[] {
    return this.#sums.map((sum, bin) => sum / (this.#counts[bin] as number));
  }
}
