/** The arctangent of a positive number, after s_atan.c of fdlibm: near one of four points, and a series from there. */
import { horner } from "./horner.ts";

const series = [
  0.3333333333333293, -0.19999999999876483, 0.14285714272503466, -0.11111110405462356, 0.09090887133436507,
  -0.0769187620504483, 0.06661073137387531, -0.058335701337905735, 0.049768779946159324, -0.036531572744216916,
  0.016285820115365782,
];

/** Up to `below`, from the angle `high + low` on, whose tangent is `centre`. */
const pieces = [
  { below: 0.6875, centre: 0.5, high: 0.4636476090008061, low: 2.2698777452961687e-17 },
  { below: 1.1875, centre: 1, high: 0.7853981633974483, low: 3.061616997868383e-17 },
  { below: 2.4375, centre: 1.5, high: 0.982793723247329, low: 1.3903311031230998e-17 },
];
const quarterTurn = { high: 1.5707963267948966, low: 6.123233995736766e-17 };

/** The angle, rad, 0 to pi/2. x positive. */
export function arctangent(x: number): number {
  if (x < 0.4375) return x - x * rest(x);
  const piece = pieces.find(({ below }) => x < below);
  if (piece === undefined) {
    const t = -1 / x;
    return quarterTurn.high - (t * rest(t) - quarterTurn.low - t);
  }
  const t = (x - piece.centre) / (1 + piece.centre * x);
  return piece.high - (t * rest(t) - piece.low - t);
}

/** (t - arctan t) / t. */
function rest(t: number): number {
  const square = t * t;
  return square * horner(square, series);
}
