/**
 * Reduction of large float64 arguments modulo pi/2, in digits of 24 bits held as float64 (M. Payne and R. Hanek, 1983, DOI
 * 10.1145/1057600.1057602; digits as in fdlibm's k_rem_pio2.c).
 *
 * x = X 2^(24 (j - 2)) with an integer X below 2^77, four digits. Of the digits of 2/pi only ten count: those before
 * give multiples of 2^24, those after less than 2^-118. Products of digits and sums of four of them are exact.
 */
import type { Block } from "../block.ts";
import {
  add,
  and,
  convert,
  floor,
  fromBits,
  highBits,
  lessEqual,
  lowBits,
  mul,
  number,
  or,
  select,
  shiftLeft,
  shiftRight,
  sub,
} from "../build.ts";
import type { Expression } from "../kernel.ts";
import { fastTwoSum, twoProduct } from "./double.ts";
import type { Reduced } from "./reduced.ts";
import { windowOf } from "./window.ts";

/** Three zero digits, then 2/pi. */
const twoOverPi = [
  0, 0, 0, 0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041, 0xfe5163, 0xabdebb, 0xc561b7,
  0x246e3a, 0x424dd2, 0xe00649, 0x2eea09, 0xd1921c, 0xfe1deb, 0x1cb129, 0xa73ee8, 0x8235f5, 0x2ebb44, 0x84e99c,
  0x7026b4, 0x5f7e41, 0x3991d6, 0x398353, 0x39f49c, 0x845f8b, 0xbdf928, 0x3b1ff8, 0x97ffde, 0x05980f, 0xef2f11,
  0x8b5a0a, 0x6d1f6d, 0x367ecf, 0x27cb09, 0xb74f46, 0x3f669e, 0x5fea2d, 0x7527ba, 0xc7ebe5, 0xf17b3d, 0x0739f7,
  0x8a5292, 0xea6bfb, 0x5fb11f, 0x8d5d08, 0x560330,
];
const base = 2 ** 24;
/** pi/2 in two floats. */
const quarter = [Math.PI / 2, 6.123233995736766e-17] as const;
/** Places of the product below the point that are kept. */
const places = 6;

/** Reduces a positive float64 from about 2^20 on; infinity gives some number. */
export function reduceHuge64(block: Block, x: Expression): Reduced {
  const high = block.name("high", highBits(x));
  // x = M 2^E with M of 53 bits; E + 48 = 24 j + t.
  const exponent = block.name("exponent", add(shiftRight(high, 20), 48 - 1023 - 52));
  const j = block.name("j", shiftRight(mul(exponent, 2731), 16));
  const t = sub(exponent, mul(j, 24));
  const integer = fromBits(or(and(high, 0x000fffff), shiftLeft(add(t, 1023 + 52), 20)), lowBits(x));
  const digits = digitsOf(block, block.name("integer", integer));
  const window = windowOf(block, twoOverPi, x, j, 6, places + 4);
  return fractionOfQuarter(block, x, productDigits(block, digits, window));
}

/** Four digits, the lowest first. */
function digitsOf(block: Block, integer: Expression): Expression[] {
  const digits: Expression[] = [];
  let rest = integer;
  for (let place = 3; place >= 0; place--) {
    const unit = base ** place;
    const digit = block.name("digit", floor(mul(rest, 1 / unit)));
    rest = block.name("rest", sub(rest, mul(digit, unit)));
    digits.unshift(digit);
  }
  return digits;
}

/** Digits of the product from the units (modulo 8) down, after carrying. */
function productDigits(block: Block, digits: readonly Expression[], window: readonly Expression[]): Expression[] {
  const result: Expression[] = [];
  let carry = number("float64", (digits[0] as Expression).lanes, 0);
  for (let place = places; place >= 0; place--) {
    let sum = carry;
    digits.forEach((digit, at) => {
      sum = add(sum, mul(digit, window[at + place] as Expression));
    });
    const total = block.name("total", sum);
    const unit = place === 0 ? 8 : base;
    carry = block.name("carry", floor(mul(total, 1 / unit)));
    result.unshift(block.name("digit", sub(total, mul(carry, unit))));
  }
  return result;
}

/** Rounds to whole quarters; the rest in radians. */
function fractionOfQuarter(block: Block, x: Expression, digits: readonly Expression[]): Reduced {
  const [whole, d1, d2, d3, d4, d5, d6] = digits as [
    Expression,
    Expression,
    Expression,
    Expression,
    Expression,
    Expression,
    Expression,
  ];
  const up = block.name("up", select(lessEqual(base / 2, d1), number("float64", x.lanes, 1), 0));
  const upper = add(mul(sub(d1, mul(up, base)), base ** -1), mul(d2, base ** -2));
  const middle = add(mul(d3, base ** -3), mul(d4, base ** -4));
  const first = fastTwoSum(block, block.name("upper", upper), block.name("middle", middle));
  const lower = add(first.low, add(mul(d5, base ** -5), mul(d6, base ** -6)));
  const fraction = fastTwoSum(block, first.high, block.name("lower", lower));
  const product = twoProduct(block, fraction.high, number("float64", x.lanes, quarter[0]));
  const low = add(product.low, add(mul(fraction.high, quarter[1]), mul(fraction.low, quarter[0])));
  const radians = fastTwoSum(block, product.high, block.name("low", low));
  return { r: radians.high, rest: radians.low, quadrant: convert("int32", add(whole, up)) };
}
