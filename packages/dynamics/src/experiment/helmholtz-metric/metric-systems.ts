/**
 * The systems of the first experiment of Wolf, Buck and Schäfer, 2025, arXiv:2510.06367, with the constants, starts and
 * times of its code (luwo9/LagrangianNeuralODEs).
 */
import { add, at, div, full, mul, neg, square, stack, sub, type Tensor } from "@leastaction/tensor";
import { hostMath } from "../../host-math/host-math.ts";
import type { HostRandom } from "../../random/host-random.ts";
import type { MetricSystem, MotionStart, SymmetricEntries } from "./metric-system.ts";

const pair = (draw: () => number): readonly number[] => [draw(), draw()];

/** 2 pi 3 / 4: three periods in four units of time. */
const omega = 1.5 * Math.PI;
const stiffness = [(0.8 * omega) ** 2, omega ** 2] as const;

/** x'' = -K x - C x', both diagonal. */
function oscillator(name: string, friction: readonly [number, number]): MetricSystem {
  const [c1, c2] = friction;
  const rates = [c1, (c1 + c2) / 2, c2] as const;
  return {
    name,
    field: (_t, x, v) =>
      stack([0, 1].map((i) => neg(add(mul(stiffness[i] as number, at(x, i)), mul(friction[i] as number, at(v, i)))))),
    drawStart: (random) => ({ x: pair(() => 1 + random.normal()), v: pair(() => random.normal()) }),
    duration: 4,
    samples: 150,
    noise: "together",
    limit: null,
    // The first condition leaves no entry beside the diagonal: the damped frequencies differ.
    exact: (atStart, t) => atStart.map((g, k) => (k === 1 ? 0 : g * hostMath.exp((rates[k] as number) * t))) as never,
  };
}

/** An oscillator of two frequencies without friction. */
export const undampedOscillator: MetricSystem = oscillator("undamped-oscillator", [0, 0]);

/** The same with friction. */
export const dampedOscillator: MetricSystem = oscillator("damped-oscillator", [0.4 * omega, 0.5 * omega]);

/** G M of an orbit with the semi-major axis 1 and the period 4. */
const gm = (4 * Math.PI ** 2) / 16;

/** The Kepler problem in polar coordinates (r, phi), two periods of elliptic orbits. */
export const keplerPolar: MetricSystem = {
  name: "kepler",
  field: (_t, x, v) => {
    const [r, rDot, phiDot] = [at(x, 0), at(v, 0), at(v, 1)];
    return stack([sub(mul(r, square(phiDot)), div(gm, square(r))), div(mul(-2, rDot, phiDot), r)]);
  },
  drawStart: (random): MotionStart => {
    const clipped = (mean: number, spread: number, low: number, high: number): number =>
      Math.min(high, Math.max(low, mean + spread * random.normal()));
    const eccentricity = clipped(0.5, 0.2, 0, 0.8);
    const p = Math.abs(1 + 0.1 * random.normal());
    const phi = clipped(-1.5, 0.06, -1.7, -1.4);
    const momentum = Math.sqrt(gm * p);
    const r = p / (1 + eccentricity * hostMath.cos(phi));
    return { x: [r, phi], v: [(gm * eccentricity * hostMath.sin(phi)) / momentum, momentum / r ** 2] };
  },
  duration: 8,
  samples: 500,
  noise: "by-component",
  limit: null,
  exact: ([mass], _t, [r = 1]): SymmetricEntries => [mass, 0, mass * r ** 2],
};

/** Douglas's examples without a Lagrangian: x1'' = x1² + x2², and x2'' as given. */
function douglas(name: string, second: (x: Tensor) => Tensor): MetricSystem {
  const drawn = (random: HostRandom): readonly number[] => pair(() => random.normal());
  return {
    name,
    field: (_t, x) => {
      return stack([add(square(at(x, 0)), square(at(x, 1))), second(x)]);
    },
    drawStart: (random) => ({ x: drawn(random), v: drawn(random) }),
    duration: 1,
    samples: 150,
    noise: "together",
    // Some of these motions reach infinity before the end.
    limit: 30,
    exact: null,
  };
}

/** Case IV: x2'' = x1; no matrix g but 0 is left. */
export const douglasIv: MetricSystem = douglas("douglas-iv", (x) => at(x, 0));

/** Case IIIb: x2'' = 0; a singular matrix g is left. */
export const douglasIiib: MetricSystem = douglas("douglas-iiib", (x) => full([], 0, x.dtype));
