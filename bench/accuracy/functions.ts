/**
 * The functions whose accuracy is measured, where, and what it must be.
 */
import {
  atan2,
  cos,
  digamma,
  erf,
  erfc,
  exp,
  expm1,
  lgamma,
  log,
  log1p,
  pow,
  sin,
  type Tensor,
  tanh,
} from "@leastaction/tensor";
import type { Domain, Float } from "./arguments.ts";

/** One function of one or two arguments. */
export interface Measured {
  /** Its row in the tables; two rows may be of one function. */
  readonly name: string;
  /** Its name where the truth is made. */
  readonly truth: string;
  readonly apply: (x: Tensor, y: Tensor) => Tensor;
  readonly domains: readonly Domain[];
  /** The largest error in units of the last place; undefined where nothing is promised but what is measured. */
  readonly bar?: number;
  /** Errors below so many eps (2^-23, 2^-52) count as none. */
  readonly absolute?: number;
}

const infinity = Number.POSITIVE_INFINITY;
const both =
  (from: number, to: number): ((dtype: Float) => readonly [number, number]) =>
  () => [from, to];
const real = (from: number, to: number): Domain => ({ least: -infinity, greatest: infinity, middle: both(from, to) });
const positive = (to: number): Domain => ({ least: 0, greatest: infinity, middle: both(0, to) });
const exponents = (dtype: Float): readonly [number, number] => (dtype === "float32" ? [-104, 89] : [-746, 710]);

/** All of them. */
export const functions: readonly Measured[] = [
  { name: "exp", truth: "exp", apply: exp, domains: [{ ...real(0, 0), middle: exponents }], bar: 1.5 },
  { name: "log", truth: "log", apply: log, domains: [positive(4)], bar: 1.5 },
  { name: "expm1", truth: "expm1", apply: expm1, domains: [real(-4, 4)], bar: 1.5 },
  { name: "log1p", truth: "log1p", apply: log1p, domains: [{ ...real(-1, 4), least: -1 }], bar: 1.5 },
  { name: "sin", truth: "sin", apply: sin, domains: [real(-100, 100)], bar: 1.5 },
  { name: "cos", truth: "cos", apply: cos, domains: [real(-100, 100)], bar: 1.5 },
  { name: "tanh", truth: "tanh", apply: tanh, domains: [real(-10, 10)], bar: 1.5 },
  { name: "erf", truth: "erf", apply: erf, domains: [real(-4, 4)], bar: 4 },
  { name: "erfc", truth: "erfc", apply: erfc, domains: [real(-6, 28)] },
  { name: "pow", truth: "pow", apply: pow, domains: [positive(8), real(-40, 40)], bar: 4 },
  { name: "pow of any size", truth: "pow", apply: pow, domains: [positive(1e9), real(-30, 30)], bar: 4 },
  {
    name: "pow near 1",
    truth: "pow",
    apply: pow,
    domains: [{ least: 0.5, greatest: 2, middle: both(0.99, 1.01) }, real(-3000, 3000)],
    bar: 4,
  },
  { name: "lgamma above 0", truth: "lgamma", apply: lgamma, domains: [positive(40)], bar: 4 },
  {
    name: "lgamma below 0",
    truth: "lgamma",
    apply: lgamma,
    domains: [{ least: -infinity, greatest: 0, middle: both(-40, 0) }],
    bar: 4,
    absolute: 4,
  },
  { name: "digamma above 0", truth: "digamma", apply: digamma, domains: [positive(40)] },
  { name: "atan2", truth: "atan2", apply: atan2, domains: [real(-3, 3), real(-3, 3)] },
];
