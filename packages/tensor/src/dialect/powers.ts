/**
 * Powers by element.
 */
import { pow } from "../kernel/functions/pow.ts";
import { functionOf } from "../lower/point-row.ts";
import { floatBinary } from "../program/shape-rule.ts";
import { elementwise } from "../rules/batched.ts";
import { powJvp } from "../rules/pow-jvp.ts";
import type { Dialect } from "./dialect.ts";
import { logarithms } from "./logarithms.ts";

/** The dialect. */
export const powers: Dialect<"powers"> = {
  needs: [logarithms],
  infer: { pow: floatBinary("pow") },
  jvp: { pow: powJvp },
  transpose: { pow: "nonlinear" },
  batch: { pow: elementwise("pow") },
  lowering: { pow: { point: functionOf(pow) } },
};
