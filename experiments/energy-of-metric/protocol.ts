/**
 * The energy of Kepler's problem in polar coordinates from a g that a network learned, in two ways: by integrals of g along lines
 * from a reference state (`lagrangianOfMetric`), and by an energy fitted to states of the motions (`energyOnMotions`).
 *
 * 40 bound motions for fitting, 20 others for asking. Of both energies: what they change along a motion over how much they
 * differ between states, and how far they are from the true energy, up to a scale and a constant.
 */
import {
  energyOnMotions,
  fitMetric,
  hostRandom,
  lagrangianOfMetric,
  type MetricField,
  metricNetwork,
  type SecondOrderField,
  solveOnGrid,
} from "@leastaction/dynamics";
import {
  array,
  at,
  concatenate,
  div,
  evaluate,
  full,
  type HostTensor,
  mapTree,
  mul,
  slice,
  square,
  stack,
  sub,
  type Tensor,
  vmap,
} from "@leastaction/tensor";

import { spread } from "../statistics.ts";

/** An energy, asked on motions that nothing was fitted to. */
export interface EnergyQuality {
  /** Root of the mean variance along motions over the spread between all states: 0 kept, 1 says nothing. */
  readonly drift: number;
  /** The same of the typical motion: medians in place of both, so that one motion outside the data does not count. */
  readonly typicalDrift: number;
  /** 1 - R² of a straight line from it to the true energy, root of it: 0 the same, 1 unrelated. */
  readonly error: number;
}

/** One g. */
export interface Row {
  readonly g: "exact" | "learned";
  readonly seed: number;
  readonly steps: number;
  /** The Helmholtz metric at the end of the training; null for the exact g. */
  readonly metric: number | null;
  readonly lines: EnergyQuality;
  readonly motions: EnergyQuality;
  /** What `energyOnMotions` says of itself, from motions that it leaves out. */
  readonly ownDrift: number;
}

const field: SecondOrderField = (_t, x, v) => {
  const [r, rDot, phiDot] = [at(x, 0), at(v, 0), at(v, 1)];
  return stack([sub(mul(r, square(phiDot)), div(1, square(r))), div(mul(-2, rDot, phiDot), r)]);
};
const exactMetric: MetricField = (_t, x) => {
  const r2 = square(at(x, 0));
  const [one, none] = [full([], 1, x.dtype), mul(0, r2)];
  return stack([stack([one, none]), stack([none, r2])]);
};
const [fitted, asked, times] = [40, 20, 40];

/** The exact g where `steps` is 0. */
export async function rowOf(seed: number, steps: number): Promise<Row> {
  const all = keplerMotions(fitted + asked, seed);
  const split = fitted * times * 5;
  const points = array(all.slice(0, split), [fitted, times, 5]);
  const others = array(all.slice(split), [asked * times, 5]);
  let metric = exactMetric;
  let final: number | null = null;
  if (steps > 0) {
    const network = metricNetwork({ dimensions: 2, timeDependent: false });
    const schedule = { initial: 1e-2, patience: 300 };
    const { parameters, curve } = await fitMetric({ field, points, network, steps, seed, batch: 16, schedule });
    final = curve.at(-1)?.total ?? null;
    metric = network.metric(mapTree(parameters, inFloat64) as never);
  }
  const means = Array.from({ length: 5 }, (_, i) => mean(Array.from(all).filter((__, k) => k % 5 === i)));
  const lines = lagrangianOfMetric({ field, metric, reference: means.slice(1, 3), velocity: means.slice(3) }).energy;
  const { energy, drift } = energyOnMotions({ field, metric, points });
  return {
    g: steps > 0 ? "learned" : "exact",
    seed,
    steps,
    metric: final,
    lines: qualityOf(lines, others),
    motions: qualityOf((_t, x, v) => energy(x, v), others),
    ownDrift: drift,
  };
}

function qualityOf(energy: (t: Tensor, x: Tensor, v: Tensor) => Tensor, rows: HostTensor): EnergyQuality {
  const one = (row: Tensor): Tensor => energy(at(row, 0), slice(row, 0, 1, 3), slice(row, 0, 3));
  const found = Array.from((evaluate(vmap(one), rows) as HostTensor).data, Number);
  const truth = found.map((_, i) => {
    const [r = 1, , rDot = 0, phiDot = 0] = Array.from(rows.data.slice(5 * i + 1, 5 * i + 5), Number);
    return (rDot ** 2 + (r * phiDot) ** 2) / 2 - 1 / r;
  });
  const along = Array.from({ length: asked }, (_, k) => variance(found.slice(k * times, (k + 1) * times)));
  const [middle, trueMiddle] = [mean(found), mean(truth)];
  const both = mean(found.map((value, i) => (value - middle) * ((truth[i] as number) - trueMiddle)));
  return {
    drift: rounded(Math.sqrt(mean(along) / variance(found))),
    typicalDrift: rounded(
      Math.sqrt(median(along)) / (1.4826 * median(found.map((value) => Math.abs(value - median(found))))),
    ),
    error: rounded(Math.sqrt(Math.max(0, 1 - both ** 2 / (variance(found) * variance(truth))))),
  };
}

/** Bound motions of 4 time units, flat rows (t, r, phi, r', phi'). */
function keplerMotions(count: number, seed: number): Float64Array {
  const random = hostRandom(seed).fork(7);
  const within = (low: number, high: number): number => low + (high - low) * random.uniform();
  const starts = Array.from({ length: count }, () => {
    const r = within(0.8, 1.4);
    return [r, within(-0.5, 0.5), within(-0.2, 0.2), within(0.8, 1.1) / r ** 1.5];
  });
  const grid = Array.from({ length: times }, (_, k) => (4 * k) / (times - 1));
  const motion = (y0: Tensor): Tensor =>
    solveOnGrid({
      field: (t, y: Tensor) => {
        const [x, v] = [slice(y, 0, 0, 2), slice(y, 0, 2)];
        return concatenate([v, field(t, x, v)]);
      },
      times: grid,
      y0,
      substeps: 8,
    });
  const { data } = evaluate(vmap(motion), array(starts)) as HostTensor;
  return Float64Array.from(
    starts.flatMap((_, k) =>
      grid.flatMap((t, i) => [t, ...Array.from(data.slice(4 * (k * times + i), 4 * (k * times + i + 1)), Number)]),
    ),
  );
}

function inFloat64(leaf: unknown): HostTensor {
  const { data, shape } = leaf as HostTensor;
  return array(Float64Array.from(data), shape);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  return spread(values).median;
}

function variance(values: readonly number[]): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
