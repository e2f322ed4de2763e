/**
 * Sine, cosine, and the angle of a point.
 */
import { atan2 } from "../kernel/functions/atan2.ts";
import { cos, sin } from "../kernel/functions/trigonometric.ts";
import { functionOf } from "../lower/point-row.ts";
import { neg } from "../ops/elementwise.ts";
import { floatBinary, floatUnary } from "../program/shape-rule.ts";
import { atan2Jvp } from "../rules/atan2-jvp.ts";
import { elementwise } from "../rules/batched.ts";
import { unary } from "../rules/tangents.ts";
import { emitOne } from "../trace/builder.ts";
import type { Dialect } from "./dialect.ts";

/** The dialect. */
export const trigonometry: Dialect<"trigonometry"> = {
  needs: [],
  infer: { sin: floatUnary("sin"), cos: floatUnary("cos"), atan2: floatBinary("atan2") },
  jvp: {
    sin: unary("sin", (x) => emitOne("cos", {}, [x])),
    cos: unary("cos", (x) => neg(emitOne("sin", {}, [x]))),
    atan2: atan2Jvp,
  },
  transpose: { sin: "nonlinear", cos: "nonlinear", atan2: "nonlinear" },
  batch: { sin: elementwise("sin"), cos: elementwise("cos"), atan2: elementwise("atan2") },
  lowering: { sin: { point: functionOf(sin) }, cos: { point: functionOf(cos) }, atan2: { point: functionOf(atan2) } },
};
