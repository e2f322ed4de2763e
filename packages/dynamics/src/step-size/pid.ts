/**
 * Proportional, integral, derivative control of the step size.
 *
 * Söderlind, 2003, "Digital filters in adaptive time-stepping", doi:10.1145/641876.641877; the defaults are the
 * stabilised control of the code DOPRI5: Hairer, Nørsett, Wanner, 1993, "Solving ordinary differential equations I",
 * section II.4 and IV.2, with beta = 0.04.
 */

import {
  add,
  convert,
  full,
  less,
  lessEqual,
  log,
  mul,
  select,
  type Tensor,
  TensorError,
  type TensorLike,
} from "@leastaction/tensor";
import { hostMath } from "../host-math/host-math.ts";
import { boundedExponential } from "./bounded-exponential.ts";
import type { AdaptiveStepSize, ControllerMemory, Decision } from "./step-size.ts";

/** Options of `pid`. */
export interface PidOptions {
  /** Gain on the change of the error; default 0.2. */
  readonly proportional?: number;
  /** Gain on the error; default 0.65. 1, with the others 0, is the elementary controller. */
  readonly integral?: number;
  /** Gain on the second difference; default 0. */
  readonly derivative?: number;
  /** Default 0.9. */
  readonly safety?: number;
  /** Smallest factor from one step to the next; default 0.2. */
  readonly minFactor?: number;
  /** Largest factor; default 10. */
  readonly maxFactor?: number;
  /**
   * Shortest step, positive: a scalar, on the host or known at run time; default: what changes the time. A step of this
   * length that is rejected ends the integration with `stepSizeUnderflow`; a step to a time that must be hit may be shorter.
   */
  readonly dtMin?: TensorLike;
  /** Longest step, positive; default: any. */
  readonly dtMax?: TensorLike;
}

/** Errors below this do not count as smaller, so that one lucky step does not upset the next. */
const leastError = 1e-4;

/** Squares of errors are taken as within these before their logarithm is made; NaN as the greatest. */
const leastSquare = 1e-20;
const greatestSquare = 1e38;

/**
 * factor = safety e_n^(-(P + I + D)/k) e_(n-1)^((P + 2 D)/k) e_(n-2)^(-D/k), within minFactor .. maxFactor, with k the
 * order of the error estimate and e in units of the tolerance. A step with e > 1 (or NaN) is rejected; a rejected step is
 * repeated with safety e^(-1/k), and the step after it does not grow. The memory holds logarithms of errors, so that a
 * decision takes one logarithm, in float32, which is as fine as the length of a step ever needs, and one exponential of
 * bounded size, good to 3e-6 at the largest factors: the next step waits for both. Whether a step is accepted is decided in
 * float64.
 *
 * Gains of the literature, as P, I, D: elementary control 0, 1, 0; Gustafsson's 0.4, 0.3, 0 (`pi`); H211PI of Söderlind
 * -1/6, 1/3, 0; H312PID of Söderlind -2/9, 2/9, 1/18.
 * Errors: factors that do not allow a step to shrink and to stay, limits that are not positive or cross.
 */
export function pid(options: PidOptions = {}): AdaptiveStepSize {
  expectFactors(options);
  const { dtMin, dtMax } = options;
  const { proportional = 0.2, integral = 0.65, derivative = 0 } = options;
  const { safety = 0.9, minFactor = 0.2, maxFactor = 10 } = options;
  const bounds = [minFactor, maxFactor, safety].map((factor) => Math.min(20, Math.abs(hostMath.log(factor))));
  const exponential = boundedExponential(Math.max(...bounds));
  const zero = (): Tensor => full([], 0, "float64");
  return Object.freeze({
    kind: "adaptive",
    name: "pid",
    ...(dtMin === undefined ? {} : { dtMin }),
    ...(dtMax === undefined ? {} : { dtMax }),
    start: () => [zero(), zero()],
    decide: (square: Tensor, order: number, [last, lastButOne]: ControllerMemory, rejected: Tensor): Decision => {
      const accept = lessEqual(square, 1);
      // Comparisons with NaN are false: such a step is rejected and shrinks as far as it may.
      const bounded = select(less(square, greatestSquare), square, greatestSquare);
      const within = select(less(bounded, leastSquare), leastSquare, bounded);
      const logSquare = convert(log(convert(within, "float32")), "float64");
      const gains = [-(proportional + integral + derivative) / 2, proportional + 2 * derivative, -derivative];
      const [now, before, earlier] = gains.map((gain) => (gain / order) * exponential.part) as [number, number, number];
      const past = add(mul(last as Tensor, before), earlier === 0 ? 0 : mul(lastButOne as Tensor, earlier));
      // The safety factor is part of the exponent: its logarithm is added to what is known before.
      const margin = hostMath.log(safety) * exponential.part;
      const shrinking = add(mul(logSquare, (-0.5 / order) * exponential.part), margin);
      const exponent = select(accept, add(mul(logSquare, now), add(past, margin)), shrinking);
      // A little below the smallest factor, which is then met to the last bit.
      const least = (hostMath.log(minFactor) - 1e-5) * exponential.part;
      const wanted = exponential.of(select(less(exponent, least), least, exponent));
      const most = select(accept, select(rejected, full([], 1, "float64"), maxFactor), safety);
      const atMost = select(less(most, wanted), most, wanted);
      const current = mul(0.5, logSquare);
      const leastLog = hostMath.log(leastError);
      return {
        accept,
        factor: select(less(atMost, minFactor), minFactor, atMost),
        memory: [
          select(accept, select(less(current, leastLog), leastLog, current), last as Tensor),
          select(accept, last as Tensor, lastButOne as Tensor),
        ],
      };
    },
  });
}

function expectFactors({ safety = 0.9, minFactor = 0.2, maxFactor = 10, dtMin, dtMax }: PidOptions): void {
  if (!(minFactor > 0 && minFactor < 1 && maxFactor >= 1 && safety > 0 && safety < 1)) {
    throw new TensorError(
      `Cannot control steps: expected 0 < minFactor < 1 <= maxFactor and 0 < safety < 1, got ${minFactor}, ${maxFactor} and ${safety}`,
      "A rejected step must become shorter, or the integration would not end.",
    );
  }
  const [least, most] = [typeof dtMin === "number" ? dtMin : 0, typeof dtMax === "number" ? dtMax : Infinity];
  if (least >= 0 && most > 0 && least <= most && least < Infinity) return;
  throw new TensorError(
    `Cannot control steps: expected dtMin and dtMax to be positive and dtMin at most dtMax, got ${least} and ${most}`,
    "Both are lengths, positive for backward time too.",
  );
}
