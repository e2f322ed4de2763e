/**
 * Objectives: what a model is trained for, apart from the model, the solver and the optimiser.
 *
 * An objective knows how to cut a batch from training data (on the host) and how to turn parameters and a batch into a
 * scalar (traced). All errors are in units of the data's scales, so losses of different data compare.
 * - `derivativeMatching`: rates at measured states.
 * - `rollouts`: windows of a growing length from their measured starts; of two samples it is one-step training.
 * Multiple shooting, where the starts are unknowns too, is a least-squares problem: `shooting.ts`.
 */
import {
  add,
  array,
  div,
  full,
  type HostTensor,
  mean,
  mul,
  square,
  sub,
  sum,
  type Tensor,
  vmap,
} from "@leastaction/tensor";
import type { DataPlace } from "../data/data-place.ts";
import type { MotionSegment } from "../data/prepare.ts";
import type { AnyModel, DatasetFacts, Samples } from "../model/model.ts";
import { lawOf, rollout, substepsFor } from "../model/rollout.ts";
import type { HostRandom } from "../random/host-random.ts";
import { observedRates } from "./derivative-matching.ts";
import { cutWindows, type Windows } from "./window.ts";
import { windowLines } from "./window-lines.ts";

/** What a model is trained for. */
export interface Objective {
  readonly name: string;
  /**
   * A batch as a tree of host tensors, always of the same types. `fraction` is the share of the training done, 0 to 1, and
   * `step` the number of steps: what a batch holds depends on these three alone, so that a training can go on.
   */
  readonly batch: (random: HostRandom, fraction: number, step: number) => unknown;
  /** The names of k terms that the loss is the sum of, each of which is followed. */
  readonly terms?: readonly string[];
  /** The loss of a batch: float64 scalar, or its terms [k]; traced. */
  readonly loss: (parameters: unknown, batch: never) => Tensor;
  /** The term that a rate with a state follows; default their sum. */
  readonly watched?: string;
  /** The loss as above, and what is descended along instead of its gradient, a tree like the parameters; traced. */
  readonly descent?: (parameters: unknown, batch: never) => readonly [loss: Tensor, direction: unknown];
  /** Measured observations of a batch, [k, 2 d]; traced. */
  readonly states?: (batch: never) => Tensor;
  /** For each row of a batch that `batch` gave, a batch of the same types that holds this row alone, for diagnoses. */
  readonly rows?: (batch: unknown) => readonly { readonly place: DataPlace; readonly batch: unknown }[];
}

/** The law that is trained, and the size of batches. */
export interface ObjectiveOptions {
  readonly model: AnyModel;
  readonly facts: DatasetFacts;
  /** Samples or windows in a batch; default 64 (rollouts 16). */
  readonly batch?: number;
}

/** Mean squared error of the observed rates in units of velocity scale, and of velocity scale times frequency. */
export function derivativeObjective(options: ObjectiveOptions & { readonly samples: Samples }): Objective {
  const { model, facts, samples, batch: wanted = 64 } = options;
  const law = lawOf(model, facts, 1);
  const size = Math.min(wanted, samples.count);
  const d = 2 * facts.coordinates.length;
  const c = facts.controls.length;
  const units = rateUnits(facts);
  type One = { readonly observation: Tensor; readonly rate: Tensor; readonly control?: Tensor };
  const cut = (rows: readonly number[]): unknown => {
    const pick = (values: Float64Array, width: number): HostTensor =>
      array(gathered(values, rows, width), [size, width]);
    return {
      observation: pick(samples.observations, d),
      rate: pick(samples.rates, d),
      ...(c === 0 ? {} : { control: pick(samples.controls, c) }),
    };
  };
  return {
    name: "derivative matching",
    ...drawnBatches(size, samples.count, cut, (row) => samples.place?.(row) ?? null),
    states: ({ observation }: One) => observation,
    loss: (parameters, batch) => {
      const one = ({ observation, rate, control }: One): Tensor =>
        div(sub(observedRates(law, parameters, full([], 0), observation, control ?? null), rate), units);
      return mean(square(vmap(one as never)(batch) as Tensor));
    },
  };
}

/** Options of `rolloutObjective`. */
export interface RolloutOptions extends ObjectiveOptions {
  readonly segments: readonly MotionSegment[];
  /** Samples of the longest window, at least 2; 2 is one-step training. */
  readonly samples: number;
  /** Share of the training after which windows have their full length; 0 starts with it. Default 0.6. */
  readonly growth?: number;
  /** [c] how late each control acts, s; default at once. */
  readonly delays?: readonly number[];
}

/**
 * Mean squared error of observed positions and velocities along windows, in units of their scales. The horizon grows
 * from one step to the whole window while training goes on; its length is a run-time number, nothing is recompiled.
 */
export function rolloutObjective(options: RolloutOptions): Objective {
  const { model, facts, segments, batch: wanted = 16, growth = 0.6 } = options;
  const law = lawOf(model, facts, substepsFor(facts, facts.dt));
  const d = facts.coordinates.length;
  const c = facts.controls.length;
  const windows = cutWindows(segments, d, Math.max(3, options.samples), 4096);
  const steps = Math.min(windows.length, Math.max(2, options.samples)) - 1;
  const size = Math.min(wanted, windows.count);
  const lines = windowLines(windows, options.delays ?? [], law.pieces);
  const units = array(
    Float64Array.from([
      ...facts.coordinates.map(({ scale }) => scale),
      ...facts.coordinates.map((x) => x.velocityScale),
    ]),
  );
  const cut = (rows: readonly number[], fraction: number): unknown => {
    const share = growth === 0 ? 1 : Math.min(1, fraction / growth);
    const length = Math.max(1, Math.ceil(share * steps));
    return windowBatch(windows, lines, rows, { d, c, pieces: law.pieces, steps, length });
  };
  return {
    name: steps === 1 ? "one step" : "rollout",
    ...drawnBatches(size, windows.count, cut, (row) => windows.places[row] ?? null),
    states: (batch: { readonly windows: OneWindow }) => batch.windows.start,
    loss: (parameters, batch) => {
      const { windows: given, length } = batch as { readonly windows: OneWindow; readonly length: Tensor };
      const one = ({ t, h, lines: own, start, truth, weight }: OneWindow): readonly [Tensor, Tensor] => {
        const intervals = own === undefined ? { t, h } : { t, h, lines: own };
        const states = rollout(law, parameters, law.encode(parameters, start), intervals, length);
        const observed = vmap((state: Tensor) => law.observe(parameters, state))(states);
        return [sum(mul(weight, square(div(sub(observed, truth), units)))), sum(weight)];
      };
      const [errors, counts] = vmap(one as never)(given as never) as unknown as readonly [Tensor, Tensor];
      return div(sum(errors), add(sum(counts), 1e-12));
    },
  };
}

/** Batches of `size` rows drawn from `count`, and which rows they were. */
function drawnBatches(
  size: number,
  count: number,
  cut: (rows: readonly number[], fraction: number) => unknown,
  placeOf: (row: number) => DataPlace | null,
): Required<Pick<Objective, "batch" | "rows">> {
  const drawn = new WeakMap<object, { readonly rows: readonly number[]; readonly fraction: number }>();
  return {
    batch: (random, fraction) => {
      const rows = Array.from({ length: size }, () => Math.floor(random.uniform() * count));
      const batch = cut(rows, fraction) as object;
      drawn.set(batch, { rows, fraction });
      return batch;
    },
    rows: (batch) => {
      const { rows, fraction } = drawn.get(batch as object) ?? { rows: [], fraction: 0 };
      return [...new Set(rows)].flatMap((row) => {
        const place = placeOf(row);
        return place === null ? [] : [{ place, batch: cut(new Array<number>(size).fill(row), fraction) }];
      });
    },
  };
}

/** One window of a batch. */
interface OneWindow {
  readonly t: Tensor;
  readonly h: Tensor;
  readonly lines?: Tensor;
  readonly start: Tensor;
  readonly truth: Tensor;
  readonly weight: Tensor;
}

interface BatchShape {
  readonly d: number;
  readonly c: number;
  /** Lines of the controls in an interval. */
  readonly pieces: number;
  /** Intervals of a window, and how many of them count. */
  readonly steps: number;
  readonly length: number;
}

/** The chosen windows as host tensors; what lies beyond `length` intervals has weight 0. */
function windowBatch(
  windows: Windows,
  lines: Float64Array,
  rows: readonly number[],
  { d, c, pieces, steps, length }: BatchShape,
): unknown {
  const size = rows.length;
  const T = windows.length;
  const pick = (values: Float64Array, rowsOfOne: number, width: number, kept: number): HostTensor =>
    array(gathered(values, rows, rowsOfOne * width, kept * width), width === 1 ? [size, kept] : [size, kept, width]);
  const one = pieces * 2 * c;
  const own = array(gathered(lines, rows, (T - 1) * one, steps * one), [size, steps, pieces, 2, c]);
  const weight = gathered(windows.observedWeights, rows, T * 2 * d, (steps + 1) * 2 * d);
  weight.forEach((_, at) => {
    if (Math.floor(at / (2 * d)) % (steps + 1) > length) weight[at] = 0;
  });
  return {
    windows: {
      t: pick(windows.t, T - 1, 1, steps),
      h: pick(windows.h, T - 1, 1, steps),
      ...(c === 0 ? {} : { lines: own }),
      start: array(gathered(windows.starts, rows, 2 * d), [size, 2 * d]),
      truth: pick(windows.observations, T, 2 * d, steps + 1),
      weight: array(weight, [size, steps + 1, 2 * d]),
    },
    length: array(Int32Array.of(length), []),
  };
}

function rateUnits(facts: DatasetFacts): HostTensor {
  return array(
    Float64Array.from([
      ...facts.coordinates.map(({ velocityScale }) => velocityScale),
      ...facts.coordinates.map(({ velocityScale }) => velocityScale * facts.frequency),
    ]),
  );
}

/** The first `kept` numbers of the chosen rows of `width` numbers. */
function gathered(values: Float64Array, rows: readonly number[], width: number, kept: number = width): Float64Array {
  const result = new Float64Array(rows.length * kept);
  rows.forEach((row, i) => {
    result.set(values.subarray(row * width, row * width + kept), i * kept);
  });
  return result;
}
