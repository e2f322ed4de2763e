/**
 * A field in units of its own motion, so that residuals of one system compare with those of another.
 *
 * From points of the motion: coordinates y = B^-1 (x - centre) and time tau = rate t, chosen so that over the points the
 * velocities dy/dtau have mean squares of 1 and no correlations, and the accelerations a mean square of 1 in the mean over the coordinates.
 * Two ways to write a motion that differ by a regular linear change of x then differ by a turn of y only.
 */
import {
  add,
  array,
  at,
  cholesky,
  concatenate,
  convert,
  div,
  evaluate,
  type HostTensor,
  linearSolve,
  matmul,
  mean,
  mul,
  slice,
  sqrt,
  square,
  sub,
  type Tensor,
  TensorError,
  transpose,
  triangularSolve,
  vmap,
} from "@leastaction/tensor";
import type { MetricField, SecondOrderField } from "./second-order-field.ts";

/** A field in units of its own motion. */
export interface NormalisedField {
  /** d²y/dtau² of (tau, y, dy/dtau), for points of any float type. */
  readonly field: SecondOrderField;
  /** The points in these units, float64, of the shape they had. */
  readonly points: HostTensor;
  /** tau / t, in 1/s: a typical rate of the motion. */
  readonly rate: number;
  /** B: float64 [n, n], lower triangular. */
  readonly basis: HostTensor;
  /** The metric of x that belongs to one of y: B^-T g B^-1, at the same place. */
  readonly original: (metric: MetricField) => MetricField;
}

/**
 * Puts a field and points of its motion into units of that motion.
 *
 * @param points [..., 1 + 2 n], rows (t, x, v)
 * @throws TensorError for velocities in fewer directions than there are coordinates, and for points without acceleration
 */
export function normaliseField(field: SecondOrderField, points: HostTensor): NormalisedField {
  const width = points.shape.at(-1) as number;
  const n = (width - 1) / 2;
  const rows = array(Float64Array.from(points.data), [points.data.length / width, width]);
  const found = evaluate((all: Tensor) => scalesOf(field, all, n), rows);
  const rate = found.rate.data[0] as number;
  if (!(rate > 0 && Number.isFinite(rate) && leastShare(found.spread, n) > 1e-10)) {
    throw new TensorError(
      `Cannot normalise a field: expected points that move in all ${n} directions and are accelerated, got ${rows.shape[0]} points that are not`,
      "Leave out coordinates that follow from others, or record motions in which all of them move.",
    );
  }
  const basis = array(
    Float64Array.from(found.spread.data, (x) => x / rate),
    [n, n],
  );
  const as = (value: HostTensor, like: Tensor): Tensor => convert(value, like.dtype);
  const out = (y: Tensor): Tensor => matmul(as(basis, y), y);
  const back = (x: Tensor): Tensor => triangularSolve(as(basis, x), x);
  const place = (x: Tensor): Tensor => back(sub(x, as(found.centre, x)));
  const speed = (v: Tensor): Tensor => div(back(v), rate);
  return {
    field: (tau, y, w) => {
      const there = field(div(tau, rate), add(as(found.centre, y), out(y)), mul(rate, out(w)));
      return div(back(there), rate ** 2);
    },
    points: array(
      evaluate(
        vmap((row: Tensor) =>
          concatenate([
            mul(rate, slice(row, 0, 0, 1)),
            place(slice(row, 0, 1, 1 + n)),
            speed(slice(row, 0, 1 + n, width)),
          ]),
        ),
        rows,
      ).data as Float64Array,
      points.shape,
    ),
    rate,
    basis,
    original: (metric) => (t, x, v) => {
      const half = (matrix: Tensor): Tensor => linearSolve(transpose(as(basis, matrix)), matrix);
      return half(transpose(half(metric(mul(rate, t), place(x), speed(v)))));
    },
  };
}

/** Mean place [n], a root of the mean square of velocities [n, n], and the rate [] of points [k, 1 + 2 n]. */
function scalesOf(field: SecondOrderField, points: Tensor, n: number) {
  const places = slice(points, 1, 1, 1 + n);
  const speeds = slice(points, 1, 1 + n, 1 + 2 * n);
  const spread = cholesky(div(matmul(transpose(speeds), speeds), points.shape[0] as number));
  const pulls = vmap((row: Tensor) => field(at(row, 0), slice(row, 0, 1, 1 + n), slice(row, 0, 1 + n, 1 + 2 * n)))(
    points,
  );
  const rates = triangularSolve(spread, transpose(pulls));
  return { centre: mean(places, 0), spread, rate: sqrt(mean(square(rates))) };
}

/** The least share of a velocity's mean square that does not follow from the velocities before it. */
function leastShare({ data }: HostTensor, n: number): number {
  const shares = Array.from({ length: n }, (_, i) => {
    const row = Array.from(data.slice(i * n, i * n + i + 1), (x) => Number(x) ** 2);
    return (row[i] as number) / row.reduce((sum, x) => sum + x, 0);
  });
  return Math.min(...shares);
}
