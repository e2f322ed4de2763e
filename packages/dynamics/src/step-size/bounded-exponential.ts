/**
 * Exponentials of numbers whose size is known, without the search for powers of two: what the next step waits for.
 */

import { add, mul, type Tensor } from "@leastaction/tensor";
import { hostMath } from "../host-math/host-math.ts";

/** An exponential for arguments that come divided by 2^halvings. */
export interface BoundedExponential {
  /** 2^-halvings: what arguments are to be multiplied by before. */
  readonly part: number;
  /** e^(x / part), by a Taylor polynomial of degree 7 and squares. */
  readonly of: (x: Tensor) => Tensor;
}

/**
 * For arguments up to `greatest` in size. The relative error is below 8e-7 2^halvings (0.6^8 e^0.6 / 8!), at the ends.
 *
 * @param greatest positive
 */
export function boundedExponential(greatest: number): BoundedExponential {
  const halvings = Math.max(0, Math.ceil(hostMath.log(greatest / 0.6) / Math.LN2));
  const of = (x: Tensor): Tensor => {
    let power = taylor(x);
    for (let k = 0; k < halvings; k++) power = mul(power, power);
    return power;
  };
  return { part: 2 ** -halvings, of };
}

/** In pairs, and pairs of pairs: a chain of three products and sums. */
function taylor(x: Tensor): Tensor {
  const square = mul(x, x);
  const low = add(add(1, x), mul(square, add(1 / 2, mul(x, 1 / 6))));
  const high = add(add(1 / 24, mul(x, 1 / 120)), mul(square, add(1 / 720, mul(x, 1 / 5040))));
  return add(low, mul(mul(square, square), high));
}
