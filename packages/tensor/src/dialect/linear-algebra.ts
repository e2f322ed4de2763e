/**
 * Decompositions of matrices, and what is made of them.
 */
import { cholesky } from "../lower/define/cholesky.ts";
import { linearSolve } from "../lower/define/linear-solve.ts";
import { logDeterminant } from "../lower/define/log-determinant.ts";
import { lu } from "../lower/define/lu.ts";
import { qr } from "../lower/define/qr.ts";
import { triangularSolve } from "../lower/define/triangular-solve.ts";
import { defined } from "../lower/simplify/defined.ts";
import { linearAlgebraShapes } from "../program/infer-linear-algebra.ts";
import { elementwise } from "../rules/batched.ts";
import { withSides } from "../rules/linear-algebra-batch.ts";
import {
  choleskyJvp,
  linearSolveJvp,
  logDeterminantJvp,
  luJvp,
  qrJvp,
  triangularSolveJvp,
} from "../rules/linear-algebra-jvp.ts";
import { linearSolveTranspose, triangularSolveTranspose } from "../rules/linear-algebra-transpose.ts";
import type { Dialect } from "./dialect.ts";
import { logarithms } from "./logarithms.ts";

/** The dialect. */
export const linearAlgebra: Dialect<"linearAlgebra"> = {
  needs: [logarithms],
  infer: linearAlgebraShapes,
  jvp: {
    cholesky: choleskyJvp,
    triangularSolve: triangularSolveJvp,
    lu: luJvp,
    linearSolve: linearSolveJvp,
    logDeterminant: logDeterminantJvp,
    qr: qrJvp,
  },
  transpose: {
    cholesky: "nonlinear",
    triangularSolve: triangularSolveTranspose,
    lu: "nonlinear",
    linearSolve: linearSolveTranspose,
    logDeterminant: "nonlinear",
    qr: "nonlinear",
  },
  batch: {
    cholesky: elementwise("cholesky"),
    triangularSolve: withSides("triangularSolve"),
    lu: elementwise("lu"),
    linearSolve: withSides("linearSolve"),
    logDeterminant: elementwise("logDeterminant"),
    qr: elementwise("qr"),
  },
  lowering: {
    cholesky: { simplify: defined("cholesky", cholesky) },
    triangularSolve: { simplify: defined("triangularSolve", triangularSolve) },
    lu: { simplify: defined("lu", lu) },
    linearSolve: { simplify: defined("linearSolve", linearSolve) },
    logDeterminant: { simplify: defined("logDeterminant", logDeterminant) },
    qr: { simplify: defined("qr", qr) },
  },
};
