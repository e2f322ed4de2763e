/**
 * What kind of work each primitive is to lowering. The table is total: a new primitive must say its role.
 */
import type { PrimitiveName } from "../program/primitive.ts";

/**
 * - `point`: computed by element, joins loop nests.
 * - `view`: only an index map, composed into loads.
 * - `reduction`: joins the nest that computes its operand.
 * - `alone`: a step of its own.
 */
export type Role = "point" | "view" | "reduction" | "alone";

const roles: { readonly [P in PrimitiveName]: Role } = {
  sqrt: "point",
  exp: "point",
  expm1: "point",
  log: "point",
  log1p: "point",
  sin: "point",
  cos: "point",
  tanh: "point",
  erf: "point",
  erfc: "point",
  lgamma: "point",
  digamma: "point",
  floor: "point",
  ceil: "point",
  round: "point",
  neg: "point",
  abs: "point",
  sign: "point",
  add: "point",
  sub: "point",
  mul: "point",
  div: "point",
  rem: "point",
  max: "point",
  min: "point",
  pow: "point",
  atan2: "point",
  polygamma: "point",
  less: "point",
  lessEqual: "point",
  equal: "point",
  notEqual: "point",
  and: "point",
  or: "point",
  xor: "point",
  not: "point",
  shiftLeft: "point",
  shiftRight: "point",
  select: "point",
  convert: "point",
  threefry: "point",
  iota: "view",
  broadcast: "view",
  reshape: "view",
  transpose: "view",
  reverse: "view",
  slice: "view",
  stopGradient: "view",
  allSum: "view",
  reduceSum: "reduction",
  reduceMax: "reduction",
  reduceMin: "reduction",
  pad: "alone",
  concatenate: "alone",
  dot: "alone",
  gather: "alone",
  scatterAdd: "alone",
  argsort: "alone",
  addAt: "alone",
  updateSlice: "alone",
  cumulativeSum: "alone",
  fft: "alone",
  cholesky: "alone",
  triangularSolve: "alone",
  lu: "alone",
  linearSolve: "alone",
  logDeterminant: "alone",
  eigh: "alone",
  svd: "alone",
  qr: "alone",
  scan: "alone",
  while: "alone",
  switch: "alone",
  checkpoint: "alone",
  custom: "alone",
  linear: "alone",
};

/** The role of a primitive. */
export function roleOf(primitive: PrimitiveName): Role {
  return roles[primitive];
}
