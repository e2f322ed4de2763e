/**
 * `helmholtz-kepler`: a metric that meets the Helmholtz conditions of the Kepler problem in polar coordinates.
 *
 * 128 orbits of 500 points; f = (r phi'² - GM / r², -2 r' phi' / r) is known, g is a network 5 → 64 → 64 → 3; RAdam (1e-2),
 * gradient norm clipped to 10.
 */
import { at, div, mean, mul, slice, square, stack, sub, type Tensor, type TensorLike, vmap } from "@leastaction/tensor";
import { type Field, helmholtzAt, metricOf, metricParameters } from "./helmholtz-loss.ts";
import { radam } from "./radam.ts";
import { normal, startWeights } from "./random.ts";
import { type Named, type Precision, type Problem, tensorOf, type Workload } from "./workload.ts";

const orbits = 128;
const times = 500;
const substeps = 20;
const end = 8;
const gm = (4 * Math.PI ** 2) / 16;

/** The workload. */
export const helmholtzKepler: Workload = {
  id: "helmholtz-kepler",
  steps: 8,
  optimiser: radam({ rate: 1e-2, clip: 10 }),
  problem,
};

function problem(dtype: Precision): Problem {
  const states = Array.from({ length: orbits }, (_, j) => orbit(j));
  const points = states.flatMap((run) => run.flatMap((state, k) => [(end * k) / (times - 1), ...state]));
  const z = tensorOf(points, [orbits, times, 5], dtype);
  const loss = (parameters: Named<Tensor>): Tensor => {
    const metric = metricOf(parameters);
    const atPoint = (point: TensorLike): Tensor =>
      helmholtzAt(kepler, metric, [at(point, 0), slice(point, 0, 1, 3), slice(point, 0, 3, 5)]);
    return mean(vmap(vmap(atPoint))(z));
  };
  return { parameters: metricParameters(startWeights(), dtype), loss };
}

/** The acceleration of x = (r, phi). */
const kepler: Field = (_, x, v) => {
  const [r, rDot, phiDot] = [at(x, 0), at(v, 0), at(v, 1)];
  return stack([sub(mul(r, square(phiDot)), div(gm, square(r))), div(mul(-2, rDot, phiDot), r)]);
};

/** States (r, phi, r', phi') along the orbit j: classical Runge–Kutta in float64. */
function orbit(j: number): State[] {
  const states = [startOf(j)];
  const h = end / (times - 1) / substeps;
  for (let k = 1; k < times; k++) {
    let state = states[k - 1] as State;
    for (let i = 0; i < substeps; i++) state = rungeKutta(state, h);
    states.push(state);
  }
  return states;
}

type State = readonly [r: number, phi: number, rDot: number, phiDot: number];

function startOf(j: number): State {
  const clip = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
  const eccentricity = clip(0.5 + 0.2 * normal(1, 3 * j), 0, 0.8);
  const p = Math.abs(1 + 0.1 * normal(1, 3 * j + 1));
  const phi = clip(-1.5 + 0.06 * normal(1, 3 * j + 2), -1.7, -1.4);
  const momentum = Math.sqrt(gm * p);
  const r = p / (1 + eccentricity * Math.cos(phi));
  return [r, phi, (gm * eccentricity * Math.sin(phi)) / momentum, momentum / r ** 2];
}

function rungeKutta(y: State, h: number): State {
  const k1 = slope(y);
  const k2 = slope(moved(y, h / 2, k1));
  const k3 = slope(moved(y, h / 2, k2));
  const k4 = slope(moved(y, h, k3));
  const total = k1.map((first, i) => first + 2 * (k2[i] as number) + 2 * (k3[i] as number) + (k4[i] as number));
  return moved(y, h / 6, total as unknown as State);
}

function slope([r, , rDot, phiDot]: State): State {
  return [rDot, phiDot, r * phiDot ** 2 - gm / r ** 2, (-2 * rDot * phiDot) / r];
}

function moved([r, phi, rDot, phiDot]: State, h: number, k: State): State {
  return [r + h * k[0], phi + h * k[1], rDot + h * k[2], phiDot + h * k[3]];
}
