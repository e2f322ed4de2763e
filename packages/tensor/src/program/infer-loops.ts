/**
 * Shape rules of loops and branches. That of `scan` is in the core, since tiles of a batch are one.
 */
import type { TensorType } from "./program.ts";
import { convertRemedy, refuse, type ShapeRules } from "./shape-rule.ts";
import { callOf, expectCount, expectTypes } from "./shapes-of-bodies.ts";

/** The rules. */
export const loopShapes: Pick<ShapeRules, "while" | "switch"> = {
  while: ({ condition, body, conditionConstants, bodyConstants }, inputs) => {
    expectCount("while inputs", inputs.length, conditionConstants + bodyConstants);
    const carry = inputs.slice(conditionConstants + bodyConstants);
    expectTypes("while condition inputs", condition.inputs, [...inputs.slice(0, conditionConstants), ...carry]);
    expectTypes("while condition", condition.outputs, [{ dtype: "bool", shape: [] }]);
    expectTypes("while body inputs", body.inputs, inputs.slice(conditionConstants));
    expectTypes("while carry", body.outputs, carry);
    return [...carry];
  },
  switch: ({ branches }, [index, ...operands]) => {
    if (index === undefined || index.dtype !== "int32" || index.shape.length !== 0)
      refuse("switch", "an int32 scalar as its index", index === undefined ? "nothing" : [index], convertRemedy);
    expectCount("switch branches", branches.length, 1);
    const [outputs] = branches.map((branch) => callOf("switch", branch, operands)) as [TensorType[], ...TensorType[][]];
    for (const branch of branches) expectTypes("switch branch", branch.outputs, outputs);
    return outputs;
  },
};
