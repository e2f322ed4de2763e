/**
 * Reduction of large float32 arguments modulo pi/2, in 32-bit integers (M. Payne and R. Hanek, "Radian reduction for
 * trigonometric functions", 1983, DOI 10.1145/1057600.1057602).
 *
 * x = m 2^E with a 24-bit integer m. Of 2/pi only the bits count whose product with x is below 4: a window of 96 bits
 * whose place is known from E. The upper 64 bits of m times the window, modulo 1, are the fraction of x / 2 pi.
 */
import type { Block } from "../block.ts";
import { add, and, bitcast, convert, less, mul, number, or, shiftLeft, shiftRight, sub } from "../build.ts";
import type { Expression } from "../kernel.ts";
import { fastTwoSum, twoProduct } from "./double.ts";
import type { Reduced } from "./reduced.ts";
import { windowOf } from "./window.ts";

/** 32 zero bits, then 2/pi. */
const twoOverPi = [0, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab];
/** 2 pi in two floats. */
const turn = [6.2831854820251465, -1.7484556000745e-7] as const;

/** Reduces a positive float32 from about 2^11 on; infinity gives some number. */
export function reduceHuge32(block: Block, x: Expression): Reduced {
  const bits = block.name("bits", bitcast("uint32", x));
  const m = block.name("m", or(and(bits, 0x007fffff), 0x00800000));
  const skip = block.name("skip", add(shiftRight(bits, 23), 32 - 2 - 150));
  const words = windowOf(block, twoOverPi, m, bitcast("int32", shiftRight(skip, 5)), 3, 4);
  const shift = block.name("shift", and(skip, 31));
  const [w0, w1, w2] = [0, 1, 2].map((at) =>
    block.name("word", funnel(words[at] as Expression, words[at + 1] as Expression, shift)),
  ) as [Expression, Expression, Expression];
  const low = block.name("low", mul(m, w1));
  const lower = block.name("lower", add(low, highProduct(block, m, w2)));
  const carry = convert("uint32", less(lower, low));
  const upper = block.name("upper", add(add(mul(m, w0), highProduct(block, m, w1)), carry));
  return fractionOfTurn(block, x, upper, lower);
}

/** From the fraction of a turn, upper 2^-32 + lower 2^-64, to quarters and the rest in radians. */
function fractionOfTurn(block: Block, x: Expression, upper: Expression, lower: Expression): Reduced {
  const quadrant = block.name("quadrant", shiftRight(add(upper, 0x20000000), 30));
  const signed = block.name("signed", bitcast("int32", sub(upper, shiftLeft(quadrant, 30))));
  const main = block.name("main", convert(x.dtype, signed));
  const left = convert(x.dtype, sub(signed, convert("int32", main)));
  const fraction = fastTwoSum(
    block,
    mul(main, 2 ** -32),
    add(mul(left, 2 ** -32), mul(convert(x.dtype, lower), 2 ** -64)),
  );
  const product = twoProduct(block, fraction.high, number(x.dtype, x.lanes, turn[0]));
  const low = add(product.low, add(mul(fraction.high, turn[1]), mul(fraction.low, turn[0])));
  const radians = fastTwoSum(block, product.high, block.name("low", low));
  return { r: radians.high, rest: radians.low, quadrant: bitcast("int32", quadrant) };
}

/** 32 bits from `shift` on of the 64 bits high, low. */
function funnel(high: Expression, low: Expression, shift: Expression): Expression {
  return or(shiftLeft(high, shift), shiftRight(shiftRight(low, 1), sub(31, shift)));
}

/** The upper 32 bits of the product of m, below 2^24, and a word. */
function highProduct(block: Block, m: Expression, word: Expression): Expression {
  const [mHigh, mLow] = [block.name("mHigh", shiftRight(m, 16)), block.name("mLow", and(m, 0xffff))];
  const [wHigh, wLow] = [block.name("wHigh", shiftRight(word, 16)), block.name("wLow", and(word, 0xffff))];
  const [a, b] = [block.name("a", mul(mLow, wHigh)), block.name("b", mul(mHigh, wLow))];
  const middle = add(add(and(a, 0xffff), and(b, 0xffff)), shiftRight(mul(mLow, wLow), 16));
  const whole = add(mul(mHigh, wHigh), add(shiftRight(a, 16), shiftRight(b, 16)));
  return block.name("highProduct", add(whole, shiftRight(middle, 16)));
}
