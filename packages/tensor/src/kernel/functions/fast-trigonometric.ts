/**
 * sin and cos by one polynomial: x = n pi + r with |r| <= pi/2, sin x = (-1)^n sin r, cos x = sin(x + pi/2).
 *
 * Errors are within 4 units of the last place, or 2^-64 in float64 and 2^-34 in float32 where that is more (next to
 * zeros far from 0). n pi is taken away in parts whose products with n are exact but for the last, up to 3 million
 * (float64) and 12000 (float32); beyond, a branch that is taken when any lane needs it, as in `trigonometric.ts`.
 * Polynomials have least relative error by the exchange of Remez: 6.8e-9 in float32, 3e-19 in float64
 * before rounding, and none at pi/2.
 */
import type { Block } from "../block.ts";
import {
  abs,
  add,
  and,
  bitcast,
  convert,
  equal,
  less,
  mul,
  neg,
  not,
  notEqual,
  read,
  select,
  shiftLeft,
  shiftRight,
  sub,
  xor,
} from "../build.ts";
import type { Expression } from "../kernel.ts";
import { estrin } from "./estrin.ts";
import { byType, formatOf } from "./float-format.ts";
import { reduceHuge } from "./reduce-huge.ts";
import type { Reduced } from "./reduced.ts";

const pi = {
  float32: [3.140625, 0.0009675025939941406, 1.5099580252808664e-7],
  float64: [3.1415926534682512, 1.2154201013012384e-10],
};
/** Largest size for which the parts suffice: 2^12 and 2^20 half turns. */
const bound = { float32: 12867, float64: 3294198 };

const evens = 1.5 * 2 ** 53;

/** (sin(r) / r - 1) / r^2 in r^2. */
const sine = {
  float32: [-0.16666658222675323, 0.008333046920597553, -0.00019808085926342756, 2.60227329818008e-6],
  float64: [
    -0.16666666666666666, 0.008333333333333188, -0.00019841269841206467, 2.755731921065403e-6, -2.5052106827558385e-8,
    1.6058937384597186e-10, -7.642929929081862e-13, 2.7205153456801996e-15,
  ],
};

/** sin x; NaN of infinity. */
export function fastSin(block: Block, x: Expression): Expression {
  return sineOf(block, reduce(block, x, 0));
}

/** cos x; NaN of infinity. */
export function fastCos(block: Block, x: Expression): Expression {
  return sineOf(block, reduce(block, block.name("size", abs(x)), 1));
}

/** r, and n as a whole float64, or as an int32 for float32. */
interface HalfTurns {
  readonly r: Expression;
  readonly n: Expression;
}

/** x + more pi/2 = n pi + r. */
function reduce(block: Block, x: Expression, more: 0 | 1): HalfTurns {
  const { rounder } = formatOf(x);
  const turns = mul(x, 1 / Math.PI);
  const moved = block.name("moved", add(more === 0 ? turns : add(turns, 0.5), rounder));
  const count = block.name("count", sub(moved, rounder));
  const taken = more === 0 ? count : block.name("taken", sub(count, 0.5));
  const near = byType(x, pi).reduce((rest, part) => sub(rest, mul(taken, part)), x);
  const r = block.variable("r", near);
  const n = block.variable("n", x.dtype === "float64" ? count : bitcast("int32", moved));
  const far = block.name("far", less(byType(x, bound), abs(x)));
  block.branch(far, (body) => {
    const turned = fromQuarters(body, reduceHuge(body, x), more);
    body.set(r, select(far, turned.r, read(r)));
    body.set(n, select(far, x.dtype === "float64" ? convert("float64", turned.n) : turned.n, read(n)));
  });
  return { r: read(r), n: read(n) };
}

/** Half turns from quarter turns: of an odd number one is put into r, which is large there. */
function fromQuarters(block: Block, { r: small, quadrant }: Reduced, more: 0 | 1): HalfTurns {
  const r = block.name("r", small);
  const turned = block.name("turned", add(quadrant, more));
  const odd = block.name("odd", equal(and(turned, 1), 1));
  const below = block.name("below", less(r, 0));
  const moved = select(below, add(r, Math.PI / 2), sub(r, Math.PI / 2));
  const upwards = select(and(odd, not(below)), add(turned, 1), turned);
  return { r: select(odd, moved, r), n: shiftRight(upwards, 1) };
}

/** (-1)^n sin r; the sign comes to r and its cube while the polynomial is made. */
function sineOf(block: Block, { r, n }: HalfTurns): Expression {
  const square = block.name("square", mul(r, r));
  const signed = block.name("signed", withSign(r, n));
  const cube = block.name("cube", mul(signed, square));
  return add(signed, mul(cube, estrin(block, square, byType(r, sine))));
}

function withSign(r: Expression, n: Expression): Expression {
  if (r.dtype === "float32") return bitcast("float32", xor(bitcast("int32", r), shiftLeft(n, 31)));
  // Next to 1.5 2^53 there are even numbers only, and additions go beside the products of the polynomial.
  const even = sub(add(n, evens), evens);
  return select(notEqual(even, n), neg(r), r);
}
