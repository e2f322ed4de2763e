/**
 * The angle of a point: the arc tangent of the smaller coordinate over the larger, turned into the octant of the point.
 *
 * atan t = t + t^3 P(t^2) on 0 <= t <= 1, P through Chebyshev nodes (`reference/make-coefficients.py`); pi/2 and pi are
 * carried in two floats. Special cases are those of IEEE 754-2019, section 9.2.1.
 */
import type { Block } from "../block.ts";
import { abs, add, div, equal, less, max, min, mul, neg, notEqual, numberLike, select } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { byType } from "./float-format.ts";
import { polynomial } from "./polynomial.ts";
import { hasSign, withSign } from "./with-sign.ts";

/** (atan(t) / t - 1) / t^2 in t^2, on |t| <= 1. */
const odd = {
  float32: [
    -0.3333333173306352, 0.1999973932983558, -0.14278568748210602, 0.11033764115313455, -0.08656880430154522,
    0.06250169444749563, -0.03587153898204336, 0.013507771427020535, -0.002386997316724113,
  ],
  float64: [
    -0.3333333333333333, 0.19999999999999554, -0.14285714285648404, 0.11111111107234799, -0.09090908969557403,
    0.07692305354678655, -0.06666636435777692, 0.05882074956371294, -0.05261265735709454, 0.04752086773576656,
    -0.04308119655330471, 0.03872640214042632, -0.033750132001619734, 0.027567942297344678, -0.020238706986393514,
    0.012756172907694298, -0.006575683344151699, 0.002622977891906089, -0.0007518472526973822, 0.0001368724853148122,
    -1.1832505417555692e-5,
  ],
};

/** pi in two floats. */
const pi = {
  float32: [3.1415927410125732, -8.742277657347586e-8],
  float64: [Math.PI, 1.2246467991473532e-16],
} as const;

/** The angle of the point (x, y) against the x axis, from -pi to pi. */
export function atan2(block: Block, y: Expression, x: Expression): Expression {
  const [width, height] = [block.name("width", abs(x)), block.name("height", abs(y))];
  const least = block.name("least", min(width, height));
  const most = block.name("most", max(width, height));
  // Also 0 / 0 is 0 here, and infinity / infinity is 1.
  const ratio = select(
    equal(least, 0),
    least,
    select(equal(least, Number.POSITIVE_INFINITY), numberLike(x, 1), div(least, most)),
  );
  const t = block.name("t", ratio);
  const square = block.name("square", mul(t, t));
  const curve = block.name("curve", mul(mul(square, t), polynomial(square, byType(x, odd))));
  const steep = block.name("steep", less(width, height));
  const back = block.name("back", hasSign(x));
  const fromAxis = (part: 0 | 1): Expression => {
    const half = numberLike(x, byType<readonly [number, number]>(x, pi)[part] / 2);
    return select(steep, half, select(back, add(half, half), 0));
  };
  const away = block.name("away", notEqual(steep, back));
  const turn = (part: Expression): Expression => select(away, neg(part), part);
  const angle = add(fromAxis(0), add(turn(t), add(turn(curve), fromAxis(1))));
  return withSign(block.name("angle", angle), y);
}
