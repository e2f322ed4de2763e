/**
 * Remainders by element.
 */
import { rem } from "../kernel/functions/rem.ts";
import { functionOf } from "../lower/point-row.ts";
import { numericBinary } from "../program/shape-rule.ts";
import { elementwise } from "../rules/batched.ts";
import { remJvp } from "../rules/rem-jvp.ts";
import type { Dialect } from "./dialect.ts";

/** The dialect. */
export const remainders: Dialect<"remainders"> = {
  needs: [],
  infer: { rem: numericBinary("rem") },
  jvp: { rem: remJvp },
  transpose: { rem: "nonlinear" },
  batch: { rem: elementwise("rem") },
  lowering: { rem: { point: functionOf(rem) } },
};
