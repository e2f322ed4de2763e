/**
 * Proportional, integral, derivative control of the step size.
 *
 * Söderlind, 2003, "Digital filters in adaptive time-stepping", doi:10.1145/641876.641877; the defaults are the
 * stabilised control of the code DOPRI5: Hairer, Nørsett, Wanner, 1993, "Solving ordinary differential equations I",
 * section II.4 and IV.2, with beta = 0.04.
 */
import { add, convert, exp, full, less, lessEqual, log, maximum, mul, select, type Tensor } from "@leastaction/tensor";
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
}

/** Errors below this do not count as smaller, so that one lucky step does not upset the next. */
const leastError = 1e-4;

/** The logarithm of nothing is taken. */
const leastSquare = 1e-20;

/**
 * factor = safety e_n^(-(P + I + D)/k) e_(n-1)^((P + 2 D)/k) e_(n-2)^(-D/k), within minFactor .. maxFactor, with k the
 * order of the error estimate and e in units of the tolerance. A step with e > 1 (or NaN) is rejected; a rejected step is
 * repeated with safety e^(-1/k), and the step after it does not grow. The memory holds logarithms of errors, so that a
 * decision takes one logarithm and one exponential; they are taken in float32, which is as fine as the length of a step
 * ever needs, since the next step waits for them. Whether a step is accepted is decided in float64.
 */
export function pid(options: PidOptions = {}): AdaptiveStepSize {
  const { proportional = 0.2, integral = 0.65, derivative = 0 } = options;
  const { safety = 0.9, minFactor = 0.2, maxFactor = 10 } = options;
  const short = (value: Tensor): Tensor => convert(value, "float32");
  const zero = (): Tensor => full([], 0, "float64");
  return Object.freeze({
    kind: "adaptive",
    name: "pid",
    start: () => [zero(), zero()],
    decide: (square: Tensor, order: number, [last, lastButOne]: ControllerMemory, rejected: Tensor): Decision => {
      const accept = lessEqual(square, 1);
      // Comparisons with NaN are false, here and below: such a step is rejected and shrinks as far as it may.
      const current = mul(0.5, log(short(select(less(leastSquare, square), square, leastSquare))));
      const smooth = add(
        mul(current, -(proportional + integral + derivative) / order),
        mul(short(last as Tensor), (proportional + 2 * derivative) / order),
        derivative === 0 ? 0 : mul(short(lastButOne as Tensor), -derivative / order),
      );
      const power = exp(select(accept, smooth, mul(current, -1 / order)));
      const wanted = mul(safety, convert(power, "float64"));
      const most = select(accept, select(rejected, full([], 1, "float64"), maxFactor), safety);
      const shrunk = select(less(minFactor, wanted), wanted, minFactor);
      return {
        accept,
        factor: select(lessEqual(square, Number.MAX_VALUE), select(less(shrunk, most), shrunk, most), minFactor),
        memory: [
          select(accept, maximum(convert(current, "float64"), Math.log(leastError)), last as Tensor),
          select(accept, last as Tensor, lastButOne as Tensor),
        ],
      };
    },
  });
}
