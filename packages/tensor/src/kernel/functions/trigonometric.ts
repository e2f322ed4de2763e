/**
 * sin and cos.
 *
 * x = n pi/2 + (r + rest), |r| <= pi/4. Up to about 3200 (float32) or 1.6 million (float64) pi/2 is subtracted in four
 * parts whose products with n are exact (Cody and Waite); beyond that a branch, taken when any lane needs it, multiplies
 * by 2/pi in as many digits as the exponent asks for (Payne and Hanek; `reduce-huge.ts`). Then both kernels on
 * |r| <= pi/4, after fdlibm (k_sin.c, k_cos.c), and the quadrant chooses.
 */
import type { Block } from "../block.ts";
import {
  abs,
  add,
  and,
  bitcast,
  equal,
  fromBits,
  highBits,
  less,
  lowBits,
  mul,
  read,
  select,
  shiftLeft,
  sub,
  xor,
} from "../build.ts";
import type { Expression } from "../kernel.ts";
import { fastCos, fastSin } from "./fast-trigonometric.ts";
import { byType, roundBoth } from "./float-format.ts";
import { polynomial } from "./polynomial.ts";
import { reduceHuge } from "./reduce-huge.ts";
import type { Reduced } from "./reduced.ts";

const halfPi = {
  float32: [1.57080078125, -4.410743713378906e-6, -4.371395334601402e-8, 2.563344151594519e-12],
  float64: [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21, 8.4784276603689e-32],
};
/** Largest size for which the parts suffice: 2^11 and 2^20 quarter turns. */
const bound = { float32: 3216, float64: 1647099 };

const sine = {
  float32: [-0.16666664656312208, 0.00833274710466453, -0.0001958763909873762],
  float64: [
    -0.16666666666666666, 0.008333333333330936, -0.00019841269836740532, 2.7557316093198404e-6, -2.5051129896450185e-8,
    1.5917988979397435e-10,
  ],
};
const cosine = {
  float32: [0.04166666465348879, -0.001388830186756237, 2.454768977246003e-5],
  float64: [
    0.041666666666666664, -0.0013888888888887389, 2.48015872987544e-5, -2.755731726587808e-7, 2.087614504941318e-9,
    -1.138254464534925e-11,
  ],
};

export function sin(block: Block, x: Expression): Expression {
  return block.accuracy === "fast" ? fastSin(block, x) : accurateSin(block, x);
}

/** The sine, whatever accuracy the block asks for: a part of other functions. */
export function accurateSin(block: Block, x: Expression): Expression {
  const value = quarterTurns(block, x, 0);
  return select(less(abs(x), byType(x, { float32: 2 ** -12, float64: 2 ** -26 })), x, value);
}

export function cos(block: Block, x: Expression): Expression {
  return block.accuracy === "fast" ? fastCos(block, x) : quarterTurns(block, x, 1);
}

/** sin(x + more pi/2). */
function quarterTurns(block: Block, x: Expression, more: number): Expression {
  const { r, rest, quadrant } = reduce(block, x);
  const turned = block.name("quadrant", add(quadrant, more));
  const z = block.name("z", mul(r, r));
  const half = block.name("halfSquare", mul(z, 0.5));
  const s = add(r, add(mul(mul(z, r), polynomial(z, byType(x, sine))), sub(rest, mul(half, rest))));
  const main = block.name("main", sub(1, half));
  const curve = sub(mul(mul(z, z), polynomial(z, byType(x, cosine))), mul(r, rest));
  const c = add(main, add(sub(sub(1, main), half), curve));
  const chosen = block.name("chosen", select(equal(and(turned, 1), 0), s, c));
  return flip(chosen, turned);
}

/** Changes the sign where the second bit of the quadrant is set. */
function flip(value: Expression, quadrant: Expression): Expression {
  const sign = shiftLeft(and(quadrant, 2), 30);
  if (value.dtype === "float32") return bitcast("float32", xor(bitcast("int32", value), sign));
  return fromBits(xor(highBits(value), sign), lowBits(value));
}

function reduce(block: Block, x: Expression): Reduced {
  const near = byType(x, halfPi);
  const { float: n, integer } = roundBoth(block, mul(x, 2 / Math.PI));
  const first = block.name("first", sub(x, mul(n, near[0] as number)));
  const two = block.name("two", mul(n, near[1] as number));
  const second = block.name("second", sub(first, two));
  const three = block.name("three", mul(n, near[2] as number));
  const third = block.name("third", sub(second, three));
  const lost = sub(sub(second, third), three);
  // In float32 the second difference is exact.
  const error = x.dtype === "float32" ? lost : add(sub(sub(first, second), two), lost);
  const low = block.name("low", sub(error, mul(n, near[3] as number)));
  const r = block.variable("r", add(third, low));
  const rest = block.variable("rest", add(sub(third, read(r)), low));
  const quadrant = block.variable("quadrant", integer);
  const far = block.name("far", less(byType(x, bound), abs(x)));
  block.branch(far, (body) => {
    const huge = reduceHuge(body, x);
    body.set(r, select(far, huge.r, read(r)));
    body.set(rest, select(far, huge.rest, read(rest)));
    body.set(quadrant, select(far, huge.quadrant, read(quadrant)));
  });
  return { r: read(r), rest: read(rest), quadrant: read(quadrant) };
}
