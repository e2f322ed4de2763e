/**
 * Random bits from a key and a counter.
 */
import { threefry2x32 } from "../kernel/functions/threefry.ts";
import type { Expression } from "../kernel/kernel.ts";
import type { TensorType } from "../program/program.ts";
import { convertRemedy, refuse } from "../program/shape-rule.ts";
import { elementwise } from "../rules/batched.ts";
import { constant } from "../rules/tangents.ts";
import { sameShape } from "../shape.ts";
import type { Dialect } from "./dialect.ts";

/** The dialect. */
export const random: Dialect<"random"> = {
  needs: [],
  infer: {
    threefry: (_, inputs) => {
      const [first] = inputs;
      const valid =
        inputs.length === 4 &&
        inputs.every(({ dtype, shape }) => dtype === "uint32" && sameShape(shape, first?.shape ?? []));
      if (!valid || first === undefined) refuse("threefry", "four uint32 of one shape", inputs, convertRemedy);
      const type: TensorType = { dtype: "uint32", shape: first.shape };
      return [type, type];
    },
  },
  jvp: { threefry: constant("threefry") },
  transpose: { threefry: "nonlinear" },
  batch: { threefry: elementwise("threefry") },
  lowering: {
    threefry: {
      point: (block, inputs) => threefry2x32(block, ...(inputs as [Expression, Expression, Expression, Expression])),
    },
  },
};
