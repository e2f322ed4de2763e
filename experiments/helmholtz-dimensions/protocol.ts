/**
 * One ring of oscillators, asked for a Lagrangian in two ways: by the equations that hold at single points, and by
 * fitting g; with the relative metric in units of the motion, or as published.
 */
import {
  algebraicCertificate,
  fitMetric,
  type HelmholtzPoint,
  helmholtzMetric,
  type MetricField,
  metricNetwork,
  normaliseField,
  relativeHelmholtzMetric,
  startNear,
} from "@leastaction/dynamics";
import {
  array,
  at,
  evaluate,
  type HostTensor,
  mapTree,
  slice,
  type Target,
  type Tensor,
  vmap,
  wasm,
} from "@leastaction/tensor";
import { spread } from "../statistics.ts";
import { type Coupling, type OscillatorRing, oscillatorRing, ringMotions } from "./oscillator-ring.ts";

/** How g is fitted. */
export type Method = "relative" | "relative from identity" | "published";

/** A median of the relative metric below this means that g exists: residuals of 3 % of the rate of the motion. */
export const threshold = 1e-3;

/** Steps of a fit, where no others are asked for. */
export const usualSteps = 1000;

/** What one fit came to. */
export interface Row {
  readonly n: number;
  readonly coupling: Coupling;
  readonly seed: number;
  readonly method: Method;
  /** What the method makes small, at points of unseen motions: their median, and their mean. */
  readonly median: number;
  readonly mean: number;
  /** Totals in the course of the training. */
  readonly curve: readonly number[];
  /** Median over unseen points of |g - c g'| / |c g'|, g' exact, c one number; null where there is no exact one. */
  readonly errorOfG: number | null;
  /** Points of 12 at which no regular g is left. */
  readonly refuted: number;
  /** Median over those 12 of the smallest singular value of the equations. */
  readonly smallestSingularValue: number;
  /** Processor time of all of it, s. */
  readonly seconds: number;
}

const [motions, learned, times] = [80, 64, 40];

/** Fits one ring by one method. */
export async function measure(
  n: number,
  coupling: Coupling,
  seed: number,
  method: Method,
  { target = wasm(), steps = usualSteps }: { readonly target?: Target; readonly steps?: number } = {},
): Promise<Row> {
  const begin = process.cpuUsage();
  const ring = oscillatorRing(n, coupling, seed);
  const measured = ringMotions(ring, motions, times, seed);
  const { field, points, made, original } = questionOf(ring, measured, method);
  const rows = rowsOf(points);
  const seen = rows.slice(0, learned * times);
  const some = array(seen.filter((_, i) => i % Math.ceil(seen.length / 12) === 0));
  const { remaining, refuted, start } = algebraicCertificate({ field, points: some, derivatives: 1 });
  const smallest = remaining.map(({ singularValues }) => singularValues.at(-1) as number).sort((a, b) => a - b);

  const published = metricNetwork({ dimensions: n, hidden: [32, 32], timeDependent: false });
  const network =
    method === "published" ? published : startNear(published, method === "relative" ? start : identity(n));
  const { parameters, curve } = await fitMetric({
    field,
    // Each point by itself, so that a batch has some of all motions.
    points: array(seen.map((row) => [row])),
    network,
    measure: made,
    steps,
    seed,
    schedule: { initial: 1e-2, patience: 80 },
    intervals: 20,
    target,
  });
  // Learned in float32, asked in float64.
  const metric = network.metric(mapTree(parameters, inFloat64) as never);
  const totals = over(array(unseenOf(rows)), (...point) => made(field, metric, point).total).flat();
  const spent = process.cpuUsage(begin);
  return {
    n,
    coupling,
    seed,
    method,
    median: median(totals),
    mean: spread(totals).mean,
    curve: curve.map(({ total }) => Number(total.toPrecision(3))),
    errorOfG: coupling === "one-sided" ? null : errorOfG(ring, original(metric), unseenOf(rowsOf(measured))),
    refuted,
    smallestSingularValue: smallest[Math.floor(smallest.length / 2)] as number,
    seconds: (spent.user + spent.system) / 1e6,
  };
}

/** Every fourth point of the motions that are not learned from. */
function unseenOf(rows: readonly number[][]): number[][] {
  return rows.slice(learned * times).filter((_, i) => i % 4 === 0);
}

/** What is asked: the field in units of its own motion and the relative metric, or all as it is and the published one. */
function questionOf(ring: OscillatorRing, measured: HostTensor, method: Method) {
  return method === "published"
    ? { field: ring.field, points: measured, made: helmholtzMetric, original: (metric: MetricField) => metric }
    : { ...normaliseField(ring.field, measured), made: relativeHelmholtzMetric };
}

/** Median over points of |g - c g'| / |c g'| with the exact g' and the one c that is the median of what fits each point. */
function errorOfG(
  { metric: exact }: OscillatorRing,
  metric: MetricField,
  rows: readonly (readonly number[])[],
): number {
  const points = array(rows);
  const [found, right] = [over(points, metric), over(points, exact)];
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, x, i) => sum + x * (b[i] as number), 0);
  const c = median(
    found.map((g, k) => product(g, right[k] as number[]) / product(right[k] as number[], right[k] as number[])),
  );
  return median(
    found.map((g, k) => {
      const scaled = (right[k] as number[]).map((x) => c * x);
      const rest = g.map((x, i) => x - (scaled[i] as number));
      return Math.sqrt(product(rest, rest) / product(scaled, scaled));
    }),
  );
}

function median(values: readonly number[]): number {
  return spread(values).median;
}

/** The values of a function of t, x and v at rows of points. */
function over(rows: HostTensor, f: (...point: HelmholtzPoint) => Tensor): number[][] {
  const [count = 0, width = 1] = rows.shape;
  const n = (width - 1) / 2;
  const row = (here: Tensor): Tensor => f(at(here, 0), slice(here, 0, 1, 1 + n), slice(here, 0, 1 + n, width));
  const { data } = evaluate(vmap(row), rows);
  const size = data.length / count;
  return Array.from({ length: count }, (_, k) => Array.from(data.slice(k * size, (k + 1) * size), Number));
}

function rowsOf({ data, shape }: HostTensor): number[][] {
  const width = shape.at(-1) as number;
  return Array.from({ length: data.length / width }, (_, k) =>
    Array.from(data.slice(k * width, (k + 1) * width), Number),
  );
}

function inFloat64(leaf: unknown): HostTensor {
  const { data, shape } = leaf as HostTensor;
  return array(Float64Array.from(data), shape);
}

function identity(n: number): HostTensor {
  return array(Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_each, j) => Number(i === j))));
}
