/**
 * Shape rules of programs inside programs that run once.
 */
import type { ShapeRules } from "./shape-rule.ts";
import { callOf, expectCount, expectTypes } from "./shapes-of-bodies.ts";

/** The rules. */
export const callShapes: Pick<ShapeRules, "checkpoint" | "custom" | "linear"> = {
  checkpoint: ({ body }, inputs) => callOf("checkpoint", body, inputs),
  custom: ({ body }, inputs) => callOf("custom", body, inputs),
  linear: ({ body, transposed, residuals }, inputs) => {
    const outputs = callOf("linear", body, inputs);
    expectCount("linear inputs", inputs.length, residuals);
    if (typeof transposed !== "function") {
      expectTypes("linear transposed inputs", transposed.inputs, [...inputs.slice(0, residuals), ...outputs]);
      expectTypes("linear transposed", transposed.outputs, inputs.slice(residuals));
    }
    return outputs;
  },
};
