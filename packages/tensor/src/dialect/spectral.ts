/**
 * Eigenvalues and singular values.
 */
import { eigh } from "../lower/define/eigh.ts";
import { svd } from "../lower/define/svd.ts";
import { defined } from "../lower/simplify/defined.ts";
import { spectralShapes } from "../program/infer-spectral.ts";
import { elementwise } from "../rules/batched.ts";
import { eighJvp, svdJvp } from "../rules/spectral-jvp.ts";
import type { Dialect } from "./dialect.ts";
import { loops } from "./loops.ts";
import { sequences } from "./sequences.ts";

/** The dialect. */
export const spectral: Dialect<"spectral"> = {
  needs: [sequences, loops],
  infer: spectralShapes,
  jvp: { eigh: eighJvp, svd: svdJvp },
  transpose: { eigh: "nonlinear", svd: "nonlinear" },
  batch: { eigh: elementwise("eigh"), svd: elementwise("svd") },
  lowering: { eigh: { simplify: defined("eigh", eigh) }, svd: { simplify: defined("svd", svd) } },
};
