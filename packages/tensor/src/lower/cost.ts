/**
 * What elementwise primitives cost, in simple operations: how fusion decides between storing a value and computing it
 * again, and how a nest decides how far to unroll. Total over all primitives; those that are no point operations are
 * never recomputed.
 */
import type { PrimitiveName } from "../program/primitive.ts";

/** A value of at most this cost is computed again rather than stored. */
export const cheapLimit = 3;

/** Never recomputed. */
export const expensive = 1000;

const costs: { readonly [P in PrimitiveName]: number } = {
  sqrt: 6,
  exp: 20,
  expm1: 25,
  log: 25,
  log1p: 30,
  sin: 30,
  cos: 30,
  tanh: 25,
  erf: 70,
  erfc: 70,
  lgamma: 120,
  digamma: 120,
  floor: 1,
  ceil: 1,
  round: 1,
  neg: 1,
  abs: 1,
  sign: 2,
  add: 1,
  sub: 1,
  mul: 1,
  div: 4,
  rem: 30,
  max: 1,
  min: 1,
  pow: 60,
  atan2: 40,
  polygamma: 120,
  less: 1,
  lessEqual: 1,
  equal: 1,
  notEqual: 1,
  and: 1,
  or: 1,
  xor: 1,
  not: 1,
  shiftLeft: 1,
  shiftRight: 1,
  select: 1,
  convert: 1,
  threefry: 100,
  iota: 1,
  broadcast: 0,
  reshape: 0,
  transpose: 0,
  reverse: 0,
  slice: 0,
  stopGradient: 0,
  allSum: 0,
  reduceSum: expensive,
  reduceMax: expensive,
  reduceMin: expensive,
  pad: expensive,
  concatenate: expensive,
  dot: expensive,
  gather: expensive,
  scatterAdd: expensive,
  argsort: expensive,
  addAt: expensive,
  updateSlice: expensive,
  cumulativeSum: expensive,
  fft: expensive,
  cholesky: expensive,
  triangularSolve: expensive,
  lu: expensive,
  linearSolve: expensive,
  logDeterminant: expensive,
  eigh: expensive,
  svd: expensive,
  qr: expensive,
  scan: expensive,
  while: expensive,
  switch: expensive,
  checkpoint: expensive,
  custom: expensive,
  linear: expensive,
};

/** Simple operations of one element. */
export function costOf(primitive: PrimitiveName): number {
  return costs[primitive];
}
