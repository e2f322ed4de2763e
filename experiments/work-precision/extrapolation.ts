/**
 * Integration in extended precision: the smoothed midpoint rule of Gragg with extrapolation in h² (Gragg, Bulirsch, Stoer).
 * Hairer, Nørsett, Wanner, 1993, "Solving ordinary differential equations I", section II.9, equations 9.13 and 9.10,
 * doi:10.1007/978-3-540-78862-1.
 */
import { type DoubleDouble, doubleDouble, exactly, negative, product, quotient, sum } from "./double-double.ts";
import { end, type Problem } from "./problem.ts";

/** How fine an integration is. */
export interface Fineness {
  /** A step is good when its two best values differ by less, relative to the larger of 1 and the state. */
  readonly tolerance: number;
  /** Numbers of substeps, increasing: the columns of the extrapolation. */
  readonly substeps: readonly number[];
  /** The longest step. */
  readonly longest: number;
}

type State = readonly DoubleDouble[];

/** The state at the end of a problem. Errors: a step that does not converge however short. */
export function extrapolated(problem: Problem, fineness: Fineness): State {
  let y: State = problem.start.map(exactly);
  let t = 0;
  let length = fineness.longest;
  while (t < end) {
    const h = Math.min(length, end - t);
    const next = step(problem, fineness, t, y, h);
    if (next === null) {
      length = h / 2;
      if (length < 1e-6) throw new Error(`${problem.name} does not converge at t = ${t}`);
    } else {
      y = next.y;
      t += h;
      length = next.easy ? Math.min(1.5 * h, fineness.longest) : h;
    }
    // Times and steps are multiples of 2^-20, so that float64 holds them and their sums exactly.
    length = Math.max(2 ** -20, Math.floor(length * 2 ** 20) * 2 ** -20);
  }
  return y;
}

/** One step; null when the columns do not agree. `easy` when not all of them were needed. */
function step(
  problem: Problem,
  { tolerance, substeps }: Fineness,
  t: number,
  y: State,
  h: number,
): { readonly y: State; readonly easy: boolean } | null {
  let row: State[] = [];
  for (const [j, n] of substeps.entries()) {
    const next: State[] = [smoothedMidpoint(problem, t, y, h, n)];
    for (let k = 1; k <= j; k++) {
      const m = substeps[j - k] as number;
      const [better, before] = [next[k - 1] as State, row[k - 1] as State];
      const share = quotient([m * m, 0], [n * n - m * m, 0]);
      next.push(better.map((value, i) => sum(value, product(difference(value, before[i] as DoubleDouble), share))));
    }
    const [best, rival] = [next[j] as State, next[j - 1] ?? null];
    if (rival !== null && distance(best, rival) <= tolerance) return { y: best, easy: j < substeps.length - 1 };
    row = next;
  }
  return null;
}

function smoothedMidpoint(problem: Problem, t: number, y: State, length: number, n: number): State {
  const h = quotient([length, 0], [n, 0]);
  const slope = (k: number, z: State): State =>
    problem.derivative(doubleDouble, sum([t, 0], product([k, 0], h)), z).map(exactly);
  const moved = (from: State, by: DoubleDouble, f: State): State =>
    from.map((value, i) => sum(value, product(by, f[i] as DoubleDouble)));
  const twice = product([2, 0], h);
  let [before, now] = [y, moved(y, h, slope(0, y))];
  for (let k = 1; k < n; k++) [before, now] = [now, moved(before, twice, slope(k, now))];
  const ahead = moved(before, h, slope(n, now));
  return now.map((value, i) => product([0.5, 0], sum(value, ahead[i] as DoubleDouble)));
}

/** The largest difference, relative to the larger of 1 and the component. */
export function distance(a: State, b: State): number {
  const parts = a.map((value, i) => difference(value, b[i] as DoubleDouble)[0] / Math.max(1, Math.abs(value[0])));
  return Math.max(...parts.map(Math.abs));
}

function difference(a: DoubleDouble, b: DoubleDouble): DoubleDouble {
  return sum(a, negative(b));
}
