/**
 * Logarithms by element.
 */
import { log, log1p } from "../kernel/functions/log.ts";
import { functionOf } from "../lower/point-row.ts";
import { add, div } from "../ops/elementwise.ts";
import { floatUnary } from "../program/shape-rule.ts";
import { elementwise } from "../rules/batched.ts";
import { unary } from "../rules/tangents.ts";
import type { Dialect } from "./dialect.ts";

/** The dialect. */
export const logarithms: Dialect<"logarithms"> = {
  needs: [],
  infer: { log: floatUnary("log"), log1p: floatUnary("log1p") },
  jvp: { log: unary("log", (x) => div(1, x)), log1p: unary("log1p", (x) => div(1, add(x, 1))) },
  transpose: { log: "nonlinear", log1p: "nonlinear" },
  batch: { log: elementwise("log"), log1p: elementwise("log1p") },
  lowering: { log: { point: functionOf(log) }, log1p: { point: functionOf(log1p) } },
};
