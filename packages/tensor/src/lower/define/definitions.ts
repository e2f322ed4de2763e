/**
 * What the defined primitives are made of: the table that lowering opens them by. Total over their names.
 */
import type { DefinedPrimitive } from "../../program/primitive.ts";
import { cholesky } from "./cholesky.ts";
import { cumulativeSum } from "./cumulative-sum.ts";
import type { Definition } from "./definition.ts";
import { eigh } from "./eigh.ts";
import { fft } from "./fft.ts";
import { linearSolve } from "./linear-solve.ts";
import { logDeterminant } from "./log-determinant.ts";
import { lu } from "./lu.ts";
import { qr } from "./qr.ts";
import { svd } from "./svd.ts";
import { triangularSolve } from "./triangular-solve.ts";

/** The definitions. */
export const definitions: { readonly [P in DefinedPrimitive]: Definition<P> } = {
  cholesky,
  triangularSolve,
  lu,
  linearSolve,
  logDeterminant,
  eigh,
  svd,
  cumulativeSum,
  fft,
  qr,
};
